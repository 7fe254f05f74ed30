// Unsafe: hands pointers to vectors of 1,024 values to the packing kernels, which read and write just those.

/// The bits of a stored integer of 1, 2, 4 or 8 bytes, and the kernels for vectors of them.
///
/// Arithmetic is modulo the size; whether the bits mean a signed number is told where order matters.
protocol PackableInteger: FixedWidthInteger, UnsignedInteger, BitwiseCopyable {
    typealias Values = UnsafeMutablePointer<Self>

    /// Packs `values[i] - base` of a whole vector into `128 * width` bytes.
    static func pack(_ values: UnsafePointer<Self>, base: Self, width: Int, into packed: UnsafeMutableRawPointer)
    /// Unpacks a whole vector, adding `base`.
    static func unpack(_ packed: UnsafeRawPointer, base: Self, width: Int, into values: Values)
    /// The least and greatest of `count` > 0 values, unsigned after `flip` was combined by exclusive or.
    static func range(_ values: UnsafePointer<Self>, count: Int, flip: Self) -> (least: Self, greatest: Self)
    /// Value minus value before, the first minus `before`.
    static func differences(of values: UnsafePointer<Self>, count: Int, before: Self, into differences: Values)
    /// Replaces differences by their sums; gives back the last.
    @discardableResult
    static func sum(_ differences: Values, count: Int, before: Self) -> Self
    /// Counts values of `base ... base + range` in stretches of 2^shift, as sums from the first on: 257 of them.
    static func spread(
        _ values: UnsafePointer<Self>, count: Int, base: Self, range: Self, shift: Int,
        into before: UnsafeMutablePointer<UInt32>)
    /// The least and greatest distance from `base` up to `limit`, and how many values are that near.
    static func range(
        _ values: UnsafePointer<Self>, count: Int, within limit: Self, of base: Self
    ) -> (least: Self, greatest: Self, held: Int)
    /// Writes byte `plane` of every value.
    static func take(plane: Int, of values: UnsafePointer<Self>, count: Int, into bytes: UnsafeMutablePointer<UInt8>)
    /// Adds bytes as byte `plane` of the values.
    static func add(plane: Int, _ bytes: UnsafePointer<UInt8>, count: Int, to values: Values)
    /// Makes 0, −1, 1, −2 … 0, 1, 2, 3 ….
    static func foldSigns(_ values: Values, count: Int)
    /// The reverse.
    static func unfoldSigns(_ values: Values, count: Int)
}

extension PackableInteger {
    /// What makes unsigned order out of signed order, by exclusive or.
    static func flip(isSigned: Bool) -> Self { isSigned ? 1 << (bitWidth - 1) : 0 }

    /// The value as a signed number of 64 bits; of 64-bit unsigned ones the bits.
    func extended(isSigned: Bool) -> Int64 {
        let bits = Int64(truncatingIfNeeded: self)
        let spare = 64 - Self.bitWidth
        return isSigned ? (bits << spare) >> spare : bits
    }

    /// Bits that a number of this many different values above zero needs.
    static func width(of greatest: Self) -> Int { bitWidth - greatest.leadingZeroBitCount }
}

/// The word that `width` bits are packed in: the smallest of 8, 16, 32 and 64 bits that holds them.
@inline(__always)
func wordBits(forWidth width: Int) -> Int {
    width <= 16 ? (width <= 8 ? 8 : 16) : (width <= 32 ? 32 : 64)
}

/// The number of one row of a packed vector, by itself. `row` < 1,024, 0 < `width` ≤ 64.
func packedBits(_ packed: UnsafeRawPointer, row: Int, width: Int) -> UInt64 {
    let word = wordBits(forWidth: width)
    let lanes = Vector.length / word
    let bit = row / lanes * width
    let first = unsafe packedWord(packed, bit / word * lanes + row % lanes, word) >> UInt64(bit % word)
    let rest = word - bit % word
    let mask = UInt64.max >> UInt64(64 - width)
    guard width > rest else { return first & mask }
    let second = unsafe packedWord(packed, (bit / word + 1) * lanes + row % lanes, word) << UInt64(rest)
    return (first | second) & mask
}

private func packedWord(_ packed: UnsafeRawPointer, _ index: Int, _ word: Int) -> UInt64 {
    switch word {
    case 8: unsafe UInt64(packed.load(fromByteOffset: index, as: UInt8.self))
    case 16: unsafe UInt64(packed.load(fromByteOffset: index * 2, as: UInt16.self))
    case 32: unsafe UInt64(packed.load(fromByteOffset: index * 4, as: UInt32.self))
    default: unsafe packed.load(fromByteOffset: index * 8, as: UInt64.self)
    }
}

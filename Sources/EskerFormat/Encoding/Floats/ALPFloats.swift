// Unsafe: decodes through pointers into bytes whose lengths `init` checked, into room for whole vectors.

/// A leaf of floats or doubles that were decimal numbers: vectors of 1,024 integers in few bits each.
///
/// A number is held as an integer and a power of ten where those bring back its very bits (see ``DecimalScale``); the others, among them
/// −0, infinities and NaN with their payloads, are patches. Good for prices and measurements; numbers that use their
/// whole mantissa are for ``ALPRDFloats``. Source: Afroozeh, Kuffo and Boncz, "ALP: Adaptive Lossless floating-Point
/// Compression" (SIGMOD 2023).
///
/// All numbers are little-endian; w is 8 for doubles and 4 for floats, V the number of vectors. Every part starts at a
/// multiple of 8 from the start of the leaf; zeros stand between. The layout is frozen.
///
/// | size | part |
/// |---|---|
/// | w × V | least number of each vector that is not NaN; +∞ when there is none |
/// | w × V | greatest number; −∞ when there is none |
/// | w × V | bases: the integer added to every packed one |
/// | 12 × V | entries |
/// | | the vectors, in order |
///
/// | entry: offset | size | field |
/// |---|---|---|
/// | 0 | 4 | start of the vector, from the start of the leaf |
/// | 4 | 2 | patches |
/// | 6 | 1 | width in bits, 0 ... 8 w |
/// | 7 | 1 | flags: bit 0 has NaN, bit 1 packed are the bits of the numbers themselves |
/// | 8 | 1 | power p, 0 ... 22 |
/// | 9 | 1 | operation: 42 × 10^p, 47 ÷ 10^p, 126 × 10^-p |
/// | 10 | 2 | zeros |
///
/// A vector is 128 × width bytes of packed integers, in the order that ``PackedIntegers`` says, and ``Patches`` whose
/// values are the bits of numbers. The number of an integer is the result of one operation with the double nearest to the
/// power of ten, rounded to double precision; a float is that, rounded once more.
///
/// Example, 40 doubles, 9.25, 9.26, 9.25, 9.26 and so on, but for the third, which is NaN:
///
/// ```hex
///    0  00 00 00 00 00 80 22 40                          least number 9.25
///    8  85 eb 51 b8 1e 85 22 40                          greatest number 9.26
///   16  9d 03 00 00 00 00 00 00                          base 925
///   24  28 00 00 00                                      the vector starts at 40
///   28  01 00                                            patches 1
///   30  01                                               width 1 bits
///   31  01                                               flags: has NaN
///   32  02 2f                                            integers ÷ 10^2
///   34  00 00 00 00 00 00                                zeros
///   40  00 01 00 01 00 01 00 01 00 01 00 01 00 01 00 01  925, 926, 925, 926 … less the base, each in a lane of its own
///   56  00 01 00 01 00 01 00 01 00 01 00 01 00 01 00 01
///   72  00 01 00 01 00 01 00 01
///   80  00 × 88                                          zeros
///  168  02 00                                            patch at 2
///  170  00 00 00 00 00 00                                zeros
///  176  00 00 00 00 00 00 f8 7f                          its number nan
/// ```
@safe package struct ALPFloats: Sendable {
    private let bytes: Buffer
    package let count: Int
    /// Bytes of a number: 4 or 8.
    package let valueWidth: Int

    /// What a directory says of a vector.
    struct Entry {
        static let length = 12
        static let hasNaN: UInt8 = 1
        static let isPlain: UInt8 = 2

        let offset: Int
        let patches: Int
        let width: Int
        let flags: UInt8
        let decimal: DecimalScale
    }

    /// Checks a leaf of `count` numbers that starts at a multiple of 8: everything decoding relies on. O(vectors).
    package init(parsing bytes: Buffer, count: Int, valueWidth: Int) throws(FormatError) {
        precondition(count >= 0 && (valueWidth == 4 || valueWidth == 8))
        self.bytes = bytes
        self.count = count
        self.valueWidth = valueWidth
        guard bytes.isAlignedToEight, bytes.byteCount >= directoryLength else {
            throw FormatError(.truncated, "\(bytes.byteCount) bytes hold no directory of \(vectorCount) vectors")
        }
        for vector in 0..<vectorCount { try check(vector) }
    }

    private func check(_ vector: Int) throws(FormatError) {
        let start = entryOffset(vector)
        guard let entry = entry(vector), entry.width <= valueWidth * 8, entry.flags <= 3 else {
            throw FormatError(.malformed, "vector \(vector) of decimal numbers has no known form", at: start)
        }
        guard entry.patches <= Vector.fill(vector, of: count) else {
            throw FormatError(.malformed, "vector \(vector) has \(entry.patches) patches, more than numbers", at: start)
        }
        let length =
            Vector.length / 8 * entry.width + alignedToEight(entry.patches * 2)
            + alignedToEight(entry.patches * valueWidth)
        guard entry.offset % 8 == 0, entry.offset >= directoryLength, entry.offset + length <= bytes.byteCount else {
            throw FormatError(
                .malformed, "vector \(vector), \(length) bytes from \(entry.offset), leaves its \(bytes.byteCount)",
                at: start)
        }
    }

    // MARK: Directory

    /// Vectors of the leaf.
    package var vectorCount: Int { Vector.count(of: count) }

    private var partLength: Int { alignedToEight(valueWidth * vectorCount) }
    private var directoryLength: Int { 3 * partLength + alignedToEight(Entry.length * vectorCount) }
    private func entryOffset(_ vector: Int) -> Int { 3 * partLength + Entry.length * vector }

    private func entry(_ vector: Int) -> Entry? {
        let start = entryOffset(vector)
        let power = bytes.load(at: start + 8, as: UInt8.self)
        guard power <= DecimalScale.greatestPower,
            let operation = DecimalScale.Operation(rawValue: bytes.load(at: start + 9, as: UInt8.self))
        else { return nil }
        return Entry(
            offset: Int(bytes.load(at: start, as: UInt32.self)),
            patches: Int(bytes.load(at: start + 4, as: UInt16.self)),
            width: Int(bytes.load(at: start + 6, as: UInt8.self)), flags: bytes.load(at: start + 7, as: UInt8.self),
            decimal: DecimalScale(operation: operation, power: power))
    }

    private func directory<T: BitwiseCopyable>(_ part: Int, _ vector: Int, as: T.Type) -> T {
        bytes.load(at: part * partLength + vector * valueWidth, as: T.self)
    }

    /// How a vector holds its numbers: width in bits, patches, and the operation, or the plain bits.
    package func shape(vector: Int) -> (width: Int, patches: Int, operation: String) {
        let entry = entry(vector)!
        let power = entry.decimal.power
        let operation =
            switch entry.decimal.operation {
            case .times: power == 0 ? "integers" : "integers × 10^\(power)"
            case .divided: "integers ÷ 10^\(power)"
            case .timesInverse: "integers × 10^-\(power)"
            }
        return (entry.width, entry.patches, entry.flags & Entry.isPlain != 0 ? "plain" : operation)
    }

    /// The bounds of a vector, exact. O(1).
    package func bounds(vector: Int) -> NumberRange<Double> {
        precondition(vector >= 0 && vector < vectorCount)
        let hasNaN = entry(vector)!.flags & Entry.hasNaN != 0
        if valueWidth == 8 {
            return NumberRange(
                least: directory(0, vector, as: Double.self), greatest: directory(1, vector, as: Double.self),
                hasNaN: hasNaN)
        }
        return NumberRange(
            least: Double(directory(0, vector, as: Float.self)), greatest: Double(directory(1, vector, as: Float.self)),
            hasNaN: hasNaN)
    }

    // MARK: Decoding

    /// Decodes one vector. `target` has room for 1,024 numbers, whatever the vector holds; what follows its numbers
    /// there means nothing. `T` is as wide as the numbers.
    @unsafe
    package func decode<T: BinaryFloatingPoint>(vector: Int, into target: UnsafeMutablePointer<T>) {
        precondition(MemoryLayout<T>.size == valueWidth && vector >= 0 && vector < vectorCount)
        let target = UnsafeMutableRawPointer(target)
        if valueWidth == 8 {
            unsafe unpack(vector, Double.self, into: target.assumingMemoryBound(to: UInt64.self))
        } else {
            unsafe unpack(vector, Float.self, into: target.assumingMemoryBound(to: UInt32.self))
        }
    }

    /// Decodes all `count` numbers.
    @unsafe
    package func decode<T: BinaryFloatingPoint>(into target: UnsafeMutablePointer<T>) {
        unsafe Vector.decodeAll(count, into: target) { unsafe decode(vector: $0, into: $1) }
    }

    /// The number of one row. O(log patches).
    package func value(at row: Int) -> Double {
        let bits = bits(at: row)
        return valueWidth == 8
            ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    }

    /// The bits of one row's number, with the payload of a NaN. O(log patches).
    package func bits(at row: Int) -> UInt64 {
        precondition(row >= 0 && row < count)
        return valueWidth == 8 ? bits(row, Double.self) : UInt64(bits(row, Float.self))
    }

    private func unpack<Number: PackableFloat>(
        _ vector: Int, _: Number.Type, into target: UnsafeMutablePointer<Number.Bits>
    ) {
        let entry = entry(vector)!
        let packed = unsafe bytes.base + entry.offset
        let base = directory(2, vector, as: Number.Bits.self)
        unsafe Number.Bits.unpack(packed, base: base, width: entry.width, into: target)
        if entry.flags & Entry.isPlain == 0 {
            unsafe Number.decode(target, count: Vector.length, entry.decimal)
        }
        guard entry.patches > 0 else { return }
        let patches = unsafe Patches<Number.Bits>(packed + Vector.length / 8 * entry.width, count: entry.patches)
        unsafe patches.apply(to: target)
    }

    private func bits<Number: PackableFloat>(_ row: Int, _: Number.Type) -> Number.Bits {
        let vector = row / Vector.length
        let place = row % Vector.length
        let entry = entry(vector)!
        let packed = unsafe bytes.base + entry.offset
        if entry.patches > 0 {
            let patches = unsafe Patches<Number.Bits>(packed + Vector.length / 8 * entry.width, count: entry.patches)
            if let bits = patches.value(at: place) { return bits }
        }
        var bits = directory(2, vector, as: Number.Bits.self)
        if entry.width > 0 {
            bits &+= Number.Bits(truncatingIfNeeded: unsafe packedBits(packed, row: place, width: entry.width))
        }
        if entry.flags & Entry.isPlain == 0 { unsafe Number.decode(&bits, count: 1, entry.decimal) }
        return bits
    }
}

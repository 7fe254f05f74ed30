// Unsafe: decodes through pointers into bytes whose lengths `init` checked, into room for whole vectors.

/// A leaf of floats or doubles that use their whole mantissa: the few frequent upper parts as codes, the rest packed.
///
/// Numbers of similar size share sign, exponent and the first bits of the mantissa: the left part. The eight most
/// frequent left parts of a leaf become codes of at most three bits, the others patches; what is right of them is stored
/// as it is. Saves an eighth or so where ``ALPFloats`` saves nothing. Source: the ALP-RD fallback of Afroozeh, Kuffo and
/// Boncz, "ALP: Adaptive Lossless floating-Point Compression" (SIGMOD 2023).
///
/// All numbers are little-endian; w is 8 for doubles and 4 for floats, V the number of vectors. Every part starts at a
/// multiple of 8 from the start of the leaf; zeros stand between. The layout is frozen.
///
/// | offset | size | part |
/// |---|---|---|
/// | 0 | 1 | right width r in bits, 8 w − 16 ... 8 w − 1 |
/// | 1 | 1 | left parts in the dictionary, 1 ... 8 |
/// | 2 | 6 | zeros |
/// | 8 | 2 × 8 | dictionary: left parts, then zeros |
/// | 24 | w × V | least number of each vector that is not NaN; +∞ when there is none |
/// | | w × V | greatest number; −∞ when there is none |
/// | | 8 × V | entries |
/// | | | the vectors, in order |
///
/// | entry: offset | size | field |
/// |---|---|---|
/// | 0 | 4 | start of the vector, from the start of the leaf |
/// | 4 | 2 | patches |
/// | 6 | 1 | flags: bit 0 has NaN |
/// | 7 | 1 | zero |
///
/// A vector is 128 × r bytes of right parts; 128 × c bytes of codes, c the bits that the greatest code needs, 0 for one;
/// and ``Patches`` whose values are left parts of two bytes. Both are packed in the order that ``PackedIntegers`` says.
///
/// Example, 40 floats, 0.1, 0.7, 0.1, 0.7 and so on, but for the third, which is 10^30:
///
/// ```hex
///    0  10                                               right width 16 bits
///    1  02                                               left parts 2
///    2  00 00 00 00 00 00                                zeros
///    8  33 3f                                            left part 0x00003f33
///   10  cc 3d                                            left part 0x00003dcc
///   12  00 00 00 00 00 00 00 00 00 00 00 00              zeros
///   24  cd cc cc 3d                                      least number 0.10000000149011612
///   28  00 00 00 00                                      zeros
///   32  ca f2 49 71                                      greatest number 1.0000000150474662e+30
///   36  00 00 00 00                                      zeros
///   40  30 00 00 00                                      the vector starts at 48
///   44  01 00                                            patches 1
///   46  00                                               flags: none
///   47  00                                               zeros
///   48  cd cc 33 33 ca f2 33 33 cd cc 33 33 cd cc 33 33  right parts 0x0000cccd, 0x00003333, 0x0000f2ca, 0x00003333 …
///   64  cd cc 33 33 cd cc 33 33 cd cc 33 33 cd cc 33 33
///   80  cd cc 33 33 cd cc 33 33 cd cc 33 33 cd cc 33 33
///   96  cd cc 33 33 cd cc 33 33 cd cc 33 33 cd cc 33 33
///  112  cd cc 33 33 cd cc 33 33 cd cc 33 33 cd cc 33 33
///  128  00 × 1968                                        zeros
/// 2096  01 00 00 00 01 00 01 00 01 00 01 00 01 00 01 00  codes 1, 0, 0, 0 …, each in a lane of its own
/// 2112  01 00 01 00 01 00 01 00 01 00 01 00 01 00 01 00
/// 2128  01 00 01 00 01 00 01 00
/// 2136  00 × 88                                          zeros
/// 2224  02 00                                            patch at 2
/// 2226  00 00 00 00 00 00                                zeros
/// 2232  49 71                                            its left part 0x00007149
/// 2234  00 00 00 00 00 00                                zeros
/// ```
@safe package struct ALPRDFloats: Sendable {
    static let headerLength = 24
    static let greatestSize = 8

    private let bytes: Buffer
    package let count: Int
    /// Bytes of a number: 4 or 8.
    package let valueWidth: Int
    /// Bits of the right parts.
    package let rightWidth: Int
    /// The frequent left parts.
    package let dictionary: [UInt16]

    /// What a directory says of a vector.
    struct Entry {
        static let length = 8
        static let hasNaN: UInt8 = 1

        let offset: Int
        let patches: Int
        let flags: UInt8
    }

    /// Checks a leaf of `count` numbers that starts at a multiple of 8: everything decoding relies on. O(vectors).
    package init(parsing bytes: Buffer, count: Int, valueWidth: Int) throws(FormatError) {
        precondition(count >= 0 && (valueWidth == 4 || valueWidth == 8))
        self.bytes = bytes
        self.count = count
        self.valueWidth = valueWidth
        guard bytes.isAlignedToEight, bytes.byteCount >= Self.headerLength else {
            throw FormatError(.truncated, "\(bytes.byteCount) bytes hold no header of split numbers")
        }
        let size = Int(bytes.load(at: 1, as: UInt8.self))
        rightWidth = Int(bytes.load(at: 0, as: UInt8.self))
        guard rightWidth < valueWidth * 8, rightWidth >= valueWidth * 8 - 16, size >= 1, size <= Self.greatestSize
        else { throw FormatError(.malformed, "numbers split at bit \(rightWidth), \(size) left parts", at: 0) }
        dictionary = (0..<size).map { bytes.load(at: 8 + 2 * $0, as: UInt16.self) }
        guard bytes.byteCount >= directoryEnd else {
            throw FormatError(.truncated, "\(bytes.byteCount) bytes hold no directory of \(vectorCount) vectors")
        }
        for vector in 0..<vectorCount { try check(vector) }
    }

    private func check(_ vector: Int) throws(FormatError) {
        let start = entryOffset(vector)
        let entry = entry(vector)
        guard entry.patches <= Vector.fill(vector, of: count), entry.flags <= Entry.hasNaN else {
            throw FormatError(.malformed, "vector \(vector) of split numbers has no known form", at: start)
        }
        let length = Vector.length / 8 * (rightWidth + codeWidth) + Patches<UInt16>.byteCount(entry.patches)
        guard entry.offset % 8 == 0, entry.offset >= directoryEnd, entry.offset + length <= bytes.byteCount else {
            throw FormatError(
                .malformed, "vector \(vector), \(length) bytes from \(entry.offset), leaves its \(bytes.byteCount)",
                at: start)
        }
    }

    // MARK: Directory

    /// Vectors of the leaf.
    package var vectorCount: Int { Vector.count(of: count) }

    /// Bits of a code in a dictionary of so many left parts.
    static func codeWidth(size: Int) -> Int { UInt8.width(of: UInt8(size - 1)) }

    private var codeWidth: Int { Self.codeWidth(size: dictionary.count) }
    private var partLength: Int { alignedToEight(valueWidth * vectorCount) }
    private var directoryEnd: Int { entryOffset(vectorCount) }
    private func entryOffset(_ vector: Int) -> Int { Self.headerLength + 2 * partLength + Entry.length * vector }

    private func entry(_ vector: Int) -> Entry {
        let start = entryOffset(vector)
        return Entry(
            offset: Int(bytes.load(at: start, as: UInt32.self)),
            patches: Int(bytes.load(at: start + 4, as: UInt16.self)), flags: bytes.load(at: start + 6, as: UInt8.self))
    }

    /// Patches of a vector.
    package func patches(vector: Int) -> Int { entry(vector).patches }

    /// The bounds of a vector, exact. O(1).
    package func bounds(vector: Int) -> NumberRange<Double> {
        precondition(vector >= 0 && vector < vectorCount)
        let hasNaN = entry(vector).flags & Entry.hasNaN != 0
        return valueWidth == 8
            ? NumberRange(
                least: bound(0, vector, Double.self), greatest: bound(1, vector, Double.self), hasNaN: hasNaN)
            : NumberRange(
                least: Double(bound(0, vector, Float.self)), greatest: Double(bound(1, vector, Float.self)),
                hasNaN: hasNaN)
    }

    private func bound<T: BitwiseCopyable>(_ part: Int, _ vector: Int, _: T.Type) -> T {
        bytes.load(at: Self.headerLength + part * partLength + vector * valueWidth, as: T.self)
    }

    // MARK: Decoding

    /// Decodes one vector. `target` has room for 1,024 numbers, whatever the vector holds; what follows its numbers
    /// there means nothing. `T` is as wide as the numbers.
    @unsafe
    package func decode<T: BinaryFloatingPoint>(vector: Int, into target: UnsafeMutablePointer<T>) {
        precondition(MemoryLayout<T>.size == valueWidth && vector >= 0 && vector < vectorCount)
        let target = UnsafeMutableRawPointer(target)
        if valueWidth == 8 {
            let numbers = unsafe target.assumingMemoryBound(to: UInt64.self)
            unsafe unpack(vector, Double.self, lefts: lefts(), into: numbers)
        } else {
            let numbers = unsafe target.assumingMemoryBound(to: UInt32.self)
            unsafe unpack(vector, Float.self, lefts: lefts(), into: numbers)
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
        let place = row % Vector.length
        let entry = entry(row / Vector.length)
        let packed = unsafe bytes.base + entry.offset
        let codes = unsafe packed + Vector.length / 8 * rightWidth
        let patches = unsafe Patches<UInt16>(codes + Vector.length / 8 * codeWidth, count: entry.patches)
        let right = unsafe packedBits(packed, row: place, width: rightWidth)
        let code = codeWidth == 0 ? 0 : unsafe Int(packedBits(codes, row: place, width: codeWidth))
        let left = patches.value(at: place) ?? (code < dictionary.count ? dictionary[code] : 0)
        let bits = UInt64(left) << UInt64(rightWidth) | right
        return valueWidth == 8 ? bits : UInt64(UInt32(truncatingIfNeeded: bits))
    }

    /// The left parts in their place, eight of them.
    private func lefts<Bits: PackableInteger>() -> [Bits] {
        (0..<Self.greatestSize).map {
            $0 < dictionary.count ? Bits(truncatingIfNeeded: dictionary[$0]) << Bits(rightWidth) : 0
        }
    }

    private func unpack<Number: PackableFloat>(
        _ vector: Int, _: Number.Type, lefts: [Number.Bits], into target: UnsafeMutablePointer<Number.Bits>
    ) {
        let entry = entry(vector)
        let packed = unsafe bytes.base + entry.offset
        let packedCodes = unsafe packed + Vector.length / 8 * rightWidth
        unsafe Number.Bits.unpack(packed, base: 0, width: rightWidth, into: target)
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Vector.length) { codes in
            unsafe UInt8.unpack(packedCodes, base: 0, width: codeWidth, into: codes.baseAddress!)
            unsafe Number.join(target, count: Vector.length, codes: codes.baseAddress!, lefts: lefts)
        }
        let patches = unsafe Patches<UInt16>(packedCodes + Vector.length / 8 * codeWidth, count: entry.patches)
        let right = Number.Bits.max >> Number.Bits(Number.Bits.bitWidth - rightWidth)
        var index = 0
        while index < entry.patches {
            let (position, left) = patches.patch(index)
            let bits = unsafe target[position] & right
            unsafe target[position] = bits | Number.Bits(truncatingIfNeeded: left) << Number.Bits(rightWidth)
            index &+= 1
        }
    }
}

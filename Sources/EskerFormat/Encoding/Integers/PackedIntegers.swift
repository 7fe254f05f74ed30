// Unsafe: decodes through pointers into bytes whose lengths `init` checked, into room for whole vectors.

/// A leaf of integers of 1, 2, 4 or 8 bytes: vectors of 1,024 values in few bits each, decoded at memory speed.
///
/// A vector holds its values' distance from a base (mode 0), or the differences of neighbours (mode 1), in `width` bits;
/// the few that need more are patches. Good for numbers near each other and for times; not for what a general compressor
/// would find repeated: ``IntegerPlanes`` is for that. Sources: bit order after Afroozeh and Boncz, "The FastLanes
/// Compression Layout" (2023); patches after Zukowski and others, "Super-Scalar RAM-CPU Cache Compression" (2006).
///
/// All numbers are little-endian; w is the value width in bytes, V the number of vectors. Every part starts at a multiple
/// of 8 from the start of the leaf; zeros stand between. The layout is frozen.
///
/// | size | part |
/// |---|---|
/// | w × V | bases: mode 0 the number added to every packed one, mode 1 the first value |
/// | w × V | least value of each vector |
/// | w × V | greatest value of each vector |
/// | 8 × V | entries |
/// | | the vectors, in order |
///
/// Parts of a directory stand apart, in the values' own width, so that a column of codes does not pay 24 bytes a vector
/// for numbers of one byte, and so that pruning reads bounds side by side.
///
/// | entry: offset | size | field |
/// |---|---|---|
/// | 0 | 4 | start of the vector, from the start of the leaf |
/// | 4 | 2 | patches |
/// | 6 | 1 | width in bits, 0 ... 8 w |
/// | 7 | 1 | mode: 0 distance from the base, 1 difference from the value before |
///
/// | vector: size | part |
/// |---|---|
/// | 128 × width | packed words |
/// | 8 | mode 1 only: the number added to every packed difference, as wide as a value, then zeros |
/// | | patches, see ``Patches``: values in mode 0, differences in mode 1 |
///
/// Packed words have W bits, the smallest of 8, 16, 32, 64 that holds the width; value i is in lane i % L, row i / L,
/// with L = 1024 / W lanes; the stream of lane l is the words w × L + l. The difference at the start of a vector means
/// nothing. A last vector of fewer values is packed as if distances of 0 followed.
///
/// Example, 80 numbers of two bytes, 1000, 1001, 1000, 1001 and so on, but for the fourth, which is 500:
///
/// ```hex
///    0  e8 03                                            base 1000
///    2  00 00 00 00 00 00                                zeros
///    8  f4 01                                            least value 500
///   10  00 00 00 00 00 00                                zeros
///   16  e9 03                                            greatest value 1001
///   18  00 00 00 00 00 00                                zeros
///   24  20 00 00 00                                      the vector starts at 32
///   28  01 00                                            patches 1
///   30  01                                               width 1 bits
///   31  00                                               mode reference
///   32  00 01 00 00 00 01 00 01 00 01 00 01 00 01 00 01  distances 0, 1, 0, 0, 0 …, each in a lane of its own
///   48  00 01 00 01 00 01 00 01 00 01 00 01 00 01 00 01
///   64  00 01 00 01 00 01 00 01 00 01 00 01 00 01 00 01
///   80  00 01 00 01 00 01 00 01 00 01 00 01 00 01 00 01
///   96  00 01 00 01 00 01 00 01 00 01 00 01 00 01 00 01
///  112  00 × 48                                          zeros
///  160  03 00                                            patch at 3
///  162  00 00 00 00 00 00                                zeros
///  168  f4 01                                            its value 500
///  170  00 00 00 00 00 00                                zeros
/// ```
@safe package struct PackedIntegers: Sendable {
    /// The bytes of the leaf, perhaps with others behind them.
    private let bytes: Buffer
    package let count: Int
    /// Bytes of a value: 1, 2, 4 or 8.
    package let valueWidth: Int
    /// Whether values are ordered as signed numbers.
    package let isSigned: Bool

    /// How a vector holds its values. Numbers on disk, frozen.
    package enum Mode: UInt8, Sendable {
        case reference = 0
        case delta = 1
    }

    /// What a directory says of a vector's place.
    struct Entry {
        static let length = 8
        let offset: Int
        let patches: Int
        let width: Int
        let mode: Mode
    }

    /// Checks a leaf of `count` values that starts at a multiple of 8: everything decoding relies on. O(vectors).
    package init(parsing bytes: Buffer, count: Int, valueWidth: Int, isSigned: Bool) throws(FormatError) {
        precondition(count >= 0 && [1, 2, 4, 8].contains(valueWidth))
        self.bytes = bytes
        self.count = count
        self.valueWidth = valueWidth
        self.isSigned = isSigned
        guard bytes.isAlignedToEight, bytes.byteCount >= directoryLength else {
            throw FormatError(.truncated, "\(bytes.byteCount) bytes hold no directory of \(vectorCount) vectors")
        }
        for vector in 0..<vectorCount { try check(vector) }
    }

    private func check(_ vector: Int) throws(FormatError) {
        let start = entryOffset(vector)
        guard let entry = entry(vector), entry.width <= valueWidth * 8 else {
            throw FormatError(.malformed, "vector \(vector) of packed integers has no known width or mode", at: start)
        }
        guard entry.patches <= Vector.fill(vector, of: count) else {
            throw FormatError(.malformed, "vector \(vector) has \(entry.patches) patches, more than values", at: start)
        }
        let length = Self.length(of: entry, valueWidth: valueWidth)
        guard entry.offset % 8 == 0, entry.offset >= directoryLength, entry.offset + length <= bytes.byteCount else {
            throw FormatError(
                .malformed, "vector \(vector), \(length) bytes from \(entry.offset), leaves its \(bytes.byteCount)",
                at: start)
        }
    }

    static func length(of entry: Entry, valueWidth: Int) -> Int {
        Vector.length / 8 * entry.width + (entry.mode == .delta ? 8 : 0) + alignedToEight(entry.patches * 2)
            + alignedToEight(entry.patches * valueWidth)
    }

    // MARK: Directory

    /// Vectors of the leaf.
    package var vectorCount: Int { Vector.count(of: count) }

    private var partLength: Int { alignedToEight(valueWidth * vectorCount) }
    private var directoryLength: Int { 3 * partLength + Entry.length * vectorCount }
    private func entryOffset(_ vector: Int) -> Int { 3 * partLength + Entry.length * vector }

    private func entry(_ vector: Int) -> Entry? {
        let start = entryOffset(vector)
        guard let mode = Mode(rawValue: bytes.load(at: start + 7, as: UInt8.self)) else { return nil }
        return Entry(
            offset: Int(bytes.load(at: start, as: UInt32.self)),
            patches: Int(bytes.load(at: start + 4, as: UInt16.self)),
            width: Int(bytes.load(at: start + 6, as: UInt8.self)), mode: mode)
    }

    private func directory<Number: PackableInteger>(_ part: Int, _ vector: Int, as: Number.Type) -> Number {
        bytes.load(at: part * partLength + vector * valueWidth, as: Number.self)
    }

    /// How a vector holds its values, in how many bits each, with how many patches.
    package func shape(vector: Int) -> (mode: Mode, width: Int, patches: Int) {
        let entry = entry(vector)!
        return (entry.mode, entry.width, entry.patches)
    }

    /// The least and greatest value of a vector, exact; 64-bit unsigned ones as their bits. O(1).
    package func bounds(vector: Int) -> (least: Int64, greatest: Int64) {
        precondition(vector >= 0 && vector < vectorCount)
        return switch valueWidth {
        case 1: bounds(vector, UInt8.self)
        case 2: bounds(vector, UInt16.self)
        case 4: bounds(vector, UInt32.self)
        default: bounds(vector, UInt64.self)
        }
    }

    private func bounds<Number: PackableInteger>(_ vector: Int, _: Number.Type) -> (least: Int64, greatest: Int64) {
        (
            directory(1, vector, as: Number.self).extended(isSigned: isSigned),
            directory(2, vector, as: Number.self).extended(isSigned: isSigned)
        )
    }

    // MARK: Decoding

    /// Decodes one vector. `target` has room for 1,024 values, whatever the vector holds; what follows its values there
    /// means nothing. `T` is as wide as the values.
    @unsafe
    package func decode<T: FixedWidthInteger>(vector: Int, into target: UnsafeMutablePointer<T>) {
        precondition(MemoryLayout<T>.size == valueWidth && vector >= 0 && vector < vectorCount)
        let target = UnsafeMutableRawPointer(target)
        switch valueWidth {
        case 1: unsafe unpack(vector, into: target.assumingMemoryBound(to: UInt8.self))
        case 2: unsafe unpack(vector, into: target.assumingMemoryBound(to: UInt16.self))
        case 4: unsafe unpack(vector, into: target.assumingMemoryBound(to: UInt32.self))
        default: unsafe unpack(vector, into: target.assumingMemoryBound(to: UInt64.self))
        }
    }

    /// Decodes all `count` values.
    @unsafe
    package func decode<T: FixedWidthInteger>(into target: UnsafeMutablePointer<T>) {
        unsafe Vector.decodeAll(count, into: target) { unsafe decode(vector: $0, into: $1) }
    }

    /// The value of one row; 64-bit unsigned ones as their bits. O(log patches), with differences O(1,024).
    package func value(at row: Int) -> Int64 {
        precondition(row >= 0 && row < count)
        return switch valueWidth {
        case 1: value(row, UInt8.self).extended(isSigned: isSigned)
        case 2: value(row, UInt16.self).extended(isSigned: isSigned)
        case 4: value(row, UInt32.self).extended(isSigned: isSigned)
        default: value(row, UInt64.self).extended(isSigned: isSigned)
        }
    }

    private func unpack<Number: PackableInteger>(_ vector: Int, into target: UnsafeMutablePointer<Number>) {
        let entry = entry(vector)!
        let base = directory(0, vector, as: Number.self)
        let packed = unsafe bytes.base + entry.offset
        let end = unsafe packed + Vector.length / 8 * entry.width
        switch entry.mode {
        case .reference:
            unsafe Number.unpack(packed, base: base, width: entry.width, into: target)
            if entry.patches > 0 { unsafe Patches<Number>(end, count: entry.patches).apply(to: target) }
        case .delta:
            unsafe Number.unpack(packed, base: end.load(as: Number.self), width: entry.width, into: target)
            if entry.patches > 0 { unsafe Patches<Number>(end + 8, count: entry.patches).apply(to: target) }
            unsafe target[0] = base
            unsafe Number.sum(target, count: Vector.length, before: 0)
        }
    }

    private func value<Number: PackableInteger>(_ row: Int, _: Number.Type) -> Number {
        let vector = row / Vector.length
        let place = row % Vector.length
        let entry = entry(vector)!
        if entry.mode == .delta {
            return unsafe withUnsafeTemporaryAllocation(of: Number.self, capacity: Vector.length) { scratch in
                unsafe unpack(vector, into: scratch.baseAddress!)
                return unsafe scratch[place]
            }
        }
        let packed = unsafe bytes.base + entry.offset
        if entry.patches > 0 {
            let patches = unsafe Patches<Number>(packed + Vector.length / 8 * entry.width, count: entry.patches)
            if let value = patches.value(at: place) { return value }
        }
        let base = directory(0, vector, as: Number.self)
        guard entry.width > 0 else { return base }
        return base &+ Number(truncatingIfNeeded: unsafe packedBits(packed, row: place, width: entry.width))
    }
}

extension Buffer {
    /// Whether the bytes start at an address that every word of a leaf may be read from.
    var isAlignedToEight: Bool { unsafe UInt(bitPattern: base) % 8 == 0 }
}

// Unsafe: decodes through pointers into planes whose lengths were checked, into room for as many values.

/// A leaf of integers of 1, 2, 4 or 8 bytes for rows that are kept for long: near their entropy, and slower to read.
///
/// What is left of each value, its distance from the least one (mode 0) or the folded difference from the one before
/// (mode 1), is cut into bytes; all lowest bytes stand together, then all second ones, and so on. Each such plane is
/// stored as it is, as one byte that all its bytes are, or compressed by Zstandard, whose entropy coder takes a fraction
/// of a bit where ``PackedIntegers`` takes a whole width for all. One row costs the whole block: not for what is looked
/// up by the row.
///
/// All numbers are little-endian; w is the value width in bytes. The layout is frozen.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 8 | base: mode 0 the number added to every value, mode 1 the first value |
/// | 8 | 8 | least value, sign-extended |
/// | 16 | 8 | greatest value |
/// | 24 | 1 | mode: 0 distance from the base, 1 difference from the value before |
/// | 25 | 7 | zeros |
/// | 32 | 8 × w | planes, that of the lowest bytes first |
/// | … | | bytes of the planes, each at the next multiple of 8 |
///
/// | plane: offset | size | field |
/// |---|---|---|
/// | 0 | 4 | stored length |
/// | 4 | 1 | kind: 0 as it is, 1 repeated, 2 compressed as ``Codec`` says |
/// | 5 | 1 | the repeated byte |
/// | 6 | 2 | zeros |
///
/// Differences have their sign folded into the lowest bit: 0, −1, 1, −2 are 0, 1, 2, 3; the first is 0.
///
/// Example, eight times of four bytes, ten apart but for one:
///
/// ```hex
///    0  70 11 01 00 00 00 00 00                          base 70000
///    8  70 11 01 00 00 00 00 00                          least value 70000
///   16  ac 11 01 00 00 00 00 00                          greatest value 70060
///   24  00                                               mode reference
///   25  00 00 00 00 00 00 00                             zeros
///   32  08 00 00 00 00 00 00 00                          plane 0: 8 bytes, as it is, 0
///   40  00 00 00 00 01 00 00 00                          plane 1: 0 bytes, repeated, 0
///   48  00 00 00 00 01 00 00 00                          plane 2: 0 bytes, repeated, 0
///   56  00 00 00 00 01 00 00 00                          plane 3: 0 bytes, repeated, 0
///   64  00 0a 14 1e 28 32 2d 3c                          plane 0: 0, 10, 20, 30, 40, 50, 45, 60
/// ```
@safe package struct IntegerPlanes: Sendable {
    static let headerLength = 32
    static let planeLength = 8

    /// How a plane is stored. Numbers on disk, frozen.
    enum Kind: UInt8, Sendable {
        case plain = 0
        case repeated = 1
        case zstd = 2
    }

    /// A plane's bytes as they are stored.
    struct Plane: Sendable {
        let kind: Kind
        let repeated: UInt8
        let stored: Buffer
    }

    private let planes: [Plane]
    private let base: UInt64
    /// Whether values are held as differences or distances.
    package let mode: PackedIntegers.Mode
    package let count: Int
    /// Bytes of a value: 1, 2, 4 or 8.
    package let valueWidth: Int
    /// Whether values are ordered as signed numbers.
    package let isSigned: Bool
    /// The least and greatest of all values, exact; 64-bit unsigned ones as their bits.
    package let bounds: (least: Int64, greatest: Int64)

    /// Checks a leaf of `count` values that starts at a multiple of 8: everything but what is inside compressed planes,
    /// which decoding checks. O(1).
    package init(parsing bytes: Buffer, count: Int, valueWidth: Int, isSigned: Bool) throws(FormatError) {
        precondition(count >= 0 && [1, 2, 4, 8].contains(valueWidth))
        self.count = count
        self.valueWidth = valueWidth
        self.isSigned = isSigned
        let start = Self.headerLength + Self.planeLength * valueWidth
        guard bytes.isAlignedToEight, bytes.byteCount >= start else {
            throw FormatError(.truncated, "\(bytes.byteCount) bytes hold no directory of \(valueWidth) planes")
        }
        guard let mode = PackedIntegers.Mode(rawValue: bytes.load(at: 24, as: UInt8.self)) else {
            throw FormatError(.malformed, "unknown mode of integer planes", at: 24)
        }
        self.mode = mode
        base = bytes.load(at: 0, as: UInt64.self)
        bounds = (bytes.load(at: 8, as: Int64.self), bytes.load(at: 16, as: Int64.self))
        var planes: [Plane] = []
        var position = start
        for plane in 0..<valueWidth {
            let entry = Self.headerLength + Self.planeLength * plane
            let length = Int(bytes.load(at: entry, as: UInt32.self))
            guard let kind = Kind(rawValue: bytes.load(at: entry + 4, as: UInt8.self)),
                position <= bytes.byteCount, length <= bytes.byteCount - position,
                kind != .repeated || length == 0, kind != .plain || length == count
            else {
                throw FormatError(
                    .malformed, "plane \(plane), \(length) bytes from \(position), is not whole", at: entry)
            }
            let repeated = bytes.load(at: entry + 5, as: UInt8.self)
            let stored = bytes.slice(position..<(position + length))
            planes.append(Plane(kind: kind, repeated: repeated, stored: stored))
            position = alignedToEight(position + length)
        }
        self.planes = planes
    }

    /// Vectors of the leaf.
    package var vectorCount: Int { Vector.count(of: count) }

    /// The bounds of a vector: those of all values, which are the only ones kept.
    package func bounds(vector: Int) -> (least: Int64, greatest: Int64) { bounds }

    // MARK: Decoding

    /// Decodes all `count` values, as wide as `T`. Fails when a compressed plane is damaged. O(count).
    @unsafe
    package func decode<T: FixedWidthInteger>(into target: UnsafeMutablePointer<T>) throws(FormatError) {
        precondition(MemoryLayout<T>.size == valueWidth)
        let target = UnsafeMutableRawPointer(target)
        switch valueWidth {
        case 1: try unsafe join(into: target.assumingMemoryBound(to: UInt8.self))
        case 2: try unsafe join(into: target.assumingMemoryBound(to: UInt16.self))
        case 4: try unsafe join(into: target.assumingMemoryBound(to: UInt32.self))
        default: try unsafe join(into: target.assumingMemoryBound(to: UInt64.self))
        }
    }

    /// Decodes one vector into room for 1,024 values. Costs the whole block.
    @unsafe
    package func decode<T: FixedWidthInteger>(
        vector: Int, into target: UnsafeMutablePointer<T>
    ) throws(FormatError) {
        precondition(vector >= 0 && vector < vectorCount)
        let all = Allocation(capacity: count * valueWidth)
        let values = unsafe all.base.assumingMemoryBound(to: T.self)
        try unsafe decode(into: values)
        unsafe target.update(from: values + vector * Vector.length, count: Vector.fill(vector, of: count))
    }

    /// The value of one row; 64-bit unsigned ones as their bits. Costs the whole block.
    package func value(at row: Int) throws(FormatError) -> Int64 {
        precondition(row >= 0 && row < count)
        let all = Allocation(capacity: count * valueWidth)
        switch valueWidth {
        case 1: return try value(row, all, UInt8.self).extended(isSigned: isSigned)
        case 2: return try value(row, all, UInt16.self).extended(isSigned: isSigned)
        case 4: return try value(row, all, UInt32.self).extended(isSigned: isSigned)
        default: return try value(row, all, UInt64.self).extended(isSigned: isSigned)
        }
    }

    private func value<Number: PackableInteger>(
        _ row: Int, _ room: Allocation, _: Number.Type
    ) throws(FormatError) -> Number {
        let values = unsafe room.base.assumingMemoryBound(to: Number.self)
        try unsafe join(into: values)
        return unsafe values[row]
    }

    private func join<Number: PackableInteger>(into target: UnsafeMutablePointer<Number>) throws(FormatError) {
        let base = Number(truncatingIfNeeded: base)
        var constant: Number = mode == .reference ? base : 0
        for (index, plane) in planes.enumerated() where plane.kind == .repeated {
            constant &+= Number(truncatingIfNeeded: UInt64(plane.repeated) << UInt64(8 * index))
        }
        unsafe target.update(repeating: constant, count: count)
        for (index, plane) in planes.enumerated() where plane.kind != .repeated {
            let isPlain = plane.kind == .plain
            let bytes = isPlain ? plane.stored : try Codec.zstd.decompress(plane.stored, plainLength: count)
            let start = unsafe bytes.base.assumingMemoryBound(to: UInt8.self)
            unsafe Number.add(plane: index, start, count: count, to: target)
        }
        guard mode == .delta else { return }
        unsafe Number.unfoldSigns(target, count: count)
        unsafe Number.sum(target, count: count, before: base)
    }
}

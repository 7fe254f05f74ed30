/// How an ``ArrayValue`` lies in a column. Frozen on disk; all integers little-endian.
///
/// | offset | size | meaning |
/// |---|---|---|
/// | 0 | 1 | number of dimensions d, 0–6; 0 for an empty array |
/// | 1 | 1 | flags: bit 0 there are nulls |
/// | 2 | 2 | ``TypeCode``'s code of the element type |
/// | 4 | 8 each | per dimension, outermost first: Int32 count, Int32 lower bound |
/// | | (n + 7) / 8 | with nulls only: one bit an element, least significant first, 1 = not null |
/// | | | the elements that are not null, one after the other: |
/// | | 1, 2, 4, 8 or 16 each | fixed-width types, as in a column of their own; bool one byte |
/// | | 4 + m each | other types: UInt32 length m, then m bytes as in a column of their own |
///
/// `{1,NULL}` of `int4`: `01 01 03 00  02 00 00 00 01 00 00 00  01  01 00 00 00`.
extension ArrayValue {
    package func appendBinary(to out: inout [UInt8]) {
        let hasNulls = elements.contains(.null)
        out.append(UInt8(dimensions.count))
        out.append(hasNulls ? 1 : 0)
        Self.append(UInt64(TypeCode(elementType).code), 2, to: &out)
        for dimension in dimensions {
            Self.append(UInt64(UInt32(bitPattern: dimension.count)), 4, to: &out)
            Self.append(UInt64(UInt32(bitPattern: dimension.lowerBound)), 4, to: &out)
        }
        if hasNulls {
            for start in stride(from: 0, to: elements.count, by: 8) {
                var bits: UInt8 = 0
                for index in start..<min(start + 8, elements.count) where elements[index] != .null {
                    bits |= 1 << UInt8(index - start)
                }
                out.append(bits)
            }
        }
        for element in elements where element != .null {
            if case .variable = elementType.layout {
                let lengthAt = out.count
                Self.append(0, 4, to: &out)
                element.appendBinary(as: elementType, to: &out)
                let length = out.count - lengthAt - 4
                for byte in 0..<4 { out[lengthAt + byte] = UInt8(truncatingIfNeeded: length >> (byte * 8)) }
            } else {
                element.appendBinary(as: elementType, to: &out)
            }
        }
    }

    static func append(_ value: UInt64, _ width: Int, to out: inout [UInt8]) {
        for byte in 0..<width { out.append(UInt8(truncatingIfNeeded: value >> UInt64(byte * 8))) }
    }

    /// Reads exactly the bytes that ``appendBinary(to:)`` writes.
    ///
    /// - Throws: `malformed` for anything else, `truncated` if they end too early.
    package init(binary bytes: Span<UInt8>, of elementType: DataType) throws(FormatError) {
        var reader = ArrayReader(count: bytes.count)
        let head = try reader.take(4)
        let dimensionCount = Int(bytes[head])
        guard dimensionCount <= Self.dimensionLimit, bytes[head + 1] <= 1,
            UInt16(bytes[head + 2]) | UInt16(bytes[head + 3]) << 8 == TypeCode(elementType).code
        else { throw FormatError(.malformed, "an array's head does not fit \(elementType.name)[]") }
        let hasNulls = bytes[head + 1] == 1
        var dimensions: [Dimension] = []
        var count = dimensionCount == 0 ? 0 : 1
        for _ in 0..<dimensionCount {
            let at = try reader.take(8)
            let dimension = Dimension(
                count: Int32(truncatingIfNeeded: ArrayReader.integer(bytes, at, 4)),
                lowerBound: Int32(truncatingIfNeeded: ArrayReader.integer(bytes, at + 4, 4)))
            guard dimension.count > 0, !dimension.lowerBound.addingReportingOverflow(dimension.count).overflow else {
                throw FormatError(.malformed, "an array's dimension has \(dimension.count) elements")
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: Int(dimension.count))
            guard !overflow, product <= Self.elementLimit else {
                throw FormatError(.malformed, "an array has too many elements")
            }
            count = product
            dimensions.append(dimension)
        }
        let bitmap = try reader.take(hasNulls ? (count + 7) / 8 : 0)
        // Elements without nulls take a byte each at least; a count beyond the bytes is refused before it is used.
        guard hasNulls || count <= bytes.count else { throw FormatError(.truncated, "an array lacks elements") }
        var elements: [Value] = []
        elements.reserveCapacity(count)
        for index in 0..<count {
            if hasNulls && bytes[bitmap + index / 8] >> UInt8(index % 8) & 1 == 0 {
                elements.append(.null)
                continue
            }
            let range = try reader.element(bytes, elementType.layout)
            elements.append(try Value(binary: bytes.extracting(range), as: elementType))
        }
        guard reader.isAtEnd else { throw FormatError(.malformed, "an array has bytes after its last element") }
        self.init(of: elementType, dimensions: dimensions, elements: elements)
    }
}

/// Places in an array's bytes, checked against their count before they are used.
private struct ArrayReader {
    private let count: Int
    private var index = 0

    init(count: Int) { self.count = count }

    var isAtEnd: Bool { index == count }

    mutating func take(_ size: Int) throws(FormatError) -> Int {
        guard size <= count - index else { throw FormatError(.truncated, "an array ends too early", at: index) }
        defer { index += size }
        return index
    }

    mutating func element(_ bytes: Span<UInt8>, _ layout: Layout) throws(FormatError) -> Range<Int> {
        let size: Int
        switch layout {
        case .bits: size = 1
        case .fixed(let width): size = width
        case .variable: size = Int(Self.integer(bytes, try take(4), 4))
        }
        let start = try take(size)
        return start..<(start + size)
    }

    static func integer(_ bytes: Span<UInt8>, _ start: Int, _ width: Int) -> UInt64 {
        var value: UInt64 = 0
        for offset in (0..<width).reversed() { value = value << 8 | UInt64(bytes[start + offset]) }
        return value
    }
}

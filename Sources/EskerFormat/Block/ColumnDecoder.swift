/// Makes a column of a plain region, without copying. Lengths, offsets and codes are checked before they are believed.
struct ColumnDecoder {
    let entry: ColumnEntry
    let rowCount: Int
    let region: Buffer

    /// Hands out the buffers of a region one after another.
    private struct Cursor {
        let region: Buffer
        let id: UInt32
        var position = 0

        mutating func take(_ length: Int) throws(FormatError) -> Buffer {
            guard length >= 0, length <= region.byteCount - position else {
                throw FormatError(
                    .malformed, "column \(id) needs \(length) bytes where \(region.byteCount - position) are")
            }
            let buffer = region.slice(position..<(position + length))
            position = min(padded(position + length), region.byteCount)
            return buffer
        }
    }

    func column() throws(FormatError) -> Column {
        let type = try entry.type.dataType()
        var cursor = Cursor(region: region, id: entry.id)
        var validity: Bitmap?
        if entry.hasValidity {
            validity = Bitmap(try cursor.take(Bitmap.byteCount(rowCount)), count: rowCount)
            let nulls = rowCount - validity!.setCount
            guard entry.nullCount == nulls else { throw malformed("\(nulls) nulls, not \(entry.nullCount)") }
        }
        let values: Column.Values
        switch entry.encoding {
        case .plain:
            values = try plainValues(type, count: rowCount, &cursor)
        case .constant:
            let value = Column(type: type, count: 1, validity: nil, values: try plainValues(type, count: 1, &cursor))
            values = .constant(ColumnDictionary(value))
        case .dictionary:
            let codes = try cursor.take(rowCount * entry.codeWidth)
            let count = entry.dictionaryCount
            let dictionary = Column(
                type: type, count: count, validity: nil, values: try plainValues(type, count: count, &cursor))
            try checkCodes(codes, below: count)
            values = .dictionary(codes: codes, codeWidth: entry.codeWidth, values: ColumnDictionary(dictionary))
        case .runs:
            values = .fixed(Buffer(copying: try runs(&cursor)))
        case .tree: preconditionFailure("trees are read by NodeDecoder")
        }
        return Column(type: type, count: rowCount, validity: validity, nullCount: entry.nullCount, values: values)
    }

    /// The values of a system column.
    func integers() throws(FormatError) -> [Int64] {
        if entry.encoding == .runs {
            var cursor = Cursor(region: region, id: entry.id)
            return try runs(&cursor)
        }
        let column = try column()
        guard column.type == .int8, column.nullCount == 0 else { throw malformed("not a column of numbers") }
        let values = column.plain
        let span = values.span(as: Int64.self)
        return (0..<rowCount).map { span[$0] }
    }

    private func plainValues(_ type: DataType, count: Int, _ cursor: inout Cursor) throws(FormatError) -> Column.Values
    {
        switch type.layout {
        case .bits: return .bits(Bitmap(try cursor.take(Bitmap.byteCount(count)), count: count))
        case .fixed(let width): return .fixed(try cursor.take(count * width))
        case .variable:
            let offsets = try cursor.take((count + 1) * 4)
            let bytes = try cursor.take(entry.variableByteCount)
            try checkOffsets(offsets.span(as: Int32.self), within: bytes.byteCount)
            return .variable(offsets: offsets, bytes: bytes)
        }
    }

    private func checkOffsets(_ offsets: Span<Int32>, within byteCount: Int) throws(FormatError) {
        var previous: Int32 = 0
        var disorder: Int32 = offsets[0]
        var index = 0
        while index < offsets.count {
            let offset = offsets[index]
            // Negative as soon as one offset is below the one before it, or below zero (where differences overflow).
            disorder |= (offset &- previous) | offset
            previous = offset
            index &+= 1
        }
        guard disorder >= 0, offsets[0] == 0, Int(previous) <= byteCount else {
            throw malformed("offsets that do not ascend within \(byteCount) bytes")
        }
    }

    private func checkCodes(_ codes: Buffer, below count: Int) throws(FormatError) {
        let greatest: Int
        switch entry.codeWidth {
        case 1: greatest = Self.maximum(codes.span(as: UInt8.self))
        case 2: greatest = Self.maximum(codes.span(as: UInt16.self))
        default: greatest = Self.maximum(codes.span(as: UInt32.self))
        }
        let needsNone = rowCount == 0 || (entry.hasValidity && entry.nullCount == rowCount)
        guard greatest < count || (greatest == 0 && needsNone) else {
            throw malformed("code \(greatest) in a dictionary of \(count)")
        }
    }

    private static func maximum<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(_ codes: Span<T>) -> Int {
        var greatest: T = 0
        var index = 0
        while index < codes.count {
            greatest = max(greatest, codes[index])
            index &+= 1
        }
        return Int(greatest)
    }

    private func runs(_ cursor: inout Cursor) throws(FormatError) -> [Int64] {
        guard entry.type == TypeCode(.int8), !entry.hasValidity else { throw malformed("runs of another type") }
        let endsBuffer = try cursor.take(entry.dictionaryCount * 4)
        let runsBuffer = try cursor.take(entry.dictionaryCount * 8)
        let ends = endsBuffer.span(as: UInt32.self)
        let runs = runsBuffer.span(as: Int64.self)
        var values: [Int64] = []
        values.reserveCapacity(rowCount)
        for index in ends.indices {
            let end = Int(ends[index])
            guard end > values.count, end <= rowCount else { throw malformed("run \(index) ends at row \(end)") }
            values.append(contentsOf: repeatElement(runs[index], count: end - values.count))
        }
        guard values.count == rowCount else { throw malformed("runs cover \(values.count) of \(rowCount) rows") }
        return values
    }

    private func malformed(_ what: String) -> FormatError {
        FormatError(.malformed, "column \(entry.id) has \(what)", at: entry.offset)
    }
}

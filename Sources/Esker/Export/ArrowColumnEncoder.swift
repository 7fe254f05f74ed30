import EskerFormat

/// Lays columns out as Arrow does. Values whose layout is the same are not touched: their buffers become part of the
/// message as they are.
struct ArrowColumnEncoder {
    private(set) var body = ArrowBody()

    /// Adds a column, and what is nested in it.
    ///
    /// - Throws: for the first value that the Arrow type of the column's type does not have.
    mutating func append(_ column: Column) throws(UnfitValue) {
        let plain = column.plain
        switch (plain.type, plain.values) {
        case (.array(let element), _): try appendArrays(plain, of: element)
        case (.numeric, _): try append(numbers: plain)
        case (.interval, _), (.timetz, _): try append(plain.texts())
        case (_, .bits(let bitmap)):
            body.startColumn(plain)
            body.append(bitmap.buffer.slice(0..<Bitmap.byteCount(plain.count)))
        case (_, .fixed(let buffer)):
            try ArrowTimeCheck.check(plain)
            guard case .fixed(let width) = plain.type.layout else { preconditionFailure("values of another layout") }
            body.startColumn(plain)
            body.append(buffer.slice(0..<(plain.count * width)))
        case (_, .variable(let offsets, let bytes)): append(plain, offsets, bytes)
        case (_, .dictionary), (_, .constant): preconditionFailure("a plain column has plain values")
        }
    }

    /// Adds a column whose values stand in a dictionary of the stream: 32-bit numbers of theirs.
    mutating func append(_ column: Column, codes: Buffer) {
        body.startColumn(column)
        body.append(codes)
    }

    /// Texts and bytes. Offsets of a part of a column do not begin at 0, as Arrow recommends they do.
    private mutating func append(_ column: Column, _ offsets: Buffer, _ bytes: Buffer) {
        body.startColumn(column)
        let places = offsets.span(as: Int32.self)
        let (first, end) = (places[0], places[column.count])
        if first == 0 {
            body.append(offsets.slice(0..<((column.count + 1) * 4)))
        } else {
            var moved = GrowableBuffer(capacity: (column.count + 1) * 4)
            for row in 0...column.count { moved.append(places[row] &- first) }
            body.append(moved.finish())
        }
        body.append(bytes.slice(Int(first)..<Int(end)))
    }

    private mutating func append(numbers column: Column) throws(UnfitValue) {
        guard case .decimal(let precision, let scale) = ArrowType(column.type) else {
            return try append(column.texts())
        }
        let decimals = try ArrowDecimal.buffer(column, precision: precision, scale: scale)
        body.startColumn(column)
        body.append(decimals)
    }

    /// An array becomes a list: its elements stand in a column of their own, one array's behind the other's.
    private mutating func appendArrays(_ column: Column, of element: DataType) throws(UnfitValue) {
        let elements = ColumnBuilder(element)
        var ends = GrowableBuffer(capacity: (column.count + 1) * 4)
        ends.append(Int32(0))
        for row in 0..<column.count {
            if column.isValid(row) { try Self.append(arrayAt: row, of: column, element, to: elements) }
            ends.append(Int32(elements.count))
        }
        let offsets = ends.finish()
        body.startColumn(column)
        body.append(offsets)
        do {
            try append(elements.finish())
        } catch {
            let places = offsets.span(as: Int32.self)
            var row = 0
            while Int(places[row + 1]) <= error.row { row += 1 }
            throw UnfitValue(row: row, reason: error.reason)
        }
    }

    private static func append(
        arrayAt row: Int, of column: Column, _ element: DataType, to elements: ColumnBuilder
    ) throws(UnfitValue) {
        let array: ArrayValue
        do throws(FormatError) {
            guard case .array(let value) = try Value(of: column, row: row) else { return }
            array = value
        } catch { throw UnfitValue(row: row, reason: error.message) }
        guard array.dimensions.count <= 1 else {
            throw UnfitValue(
                row: row, reason: "an array of \(array.dimensions.count) dimensions is no Arrow list of \(element.name)"
            )
        }
        for value in array.elements { elements.append(value) }
    }
}

extension Column {
    /// The values in PostgreSQL's text form.
    fileprivate func texts() throws(UnfitValue) -> Column {
        let builder = ColumnBuilder(.text, capacity: count)
        var text: [UInt8] = []
        for row in 0..<count {
            guard isValid(row) else {
                builder.appendNull()
                continue
            }
            text.removeAll(keepingCapacity: true)
            do throws(FormatError) {
                try Value(of: self, row: row).write(TextSettings(), to: &text)
            } catch { throw UnfitValue(row: row, reason: error.message) }
            builder.append(text)
        }
        return builder.finish()
    }
}

extension ColumnBuilder {
    /// Appends a value of the column's type, or none.
    fileprivate func append(_ value: Value) {
        switch value {
        case .null: appendNull()
        case .bool(let value): append(bool: value)
        case .int2(let value): append(fixed: value)
        case .int4(let value), .date(let value): append(fixed: value)
        case .int8(let value), .time(let value), .timestamp(let value), .timestamptz(let value): append(fixed: value)
        case .float4(let value): append(fixed: value)
        case .float8(let value): append(fixed: value)
        case .timetz(let value): append(fixed: SIMD2(value.words.0, value.words.1))
        case .interval(let value): append(fixed: SIMD2(value.words.0, value.words.1))
        case .uuid(let value): append(fixed: SIMD2(value.words.0, value.words.1))
        case .text(let value): append(value)
        case .numeric, .bytea, .array:
            var bytes: [UInt8] = []
            value.appendBinary(as: type, to: &bytes)
            append(bytes)
        }
    }
}

package import EskerFormat

/// What a stream asks of a batch at the door: that no row breaks what its columns promise to readers.
///
/// The cost is that of one pass over the bytes of text, and four bytes a value of other variable columns; types that
/// cannot hold a wrong value (integers, floats, uuid, interval) cost nothing.
///
/// Batches that come out of this folder's batchers were checked already.
package enum BatchCheck {
    /// The rows that break a promise of the schema, one fault each, in order.
    ///
    /// - Parameter batch: of the schema's layouts, as ``Batch`` makes sure.
    package static func rejects(_ batch: Batch, _ schema: Schema) -> [RowReject] {
        precondition(batch.columns.count == schema.columns.count, "a batch of another schema")
        var found: [RowReject] = []
        for (column, definition) in zip(batch.columns, schema.columns) {
            found += missingValues(column, definition)
            for fault in faults(column.type == definition.type ? column : column.retyped(definition.type)) {
                found.append(RowReject(row: fault.row, column: definition.name, reason: fault.reason))
            }
        }
        return RowReject.firstOfEachRow(found)
    }

    /// The rows without a value, where the column must have one. O(1) when all have.
    static func missingValues(_ column: Column, _ definition: ColumnDefinition) -> [RowReject] {
        guard !definition.isNullable, column.nullCount > 0 else { return [] }
        let reason = missingReason(definition.name)
        return (0..<column.count).filter { !column.isValid($0) }
            .map { RowReject(row: $0, column: definition.name, reason: reason) }
    }

    static func missingReason(_ column: String) -> String {
        "null value in column \"\(column)\" violates not-null constraint"
    }

    /// Rows whose value is none of the column's type.
    private static func faults(_ column: Column) -> [ColumnFault] {
        switch column.values {
        case .bits, .fixed, .variable: return plainFaults(column)
        case .dictionary(let codes, let width, let dictionary):
            let limit = max(dictionary.column.count, 1)
            let outside = (0..<column.count).filter { code(codes, width, $0) >= limit }
            var found = outside.map { ColumnFault(row: $0, reason: "a dictionary code is outside its dictionary") }
            found += spread(plainFaults(dictionary.column.retyped(column.type)), over: column, except: Set(outside))
            return found
        case .constant(let dictionary):
            return spread(plainFaults(dictionary.column.retyped(column.type)), over: column, except: [])
        }
    }

    private static func code(_ codes: Buffer, _ width: Int, _ row: Int) -> Int {
        switch width {
        case 1: Int(codes.load(at: row, as: UInt8.self))
        case 2: Int(codes.load(at: row * 2, as: UInt16.self))
        default: Int(codes.load(at: row * 4, as: UInt32.self))
        }
    }

    /// The rows that have a faulty value of a dictionary. O(1) when it has none.
    private static func spread(_ faults: [ColumnFault], over column: Column, except known: Set<Int>) -> [ColumnFault] {
        guard !faults.isEmpty else { return [] }
        let reasons = Dictionary(faults.map { ($0.row, $0.reason) }) { first, _ in first }
        return (0..<column.count).compactMap { row in
            guard column.isValid(row), !known.contains(row), let reason = reasons[column.physicalRow(row)] else {
                return nil
            }
            return ColumnFault(row: row, reason: reason)
        }
    }

    private static func plainFaults(_ column: Column) -> [ColumnFault] {
        switch column.type {
        case .bool, .int2, .int4, .int8, .float4, .float8, .interval, .uuid: return []
        case .date, .time, .timetz, .timestamp, .timestamptz: return TimeCheck.faults(column)
        case .text, .varchar, .char, .json, .jsonb, .bytea, .numeric, .array: break
        }
        let broken = OffsetCheck.faults(column)
        guard broken.isEmpty else { return broken }
        switch column.type {
        case .bytea: return []
        case .numeric, .array:
            return TextCheck.valueFaults(column) { (bytes) throws(ValueError) in
                try checkBinary(bytes, column.type)
            }
        default: return TextCheck.faults(column)
        }
    }

    /// Whether bytes are a numeric or an array as a column of the type holds it.
    private static func checkBinary(_ bytes: Span<UInt8>, _ type: DataType) throws(ValueError) {
        if case .numeric(nil, _) = type, Numeric.short(bytes) != nil { return }
        let value: Value
        do throws(FormatError) {
            value = try Value(binary: bytes, as: type)
        } catch {
            throw ValueError(sqlState: "22P03", message: error.description)
        }
        guard case .numeric(let number) = value, case .numeric(let precision?, let scale) = type else { return }
        let fitted = try number.fitted(precision: precision, scale: scale)
        if fitted != number || number.isFinite && number.scale != scale {
            throw ValueError(
                sqlState: "22003", message: "numeric \(number) has another scale than type \(type.name)")
        }
    }
}

/// Whether the offsets of a plain variable-width column ascend inside its bytes.
enum OffsetCheck {
    static func faults(_ column: Column) -> [ColumnFault] {
        guard case .variable(let offsets, let bytes) = column.values else { return [] }
        let starts = offsets.span(as: Int32.self)
        let end = Int32(clamping: bytes.byteCount)
        var isBroken = starts[0] < 0
        var row = 0
        while row < column.count {
            let next = starts[row &+ 1]
            isBroken = isBroken || next < starts[row] || next > end
            row &+= 1
        }
        guard isBroken else { return [] }
        return (0..<column.count).filter { row in
            starts[row] < 0 || starts[row + 1] < starts[row] || starts[row + 1] > end
        }.map { ColumnFault(row: $0, reason: "the offsets of a value lie outside the bytes of its column") }
    }
}

// Unsafe: copies the bytes of values out of their column.

import EskerFormat

/// Reads the values of one column.
final class FieldReader {
    let name: String
    /// In plain layout.
    let column: Column

    init(_ name: String, _ column: Column) {
        self.name = name
        self.column = column.plain
    }

    /// The value of a row, as SQL sees it.
    func value(_ row: Int) throws -> Value {
        guard column.isValid(row) else { return .null }
        switch column.type {
        case .bool: return .bool(column.bool(at: row))
        case .int2: return .int2(column.value(at: row, as: Int16.self))
        case .int4: return .int4(column.value(at: row, as: Int32.self))
        case .int8: return .int8(column.value(at: row, as: Int64.self))
        case .float4: return .float4(column.value(at: row, as: Float.self))
        case .float8: return .float8(column.value(at: row, as: Double.self))
        case .date: return .date(column.value(at: row, as: Int32.self))
        case .time: return .time(column.value(at: row, as: Int64.self))
        case .timestamp: return .timestamp(column.value(at: row, as: Int64.self))
        case .timestamptz: return .timestamptz(column.value(at: row, as: Int64.self))
        case .timetz: return .timetz(TimeWithZone(words: words(row)))
        case .interval: return .interval(Interval(words: words(row)))
        case .uuid: return .uuid(UUIDBytes(words: words(row)))
        case .text, .varchar, .char, .json, .jsonb: return .text(text(row))
        case .bytea: return .bytea(unsafe Array(column.bytes(at: row)))
        case .numeric, .array:
            let bytes = unsafe Array(column.bytes(at: row))
            do throws(FormatError) {
                return try Value(binary: bytes.span, as: column.type)
            } catch {
                throw RowFailure(column: name, reason: error.description)
            }
        }
    }

    private func words(_ row: Int) -> (UInt64, UInt64) {
        let words = column.value(at: row, as: SIMD2<UInt64>.self)
        return (words.x, words.y)
    }

    func text(_ row: Int) -> String { unsafe String(decoding: column.bytes(at: row), as: UTF8.self) }
}

/// One field of a row.
struct FieldCell: ReadableCell {
    let reader: FieldReader
    let row: Int
    /// Whether a double is asked for as Foundation's `Date` is coded: seconds since 2001.
    var isDate = false

    init(_ reader: FieldReader, _ row: Int) {
        self.reader = reader
        self.row = row
    }

    var codingPath: [any CodingKey] { [ColumnKey(stringValue: reader.name)] }
    var isNull: Bool { !reader.column.isValid(row) }

    func bool() throws -> Bool {
        try checkValue("Bool")
        guard reader.column.type == .bool else { throw mismatch("Bool") }
        return reader.column.bool(at: row)
    }

    func string() throws -> String {
        try checkValue("String")
        switch reader.column.type {
        case .text, .varchar, .char, .json, .jsonb: return reader.text(row)
        default: return try reader.value(row).text()
        }
    }

    func double() throws -> Double {
        try checkValue("Double")
        switch try reader.value(row) {
        case .float8(let value): return value
        case .float4(let value): return Double(value)
        case .int2(let value): return Double(value)
        case .int4(let value): return Double(value)
        case .int8(let value): return Double(value)
        case .numeric(let value): return value.nearestDouble
        case .timestamptz(let time) where isDate, .timestamp(let time) where isDate: return Self.dateSeconds(time)
        default: throw mismatch("Double")
        }
    }

    private static func dateSeconds(_ time: Int64) -> Double {
        let (since, overflow) = time.subtractingReportingOverflow(ForeignType.dateReference * 1_000_000)
        if overflow || time == .max { return time < 0 ? -.infinity : .infinity }
        return Double(since) / 1_000_000
    }

    func integer<I: FixedWidthInteger>(_ type: I.Type) throws -> I {
        try checkValue("\(type)")
        let column = reader.column
        let number: Int64
        switch column.type {
        case .int8: number = column.value(at: row, as: Int64.self)
        case .int4: number = Int64(column.value(at: row, as: Int32.self))
        case .int2: number = Int64(column.value(at: row, as: Int16.self))
        case .numeric:
            let value = try reader.value(row)
            guard case .numeric(let numeric) = value, let exact = numeric.exactly(type) else {
                throw RowFailure(column: reader.name, reason: "\(value) is no \(type)")
            }
            return exact
        default: throw mismatch("\(type)")
        }
        guard let exact = I(exactly: number) else {
            throw RowFailure(column: reader.name, reason: "\(number) is no \(type)")
        }
        return exact
    }

    func decode<V: Decodable>(_ type: V.Type) throws -> V {
        if let readable = type as? any ReadableValue.Type {
            try checkValue("\(type)")
            guard let value = readable.init(columnValue: try reader.value(row)) as? V else { throw mismatch("\(type)") }
            return value
        }
        var cell = self
        cell.isDate = ForeignType.isDate(type)
        return try V(from: FieldDecoder(cell: cell))
    }

    private func checkValue(_ type: String) throws {
        if isNull {
            throw RowFailure(
                column: reader.name, reason: "NULL where \(type) needs a value: make the property optional")
        }
    }

    func mismatch(_ type: String) -> RowFailure {
        RowFailure(column: reader.name, reason: "a value of type \(reader.column.type.name) is no \(type)")
    }
}

/// The name of a column as a coding key.
struct ColumnKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Decodes a type of its own from one field: a scalar, or what json, arrays and bytes hold.
struct FieldDecoder: Decoder {
    let cell: FieldCell

    var codingPath: [any CodingKey] { cell.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// The field as a tree; nil for a scalar.
    private func tree() throws -> TreeDecoder? {
        do throws(ValueError) {
            switch cell.reader.column.type {
            case _ where cell.isNull: return nil
            case .json, .jsonb:
                return TreeDecoder(tree: try JSONTree(parsing: cell.reader.text(cell.row)), codingPath: codingPath)
            default: break
            }
        } catch {
            throw RowFailure(column: cell.reader.name, reason: error.message)
        }
        switch cell.reader.column.type {
        case .array, .bytea:
            return TreeDecoder(tree: JSONTree(nested: try cell.reader.value(cell.row)), codingPath: codingPath)
        default: return nil
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let tree = try tree() else { throw cell.mismatch("type with fields of its own") }
        return try tree.container(keyedBy: type)
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let tree = try tree() else { throw cell.mismatch("list") }
        return try tree.unkeyedContainer()
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        if let tree = try tree() { return try tree.singleValueContainer() }
        return CellContainer(cell: cell)
    }
}

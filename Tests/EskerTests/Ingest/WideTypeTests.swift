// Unsafe: reads values through raw bytes that the column has checked.

import Esker
import EskerFormat
import Testing

@Suite("Values of the wider types")
struct WideTypeTests {
    /// The value of each text in PostgreSQL's form, or the reason why it is refused, read by one of the readers.
    private static func values(
        _ type: DataType, _ rows: (Schema) throws -> ParsedRows?
    ) throws -> [String] {
        let schema = Schema(columns: [ColumnDefinition(id: 1, name: "v", type: type)])
        let parsed = try #require(try rows(schema))
        let column = parsed.batch.columns[0]
        return (0..<column.count).map { row in
            guard column.isValid(row) else { return "null" }
            guard case .variable = type.layout else {
                let words = column.value(at: row, as: SIMD2<UInt64>.self)
                return Value.uuid(UUIDBytes(words: (words.x, words.y))).text()
            }
            let bytes = unsafe Array(column.bytes(at: row))
            return (try? Value(binary: bytes.span, as: type))?.text() ?? "broken bytes"
        } + parsed.rejects.map(\.reason)
    }

    static let cases: [(DataType, String, String)] = [
        (.numeric(precision: nil, scale: 0), "12.50", "12.50"),
        (.numeric(precision: 4, scale: 1), "12.35", "12.4"),
        (.numeric(precision: 3, scale: 1), "123", "numeric field overflow"),
        (.numeric(precision: nil, scale: 0), "x", "invalid input syntax for type numeric: \"x\""),
        (.varchar(length: 3), "äöü", "äöü"), (.varchar(length: 3), "ab   ", "ab "),
        (.varchar(length: 3), "abcd", "value too long for type character varying(3)"),
        (.char(length: 4), "é", "é   "),
        (.uuid, "A0EEBC999C0B4EF8BB6D6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        (.uuid, "a0", "invalid input syntax for type uuid: \"a0\""),
        (.bytea, "\\x00ff", "\\x00ff"), (.bytea, "\\x0", "invalid hexadecimal data: odd number of digits"),
        (.array(of: .int4), "{1,NULL,3}", "{1,NULL,3}"), (.array(of: .int4), "{1", "malformed array literal: \"{1\""),
    ]

    @Test("are read from CSV and from JSON strings alike", arguments: cases)
    func fromText(_ type: DataType, _ text: String, _ expected: String) throws {
        var options = CSVOptions()
        options.hasHeader = false
        let fromCSV = try Self.values(type) { schema in
            try CSVReader(MemoryByteSource("\"\(text)\"\n\"\"\"\"\n"), schema: schema, options: options).next()
        }
        #expect(fromCSV.contains(expected), "\(fromCSV)")
        let escaped = text.replacing("\\", with: "\\\\")
        let fromJSON = try Self.values(type) { schema in
            try NDJSONReader(MemoryByteSource("{\"v\":\"\(escaped)\"}\n{}\n"), schema: schema).next()
        }
        #expect(fromJSON.contains(expected) && fromJSON.contains("null"), "\(fromJSON)")
    }

    @Test("json keeps what was written, jsonb its canonical form; both take any JSON value")
    func json() throws {
        let text = "{\"v\":{\"b\" : [1, 2],\"a\":\"\\u00e9\"}}\n{\"v\":\"x\"}\n{\"v\":1.50}\n{\"v\":null}\n{\"v\":[]}\n"
        let asJSON = try Self.values(.json) { try NDJSONReader(MemoryByteSource(text), schema: $0).next() }
        #expect(asJSON == ["{\"b\" : [1, 2],\"a\":\"\\u00e9\"}", "\"x\"", "1.50", "null", "[]"])
        let asJSONB = try Self.values(.jsonb) { try NDJSONReader(MemoryByteSource(text), schema: $0).next() }
        #expect(asJSONB == ["{\"a\": \"é\", \"b\": [1, 2]}", "\"x\"", "1.50", "null", "[]"])
        var options = CSVOptions()
        options.hasHeader = false
        let fromCSV = try Self.values(.json) {
            try CSVReader(MemoryByteSource("\"{\"\"a\"\": 1}\"\n{\n"), schema: $0, options: options).next()
        }
        #expect(fromCSV == ["{\"a\": 1}", "invalid input syntax for type json"])
    }

    @Test("text that is no UTF-8 is refused")
    func invalidText() throws {
        var options = CSVOptions()
        options.hasHeader = false
        let values = try Self.values(.varchar(length: 10)) {
            try CSVReader(MemoryByteSource([0x61, 0xFF, 0x0A, 0x62, 0x0A]), schema: $0, options: options).next()
        }
        #expect(values == ["b", "invalid byte sequence for encoding \"UTF8\": 0xff"])
    }
}

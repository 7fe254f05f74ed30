// Unsafe: takes the pieces of a stream together.

import Esker
import EskerFormat
import Foundation
import Testing

@Suite("Arrow streams")
struct ArrowStreamWriterTests {
    private static func stream(
        _ schema: Schema, _ batches: [Batch], options: ArrowOptions = ArrowOptions()
    ) throws -> [UInt8] {
        let writer = ArrowStreamWriter(schema, options: options)
        var pieces = [writer.header]
        var first = 0
        for batch in batches {
            pieces += try writer.encode(batch, firstRow: first)
            first += batch.count
        }
        return (pieces + [writer.end]).flatMap { unsafe Array($0.unsafeBytes) }
    }

    /// A column from texts in PostgreSQL's form; nil is no value.
    private static func column(_ type: DataType, _ texts: [String?]) throws -> Column {
        let rows = try texts.map { text in
            [try text.map { try Value.parse($0, as: type, TextSettings(zone: .utc)) } ?? .null]
        }
        let converted = DynamicBatcher(schema: schema(type)).convert(rows)
        #expect(converted.rejects.isEmpty)
        return converted.batch.columns[0]
    }

    private static func schema(_ type: DataType) -> Schema {
        Schema(columns: [ColumnDefinition(id: 1, name: "c", type: type)])
    }

    /// Every type: its values, the Arrow type, and how the reader shows them.
    static let types: [(type: DataType, texts: [String?], arrow: String, shown: [String?])] = [
        (.bool, ["t", nil, "f"], "bool", ["true", nil, "false"]),
        (.int2, ["-32768", "32767", nil], "int16", ["-32768", "32767", nil]),
        (.int4, [nil, "-2147483648", "7"], "int32", [nil, "-2147483648", "7"]),
        (.int8, ["9223372036854775807", nil], "int64", ["9223372036854775807", nil]),
        (.float4, ["1.5", "NaN", nil, "-Infinity"], "float", ["1.5", "nan", nil, "-inf"]),
        (.float8, ["0.1", nil, "-0", "1e308"], "double", ["0.1", nil, "-0.0", "1e+308"]),
        (
            .numeric(precision: 10, scale: 2), ["12.34", "-0.05", nil, "99999999.99", "7"], "decimal(10, 2)",
            ["1234", "-5", nil, "9999999999", "700"]
        ),
        (
            .numeric(precision: 38, scale: 0), ["99999999999999999999999999999999999999", "-1"], "decimal(38, 0)",
            ["99999999999999999999999999999999999999", "-1"]
        ),
        (.numeric(precision: 39, scale: 1), ["0.5", nil], "utf8", ["0.5", nil]),
        (.numeric(precision: 3, scale: 5), ["0.00123"], "utf8", ["0.00123"]),
        (.numeric(precision: nil, scale: 0), ["1.50", "NaN", nil], "utf8", ["1.50", "NaN", nil]),
        (.text, ["", nil, "naïve \"q\"\n"], "utf8", ["", nil, "naïve \"q\"\n"]),
        (.varchar(length: 5), ["abc", nil], "utf8", ["abc", nil]),
        (.char(length: 3), ["a", nil], "utf8", ["a  ", nil]),
        (.bytea, ["\\x00ff", nil, "\\x"], "binary", ["00ff", nil, ""]),
        (.date, ["1970-01-02", nil, "0001-01-01"], "date[day]", ["1", nil, "-719162"]),
        (.time, ["00:00:01", nil, "23:59:59.999999"], "time[us]", ["1000000", nil, "86399999999"]),
        (.timetz, ["04:05:06.789+01", nil], "utf8", ["04:05:06.789+01", nil]),
        (.timestamp, ["1970-01-01 00:00:01", nil], "timestamp[us]", ["1000000", nil]),
        (.timestamptz, ["1969-12-31 23:59:59+00", nil], "timestamp[us, UTC]", ["-1000000", nil]),
        (.interval, ["1 year 2 mons 3 days 00:00:04", nil], "utf8", ["1 year 2 mons 3 days 00:00:04", nil]),
        (
            .uuid, ["00112233-4455-6677-8899-aabbccddeeff", nil], "fixed[16]",
            ["00112233445566778899aabbccddeeff", nil]
        ),
        (.json, ["{\"a\": 1}", nil], "utf8", ["{\"a\": 1}", nil]),
        (.jsonb, ["{\"b\":1,\"a\":2}", nil], "utf8", ["{\"a\": 2, \"b\": 1}", nil]),
        (.array(of: .int4), ["{1,NULL,3}", nil, "{}", "{4}"], "list<int32>", ["[1, null, 3]", nil, "[]", "[4]"]),
        (.array(of: .text), ["{a,\"\"}", nil], "list<utf8>", ["[a, ]", nil]),
        (.array(of: .bool), ["{t,f}"], "list<bool>", ["[true, false]"]),
        (
            .array(of: .uuid), ["{00112233-4455-6677-8899-aabbccddeeff}"], "list<fixed[16]>",
            ["[00112233445566778899aabbccddeeff]"]
        ),
        (.array(of: .numeric(precision: 4, scale: 1)), ["{1.5,NULL}"], "list<decimal(4, 1)>", ["[15, null]"]),
        (.array(of: .interval), ["{1 day}"], "list<utf8>", ["[1 day]"]),
    ]

    @Test("values of every type stand in the stream, with their gaps", arguments: types.indices)
    func everyType(index: Int) throws {
        let (type, texts, arrow, shown) = Self.types[index]
        let batch = Batch(schema: Self.schema(type), columns: [try Self.column(type, texts)])
        let reader = try ArrowReader(try Self.stream(batch.schema, [batch, batch]))
        #expect(reader.fields.map(\.name) == ["c"])
        #expect(reader.fields.map(\.type) == [arrow])
        #expect(reader.fields[0].isNullable)
        #expect(reader.columns == [shown + shown])
        #expect(reader.batchRows == [texts.count, texts.count])
        let extensionName = reader.fields[0].metadata["ARROW:extension:name"]
        #expect(extensionName == (type == .uuid ? "arrow.uuid" : nil))
    }

    @Test("a part of a column is written as if it were whole", arguments: types.indices)
    func parts(index: Int) throws {
        let (type, texts, _, shown) = Self.types[index]
        let many = Array(repeating: texts, count: 10).flatMap { $0 }
        let expected = Array(repeating: shown, count: 10).flatMap { $0 }
        let batch = Batch(schema: Self.schema(type), columns: [try Self.column(type, many)])
        for range in [0..<1, 1..<many.count, 3..<9, 8..<10, 5..<5] where range.upperBound <= many.count {
            let reader = try ArrowReader(try Self.stream(batch.schema, [batch.slice(range)]))
            #expect(reader.columns == [Array(expected[range])])
        }
    }

    @Test("dictionaries and constants are written as the values they stand for", arguments: types.indices)
    func encoded(index: Int) throws {
        let (type, texts, _, shown) = Self.types[index]
        let (words, expected) = (texts.compactMap { $0 }, shown.compactMap { $0 })
        let dictionary = ColumnDictionary(try Self.column(type, words))
        let codes = (0..<50).map { $0 * 7 % words.count }
        let validity = Bitmap(count: 50) { $0 % 5 != 3 }
        func check(_ values: Column.Values, _ expected: [String?]) throws {
            let column = Column(type: type, count: 50, validity: validity, values: values)
            let batch = Batch(schema: Self.schema(type), columns: [column])
            #expect(try ArrowReader(try Self.stream(batch.schema, [batch])).columns == [expected])
        }
        let rows = codes.enumerated().map { $0.offset % 5 != 3 ? expected[$0.element] : nil }
        try check(.dictionary(codes: Buffer(copying: codes.map { UInt8($0) }), codeWidth: 1, values: dictionary), rows)
        try check(.dictionary(codes: Buffer(copying: codes.map { UInt16($0) }), codeWidth: 2, values: dictionary), rows)
        try check(.dictionary(codes: Buffer(copying: codes.map { UInt32($0) }), codeWidth: 4, values: dictionary), rows)
        let one = ColumnDictionary(try Self.column(type, [words[0]]))
        try check(.constant(one), (0..<50).map { $0 % 5 != 3 ? expected[0] : nil })
    }

    @Test("texts of any length come out of a dictionary whole")
    func spread() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        let words = (0..<300).map { _ in
            String(
                (0..<[0, 1, 15, 16, 17, 33, 500].randomElement(using: &random)!).map { _ in
                    "abcdefghij".randomElement(using: &random)!
                })
        }
        let dictionary = ColumnDictionary(try Self.column(.text, words))
        let codes = (0..<2000).map { _ in UInt16.random(in: 0..<300, using: &random) }
        let column = Column(
            type: .text, count: 2000, validity: nil,
            values: .dictionary(codes: Buffer(copying: codes), codeWidth: 2, values: dictionary))
        let batch = Batch(schema: Self.schema(.text), columns: [column])
        for range in [0..<2000, 17..<1999] {
            let reader = try ArrowReader(try Self.stream(batch.schema, [batch.slice(range)]))
            #expect(reader.columns == [codes[range].map { words[Int($0)] }], "seed \(seed)")
        }
    }

    @Test("a dictionary that was asked for is written, and replaced by that of the next batch")
    func dictionaries() throws {
        var options = ArrowOptions()
        options.dictionaries = ["c", "n", "none"]
        let schema = Schema(columns: [
            ColumnDefinition(id: 1, name: "c", type: .text), ColumnDefinition(id: 2, name: "n", type: .int4),
        ])
        func batch(_ words: [String], _ values: (ColumnDictionary) -> Column.Values, gap: Int?) throws -> Batch {
            let dictionary = ColumnDictionary(try Self.column(.text, words))
            let column = Column(
                type: .text, count: 4, validity: gap.map { gap in Bitmap(count: 4) { $0 != gap } },
                values: values(dictionary))
            return Batch(schema: schema, columns: [column, try Self.column(.int4, ["1", "2", "3", "4"])])
        }
        let batches = [
            try batch(
                ["x", "y"], { .dictionary(codes: Buffer(copying: [1, 0, 1, 0] as [UInt8]), codeWidth: 1, values: $0) },
                gap: 2),
            try batch(
                ["z", "x", "y"],
                { .dictionary(codes: Buffer(copying: [0, 1, 2, 2] as [UInt32]), codeWidth: 4, values: $0) }, gap: nil),
            try batch(["q"], { .constant($0) }, gap: 0),
            try batch(["a", "b", "a", "d"], { $0.column.values }, gap: 1),
            try batch(
                (0..<9).map(String.init),
                { .dictionary(codes: Buffer(copying: [8, 0, 8, 3] as [UInt16]), codeWidth: 2, values: $0) }, gap: nil),
        ]
        let reader = try ArrowReader(try Self.stream(schema, batches, options: options))
        #expect(reader.fields.map { $0.dictionary != nil } == [true, false])
        #expect(reader.dictionaryCount == 5)
        let expected: [String?] = [
            "y", "x", nil, "x", "z", "x", "y", "y", nil, "q", "q", "q", "a", nil, "a", "d", "8", "0", "8", "3",
        ]
        #expect(reader.columns[0] == expected)
    }

    @Test(
        "a value that Arrow does not have is told by column and row",
        arguments: [
            (DataType.date, ["2026-01-01", "infinity"], "infinity"), (.timestamp, ["-infinity"], "-infinity"),
            (.timestamptz, [nil, "infinity"], "infinity"), (.time, ["00:00:00", "24:00:00"], "24:00:00"),
            (.numeric(precision: 5, scale: 2), ["1", "2", "NaN"], "NaN"),
            (.array(of: .int4), ["{1}", "{{1},{2}}"], "2 dimensions"),
            (.array(of: .date), ["{}", "{2026-01-01}", "{2026-01-01,infinity}"], "infinity"),
        ])
    func unfit(type: DataType, texts: [String?], word: String) throws {
        let batch = Batch(schema: Self.schema(type), columns: [try Self.column(type, texts)])
        let error = #expect(throws: ArrowExportError.self) {
            try ArrowStreamWriter(batch.schema).encode(batch, firstRow: 1000)
        }
        #expect(error?.column == "c")
        #expect(error?.row == 1000 + texts.count - 1)
        #expect(error?.message.contains(word) == true, "\(String(describing: error))")
    }

    @Test("what stands in a row without a value is nobody's concern")
    func garbage() throws {
        let column = Column(
            type: .timestamp, count: 2, validity: Bitmap(count: 2) { $0 == 1 },
            values: .fixed(Buffer(copying: [Int64.max, 5])))
        let batch = Batch(schema: Self.schema(.timestamp), columns: [column])
        #expect(try ArrowReader(try Self.stream(batch.schema, [batch])).columns == [[nil, "5"]])
    }

    @Test("rows that stand for too many bytes become several record batches")
    func split() throws {
        let long = String(repeating: "x", count: 1 << 20)
        let column = Column(
            type: .text, count: 150, validity: nil, values: .constant(ColumnDictionary(try Self.column(.text, [long]))))
        let batch = Batch(schema: Self.schema(.text), columns: [column])
        let reader = try ArrowReader(try Self.stream(batch.schema, [batch]))
        #expect(reader.batchRows == [37, 38, 37, 38])
        #expect(reader.columns[0].allSatisfy { $0 == long })
    }

    @Test("streams without rows or without columns are whole streams")
    func empty() throws {
        let schema = Self.schema(.text)
        #expect(try ArrowReader(try Self.stream(schema, [])).batchRows == [])
        let none = Schema(columns: [])
        let reader = try ArrowReader(try Self.stream(none, [Batch(schema: none, columns: [], count: 3)]))
        #expect(reader.batchRows == [3])
        #expect(reader.fields == [])
    }

    @Test("NOT NULL is told, and repeated names of a query get their place behind them")
    func names() throws {
        let schema = Schema(["a!": .int4, "b": .int4])
        #expect(try ArrowReader(try Self.stream(schema, [])).fields.map(\.isNullable) == [false, true])
        let columns = ["x", "x", "x_2", "x"].map { ResultColumn(name: $0, type: .int4) }
        let writer = ArrowStreamWriter(columns)
        let bytes = [writer.header, writer.end].flatMap { unsafe Array($0.unsafeBytes) }
        #expect(try ArrowReader(bytes).fields.map(\.name) == ["x", "x_2", "x_2_3", "x_4"])
    }

    // MARK: Golden bytes

    /// A stream with a column of every type, in two batches.
    private static func golden() throws -> [UInt8] {
        let rows = 6
        let schema = Schema(
            columns: types.indices.map { ColumnDefinition(id: UInt32($0 + 1), name: "c\($0)", type: types[$0].type) })
        let columns = try types.map { entry in
            try column(entry.type, (0..<rows).map { entry.texts[$0 % entry.texts.count] })
        }
        let batch = Batch(schema: schema, columns: columns)
        return try stream(schema, [batch, batch.slice(1..<4)])
    }

    @Test("the bytes are those that were checked with pyarrow, polars and DuckDB")
    func goldenBytes() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
                "Fixtures/Arrow/types.arrows")
        let bytes = try Self.golden()
        if ProcessInfo.processInfo.environment["ESKER_REFRESH_GOLDEN"] != nil {
            try Data(bytes).write(to: path)
            Issue.record("the golden file was written anew: check it as Fixtures/Arrow/README.md says")
        }
        #expect(bytes == [UInt8](try Data(contentsOf: path)))
    }
}

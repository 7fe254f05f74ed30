import Esker
import EskerFormat
import Testing

enum Side: String, ColumnValue, Codable { case buy, sell }

struct Price: ColumnValue {
    var cents: Int64
    static var columnType: DataType { .numeric(precision: 12, scale: 2) }
    var columnValue: Value { .numeric(Numeric(coefficient: Int128(cents), scale: 2)) }
}

struct Everything: Row {
    var flag = true
    var small: Int16 = -2
    var medium: Int32 = 3
    var large: Int64 = .min
    var plain = 5
    var real: Float = 1.5
    var double = -2.25
    var decimal = Numeric(12)
    var text = "grüße"
    var bytes: [UInt8] = [1, 0, 255]
    var moment: Timestamp = "2026-11-24 10:00:00.5+01"
    var day: Day = "2026-11-24"
    var time: TimeOfDay = "09:30"
    var zoned = TimeWithZone(microseconds: 3_600_000_000, secondsEast: 7200)
    var span = Interval(months: 1, days: 2, microseconds: 3)
    var id = UUIDBytes(high: 1, low: 2)
    var list = [1, 2, 3]
    var side = Side.sell
    var price = Price(cents: 1299)
    var sparse: [Int32?] = [7, nil]

    static var columns: [RowColumn<Everything>] {
        [
            RowColumn("flag", \.flag), RowColumn("small", \.small), RowColumn("medium", \.medium),
            RowColumn("large", \.large), RowColumn("plain", \.plain), RowColumn("real", \.real),
            RowColumn("double", \.double), RowColumn("decimal", \.decimal), RowColumn("text", \.text),
            RowColumn("bytes", \.bytes), RowColumn("moment", \.moment), RowColumn("day", \.day),
            RowColumn("time", \.time), RowColumn("zoned", \.zoned), RowColumn("span", \.span), RowColumn("id", \.id),
            RowColumn("list", \.list), RowColumn("side", \.side), RowColumn("price", \.price),
            RowColumn("sparse", \.sparse),
        ]
    }
}

struct Word: Row {
    var text: String
    var count: Int?
    static var columns: [RowColumn<Word>] { [RowColumn("word", \.text), RowColumn("count", \.count)] }
}

struct Optionals: Row {
    var flag: Bool?
    var number: Int16?
    var double: Double?
    var text: String?
    var bytes: [UInt8]?
    var decimal: Numeric?
    var id: UUIDBytes?
    var side: Side?
    static var columns: [RowColumn<Optionals>] {
        [
            RowColumn("flag", \.flag), RowColumn("number", \.number), RowColumn("double", \.double),
            RowColumn("text", \.text), RowColumn("bytes", \.bytes), RowColumn("decimal", \.decimal),
            RowColumn("id", \.id), RowColumn("side", \.side),
        ]
    }
}

struct Computed: Row {
    var number: Int
    var doubled: Int { number * 2 }
    var label: String { "n\(number)" }
    static var columns: [RowColumn<Computed>] { [RowColumn("doubled", \.doubled), RowColumn("label", \.label)] }
}

final class Reference: Row {
    let number: Int
    init(_ number: Int) { self.number = number }
    static var columns: [RowColumn<Reference>] { [RowColumn("number", \.number)] }
}

/// One property of type `V` in a column of any type.
struct One<V: ColumnValue>: Row {
    var value: V
    static var columns: [RowColumn<One<V>>] { [RowColumn("value", \.value)] }
}

@Suite struct RowBatcherTests {
    @Test("every type arrives in its column")
    func everyType() throws {
        let schema = Schema(columns: Everything.schemaColumns)
        let converted = try RowBatcher<Everything>(schema: schema).convert([Everything(), Everything(plain: 6)])
        #expect(converted.rejects.isEmpty)
        let expected: [Value] = [
            .bool(true), .int2(-2), .int4(3), .int8(.min), .int8(5), .float4(1.5), .float8(-2.25),
            .numeric(Numeric(12)), .text("grüße"), .bytea([1, 0, 255]), .timestamptz(1_795_510_800_500_000),
            .date(20_781), .time(34_200_000_000), .timetz(TimeWithZone(microseconds: 3_600_000_000, secondsEast: 7200)),
            .interval(Interval(months: 1, days: 2, microseconds: 3)), .uuid(UUIDBytes(high: 1, low: 2)),
            .array(ArrayValue(of: .int8, [.int8(1), .int8(2), .int8(3)])), .text("sell"),
            .numeric(try Numeric("12.99")), .array(ArrayValue(of: .int4, [.int4(7), .null])),
        ]
        #expect(converted.batch.count == 2)
        for (index, pair) in zip(converted.batch.values(ofRow: 0), expected).enumerated() {
            #expect(pair.0 == pair.1, "column \(schema.columns[index].name)")
        }
        #expect(converted.batch.values(ofRow: 1)[4] == .int8(6))
    }

    @Test("optional properties are nullable columns and nil is NULL")
    func optionals() throws {
        let schema = Schema(columns: Optionals.schemaColumns)
        #expect(schema.columns.allSatisfy { $0.isNullable })
        let full = Optionals(
            flag: true, number: 1, double: 0.5, text: "x", bytes: [9], decimal: Numeric(3),
            id: UUIDBytes(high: 0, low: 1), side: .buy)
        let rows = (0..<20).map { $0 % 3 == 0 ? Optionals() : full }
        let converted = try RowBatcher<Optionals>(schema: schema).convert(rows)
        #expect(converted.rejects.isEmpty)
        for row in 0..<20 {
            let expected: [Value] =
                row % 3 == 0
                ? [Value](repeating: .null, count: 8)
                : [
                    .bool(true), .int2(1), .float8(0.5), .text("x"), .bytea([9]), .numeric(Numeric(3)),
                    .uuid(UUIDBytes(high: 0, low: 1)), .text("buy"),
                ]
            #expect(converted.batch.values(ofRow: row) == expected, "row \(row)")
        }
    }

    @Test("an optional column without nil has no validity bitmap")
    func noValidity() throws {
        let schema = Schema(columns: Word.schemaColumns)
        let batch = try RowBatcher<Word>(schema: schema).convert([Word(text: "a", count: 1)]).batch
        #expect(batch.columns.allSatisfy { $0.validity == nil })
    }

    @Test("strings of every length keep their bytes", arguments: [0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 200])
    func stringLengths(length: Int) throws {
        let texts = (0..<5).map { row in String(repeating: "\(row)", count: length) }
        let batcher = try RowBatcher<One<String>>(schema: Schema(["value!": .text]))
        let batch = batcher.convert(texts.map { One(value: $0) }).batch
        #expect((0..<5).map { batch.values(ofRow: $0)[0] } == texts.map { .text($0) })
    }

    @Test("computed properties and classes are read through their key paths")
    func keyPaths() throws {
        let computed = try RowBatcher<Computed>(schema: Schema(columns: Computed.schemaColumns))
        #expect(computed.convert([Computed(number: 4), Computed(number: 5)]).batch.rowTexts == ["8 | n4", "10 | n5"])
        let references = try RowBatcher<Reference>(schema: Schema(columns: Reference.schemaColumns))
        #expect(references.convert([Reference(1), Reference(2)]).batch.rowTexts == ["1", "2"])
    }

    @Test("no rows make an empty batch")
    func noRows() throws {
        let batcher = try RowBatcher<Everything>(schema: Schema(columns: Everything.schemaColumns))
        #expect(batcher.convert([Everything]()).batch.count == 0)
        let computed = try RowBatcher<Computed>(schema: Schema(columns: Computed.schemaColumns))
        #expect(computed.convert([Computed]()).batch.count == 0)
    }

    @Test("columns are matched by name and missing nullable ones are NULL")
    func byName() throws {
        let schema = Schema(["note": .text, "count": .int8, "at": .timestamptz, "ok": .bool, "word!": .text])
        let batch = try RowBatcher<Word>(schema: schema).convert([Word(text: "a", count: 1)]).batch
        #expect(batch.rowTexts == ["NULL | 1 | NULL | NULL | a"])
    }

    @Test("integers go into wider columns")
    func widening() throws {
        let batcher = try RowBatcher<One<Int16>>(schema: Schema(["value": .int8]))
        #expect(batcher.convert([One(value: -7)]).batch.rowTexts == ["-7"])
        let exact = try RowBatcher<One<Int>>(schema: Schema(["value": .numeric(precision: 4, scale: 1)]))
        let converted = exact.convert([One(value: 12), One(value: 1000), One(value: -999)])
        #expect(converted.batch.rowTexts == ["12.0", "-999.0"])
        #expect(converted.rejects.map(\.description) == ["row 1: column \"value\": numeric field overflow"])
    }

    @Test("a shape that cannot fit is refused with column and types")
    func shapes() throws {
        func check<R: Row>(_: R.Type, _ schema: Schema, _ code: RowShapeError.Code, _ words: [String]) {
            let error = #expect(throws: RowShapeError.self) { _ = try RowBatcher<R>(schema: schema) }
            #expect(error?.code == code)
            for word in words {
                #expect(error?.message.contains(word) == true, "\(error?.message ?? "") lacks \(word)")
            }
        }
        check(
            Word.self, Schema(["word": .text, "at!": .date, "count": .int8]), .missingColumn,
            ["\"at\"", "date", "Word"])
        check(Word.self, Schema(["word": .text]), .unknownColumn, ["\"count\"", "Word", "word"])
        check(Word.self, Schema(["word": .int8, "count": .int8]), .wrongType, ["\"word\"", "bigint", "String"])
        check(One<Int>.self, Schema(["value": .int4]), .wrongType, ["integer", "Int"])
        check(One<Double>.self, Schema(["value": .float4]), .wrongType, ["real", "Double"])
        check(One<Timestamp?>.self, Schema(["value": .date]), .wrongType, ["date", "Timestamp"])
        check(One<Side>.self, Schema(["value": .int8]), .wrongType, ["bigint", "Side"])
        check(One<[Int]>.self, Schema(["value": .array(of: .text)]), .wrongType, ["text[]", "Array<Int>"])
        check(Twice.self, Schema(["word": .text]), .repeatedColumn, ["\"word\"", "Twice"])
    }

    struct Twice: Row {
        var word = ""
        static var columns: [RowColumn<Twice>] { [RowColumn("word", \.word), RowColumn("word", \.word)] }
    }

    @Test("rows whose values break the column's type are told apart and the others go on")
    func rejects() throws {
        func check<V: ColumnValue>(_ type: DataType, _ values: [V], _ good: [String], _ bad: [String]) throws {
            let batcher = try RowBatcher<One<V>>(schema: Schema(["value!": type]))
            let converted = batcher.convert(values.map { One(value: $0) })
            #expect(converted.batch.rowTexts == good)
            #expect(converted.rejects.map { "\($0.row) \($0.reason)" } == bad)
        }
        try check(
            .varchar(length: 3), ["abc", "äöü", "abcd", "ab  "], ["abc", "äöü", "ab "],
            ["2 value too long for type character varying(3)"])
        try check(.char(length: 3), ["a", "abcd"], ["a  "], ["1 value too long for type character(3)"])
        try check(.json, [#"{"a": 1}"#, "{"], [#"{"a": 1}"#], ["1 invalid input syntax for type json"])
        try check(.jsonb, [#"{"b":1,"a":2}"#], [#"{"a": 2, "b": 1}"#], [])
        try check(
            .text, ["a", "b\0", "c"], ["a", "c"], [#"1 invalid byte sequence for encoding "UTF8": 0x00"#])
        try check(
            .int8, [1, nil, 3] as [Int?], ["1", "3"],
            [#"1 null value in column "value" violates not-null constraint"#])
        try check(
            .time, [TimeOfDay(microseconds: 0), TimeOfDay(microseconds: -1)], ["00:00:00"], ["1 time out of range"])
        try check(
            .numeric(precision: 3, scale: 1), [try Numeric("1.25"), Numeric(100)], ["1.3"], ["1 numeric field overflow"]
        )
    }
}

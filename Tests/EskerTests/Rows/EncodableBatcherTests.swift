import Esker
import EskerFormat
import Testing

struct Visit: Encodable {
    var id: UInt64
    var name: String
    var score: Double?
    var kind: Kind
    var tags: [String]?
    var place: Place?
    var at: Timestamp?

    enum Kind: Int, Encodable { case short = 1, long = 2 }
    struct Place: Encodable, Equatable {
        var city: String
        var zip: Int?
    }
}

/// Stands for Foundation's type of that name: seconds since 2001 in a single value.
private struct Date: Encodable {
    var seconds: Double
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(seconds)
    }
}

@Suite struct EncodableBatcherTests {
    private let visits = Schema([
        "id!": .int8, "name!": .varchar(length: 5), "score": .float8, "kind": .int2, "tags": .array(of: .text),
        "place": .jsonb, "at": .timestamptz,
    ])

    @Test("fields go to the columns of their keys, missing ones are NULL")
    func fields() {
        let batcher = EncodableBatcher<Visit>(schema: visits)
        let converted = batcher.convert([
            Visit(
                id: 1, name: "anna", score: 0.5, kind: .long, tags: ["a", "b,c"],
                place: .init(city: "Łódź \"x\"", zip: 7),
                at: "2026-11-24 10:00Z"),
            Visit(id: 2, name: "bo", kind: .short),
        ])
        #expect(converted.rejects.isEmpty)
        #expect(
            converted.batch.rowTexts == [
                #"1 | anna | 0.5 | 2 | {a,"b,c"} | {"zip": 7, "city": "Łódź \"x\""} | 2026-11-24 10:00:00+00"#,
                "2 | bo | NULL | 1 | NULL | NULL | NULL",
            ])
    }

    @Test("a row that fails is taken back with its reason and its neighbours stay")
    func failures() {
        let batcher = EncodableBatcher<Visit>(schema: visits)
        let converted = batcher.convert([
            Visit(id: 1, name: "anna", kind: .long), Visit(id: .max, name: "b", kind: .short),
            Visit(id: 3, name: "too long", score: 1, kind: .short), Visit(id: 4, name: "c\0", kind: .short),
            Visit(id: 5, name: "dora", kind: .short),
        ])
        #expect(converted.batch.rowTexts.map { $0.prefix(8) } == ["1 | anna", "5 | dora"])
        #expect(
            converted.rejects.map(\.description) == [
                #"row 1: column "id": bigint out of range"#,
                #"row 2: column "name": value too long for type character varying(5)"#,
                #"row 3: column "name": invalid byte sequence for encoding "UTF8": 0x00"#,
            ])
        #expect(batcher.convert([]).batch.count == 0)
    }

    @Test("unknown keys and missing values are refused by name")
    func keys() {
        let narrow = EncodableBatcher<Visit>(schema: Schema(["id!": .int8, "name": .text, "kind": .int4]))
        let converted = narrow.convert([
            Visit(id: 1, name: "a", score: 1, kind: .long), Visit(id: 2, name: "b", kind: .long),
        ])
        #expect(converted.batch.rowTexts == ["2 | b | 2"])
        #expect(converted.rejects.map(\.description) == [#"row 0: column "score": the stream has no such column"#])
        let wide = EncodableBatcher<[String: Int]>(schema: Schema(["a!": .int4, "b": .int4]))
        #expect(
            wide.convert([["b": 1], ["a": 1]]).rejects.map(\.description) == [
                #"row 0: column "a": null value in column "a" violates not-null constraint"#
            ])
    }

    @Test("the order of keys may differ from row to row")
    func order() {
        let batcher = EncodableBatcher<[String: Int]>(
            schema: Schema(["a": .int4, "b": .int2, "c": .numeric(precision: nil, scale: 0)]))
        let rows = (0..<50).map { row in ["a": row, "b": row + 1, "c": row + 2] }
        let converted = batcher.convert(rows)
        #expect(converted.rejects.isEmpty)
        #expect(converted.batch.rowTexts == (0..<50).map { "\($0) | \($0 + 1) | \($0 + 2)" })
    }

    @Test("a type named Date counts seconds from 2001 in columns of moments")
    func dates() {
        struct Event: Encodable { var at: Date }
        let batcher = EncodableBatcher<Event>(schema: Schema(["at": .timestamptz]))
        #expect(batcher.convert([Event(at: Date(seconds: 0.25))]).batch.rowTexts == ["2001-01-01 00:00:00.25+00"])
        struct Number: Encodable { var at: Double }
        let numbers = EncodableBatcher<Number>(schema: Schema(["at": .timestamptz]))
        #expect(numbers.convert([Number(at: 0.25)]).rejects.count == 1)
    }

    @Test("single values are rows of one column; classes give their superclass's fields too")
    func shapes() {
        #expect(
            EncodableBatcher<String>(schema: Schema(["word": .text])).convert(["a", "b"]).batch.rowTexts == ["a", "b"])
        #expect(EncodableBatcher<String>(schema: visits).convert(["a"]).rejects.map(\.row) == [0])
        #expect(EncodableBatcher<[Int]>(schema: visits).convert([[1]]).rejects.map(\.row) == [0])
        class Base: Encodable { var a = 1 }
        class Derived: Base {
            enum CodingKeys: String, CodingKey { case b }
            override func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(2, forKey: .b)
                try super.encode(to: container.superEncoder())
            }
        }
        let batcher = EncodableBatcher<Derived>(schema: Schema(["a": .int8, "b": .int8]))
        #expect(batcher.convert([Derived()]).batch.rowTexts == ["1 | 2"])
    }

    @Test("nested containers become JSON when the row is complete")
    func nesting() {
        struct Nested: Encodable {
            enum Keys: CodingKey { case doc, number }
            enum Inner: CodingKey { case list, text }
            func encode(to encoder: any Encoder) throws {
                var row = encoder.container(keyedBy: Keys.self)
                var doc = row.nestedContainer(keyedBy: Inner.self, forKey: .doc)
                try row.encode(5, forKey: .number)
                var list = doc.nestedUnkeyedContainer(forKey: .list)
                try list.encode(1.5)
                try list.encodeNil()
                try doc.encode("line\n\u{1}", forKey: .text)
            }
        }
        let batcher = EncodableBatcher<Nested>(schema: Schema(["doc": .json, "number": .int8]))
        #expect(batcher.convert([Nested()]).batch.rowTexts == [#"{"list":[1.5,null],"text":"line\n\u0001"} | 5"#])
        let wrong = EncodableBatcher<Nested>(schema: Schema(["doc": .text, "number": .int8]))
        #expect(wrong.convert([Nested()]).rejects.map(\.column) == ["doc"])
    }
}

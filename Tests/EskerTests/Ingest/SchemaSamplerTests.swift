import Esker
import EskerFormat
import Testing

@Suite("Schema sampler")
struct SchemaSamplerTests {
    static func csv(_ text: String, length: Int = 1 << 20, _ change: (inout CSVOptions) -> Void = { _ in }) throws
        -> [String]
    {
        var options = CSVOptions()
        change(&options)
        let source = try PeekedByteSource(MemoryByteSource(text), length: length)
        return try SchemaSampler.csv(source, options: options).columns.map { "\($0.name) \($0.type.name)" }
    }

    static func ndjson(_ text: String) throws -> [String] {
        let source = try PeekedByteSource(MemoryByteSource(text))
        return try SchemaSampler.ndjson(source).columns.map { "\($0.name) \($0.type.name)" }
    }

    @Test(
        "the type of a column is the narrowest that keeps every value as it is",
        arguments: [
            (["1", "-7", "9223372036854775807"], "bigint"), (["1", "2.5"], "double precision"),
            (["1e3", "-0.001"], "double precision"), (["9223372036854775808"], "numeric"),
            (["1", "0.1234567890123456789"], "numeric"), (["007", "1"], "text"), (["+1"], "text"),
            (["1", "x"], "text"),
            (["true", "F"], "boolean"), (["0", "1"], "bigint"), (["true", "1"], "text"),
            (["2026-01-01", "2026-02-28"], "date"), (["2026-01-01", "2026-02-30"], "text"),
            (["2026-01-01 10:00:00", "2026-01-01T10:00:00.5+02"], "timestamp with time zone"),
            (["2026-01-01", "2026-01-01 10:00Z"], "timestamp with time zone"),
            (["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"], "uuid"), (["", ""], "text"), (["", "5"], "bigint"),
            (["NaN"], "text"), (["now"], "text"), (["\"1\"", "\"a,b\""], "text"), (["1.", ".5"], "text"),
        ])
    func types(_ values: [String], _ expected: String) throws {
        #expect(try Self.csv("id,v\n" + values.map { "1,\($0)\n" }.joined()) == ["id bigint", "v \(expected)"])
        #expect(
            try Self.csv(values.map { "1,\($0)\n" }.joined()) { $0.hasHeader = false } == [
                "column1 bigint", "column2 \(expected)",
            ])
    }

    @Test("names come from the header; a cut last line is not looked at")
    func names() throws {
        #expect(
            try Self.csv("\u{FEFF}a,\"b \"\"c\"\"\",\r\n1,2,3\r\n") == ["a bigint", "b \"c\" bigint", "column3 bigint"])
        #expect(try Self.csv("a,b\n1,2\n3,4.5\n", length: 12) == ["a bigint", "b bigint"])
        #expect(throws: IngestError.self) { try Self.csv("") }
        #expect(throws: IngestError.self) { try Self.csv("a,a\n1,2\n") }
    }

    @Test("keys of all objects become columns, in the order in which they are first seen")
    func keys() throws {
        let text = """
            \u{FEFF}{"ts":"2026-01-01T00:00:00Z","n":1,"x":null}
            {"n":2.5,"tags":["a"],"ok":true,"s":"7"}

            {"tags":"none","ok":false,"d":"2026-01-01","u\\u0065":"é"}
            """
        #expect(
            try Self.ndjson(text) == [
                "ts timestamp with time zone", "n double precision", "x text", "tags json", "ok boolean", "s text",
                "d date",
                "ue text",
            ])
        #expect(throws: IngestError.self) { try Self.ndjson("[1]\n") }
    }

    @Test("what was looked at is read again", arguments: [1, 5, 1 << 20])
    func peeking(_ length: Int) throws {
        let source = try PeekedByteSource(MemoryByteSource("id,name\n1,a\n2,b\n"), length: length)
        let schema = Schema(columns: [
            ColumnDefinition(id: 1, name: "id", type: .int8), ColumnDefinition(id: 2, name: "name", type: .text),
        ])
        let reader = try CSVReader(source, schema: schema)
        let batch = try #require(try reader.next()).batch
        #expect((0..<batch.count).map { batch.description(ofRow: $0) } == ["1 'a'", "2 'b'"])
    }
}

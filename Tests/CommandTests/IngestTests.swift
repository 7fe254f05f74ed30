import Foundation
import Testing

@Suite("esker ingest")
struct IngestTests {
    private let folder: TemporaryFolder
    private let store: String

    init() throws {
        folder = try TemporaryFolder()
        store = folder.path("store")
    }

    private func rows(_ sql: String) throws -> String {
        let outcome = try Command.run("sql", "--data", store, "--format", "csv", "-c", sql)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
    }

    @Test("--create makes the store and the stream from the header and a sample")
    func create() throws {
        let file = try folder.file("a.csv", "at,n,price,who\n2026-11-24 10:00:00+00,1,1.5,\"a, b\"\n,2,,\n")
        let outcome = try Command.run("ingest", "--data", store, "--stream", "s", "--create", file)
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("2 rows in "))
        #expect(outcome.output.hasSuffix(" rows/s\n"))
        #expect(outcome.errors.isEmpty)
        #expect(try rows("SELECT * FROM s") == "at,n,price,who\n2026-11-24 10:00:00+00,1,1.5,\"a, b\"\n,2,,\n")
    }

    @Test("without --create neither store nor stream is made")
    func noCreate() throws {
        let file = try folder.file("a.csv", "n\n1\n")
        #expect(try Command.run("ingest", "--data", store, "--stream", "s", file).status == 3)
        #expect(!FileManager.default.fileExists(atPath: store))
        _ = try rows("CREATE TABLE other (n int)")
        let outcome = try Command.run("ingest", "--data", store, "--stream", "s", file)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("there is no stream \"s\""))
        #expect(outcome.errors.contains("other"))
    }

    @Test("bad lines are told, kept with their reasons, and end with 1; good ones are stored")
    func rejects() throws {
        _ = try rows("CREATE TABLE s (n int, name text)")
        let file = try folder.file("a.csv", "n,name\n1,a\nx,b\n3\n4,d\n")
        let bad = folder.path("bad.ndjson")
        let outcome = try Command.run("ingest", "--data", store, "--stream", "s", "--rejects", bad, "--json", file)
        #expect(outcome.status == 1)
        #expect(outcome.output.hasPrefix("{\"stream\":\"s\",\"rows\":2,\"rejects\":2,\"bytes\":21,\"seconds\":"))
        #expect(outcome.errors.contains("line 3: column \"n\": invalid input syntax for type integer: \"x\""))
        #expect(
            try String(contentsOfFile: bad, encoding: .utf8) == #"""
                {"line":3,"byte":11,"column":"n","reason":"invalid input syntax for type integer: \"x\"","text":"x,b"}
                {"line":4,"byte":15,"column":null,"reason":"expected 2 columns, found 1","text":"3"}

                """#)
        #expect(try rows("SELECT n FROM s") == "n\n1\n4\n")
    }

    @Test("standard input, other column orders, and files without a header are read")
    func inputs() throws {
        _ = try rows("CREATE TABLE s (n int, name text)")
        #expect(try Command.run("ingest", "--data", store, "--stream", "s", "-", input: "name,n\na,1\n").status == 0)
        let bare = try folder.file("bare.csv", "2,b\n")
        #expect(try Command.run("ingest", "--data", store, "--stream", "s", "--no-header", bare).status == 0)
        let lines = try folder.file("c.jsonl", "{\"name\":\"c\",\"n\":3}\n")
        #expect(try Command.run("ingest", "--data", store, "--stream", "s", lines).status == 0)
        #expect(try rows("SELECT n, name FROM s") == "n,name\n1,a\n2,b\n3,c\n")
    }

    @Test("many batches keep the order of the file", arguments: ["durable", "written", "memory"])
    func order(acknowledgement: String) throws {
        let text = "n\n" + (0..<5000).map { "\($0)\n" }.joined()
        let file = try folder.file("a.csv", text)
        let outcome = try Command.run(
            "ingest", "--data", store, "--stream", "s", "--create", "--batch", "100", "--ack", acknowledgement, file)
        #expect(outcome.status == 0)
        #expect(try Command.run("tail", "--data", store, "--stream", "s").output == text)
        #expect(try rows("SELECT count(*) AS count FROM s WHERE n <> _offset") == "count\n0\n")
    }

    @Test("a header that does not fit stops everything with 2")
    func header() throws {
        _ = try rows("CREATE TABLE s (n int)")
        let outcome = try Command.run("ingest", "--data", store, "--stream", "s", "-", input: "m\n1\n")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("names columns \"m\"") || outcome.errors.contains("\"m\""))
        #expect(try rows("SELECT count(*) AS count FROM s") == "count\n0\n")
    }
}

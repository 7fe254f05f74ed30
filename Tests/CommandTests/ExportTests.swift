import Foundation
import Testing

@Suite("esker export")
struct ExportTests {
    private let folder: TemporaryFolder
    private let store: String

    init() throws {
        folder = try TemporaryFolder()
        store = folder.path("store")
    }

    /// Runs `esker`, which must end well.
    @discardableResult
    private func good(_ arguments: String..., input: String = "") throws -> String {
        let outcome = try Command.run(arguments, input: input)
        #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
        return outcome.output
    }

    private func sql(_ text: String) throws { try good("sql", "--data", store, "-c", text) }

    /// Rows that are hard to write: quotes, line ends, empty against missing, what looks like an end, long texts.
    private static func hardRows(_ count: Int, seed: UInt64) -> [[String?]] {
        var random = seed
        func next(_ limit: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % limit
        }
        let texts: [String?] = [
            nil, "", "plain", "a,b", "say \"so\"", "two\nlines", "cr\rhere", "\\.", "\\", " blank ", "naïve ☃",
            String(repeating: "long ", count: 100), "sixteen bytes ok", "\u{1}\u{1F}\t",
        ]
        return (0..<count).map { row in
            [
                String(row), next(9) == 0 ? nil : String(next(1000) - 500),
                // Once without anything to quote, once with all of it.
                row < count / 2 ? "word\(next(50))" : texts[next(texts.count)], texts[next(texts.count)],
                next(5) == 0 ? nil : ["t", "f"][next(2)],
            ]
        }
    }

    private static func csv(_ rows: [[String?]]) -> String {
        "id,n,a,b,flag\n"
            + rows.map { row in
                row.map { field in
                    guard let field else { return "" }
                    let isPlain =
                        !field.isEmpty && field != "\\." && !field.contains(where: { ",\"\n\r\r\n".contains($0) })
                    return isPlain ? field : "\"\(field.replacingOccurrences(of: "\"", with: "\"\""))\""
                }.joined(separator: ",") + "\n"
            }.joined()
    }

    private static let columns = "(id bigint NOT NULL, n int, a text, b text, flag boolean)"

    @Test("what was exported as csv or ndjson comes in again as it was", arguments: [3, 2000])
    func roundTrip(count: Int) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let expected = Self.csv(Self.hardRows(count, seed: seed))
        let file = try folder.file("rows.csv", expected)
        try sql(
            "CREATE TABLE first \(Self.columns); CREATE TABLE again \(Self.columns); CREATE TABLE third \(Self.columns)"
        )
        try good("ingest", "--data", store, "--stream", "first", "--batch", "500", file)
        let text = try good("export", "--data", store, "--stream", "first")
        #expect(text == expected, "seed \(seed)")
        try good("ingest", "--data", store, "--stream", "again", "-", input: text)
        let json = try good("export", "--data", store, "--stream", "again", "--format", "ndjson")
        try good("ingest", "--data", store, "--stream", "third", "--format", "ndjson", "-", input: json)
        #expect(try good("export", "--data", store, "--stream", "third") == expected, "seed \(seed)")
    }

    @Test("values of every type come in again, from csv and from ndjson")
    func types() throws {
        let columns = """
            (a boolean, b smallint, c real, d double precision, e numeric(8,3), f numeric, g varchar(5), h char(4),
             i bytea, j date, k time, l timetz, m timestamp, n timestamptz, o interval, p uuid, q json, r jsonb,
             s int[], t text[])
            """
        try sql(
            """
            CREATE TABLE one \(columns); CREATE TABLE two \(columns); CREATE TABLE three \(columns);
            INSERT INTO one VALUES
              (true, -5, 1.5, 'NaN', 12.5, 'NaN', 'x"y', 'ab', '\\x00ff', 'infinity', '24:00', '04:05:06+01',
               '-infinity', '2026-11-24 10:00:00.25+00', '1 mon -1 day', '00112233-4455-6677-8899-aabbccddeeff',
               '{"k": [1,  2]}', '{"b":1,"a":"q\\""}', '{1,NULL,3}', '{"a,b","",NULL}'),
              (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
              (false, 32767, '-Infinity', 0.1, -0.001, 1e30, '', '', '', '0044-03-15 BC', '00:00', '23:59:59-11',
               '2026-01-01', 'infinity', '1 year', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '"text"', '[1, null]', '{}', '{{a},{b}}')
            """)
        let text = try good("export", "--data", store, "--stream", "one", "--format", "csv")
        try good("ingest", "--data", store, "--stream", "two", "-", input: text)
        #expect(try good("export", "--data", store, "--stream", "two") == text)
        #expect(text.split(separator: "\n").count == 4)
        // Arrays are JSON's own in ndjson, which ingest takes as text alone.
        let all = "SELECT a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r FROM "
        let json = try good("export", "--data", store, "-c", all + "one", "--format", "ndjson")
        try good("ingest", "--data", store, "--stream", "three", "--format", "ndjson", "-", input: json)
        #expect(
            try good("export", "--data", store, "-c", all + "three")
                == good("export", "--data", store, "-c", all + "one"))
        #expect(
            try good("export", "--data", store, "-c", "SELECT s, t FROM one", "--format", "ndjson").split(
                separator: "\n")
                == [
                    #"{"s":[1,null,3],"t":["a,b","",null]}"#, #"{"s":null,"t":null}"#, #"{"s":[],"t":[["a"],["b"]]}"#,
                ])
    }

    @Test("a stretch of a stream and the rows of a query can be exported")
    func parts() throws {
        try sql(
            """
            CREATE TABLE s (at timestamptz, n int) WITH (event_time = 'at');
            INSERT INTO s VALUES ('2026-11-24 10:00:00+00', 1), ('2026-11-24 10:00:01+00', 2);
            INSERT INTO s VALUES ('2026-11-24 10:00:02+00', 3), (NULL, 4);
            """)
        func lines(_ arguments: String...) throws -> [Substring] {
            let outcome = try Command.run(["export", "--data", store] + arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.output.split(separator: "\n").dropFirst().map { $0 }
        }
        #expect(try lines("--stream", "s", "--from", "3") == [",4"])
        #expect(try lines("--stream", "s", "--from", "1", "--to", "2") == ["2026-11-24 10:00:01+00,2"])
        #expect(
            try lines(
                "--stream", "s", "--on", "event", "--from", "2026-11-24 10:00:01+00", "--to", "2026-11-24 10:00:02+00")
                == ["2026-11-24 10:00:01+00,2", "2026-11-24 10:00:02+00,3"])
        #expect(try lines("-c", "SELECT sum(n), 'a,b' AS t FROM s WHERE n > 1") == ["9,\"a,b\""])
        #expect(try good("export", "--data", store, "-c", "SELECT n FROM s WHERE n > 9", "--format", "ndjson") == "")
        #expect(
            try good("export", "--data", store, "-c", "SELECT n AS x, n AS x FROM s WHERE n = 4", "--format", "ndjson")
                == "{\"x\":4,\"x\":4}\n")
    }

    @Test("a file gets its name when it is whole, and its format from its name")
    func file() throws {
        try sql("CREATE TABLE s (d date, t text); INSERT INTO s VALUES ('2026-01-01', 'a'), ('2026-01-02', 'b')")
        let path = folder.path("out.arrows")
        let output = try good("export", "--data", store, "--stream", "s", "--output", path, "--dictionary", "t")
        #expect(output == "")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(bytes.prefix(4) == Data([0xFF, 0xFF, 0xFF, 0xFF]))
        #expect(bytes.suffix(8) == Data([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]))
        try good("export", "--data", store, "--stream", "s", "--output", folder.path("out.jsonl"))
        let json = try String(contentsOfFile: folder.path("out.jsonl"), encoding: .utf8)
        #expect(json == "{\"d\":\"2026-01-01\",\"t\":\"a\"}\n{\"d\":\"2026-01-02\",\"t\":\"b\"}\n")

        // A file that is there stays as it was when the next export fails, and nothing is left beside it.
        try sql("INSERT INTO s VALUES ('infinity', 'c')")
        let outcome = try Command.run("export", "--data", store, "--stream", "s", "--output", path)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("column \"d\", row 2: infinity"), "\(outcome.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("")).sorted()
        #expect(names == ["out.arrows", "out.jsonl", "store"])

        // It is replaced when it succeeds, also behind a link; a device is written to as it is.
        let link = folder.path("link.csv")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path("out.jsonl"))
        try good("export", "--data", store, "--stream", "s", "--output", link)
        #expect(
            try String(contentsOfFile: folder.path("out.jsonl"), encoding: .utf8)
                == "d,t\n2026-01-01,a\n2026-01-02,b\ninfinity,c\n")
        #expect(
            try FileManager.default.attributesOfItem(atPath: link)[.type] as? FileAttributeType == .typeSymbolicLink)
        try good("export", "--data", store, "--stream", "s", "--output", "/dev/null")
        #expect(
            try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
                == .typeCharacterSpecial)
    }

    @Test("a full disk is told, and nothing is left behind")
    func full() throws {
        try sql("CREATE TABLE s (t text); INSERT INTO s VALUES ('a')")
        let outcome = try Command.run("export", "--data", store, "--stream", "s", "--output", "/dev/full")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("cannot write to /dev/full: No space left"), "\(outcome.errors)")
        let missing = try Command.run("export", "--data", store, "--stream", "s", "--output", folder.path("no/where"))
        #expect(missing.status == 2)
        #expect(missing.errors.contains("cannot create \(folder.path("no/where"))"), "\(missing.errors)")
    }

    @Test("errors of a query show their place; statements that write are refused")
    func query() throws {
        try sql("CREATE TABLE s (n int); INSERT INTO s VALUES (1), (0)")
        for (query, word) in [
            ("SELECT m FROM s", "LINE 1: SELECT m FROM s\n               ^"), ("SELECT 1/n FROM s", "22012"),
            ("INSERT INTO s VALUES (2)", "read"), ("SELECT 1; SELECT 2", "not one statement"),
        ] {
            let outcome = try Command.run("export", "--data", store, "-c", query)
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains(word), "\(outcome.errors)")
        }
        #expect(try good("export", "--data", store, "-c", "SELECT count(*) FROM s") == "count\n2\n")
        let unknown = try Command.run("export", "--data", store, "--stream", "t")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("no stream \"t\""))
        let column = try Command.run(
            "export", "--data", store, "--stream", "s", "--format", "arrow", "--dictionary", "n")
        #expect(column.status == 2)
        #expect(column.errors.contains("no text column \"n\""))
    }

    @Test("progress ends with what was written, on standard error")
    func progress() throws {
        try sql("CREATE TABLE s (n int); INSERT INTO s VALUES (1), (2)")
        let outcome = try Command.run("export", "--data", store, "--stream", "s", "--progress", "--output", "-")
        #expect(outcome.output == "n\n1\n2\n")
        #expect(outcome.errors.hasPrefix("2 rows"))
        #expect(outcome.errors.hasSuffix("rows/s\n"))
    }
}

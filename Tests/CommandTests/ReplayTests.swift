import Testing

@Suite("esker tail and esker replay")
struct ReplayTests {
    private let folder: TemporaryFolder
    private let store: String

    init() throws {
        folder = try TemporaryFolder()
        store = folder.path("store")
        let outcome = try Command.run(
            "sql", "--data", store, "-c",
            """
            CREATE TABLE s (at timestamptz, n int) WITH (event_time = 'at');
            INSERT INTO s VALUES ('2026-11-24 10:00:00+00', 1), ('2026-11-24 10:00:00.2+00', 2);
            INSERT INTO s VALUES ('2026-11-24 10:00:00.3+00', 3), (NULL, 4);
            """)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    private func check(_ arguments: String..., expect expected: String) throws {
        let outcome = try Command.run([arguments[0], "--data", store, "--stream", "s"] + arguments.dropFirst())
        #expect(outcome.output == expected)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    private static let all = """
        {"at":"2026-11-24T10:00:00+00:00","n":1}
        {"at":"2026-11-24T10:00:00.2+00:00","n":2}
        {"at":"2026-11-24T10:00:00.3+00:00","n":3}
        {"at":null,"n":4}

        """
    private static let lines = all.split(separator: "\n").map { "\($0)\n" }

    @Test("everything is printed in order")
    func everything() throws {
        try check("tail", "--json", expect: Self.all)
        try check("replay", "--json", expect: Self.all)
        try check("replay", "--json", "--from", "earliest", "--to", "latest", expect: Self.all)
    }

    @Test("offsets, cuts and event times bound what is printed")
    func bounds() throws {
        try check("tail", "--json", "--from", "2", expect: Self.lines[2] + Self.lines[3])
        try check("tail", "--json", "--from", "latest", expect: "")
        try check("replay", "--json", "--from", "0:1@1", "--to", "0:3", expect: Self.lines[1] + Self.lines[2])
        try check(
            "replay", "--json", "--on", "event", "--from", "2026-11-24 10:00:00.2+00", "--to",
            "2026-11-24 10:00:00.3+00",
            expect: Self.lines[1] + Self.lines[2])
        try check("replay", "--json", "--from", "2000-01-01", "--to", "2001-01-01", expect: "")
    }

    @Test("--where keeps the rows that meet the condition, also by their places")
    func condition() throws {
        try check("tail", "--json", "--where", "n % 2 = 0 AND _offset > 1", expect: Self.lines[3])
        let outcome = try Command.run("tail", "--data", store, "--stream", "s", "--where", "n > 1 AND m = 2")
        #expect(outcome.status == 2)
        #expect(
            outcome.errors
                == "ERROR:  42703: column \"m\" does not exist\nLINE 1: n > 1 AND m = 2\n                  ^\n")
    }

    @Test("places are printed when asked for")
    func places() throws {
        let outcome = try Command.run("tail", "--data", store, "--stream", "s", "--places", "--from", "3")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.first == "_partition,_offset,_arrived,at,n")
        #expect(lines.count == 2 && lines[1].hasPrefix("0,3,") && lines[1].hasSuffix("+00,,4"))
    }

    @Test("a replay at original speed takes as long as the events did, at double speed half as long")
    func speed() throws {
        for (speed, least) in [("1", 0.3), ("2", 0.15)] {
            let start = ContinuousClock.now
            try check("replay", "--json", "--on", "event", "--speed", speed, expect: Self.all)
            #expect((ContinuousClock.now - start) / .seconds(1) >= least)
        }
    }

    @Test("no place, no such stream and no such partition are told")
    func wrong() throws {
        for (arguments, message) in [
            (["--from", "yesteryear"], "no place"), (["--from", "1:5"], "no partition 1"),
            (["--from", "0:x"], "no place"),
        ] {
            let outcome = try Command.run(["tail", "--data", store, "--stream", "s"] + arguments)
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains(message))
        }
        let outcome = try Command.run("replay", "--data", store, "--stream", "none")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("no stream \"none\""))
    }

    @Test("--follow prints rows that another process adds meanwhile", .timeLimit(.minutes(2)))
    func follow() throws {
        let output = try Command.follow(
            ["tail", "--data", store, "--stream", "s", "--json", "--from", "2", "--follow", "--where", "n <> 3"],
            until: "{\"at\":null,\"n\":6}\n"
        ) {
            for n in 5...6 {
                let outcome = try Command.run(
                    "ingest", "--data", store, "--stream", "s", "--format", "ndjson", "-", input: "{\"n\":\(n)}\n")
                #expect(outcome.status == 0, "\(outcome.errors)")
            }
        }
        #expect(output == "{\"at\":null,\"n\":4}\n{\"at\":null,\"n\":5}\n{\"at\":null,\"n\":6}\n")
    }
}

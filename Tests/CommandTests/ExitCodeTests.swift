import Testing

@Suite("Exit codes")
struct ExitCodeTests {
    @Test(
        "wrong usage ends with 64 and says what is wrong",
        arguments: [
            ["nonsense"], ["inspect"], ["inspect", "x", "--rows", "-1"], ["inspect", "x", "--no-such-flag"], ["sql"],
            ["sql", "--data", "x", "-c", "SELECT 1", "-f", "y"], ["sql", "--data", "x", "--format", "xml"],
            ["ingest", "--data", "x", "--stream", "s", "--batch", "0", "f"],
            ["ingest", "--data", "x", "--stream", "s"],
            ["ingest", "--data", "x", "--stream", "s", "--ack", "never", "f"], ["tail", "--data", "x"],
            ["replay", "--data", "x", "--stream", "s", "--speed", "-1"], ["demo", "wordcount", "--passes", "0"],
            ["export", "--data", "x"], ["export", "--data", "x", "--stream", "s", "-c", "SELECT 1"],
            ["export", "--data", "x", "-c", "SELECT 1", "--from", "5"],
            ["export", "--data", "x", "--stream", "s", "--format", "parquet"],
            ["export", "--data", "x", "--stream", "s", "--dictionary", "t"],
        ])
    func wrongUsage(arguments: [String]) throws {
        let outcome = try Command.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("Usage: esker"))
    }

    @Test(
        "a path without a store ends with 3",
        arguments: [
            ["inspect"], ["verify"], ["repair"], ["compact", "--data"], ["stats", "--data"],
            ["tail", "--stream", "s", "--data"],
            ["export", "--stream", "s", "--data"], ["export", "-c", "SELECT 1", "--data"],
        ])
    func notAStore(verb: [String]) throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("something", "else")
        for path in [folder.path(""), folder.path("missing"), folder.path("something")] {
            let outcome = try Command.run(verb + [path])
            #expect(outcome.status == 3, "\(path): \(outcome.errors)")
            #expect((outcome.output + outcome.errors).contains(path))
        }
    }

    @Test(
        "help ends with 0 and has an example for each verb",
        arguments: [
            ["sql"], ["ingest"], ["export"], ["tail"], ["replay"], ["inspect"], ["stats"], ["verify"], ["repair"],
            ["compact"], ["demo"], ["demo", "wordcount"],
        ])
    func help(verb: [String]) throws {
        let outcome = try Command.run(verb + ["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("Example"))
        #expect(outcome.errors.isEmpty)
    }
}

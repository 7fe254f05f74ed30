import Testing

@Suite("Exit codes")
struct ExitCodeTests {
    @Test(
        "wrong usage ends with 64 and says what is wrong",
        arguments: [["nonsense"], ["inspect"], ["inspect", "x", "--rows", "-1"], ["inspect", "x", "--no-such-flag"]])
    func wrongUsage(arguments: [String]) throws {
        let outcome = try Command.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("Usage: esker"))
    }

    @Test("a directory without a store ends with 3", arguments: ["inspect"])
    func notAStore(verb: String) throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("something", "else")
        for path in [folder.path(""), folder.path("missing"), folder.path("something")] {
            let outcome = try Command.run(verb, path)
            #expect(outcome.status == 3, "\(path)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains(path))
        }
    }

    @Test("help ends with 0 and has an example for each verb", arguments: ["inspect"])
    func help(verb: String) throws {
        let outcome = try Command.run(verb, "--help")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("Example"))
        #expect(outcome.errors.isEmpty)
    }
}

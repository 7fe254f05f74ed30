import Testing

@Suite("esker stats")
struct StatsTests {
    @Test("shows streams, and with --why-big columns, in lines of at most 140 characters")
    func shows() throws {
        let folder = try TemporaryFolder()
        let store = folder.path("store")
        let lines = (0..<5000).map { "\($0),user-\($0 % 97)@mail.example,\(Double($0 % 1000) / 8)" }
        let file = try folder.file("t.csv", "id,address,price\n" + lines.joined(separator: "\n") + "\n")
        #expect(try Command.run("ingest", "--data", store, "--stream", "t", "--create", file).status == 0)
        #expect(try Command.run("compact", "--data", store).status == 0)
        let streams = try Command.run("stats", "--data", store)
        #expect(streams.status == 0 && streams.output.contains("\n  t       5,000   5,000"))
        let columns = try Command.run("stats", "--data", store, "--why-big")
        #expect(columns.status == 0, "\(columns.errors)")
        for name in ["id", "address", "price", "headers, footers", "all segments"] {
            #expect(columns.output.contains("\n  \(name) "))
        }
        for text in [columns.output, try Command.run("inspect", "--columns", store).output] {
            let table = text.split(separator: "\n").filter { $0.contains("pooled") || $0.contains("all ") }
            #expect(!table.isEmpty && table.allSatisfy { $0.count <= 140 })
        }
        #expect(try Command.run("stats", "--data", store, "--why-big", "--json").output.contains("\"zstd_ratio\""))
        #expect(try Command.run("stats", "--data", store + "/MANIFEST").status == 3)
    }
}

import Foundation
import Testing

@Suite("esker verify and esker repair")
struct DamageTests {
    private let folder: TemporaryFolder
    private let store: String

    init() throws {
        folder = try TemporaryFolder()
        store = folder.path("store")
        let outcome = try Command.run(
            "sql", "--data", store, "-c",
            "CREATE TABLE s (n int); INSERT INTO s VALUES (1), (2); INSERT INTO s VALUES (3)")
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    /// Changes a byte of the first commit, which later marks say was durable.
    private func damage() throws {
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: store + "/journal").filter { $0.hasSuffix(".journal") }
                .min())
        let file = try #require(FileHandle(forUpdatingAtPath: "\(store)/journal/\(name)"))
        try file.seek(toOffset: 4096 + 100)
        let byte = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: 4096 + 100)
        try file.write(contentsOf: Data([byte ^ 0x40]))
        try file.close()
    }

    @Test("a sound store is clean, and a repair leaves it alone")
    func sound() throws {
        let verified = try Command.run("verify", store)
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.output.contains("clean"))
        #expect(try Command.run("verify", store, "--json").output.contains("\"exit_code\": 0"))
        let repaired = try Command.run("repair", store)
        #expect(repaired.status == 0)
        #expect(repaired.output.contains("nothing to repair"))
    }

    @Test("damage is told with its file, tried in a dry run, and repaired to a clean store")
    func damaged() throws {
        try damage()
        let verified = try Command.run("verify", store)
        #expect(verified.status == 2, "\(verified.output)")
        #expect(verified.output.contains("corrupt") && verified.output.contains(".journal, byte "))
        #expect(try Command.run("sql", "--data", store, "-c", "SELECT 1").status == 2)
        #expect(try Command.run("repair", store, "--dry-run").status == 1)
        #expect(try Command.run("verify", store).status == 2)
        let repaired = try Command.run("repair", store)
        #expect(repaired.status == 1, "\(repaired.output)\(repaired.errors)")
        #expect(FileManager.default.fileExists(atPath: store + "/quarantine"))
        #expect(try Command.run("verify", store).status == 0)
        let rows = try Command.run("sql", "--data", store, "--format", "csv", "-c", "SELECT n FROM s WHERE n > 2")
        #expect(rows.output == "n\n3\n")
    }
}

import Foundation
import Testing

@Suite("esker compact")
struct CompactTests {
    @Test("makes few files of many, says what it did, and keeps every row")
    func compacts() throws {
        let folder = try TemporaryFolder()
        let store = folder.path("store")
        for part in 0..<3 {
            let lines = (0..<2000).map { "\(part * 2000 + $0),name \($0 % 7)" }
            let file = try folder.file("\(part).csv", "id,name\n" + lines.joined(separator: "\n") + "\n")
            #expect(try Command.run("ingest", "--data", store, "--stream", "t", "--create", file).status == 0)
            if part < 2 { #expect(try Command.run("compact", "--data", store).status == 0) }
        }
        let outcome = try Command.run("compact", "--data", store, "--stream", "t", "--json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        let before = json?["before"] as? [String: Int]
        let after = json?["after"] as? [String: Int]
        #expect(before?["files"] == 2 && after?["files"] == 1)
        #expect(before?["rows"] == 6000 && after?["rows"] == 6000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: store + "/segments").count == 1)
        let sum = try Command.run("sql", "--data", store, "--format", "csv", "-c", "SELECT count(*), sum(id) FROM t")
        #expect(sum.output == "count,sum\n6000,17997000\n")
        #expect(try Command.run("verify", store).status == 0)
        #expect(try Command.run("inspect", store).output.contains("compact"))
        let again = try Command.run("compact", "--data", store)
        #expect(again.output.contains("1 -> 1 files"))
        #expect(try Command.run("compact", "--data", store, "--stream", "none").status == 2)
    }
}

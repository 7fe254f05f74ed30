import EskerFiles
import EskerFormat
import EskerLog
import Foundation
import Testing

@Suite("Inspecting a store offline")
struct InspectorTests {
    @Test("a store shows its streams, views, segments and journal files as tables")
    func showsStore() throws {
        let disk = try SmallStore.make()
        let inspection = try StoreInspector(files: disk).inspect(SmallStore.directory)
        guard case .store(let report) = inspection.subject else {
            Issue.record("not a store")
            return
        }
        try expect(inspection.text(), golden: "store", id: report.store)
        #expect(report.streams.map(\.record.name) == ["events", "ticks"])
        #expect(report.segments.map(\.rowCount) == [20, 10, 2])
        #expect(report.journals.map(\.ending) == [.clean, .mark])
    }

    @Test("a segment alone shows its blocks, columns and rows, also without its store")
    func showsSegment() throws {
        let disk = try SmallStore.make()
        let alone = MemoryFileSystem()
        let path = "/store/segments/0000000000000002.segment"
        try SmallStore.write(alone, "/lost", SmallStore.read(disk, path))
        let options = InspectionOptions(blocks: true, columns: true, rows: 10)
        let inspection = try StoreInspector(files: alone, options: options).inspect("/lost")
        guard case .segment(let report) = inspection.subject else {
            Issue.record("not a segment")
            return
        }
        try expect(inspection.text(), golden: "segment", id: report.store!)
        let named = try StoreInspector(files: disk, options: options).inspect(path)
        #expect(named.text().contains("Rows of ticks"))
    }

    @Test("a journal file alone shows the columns of every stream and how its log ends")
    func showsJournal() throws {
        let disk = try SmallStore.make()
        let options = InspectionOptions(columns: true, rows: 2)
        let inspector = StoreInspector(files: disk, options: options)
        let first = try inspector.inspect("/store/journal/0000000000000001.journal")
        #expect(first.text().contains("  events.id ") && first.text().contains("  ticks.price "))
        #expect(first.json().contains("[0, 0, \"2026-01-01 00:00:00+00\", 0, \"name 0\"]"))
        let last = try inspector.inspect("/store/journal/0000000000000002.journal")
        #expect(last.text().contains("  mark\n") && last.json().contains("\"ending\": \"mark\""))
    }

    @Test("the manifest alone shows definitions; other files and directories are no store")
    func tellsOthers() throws {
        let disk = try SmallStore.make()
        let manifest = try StoreInspector(files: disk).inspect("/store/MANIFEST")
        #expect(manifest.text().hasPrefix("Manifest /store/MANIFEST\n") && manifest.json().contains("\"recent\""))
        try SmallStore.write(disk, "/other", [1, 2, 3])
        try disk.makeDirectory("/empty")
        for path in ["/other", "/empty", "/store/RESERVE"] {
            #expect { try StoreInspector(files: disk).inspect(path) } throws: {
                ($0 as? StoreError)?.code == .notAStore
            }
        }
        #expect { try StoreInspector(files: disk).inspect("/none") } throws: { ($0 as? StoreError)?.code == .io }
    }

    @Test("damage is shown beside what can still be read")
    func showsDamage() throws {
        let disk = try SmallStore.make()
        try SmallStore.flip(disk, "/store/segments/0000000000000001.segment", byte: 80)
        try SmallStore.flip(disk, "/store/journal/0000000000000002.journal", byte: 4096 + 16)
        try disk.remove("/store/segments/0000000000000003.segment")
        let options = InspectionOptions(blocks: true)
        let inspection = try StoreInspector(files: disk, options: options).inspect(SmallStore.directory)
        let text = inspection.text()
        #expect(text.contains("Problems\n"))
        #expect(text.contains("0000000000000001.segment: header checksum is"))
        #expect(text.contains("0000000000000002.journal: commit 7 is damaged"))
        #expect(text.contains("cannot open /store/segments/0000000000000003.segment"))
        guard case .store(let report) = inspection.subject else { return }
        #expect(report.segments[0].rowCount == 12 && report.journals[1].rowCount == 5)
    }

    @Test("texts with quotes and control characters are escaped in JSON")
    func escapes() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        let view = ViewRecord(name: "a\"b\\c\nd\u{1}", query: "é", options: [:])
        try harness.log.createView(view, replacing: false)
        harness.log.close()
        let json = try StoreInspector(files: disk).inspect("/store").json()
        #expect(json.contains("\"name\": \"a\\\"b\\\\c\\nd\\u0001\"") && json.contains("\"query\": \"é\""))
    }

    /// Compares with a file of `Fixtures/Inspection`; `ESKER_REFRESH_GOLDENS=1` writes it anew and fails the run.
    private func expect(_ text: String, golden name: String, id: StoreID) throws {
        let named = text.replacing(id.description, with: "ID")
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/Inspection/\(name).txt")
        if ProcessInfo.processInfo.environment["ESKER_REFRESH_GOLDENS"] != nil {
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try named.write(to: path, atomically: true, encoding: .utf8)
            Issue.record("\(name).txt was written anew: read it and run again")
        }
        #expect(named == (try String(contentsOf: path, encoding: .utf8)))
    }
}

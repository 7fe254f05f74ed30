import EskerFiles
import EskerFormat
import EskerLog
import Testing

@Suite("Compaction beside readers in other processes")
struct CompactionReaderTests {
    private static func harness(_ disk: any FileSystem) throws -> LogHarness {
        let harness = try LogHarness(disk)
        for segment in 0..<6 as Range<Int64> {
            try harness.append(segment * 10..<segment * 10 + 10)
            try harness.log.sealAll()
        }
        return harness
    }

    @Test("a reader's snapshot opens old segments for as long as it lives; then the writer removes them")
    func snapshot() throws {
        let disk = MemoryFileSystem()
        let harness = try Self.harness(disk)
        let reader = try StoreReader.open("/store", files: disk)
        var snapshot = reader.snapshot(named: "events")
        try harness.log.compactAll()
        try reader.refresh()
        #expect(reader.snapshot(named: "events")!.partitions[0].segments.count == 1)
        #expect(try LogHarness.ids(reader.snapshot(named: "events")!) == Array(0..<60))
        // No file of it was open before.
        #expect(try LogHarness.ids(snapshot!) == Array(0..<60))
        try harness.log.compactAll()
        #expect(try disk.list("/store/segments").count == 7)
        snapshot = nil
        try harness.log.compactAll()
        #expect(try disk.list("/store/segments").count == 1)
        harness.log.close()
    }

    @Test("they stay also when the writer ends and another one opens the store")
    func nextWriter() throws {
        let disk = MemoryFileSystem()
        let harness = try Self.harness(disk)
        let reader = try StoreReader.open("/store", files: disk)
        var snapshot = reader.snapshot(named: "events")
        try harness.log.compactAll()
        harness.log.close()
        let next = try LogHarness(disk)
        try reader.refresh()
        #expect(try LogHarness.ids(snapshot!) == Array(0..<60))
        #expect(try disk.list("/store/segments").count == 7)
        snapshot = nil
        try next.log.compactAll()
        #expect(try disk.list("/store/segments").count == 1)
        next.log.close()
    }

    @Test("dropped streams are read to the end, too")
    func dropped() throws {
        let disk = MemoryFileSystem()
        let harness = try Self.harness(disk)
        let reader = try StoreReader.open("/store", files: disk)
        let snapshot = reader.snapshot(named: "events")!
        try harness.log.dropStream(named: "events")
        try reader.refresh()
        #expect(reader.snapshot(named: "events") == nil)
        #expect(try LogHarness.ids(snapshot) == Array(0..<60))
        harness.log.close()
    }

    @Test(
        "repair of a store without manifest prefers the merged segment to what is left of those it was made of",
        arguments: [[], [0], [2], [5], [0, 1, 2, 4], [0, 5]])
    func repair(removed: [Int]) throws {
        let disk = MemoryFileSystem()
        let harness = try Self.harness(disk)
        let snapshot = harness.log.snapshot(named: "events")!
        let old = snapshot.partitions[0].segments.map(\.path)
        try harness.log.compactAll()
        let found = disk.crashClone(keep: .everything)
        harness.log.close()
        #expect(try LogHarness.ids(snapshot) == Array(0..<60))
        for index in removed { try found.remove(old[index]) }
        try found.remove("/store/MANIFEST")
        let report = try StoreRepair(files: found).run("/store", dryRun: false)
        #expect(report.lost.isEmpty && report.exitCode == 1, "\(report.text())")
        let log = try StoreLog.open("/store", files: found, options: LogHarness.smallOptions, clock: ManualClock())
        let name = try #require(log.streams.first?.name)
        #expect(try StoreContents.ids(log)[name] == [Array(0..<60)])
        log.close()
    }
}

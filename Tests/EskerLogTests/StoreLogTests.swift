import EskerFiles
import EskerFormat
import EskerLog
import Testing

@Suite("The log of a store")
struct StoreLogTests {
    @Test("rows are there after a clean close and after a power cut", arguments: [true, false])
    func survives(closing: Bool) throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        for start in stride(from: Int64(0), to: 1000, by: 10) { try harness.append(start..<start + 10) }
        #expect(try harness.ids() == Array(0..<1000))
        if closing { harness.log.close() }
        let reopened = try LogHarness(disk.crashClone(keep: .synced))
        #expect(try reopened.ids() == Array(0..<1000))
        let receipt = try reopened.append([1000])
        #expect(receipt.placements.map(\.offset) == [1000])
        reopened.log.close()
        harness.log.close()
    }

    @Test("sealed rows and the tail read as one, before and after reopening, and journal files are given back")
    func seals() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk, partitions: 2)
        for round in 0..<5 {
            for start in stride(from: Int64(round * 3000), to: Int64(round * 3000 + 3000), by: 500) {
                try harness.append(start..<start + 500, to: 0)
                try harness.append((start..<start + 500).map { -$0 }, to: 1)
            }
            try harness.log.sealAll()
        }
        try harness.append([15000])
        #expect(try harness.ids(0) == Array(0...15000))
        #expect(try harness.ids(1) == (0..<15000).map { -$0 })
        let snapshot = harness.log.snapshot(named: "events")!
        #expect(snapshot.partitions[0].segments.count == 5 && snapshot.partitions[0].tail.count == 1)
        harness.log.close()
        let reopened = try LogHarness(disk, partitions: 2)
        let journals = try disk.list("/store/journal").filter { $0.hasSuffix(".journal") }
        #expect(journals.count <= 2)
        #expect(try reopened.ids(0) == Array(0...15000))
        #expect(try reopened.ids(1) == (0..<15000).map { -$0 })
        reopened.log.close()
    }

    @Test("a snapshot does not change when rows are appended and sealed behind it")
    func snapshotsStand() throws {
        let harness = try LogHarness(MemoryFileSystem())
        try harness.append(0..<100)
        let snapshot = harness.log.snapshot(named: "events")!
        try harness.append(100..<5000)
        try harness.log.sealAll()
        try harness.append(5000..<6000)
        #expect(try LogHarness.ids(snapshot) == Array(0..<100))
        #expect(try harness.ids() == Array(0..<6000))
        harness.log.close()
    }

    @Test("a producer's repeat is not stored twice, also after a crash and after sealing")
    func deduplicates() throws {
        let disk = MemoryFileSystem()
        let producer = ProducerID(high: 1, low: 2)
        func stamp(_ first: Int64, epoch: UInt64 = 1) -> ProducerStamp {
            ProducerStamp(producer: producer, epoch: epoch, firstSequence: first)
        }
        var harness = try LogHarness(disk)
        try harness.append(0..<10, producer: stamp(0))
        #expect(try harness.append(0..<10, producer: stamp(0)).duplicates == 10)
        try harness.append(10..<20, producer: stamp(10))
        var crashed = disk.crashClone(keep: .synced)
        harness.log.close()
        harness = try LogHarness(crashed)
        #expect(try harness.append(10..<20, producer: stamp(10)).duplicates == 10)
        try harness.log.sealAll()
        try harness.append(20..<30, producer: stamp(20))
        try harness.log.sealAll()
        crashed = crashed.crashClone(keep: .synced)
        harness.log.close()
        harness = try LogHarness(crashed)
        #expect(try harness.append(20..<30, producer: stamp(20)).duplicates == 10)
        #expect(throws: StoreError.self) { try harness.append(25..<35, producer: stamp(25)) }
        try harness.append(30..<31, producer: stamp(0, epoch: 2))
        #expect(throws: StoreError.self) { try harness.append(31..<32, producer: stamp(30)) }
        #expect(try harness.ids() == Array(0..<31))
        harness.log.close()
    }

    @Test("a failed sync fails the append, loses nothing that was acknowledged, and the next append goes on")
    func poisons() throws {
        let disk = MemoryFileSystem()
        let faulty = FaultyFileSystem(disk)
        let harness = try LogHarness(faulty)
        try harness.append(0..<10)
        // All of them, for the background thread may just be syncing the next file.
        faulty.add(Fault(.failSync(errno: 5, losing: .atPowerCut), on: [.sync], path: ".spare", times: .max))
        #expect(throws: StoreError.self) { try harness.append(10..<20) }
        faulty.removeFaults()
        #expect(try harness.ids() == Array(0..<10))
        try harness.append(20..<30)
        #expect(try harness.ids() == Array(0..<10) + Array(20..<30))
        let reopened = try LogHarness(disk.crashClone(keep: .synced))
        #expect(try reopened.ids() == Array(0..<10) + Array(20..<30))
        reopened.log.close()
        harness.log.close()
    }

    @Test("a full disk refuses appends with a retryable error, reads go on, and appends resume by themselves")
    func fillsDisk() throws {
        let disk = MemoryFileSystem(capacity: 1 << 20)
        let harness = try LogHarness(disk)
        var stored: [Int64] = []
        var refusal: StoreError?
        var next: Int64 = 0
        while refusal == nil {
            do throws(StoreError) {
                try harness.append(next..<next + 500)
                stored += Array(next..<next + 500)
                next += 500
            } catch { refusal = error }
        }
        #expect(refusal?.code == .diskFull)
        #expect(try harness.ids() == stored)
        disk.capacity = 4 << 20
        try harness.append(next..<next + 500)
        #expect(try harness.ids() == stored + Array(next..<next + 500))
        harness.log.close()
    }

    @Test("streams and views come and go durably, and a dropped stream's space with them")
    func defines() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        try harness.append(0..<2000)
        try harness.log.sealAll()
        try harness.log.createView(ViewRecord(name: "v", query: "SELECT 1", options: [:]), replacing: false)
        #expect(throws: StoreError.self) {
            try harness.log.createView(ViewRecord(name: "events", query: "", options: [:]), replacing: true)
        }
        #expect(throws: StoreError.self) {
            try harness.log.createStream(named: "v", columns: LogHarness.columns)
        }
        harness.log.close()
        let reopened = try LogHarness(disk)
        #expect(reopened.log.views.map(\.name) == ["v"])
        try reopened.log.dropStream(named: "events")
        #expect(reopened.log.streams.isEmpty)
        #expect(try disk.list("/store/segments").isEmpty)
        #expect(throws: StoreError.self) { try reopened.append([1]) }
        reopened.log.close()
    }

    @Test("the store of a running writer cannot be opened twice")
    func locks() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        #expect { try LogHarness(disk) } throws: { ($0 as? StoreError)?.code == .locked }
        harness.log.close()
        try LogHarness(disk).log.close()
    }

    @Test("a reader beside the writer sees what is known durable and follows it through sealing")
    func readsBeside() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        try harness.append(0..<10)
        try harness.append(10..<20)
        let reader = try StoreReader.open(LogHarness.directory, files: disk)
        let first = try LogHarness.ids(reader.snapshot(named: "events")!)
        #expect(first.count >= 10 && first == Array(0..<Int64(first.count)))
        try harness.log.sealAll()
        for start in stride(from: Int64(20), to: 3000, by: 20) { try harness.append(start..<start + 20) }
        try reader.refresh()
        let second = try LogHarness.ids(reader.snapshot(named: "events")!)
        #expect(second.count >= 2980 && second == Array(0..<Int64(second.count)))
        harness.log.close()
        try reader.refresh()
        #expect(try LogHarness.ids(reader.snapshot(named: "events")!) == Array(0..<3000))
    }

    @Test("a reader sees all that a writer recovered after a crash, before anything new is appended")
    func readsAfterRecovery() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        for start in stride(from: Int64(0), to: 50, by: 10) { try harness.append(start..<start + 10) }
        let crashed = disk.crashClone(keep: .synced)
        harness.log.close()
        try LogHarness(crashed).log.close()
        let reader = try StoreReader.open(LogHarness.directory, files: crashed)
        #expect(try LogHarness.ids(reader.snapshot(named: "events")!) == Array(0..<50))
    }
}

import EskerFiles
import EskerFormat
import EskerLog
import Glibc
import Testing

/// Failures at places where what was done already and what was not are easily mixed up.
@Suite("Half-done operations")
struct FailurePathTests {
    private static func stamp(_ first: Int64) -> ProducerStamp {
        ProducerStamp(producer: ProducerID(high: 3, low: 4), epoch: 1, firstSequence: first)
    }

    @Test("a drop that failed after the manifest was renamed takes no row that is acknowledged later")
    func failedDrop() throws {
        let disk = MemoryFileSystem()
        let files = FaultyFileSystem(disk)
        let harness = try LogHarness(files)
        try harness.append(0..<5)
        files.add(Fault(.fail(errno: EIO), on: [.syncDirectory], path: "/store"))
        #expect(throws: StoreError.self) { try harness.log.dropStream(named: "events") }
        try harness.append(5..<10)
        for powerCut in [PowerCut.synced, .everything, .random(seed: 1), .random(seed: 2)] {
            let reopened = try LogHarness(disk.crashClone(keep: powerCut))
            #expect(try reopened.ids() == Array(0..<10))
            reopened.log.close()
        }
        harness.log.close()
    }

    @Test("while it is not known which manifest stands on the disk, no append is acknowledged")
    func uncertainManifest() throws {
        let files = FaultyFileSystem(MemoryFileSystem())
        let harness = try LogHarness(files)
        try harness.append(0..<5)
        files.add(Fault(.fail(errno: EIO), on: [.syncDirectory], path: "/store", times: .max))
        #expect(throws: StoreError.self) { try harness.log.dropStream(named: "events") }
        #expect { try harness.append(5..<10) } throws: { ($0 as? StoreError)?.code == .io }
        #expect(try harness.ids() == Array(0..<5))
        files.removeFaults()
        try harness.append(10..<15)
        #expect(try harness.ids() == Array(0..<5) + Array(10..<15))
        harness.log.close()
    }

    @Test("after a file was begun only half, nothing acknowledged goes into the one before")
    func halfBegunFile() throws {
        let disk = MemoryFileSystem()
        let files = FaultyFileSystem(disk)
        let harness = try LogHarness(files)
        try harness.append(0..<5)
        files.add(Fault(.fail(errno: EIO), on: [.syncDirectory], path: "/journal"))
        #expect(throws: StoreError.self) { try harness.append(100..<20_000) }
        try harness.append(5..<10)
        for powerCut in [PowerCut.synced, .everything] {
            let reopened = try LogHarness(disk.crashClone(keep: powerCut))
            #expect(try reopened.ids() == Array(0..<10))
            reopened.log.close()
        }
        harness.log.close()
    }

    @Test("an opening that dies removes nothing that an older manifest names, which may come back")
    func diesWhileOpening() throws {
        let disk = MemoryFileSystem()
        let first = FaultyFileSystem(disk)
        let harness = try LogHarness(first)
        try harness.append(0..<50)
        try harness.log.sealAll()
        first.add(Fault(.fail(errno: EIO), on: [.syncDirectory, .open], path: "/store", times: .max))
        #expect(throws: StoreError.self) { try harness.log.dropStream(named: "events") }
        // The process ends: the new manifest has its name, but not on the disk.
        first.crash(after: 0)
        harness.log.close()
        let second = FaultyFileSystem(disk)
        // Up to the place where the manifest is made durable, and a little beyond.
        second.add(Fault(.fail(errno: EIO), on: [.syncDirectory], path: "/store", times: .max))
        #expect(throws: StoreError.self) { try StoreLog.open(LogHarness.directory, files: second) }
        for seed in UInt64(0)..<100 {
            let log = try StoreLog.open(
                LogHarness.directory, files: disk.crashClone(seed: seed), options: LogHarness.smallOptions)
            if let snapshot = log.snapshot(named: "events") {
                #expect(try LogHarness.ids(snapshot) == Array(0..<50))
            }
            log.close()
        }
    }

    @Test("a producer's durable rows stay known when newer ones of it are lost")
    func producerWithUndurableRows() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk, partitions: 2)
        try harness.append(0..<10, producer: Self.stamp(0))
        try harness.append(1000..<4500, to: 1)
        try harness.append(10..<20, producer: Self.stamp(10), acknowledgement: .written)
        try harness.log.seal(stream: harness.stream.id, partition: 1)
        try harness.log.seal(stream: harness.stream.id, partition: 0)
        let reopened = try LogHarness(disk.crashClone(keep: .synced), partitions: 2)
        #expect(try reopened.append(0..<10, producer: Self.stamp(0)).duplicates == 10)
        reopened.log.close()
        harness.log.close()
    }

    @Test("closing proves a tail that was recovered, so that later damage of it shows")
    func provesRecoveredTail() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        try harness.append(0..<5)
        let crashed = disk.crashClone(keep: .synced)
        harness.log.close()
        try LogHarness(crashed).log.close()
        let file = try crashed.open("/store/journal/0000000000000001.journal", .readWrite)
        try file.write([0], at: 4096)
        #expect { try LogHarness(crashed) } throws: { ($0 as? StoreError)?.code == .corrupt }
    }

    @Test("a failed append does not come back after a clean close")
    func withdrawnStaysAway() throws {
        let disk = MemoryFileSystem()
        let files = FaultyFileSystem(disk)
        var harness = try LogHarness(files)
        try harness.append(0..<5)
        harness.log.close()
        harness = try LogHarness(files)
        // The file and its header are synced, its first commit is not; nor is the spare of the background thread.
        let fault = Fault.Effect.failSync(errno: EIO, losing: .nothing)
        files.add(Fault(fault, on: [.sync], path: ".spare", after: 2, times: .max))
        #expect(throws: StoreError.self) { try harness.append(5..<10) }
        files.removeFaults()
        harness.log.close()
        let reopened = try LogHarness(disk)
        #expect(try reopened.ids() == Array(0..<5))
        reopened.log.close()
    }

    @Test("a snapshot reads on after its stream was dropped, also what it never looked at before")
    func droppedUnderSnapshot() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        try harness.append(0..<50)
        try harness.log.sealAll()
        var snapshot = harness.log.snapshot(named: "events")
        try harness.log.dropStream(named: "events")
        #expect(try LogHarness.ids(snapshot!) == Array(0..<50))
        #expect(try disk.list("/store/segments").count == 1)
        snapshot = nil
        #expect(try disk.list("/store/segments").isEmpty)
        harness.log.close()
    }

    @Test(
        "sealing that fails leaves no file behind",
        arguments: [FileOperation.write, .sync, .rename, .syncDirectory])
    func failedSealing(operation: FileOperation) throws {
        let disk = MemoryFileSystem()
        let files = FaultyFileSystem(disk)
        let harness = try LogHarness(files)
        try harness.append(0..<50)
        try harness.log.sync()
        let path = operation == .syncDirectory ? "/segments" : ".new"
        files.add(Fault(.fail(errno: ENOSPC), on: [operation], path: path))
        #expect { try harness.log.sealAll() } throws: { ($0 as? StoreError)?.code == .diskFull }
        #expect(try disk.list("/store/segments").isEmpty)
        try harness.log.sealAll()
        #expect(try harness.ids() == Array(0..<50))
        harness.log.close()
    }

    @Test("arrival time does not run backwards, also over openings and a clock that was set back")
    func arrivalAscends() throws {
        let disk = MemoryFileSystem()
        let clock = ManualClock()
        var harness = try LogHarness(disk, clock: clock)
        try harness.append(0..<5)
        try harness.log.sealAll()
        harness.log.close()
        clock.advance(by: -1_000_000_000)
        harness = try LogHarness(disk, clock: clock)
        try harness.append(5..<10)
        let blocks = try harness.log.snapshot(named: "events")!.blocks(ofPartition: 0)
        #expect(blocks.count == 2 && blocks[1].minimumArrival >= blocks[0].maximumArrival)
        harness.log.close()
    }

    @Test("numbers and bookmarks beyond their limits are refused, not trapped on")
    func refusesLimits() throws {
        let harness = try LogHarness(MemoryFileSystem())
        #expect { try harness.append(0..<5, producer: Self.stamp(Int64.max - 2)) } throws: {
            ($0 as? StoreError)?.code == .rejected
        }
        let part = AppendPart(stream: harness.stream.id, partition: 0, batch: harness.batch(0..<5))
        for bookmark in [
            Bookmark(name: "place", value: [UInt8](repeating: 1, count: 2 << 20)),
            Bookmark(name: String(repeating: "n", count: 70_000), value: []),
        ] {
            #expect { try harness.log.appendBlocking([part], bookmarks: [bookmark]) } throws: {
                ($0 as? StoreError)?.code == .tooLarge
            }
        }
        #expect(try harness.ids().isEmpty)
        harness.log.close()
    }

    @Test("a store in new directories is durable with all of them")
    func makesParents() throws {
        let disk = MemoryFileSystem()
        let log = try StoreLog.open("/a/b/store", files: disk)
        _ = try log.createStream(named: "events", columns: LogHarness.columns)
        let reopened = try StoreLog.open("/a/b/store", files: disk.crashClone(keep: .synced))
        #expect(reopened.streams.map(\.name) == ["events"])
        reopened.close()
        log.close()
    }
}

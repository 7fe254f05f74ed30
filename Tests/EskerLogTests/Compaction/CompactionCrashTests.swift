import EskerFiles
import EskerFormat
import EskerLog
import Glibc
import Synchronization
import Testing

@Suite("Compaction on failing disks")
struct CompactionCrashTests {
    /// Six segments of 40 rows in each of two partitions, 30 rows in the journal of the first.
    private static func fill(_ disk: any FileSystem, options: LogOptions = LogHarness.smallOptions) throws {
        let harness = try LogHarness(disk, partitions: 2, options: options)
        for segment in 0..<6 as Range<Int64> {
            for partition in 0..<2 { try harness.append(segment * 40..<segment * 40 + 40, to: partition) }
            try harness.log.sealAll()
        }
        try harness.append(240..<270)
        harness.log.close()
    }

    private static func check(_ log: StoreLog) throws {
        let ids = try StoreContents.ids(log)["events"]
        #expect(ids == [Array(0..<270), Array(0..<240)])
    }

    @Test("a power cut before any change of a compaction leaves every row once, a clean store, and no file too many")
    func powerCuts() throws {
        let disk = MemoryFileSystem()
        try Self.fill(disk)
        let boundaries = Atomic<Int>(0)
        let isOn = Atomic<Bool>(false)
        let failure = Mutex<String?>(nil)
        let files = HookedFileSystem(disk) {
            guard isOn.load(ordering: .relaxed), failure.withLock({ $0 == nil }) else { return }
            let boundary = UInt64(boundaries.wrappingAdd(1, ordering: .relaxed).newValue)
            var cuts: [PowerCut] = [.synced, .everything]
            for seed in 0..<6 as Range<UInt64> { cuts.append(.random(seed: boundary * 100 + seed)) }
            for (number, cut) in cuts.enumerated() {
                do { try Self.checkClone(disk.crashClone(keep: cut)) } catch {
                    failure.withLock { $0 = "change \(boundary), cut \(number): \(error)" }
                }
            }
        }
        let harness = try LogHarness(files)
        isOn.store(true, ordering: .relaxed)
        try harness.log.compactAll()
        isOn.store(false, ordering: .relaxed)
        #expect(failure.withLock { $0 } == nil)
        // Two segments, each begun, written and synced by block, ended, named and put into the manifest; old ones removed.
        #expect(boundaries.load(ordering: .relaxed) > 30)
        try Self.check(harness.log)
        #expect(try disk.list("/store/segments").count == 2)
        harness.log.close()
    }

    private static func checkClone(_ clone: MemoryFileSystem) throws {
        for round in 0..<2 {
            let verification = StoreVerifier(files: clone).verify("/store")
            guard verification.exitCode == 0 else {
                throw StoreModel.Violation("round \(round): \(verification.text())")
            }
            let log = try StoreLog.open("/store", files: clone, options: LogHarness.smallOptions, clock: ManualClock())
            let ids = try StoreContents.ids(log)["events"]
            guard ids == [Array(0..<270), Array(0..<240)] else { throw StoreModel.Violation("rows are wrong") }
            let count = log.snapshot(named: "events")!.partitions.reduce(0) { $0 + $1.segments.count }
            let names = try clone.list("/store/segments")
            guard names.count == count, names.allSatisfy({ $0.hasSuffix(".segment") }) else {
                throw StoreModel.Violation("files \(names) for \(count) segments")
            }
            // What was interrupted is done the second time.
            if round == 0 { try log.compactAll() }
            log.close()
        }
    }

    @Test("whatever operation of a compaction fails, it gives up with an error, and the rows stay where they were")
    func faults() throws {
        let original = MemoryFileSystem()
        try Self.fill(original)
        for operation in [FileOperation.open, .write, .sync, .rename, .syncDirectory, .truncate, .freeSpace, .map] {
            for site in 0..<40 {
                let disk = original.crashClone(keep: .synced)
                let files = FaultyFileSystem(disk)
                let harness = try LogHarness(files)
                files.add(Fault(.fail(errno: EIO), on: [operation], after: site))
                var failed = false
                do { try harness.log.compactAll() } catch { failed = true }
                files.removeFaults()
                try Self.check(harness.log)
                try harness.append([900], to: 1)
                try Self.checkAppended(disk.crashClone(keep: .synced), [900])
                harness.log.close()
                try Self.checkAppended(disk, [900])
                if !failed { break }
            }
        }
    }

    private static func checkAppended(_ disk: MemoryFileSystem, _ appended: [Int64]) throws {
        let log = try StoreLog.open("/store", files: disk, options: LogHarness.smallOptions, clock: ManualClock())
        defer { log.close() }
        #expect(try StoreContents.ids(log)["events"] == [Array(0..<270), Array(0..<240) + appended])
    }

    @Test("on a full disk compaction gives up, leaves no file behind and no append without space; later it goes on")
    func fullDisk() throws {
        let original = MemoryFileSystem()
        try Self.fill(original)
        for spare in stride(from: Int64(0), to: 40_000, by: 4096) {
            let disk = original.crashClone(keep: .synced)
            let harness = try LogHarness(disk)
            try harness.append([900], to: 1)
            let names = try disk.list("/store/segments")
            disk.capacity = Int64.max / 2
            disk.capacity = try Int64.max / 2 - disk.freeSpace("/") + spare
            do throws(StoreError) {
                try harness.log.compactAll()
                // The first partition's new segment may have found space that its old ones gave back.
            } catch {
                #expect(error.code == .diskFull)
                #expect(try disk.list("/store/segments").allSatisfy { $0.hasSuffix(".segment") })
                if spare == 0 { #expect(try disk.list("/store/segments") == names) }
            }
            try harness.append([901], to: 1)
            disk.capacity = nil
            try harness.log.compactAll()
            #expect(try disk.list("/store/segments").count == 2)
            harness.log.close()
            try Self.checkAppended(disk, [900, 901])
        }
    }

    @Test("compaction does not begin when it would take the space that is kept for appends")
    func keepsSpace() throws {
        let disk = MemoryFileSystem()
        try Self.fill(disk)
        var options = LogHarness.smallOptions
        options.compactionFreeSpace = 1 << 20
        let files = FaultyFileSystem(disk)
        let harness = try LogHarness(files, options: options)
        disk.capacity = Int64.max / 2
        disk.capacity = try Int64.max / 2 - disk.freeSpace("/") + 1 << 20
        let writes = files.count(of: [.write], path: ".new")
        #expect { try harness.log.compactAll() } throws: { ($0 as? StoreError)?.code == .diskFull }
        #expect(files.count(of: [.write], path: ".new") == writes)
        disk.capacity! += 1 << 20
        try harness.log.compactAll()
        try Self.check(harness.log)
        harness.log.close()
    }

    @Test("a damaged segment is left as it is, and its neighbours are compacted without it")
    func damage() throws {
        let disk = MemoryFileSystem()
        var options = LogHarness.smallOptions
        options.compactAge = 0
        options.compactionBytesPerSecond = 0
        try Self.fill(disk)
        let victim = try StoreLog.open("/store", files: disk, options: options, clock: ManualClock())
        let path = victim.snapshot(named: "events")!.partitions[0].segments[2].path
        let offset = try victim.snapshot(named: "events")!.partitions[0].segments[2].footer().blocks[0]
        victim.close()
        let file = try disk.open(path, .readWrite)
        let place = Int64(offset.offset + offset.headerLength + 3)
        let byte = try file.read(at: place, count: 1)[0]
        try file.write([byte ^ 4], at: place)
        file.close()
        let harness = try LogHarness(disk, options: options)
        #expect {
            try harness.log.compactAll()
        } throws: {
            ($0 as? StoreError)?.code == .corrupt && ($0 as? StoreError)?.file == path
        }
        harness.log.close()
        options.compactsInBackground = true
        let again = try LogHarness(disk, options: options)
        // The thread looks when a segment was added.
        try again.append(0..<1, to: 1)
        try again.log.seal(stream: again.stream.id, partition: 1)
        func segments(_ partition: Int) -> [SegmentRecord] {
            again.log.snapshot(named: "events")!.partitions[partition].segments.map(\.record)
        }
        while segments(0).count > 3 || segments(0).filter({ $0.tier == .standard }).count > 1
            || segments(1).contains(where: { $0.tier == .standard })
        {
            sched_yield()
        }
        #expect(segments(0).map(\.tier) == [.compact, .standard, .compact])
        #expect(segments(0).map(\.rowCount) == [80, 40, 120])
        again.log.close()
    }
}

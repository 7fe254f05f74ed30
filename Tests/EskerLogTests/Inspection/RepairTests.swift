import EskerFiles
import EskerFormat
import EskerLog
import Testing

@Suite("Repairing a store")
struct RepairTests {
    private static let firstJournal = "/store/journal/0000000000000001.journal"
    private static let lastJournal = "/store/journal/0000000000000002.journal"
    private static let segment = "/store/segments/0000000000000001.segment"

    private func repair(_ disk: MemoryFileSystem, dryRun: Bool = false) throws -> RepairReport {
        try StoreRepair(files: disk, clock: ManualClock(), options: LogHarness.smallOptions).run(
            SmallStore.directory, dryRun: dryRun)
    }

    /// Repairs, expects the store to be clean, to open, to take appends and to hold the rows of these ids, each at its
    /// own offset, and returns the report.
    @discardableResult
    private func check(_ disk: MemoryFileSystem, ids: some Sequence<Int64>, stream: String = "events") throws
        -> RepairReport
    {
        let report = try repair(disk)
        #expect(report.after?.findings.filter { $0.severity > .clean }.map(\.line) == [], "\(report.text())")
        #expect(try SmallStore.ids(disk, stream) == Array(ids), "\(report.text())")
        let log = try StoreLog.open(SmallStore.directory, files: disk, options: LogHarness.smallOptions)
        let record = try #require(log.streams.first { $0.name == stream })
        let builder = BatchBuilder(record.schema)
        builder.columns[0].append(fixed: Int64(-1))
        builder.columns[1].append("name 9")
        _ = try log.appendBlocking([AppendPart(stream: record.id, partition: 0, batch: builder.finish())])
        log.close()
        #expect(StoreVerifier(files: disk).verify(SmallStore.directory).exitCode == 0)
        #expect(try SmallStore.ids(disk, stream) == Array(ids) + [-1])
        #expect(try repair(disk).actions.isEmpty)
        return report
    }

    @Test("a clean store is left as it is; what is no store, newer or open is refused")
    func leaves() throws {
        let disk = try SmallStore.make()
        let before = try SmallStore.contents(disk)
        let report = try repair(disk)
        #expect(report.exitCode == 0 && report.text() == "/store: nothing to repair\n")
        #expect(try SmallStore.contents(disk) == before)
        try disk.makeDirectory("/empty")
        #expect { try StoreRepair(files: disk).run("/empty") } throws: { ($0 as? StoreError)?.code == .notAStore }
        let harness = try LogHarness(disk)
        #expect { try repair(disk) } throws: { ($0 as? StoreError)?.code == .locked }
        harness.log.close()
    }

    @Test("a torn tail is cut and kept in quarantine, and nothing else is lost")
    func tornTail() throws {
        let disk = try SmallStore.make(closing: false)
        try SmallStore.flip(disk, Self.lastJournal, byte: 8192 + 300)
        let report = try check(disk, ids: 0..<45)
        #expect(report.before.exitCode == 1 && report.lost.isEmpty && report.quarantined.contains(Self.lastJournal))
    }

    @Test("rows of a damaged block are taken from the journal while it has them")
    func recoversFromJournal() throws {
        let disk = try SmallStore.make()
        try SmallStore.flip(disk, Self.segment, byte: 700)
        let bytes = try SmallStore.read(disk, Self.segment)
        let report = try check(disk, ids: 0..<50)
        #expect(report.lost.isEmpty && report.quarantined == [Self.segment] && report.exitCode == 0)
        #expect(try SmallStore.read(disk, "/store/quarantine/0000000000000001.segment") == bytes)
        let note = try SmallStore.read(disk, "/store/quarantine/0000000000000001.segment.txt")
        #expect(String(decoding: note, as: UTF8.self).contains("checksum"))
    }

    @Test(
        "of a damaged segment only the damaged block is lost",
        arguments: [
            (.byte(20), []), (.block(0), [8]), (.block(1), [16]), (.block(2), [24]), (.fromEnd(5), []),
            (.fromEnd(20), []), (.fromEnd(200), []),
        ] as [(DamagedPlace, [Int64])])
    func damagedSegment(place: DamagedPlace, ends: [Int64]) throws {
        let disk = try SmallStore.makeSealed()
        try SmallStore.flip(disk, Self.segment, byte: place.byte(in: SmallStore.read(disk, Self.segment)))
        let lost = ends.map { $0 - 8..<$0 }
        let report = try check(disk, ids: (0..<Int64(192)).filter { id in !lost.contains { $0.contains(id) } })
        #expect(report.lost.map(\.offsets) == lost)
        #expect(report.exitCode == (lost.isEmpty ? 0 : 1))
    }

    @Test("a missing segment is lost as a whole, its neighbours are not")
    func missingSegment() throws {
        let disk = try SmallStore.makeSealed()
        let path = "/store/segments/0000000000000002.segment"
        try disk.remove(path)
        let report = try check(disk, ids: Array(0..<64) + Array(128..<192))
        #expect(report.lost.map(\.text) == ["events, partition 0: offsets 64–127 (64)"])
    }

    @Test(
        "of a damaged journal only the damaged commit is lost",
        arguments: [
            // In columns: the header still tells what is lost. In the header: the rows behind it tell.
            (lastJournal, 4096 + 400, [40..<45]), (lastJournal, 4096 + 20, [40..<45]),
            (lastJournal, 20, []), (lastJournal, 3, []), (firstJournal, 3, []), (firstJournal, 4096 + 400, []),
            // The last commits of the first file, 30 ..< 40 and those of the other stream, are not sealed.
            (firstJournal, 4096 * 5 + 400, [30..<40]), (firstJournal, 4096 * 5 + 20, [30..<40]),
        ] as [(String, Int, [Range<Int64>])])
    func damagedJournal(path: String, byte: Int, lost: [Range<Int64>]) throws {
        let disk = try SmallStore.make()
        try SmallStore.flip(disk, path, byte: byte)
        let report = try check(disk, ids: (0..<Int64(50)).filter { id in !lost.contains { $0.contains(id) } })
        #expect(report.lost.map(\.offsets) == lost, "\(report.text())")
    }

    @Test("of a journal file that was cut, what stands before the cut is kept")
    func cutJournal() throws {
        let disk = try SmallStore.make()
        let bytes = try SmallStore.read(disk, Self.lastJournal)
        try SmallStore.write(disk, Self.lastJournal, Array(bytes[..<8192]))
        let report = try check(disk, ids: 0..<45)
        #expect(report.notes.first?.contains("was cut") == true && report.exitCode == 1, "\(report.text())")
    }

    @Test("a missing journal file costs its own rows")
    func missingJournal() throws {
        let disk = try SmallStore.make()
        try disk.remove(Self.firstJournal)
        let report = try check(disk, ids: Array(0..<30) + Array(40..<50))
        #expect(report.lost.map(\.text).contains("events, partition 0: offsets 30–39 (10)"), "\(report.text())")
    }

    @Test("a damaged manifest is made anew with the names it still has")
    func damagedManifest() throws {
        for byte in [3, 20, 30, 60] {
            let disk = try SmallStore.make()
            try SmallStore.flip(disk, "/store/MANIFEST", byte: byte)
            let old = try SmallStore.read(disk, "/store/MANIFEST")
            let report = try check(disk, ids: 0..<50)
            #expect(report.lost.isEmpty && report.quarantined == ["/store/MANIFEST"], "\(report.text())")
            #expect(try SmallStore.read(disk, "/store/quarantine/MANIFEST") == old)
            let log = try LogHarness(disk).log
            #expect(log.streams.map(\.name) == ["events", "ticks"] && log.views.map(\.name) == ["recent"])
            #expect(log.streams[1].partitionCount == 2 && log.streams[1].options == ["compression": "none"])
            log.close()
        }
    }

    @Test("without a manifest rows, offsets and columns are found again, only names and views are lost")
    func missingManifest() throws {
        for isSealed in [false, true] {
            let disk = try isSealed ? SmallStore.makeSealed() : SmallStore.make()
            try disk.remove("/store/MANIFEST")
            let report = try check(disk, ids: 0..<(isSealed ? 192 : 50), stream: "stream_1")
            #expect(report.lost.isEmpty && report.notes.count >= 2)
        }
    }

    @Test("repeats of a producer are known after the journal and the manifest were repaired")
    func keepsProducers() throws {
        for path in [Self.firstJournal, "/store/MANIFEST"] {
            let disk = try SmallStore.make()
            try SmallStore.flip(disk, path, byte: 20)
            _ = try repair(disk)
            let harness = try LogHarness(disk)
            let stamp = ProducerStamp(producer: ProducerID(high: 1, low: 2), epoch: 1, firstSequence: 0)
            #expect(try harness.append(0..<10, producer: stamp).duplicates == 10)
            harness.log.close()
        }
    }

    @Test("a dry run says what it would do and changes nothing")
    func dryRun() throws {
        let disk = try SmallStore.makeSealed()
        let place = try DamagedPlace.block(1).byte(in: SmallStore.read(disk, Self.segment))
        try SmallStore.flip(disk, Self.segment, byte: place)
        let before = try SmallStore.contents(disk)
        let dry = try repair(disk, dryRun: true)
        #expect(try SmallStore.contents(disk) == before)
        #expect(dry.text().hasPrefix("Would repair /store:\n  write 56 good rows of events, partition 0, into "))
        #expect(dry.json().contains("\"first_offset\": 8") && dry.exitCode == 1)
        let real = try repair(disk)
        #expect(real.actions == dry.actions && real.lost == dry.lost)
        #expect(real.text().hasSuffix("Verified again: clean\n"))
    }

    @Test("power that goes at any step of a repair costs nothing: the next repair ends it")
    func survivesPowerCuts() throws {
        for path in [Self.segment, Self.lastJournal, "/store/MANIFEST"] {
            let damaged = try SmallStore.make()
            try SmallStore.flip(damaged, path, byte: 20)
            var step = 0
            var isCut = true
            while isCut {
                let disk = damaged.crashClone(keep: .everything)
                let faulty = FaultyFileSystem(disk)
                faulty.crash(after: step)
                let options = LogHarness.smallOptions
                _ = try? StoreRepair(files: faulty, clock: ManualClock(), options: options).run("/store")
                isCut = faulty.isCrashed
                for keep in [PowerCut.synced, .everything, .random(seed: UInt64(step))] {
                    let cut = disk.crashClone(keep: keep)
                    if StoreVerifier(files: cut).verify("/store").exitCode > 0 { _ = try repair(cut) }
                    #expect(StoreVerifier(files: cut).verify("/store").exitCode == 0, "\(path), step \(step)")
                    #expect(try SmallStore.ids(cut, "events") == Array(0..<50), "\(path), step \(step)")
                }
                step += 1
            }
            #expect(step > 8)
        }
    }
}

/// A byte of a segment to be damaged.
enum DamagedPlace: Sendable {
    case byte(Int)
    case fromEnd(Int)
    /// In the first column of the block with that number.
    case block(Int)

    func byte(in file: [UInt8]) throws -> Int {
        switch self {
        case .byte(let byte): return byte
        case .fromEnd(let distance): return file.count - distance
        case .block(let number):
            let bytes = Buffer(copying: file)
            var start = 64
            for _ in 0..<number {
                start += try BlockHeader(parsing: bytes.slice(start..<file.count)).totalLength
            }
            return start + (try BlockHeader(parsing: bytes.slice(start..<file.count)).columns[0].offset) + 3
        }
    }
}

import EskerFiles
import EskerFormat
import EskerLog
import Testing

@Suite("Compaction")
struct CompactionTests {
    /// A store with the rows 0 ..< 1000 in ten segments, and 1000 ..< 1050 in the journal.
    private static func harness(
        _ disk: any FileSystem, _ change: (inout LogOptions) -> Void = { _ in }, clock: ManualClock = ManualClock()
    ) throws -> LogHarness {
        var options = LogHarness.smallOptions
        options.rowsPerBlock = 256
        change(&options)
        let harness = try LogHarness(disk, options: options, clock: clock)
        for segment in 0..<10 {
            for part in 0..<4 {
                let first = Int64(segment * 100 + part * 25)
                try harness.append(first..<first + 25)
                clock.advance(by: 1000)
            }
            try harness.log.sealAll()
        }
        try harness.append(1000..<1050)
        return harness
    }

    private static func segments(_ disk: any FileSystem) throws -> [String] { try disk.list("/store/segments") }

    private static func verify(_ disk: any FileSystem) {
        let result = StoreVerifier(files: disk).verify("/store")
        #expect(result.findings.isEmpty, "\(result.text())")
        #expect(result.exitCode == 0)
    }

    /// What stands beside the values: sequences, arrival times and offsets of all rows.
    private static func systemValues(_ snapshot: StreamSnapshot) throws -> [[Int64]] {
        var values: [[Int64]] = [[], [], []]
        for handle in try snapshot.blocks(ofPartition: 0) {
            let block = try handle.load()
            let rows = Int64(block.header.rowCount)
            values[0] += try block.sequences()
            values[1] += try block.arrivals() ?? [Int64](repeating: block.header.arrival, count: block.header.rowCount)
            values[2] += try block.offsets() ?? (0..<rows).map { block.header.baseOffset + $0 }
        }
        return values
    }

    @Test("ten segments become one with full blocks; rows, offsets, sequences and arrival times stay what they were")
    func merges() throws {
        let disk = MemoryFileSystem()
        let harness = try Self.harness(disk)
        let before = try Self.systemValues(harness.log.snapshot(named: "events")!)
        let summary = try harness.log.compactAll()
        #expect(summary.before.files == 10)
        #expect(summary.after.files == 1)
        #expect((summary.before.rows, summary.after.rows) == (1000, 1000))
        #expect(summary.after.bytes < summary.before.bytes)
        let snapshot = harness.log.snapshot(named: "events")!
        #expect(try LogHarness.ids(snapshot) == Array(0..<1050))
        #expect(try Self.systemValues(snapshot) == before)
        #expect(snapshot.rowCount == 1050)
        let blocks = try snapshot.partitions[0].segments[0].footer().blocks
        #expect(blocks.map(\.rowCount) == [256, 256, 256, 232])
        #expect(try Self.segments(disk).count == 1)
        harness.log.close()
        Self.verify(disk)
        let reopened = try LogHarness(disk)
        #expect(try Self.systemValues(reopened.log.snapshot(named: "events")!) == before)
        #expect(reopened.log.snapshot(named: "events")!.partitions[0].segments.map(\.record.tier) == [.compact])
        reopened.log.close()
    }

    @Test("what the manifest says of the new segment is what it said of the old ones together")
    func sumsUp() throws {
        let disk = MemoryFileSystem()
        let harness = try Self.harness(disk)
        let old = harness.log.snapshot(named: "events")!.partitions[0].segments.map(\.record)
        try harness.log.compactAll()
        let new = harness.log.snapshot(named: "events")!.partitions[0].segments.map(\.record)
        try #require(new.count == 1)
        #expect((new[0].baseOffset, new[0].endOffset) == (0, 1000))
        #expect((new[0].firstSequence, new[0].endSequence) == (0, 1000))
        #expect(new[0].minimumArrival == old[0].minimumArrival)
        #expect(new[0].maximumArrival == old[9].maximumArrival)
        #expect(new[0].minimumEventTime == old[0].minimumEventTime)
        #expect(new[0].maximumEventTime == old[9].maximumEventTime)
        #expect(new[0].lastCommit == old[9].lastCommit)
        #expect(new[0].rowCount == 1000)
        harness.log.close()
    }

    @Test("a snapshot reads the same rows from the old files for as long as it lives; then they go")
    func snapshotStays() throws {
        let disk = MemoryFileSystem()
        let harness = try Self.harness(disk)
        var snapshot = harness.log.snapshot(named: "events")
        // One of the segments is not even open yet.
        _ = try snapshot!.partitions[0].segments[0].footer()
        try harness.log.compactAll()
        #expect(try Self.segments(disk).count == 11)
        try harness.append(1050..<1060)
        #expect(try LogHarness.ids(snapshot!) == Array(0..<1050))
        snapshot = nil
        #expect(try Self.segments(disk).count == 1)
        #expect(try harness.ids() == Array(0..<1060))
        harness.log.close()
    }

    @Test("a producer's repeat of rows in merged segments is recognised, also after opening anew")
    func producers() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        let producer = ProducerID(high: 1, low: 1)
        for number in 0..<6 {
            let stamp = ProducerStamp(producer: producer, epoch: 1, firstSequence: Int64(number * 10))
            try harness.append(Int64(number * 10)..<Int64(number * 10 + 10), producer: stamp)
            try harness.log.sealAll()
        }
        let last = try harness.log.snapshot(named: "events")!.partitions[0].segments[5].footer().producers
        try harness.log.compactAll()
        #expect(try harness.log.snapshot(named: "events")!.partitions[0].segments[0].footer().producers == last)
        #expect(last.map(\.lastSequence) == [59])
        harness.log.close()
        let reopened = try LogHarness(disk)
        let stamp = ProducerStamp(producer: producer, epoch: 1, firstSequence: 50)
        #expect(try reopened.append(50..<60, producer: stamp).duplicates == 10)
        #expect(try reopened.ids() == Array(0..<60))
        reopened.log.close()
        Self.verify(disk)
    }

    @Test("blocks of several schema and partition versions are not mixed")
    func schemas() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        try harness.append(0..<10)
        try harness.log.sealAll()
        try harness.append(10..<20)
        try harness.log.sealAll()
        harness.log.close()
        try Self.addColumn(disk)
        let wider = try LogHarness(disk)
        #expect(wider.stream.schema.version == 2)
        let builder = BatchBuilder(wider.stream.schema)
        for id in 20..<30 as Range<Int64> {
            builder.columns[0].append(fixed: id)
            builder.columns[1].append("name \(id % 10)")
            builder.columns[2].append(fixed: Double(id))
        }
        _ = try wider.log.appendBlocking([AppendPart(stream: wider.stream.id, partition: 0, batch: builder.finish())])
        try wider.log.sealAll()
        try wider.log.compactAll()
        let segment = wider.log.snapshot(named: "events")!.partitions[0].segments[0]
        let headers = try (0..<segment.footer().blocks.count).map { try segment.block($0).header }
        #expect(headers.map(\.rowCount) == [20, 10])
        #expect(headers.map(\.schemaVersion) == [1, 2])
        #expect(headers.map(\.partitionVersion) == [1, 2])
        #expect(try segment.footer().schema.version == 2)
        #expect(try segment.block(1).column(3)!.plain.value(at: 9, as: Double.self) == 29)
        #expect(try wider.ids() == Array(0..<30))
        wider.log.close()
        Self.verify(disk)
    }

    /// Gives the stream a third column and another partition version by a new manifest.
    private static func addColumn(_ disk: any FileSystem) throws {
        let layout = StoreLayout("/store")
        var manifest = try ManifestFile(files: disk, layout: layout).read()!
        var columns = manifest.streams[0].schema.columns
        columns.append(ColumnDefinition(id: 3, name: "price", type: .float8, isNullable: true))
        manifest.streams[0].schemas.append(Schema(version: 2, columns: columns))
        manifest.streams[0].nextColumnID = 4
        manifest.streams[0].partitionVersion = 2
        manifest.edition += 1
        let file = try disk.open(layout.manifest, .readWrite)
        let bytes = manifest.encode()
        try file.truncate(to: 0)
        try file.write([bytes], at: 0)
        try file.sync()
        file.close()
    }

    @Test("a segment beyond the limit is divided when it is recoded")
    func divides() throws {
        let disk = MemoryFileSystem()
        var options = LogHarness.smallOptions
        options.rowsPerBlock = 50
        options.maximumSegmentLength = 6000
        let harness = try LogHarness(disk, options: options)
        for first in stride(from: Int64(0), to: 1000, by: 50) { try harness.append(first..<first + 50) }
        try harness.log.sealAll()
        #expect(try Self.segments(disk).count == 1)
        try harness.log.compactAll()
        let records = harness.log.snapshot(named: "events")!.partitions[0].segments.map(\.record)
        #expect(records.count > 2)
        // The limit holds for the blocks; what they share and the directory behind them is small.
        #expect(records.allSatisfy { $0.fileLength < 8000 })
        #expect(zip(records, records.dropFirst()).allSatisfy { $0.endOffset == $1.baseOffset })
        #expect(try harness.ids() == Array(0..<1000))
        harness.log.close()
        Self.verify(disk)
    }

    @Test("compacting a second time, or a store without segments, changes nothing")
    func idle() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        #expect(try harness.log.compactAll().after == CompactionSummary.Size())
        try harness.append(0..<10)
        try harness.log.sealAll()
        try harness.log.compactAll()
        let names = try Self.segments(disk)
        try harness.log.compactAll()
        #expect(try Self.segments(disk) == names)
        #expect(throws: StoreError.self) { try harness.log.compactAll(stream: "none") }
        harness.log.close()
    }

    @Test("a stream without compression stays without it in the compact tier")
    func uncompressed() throws {
        let disk = MemoryFileSystem()
        let log = try StoreLog.open("/store", files: disk, options: LogHarness.smallOptions)
        let stream = try log.createStream(
            named: "plain", columns: LogHarness.columns, options: ["compression": "none"])
        let builder = BatchBuilder(stream.schema)
        for id in 0..<500 as Range<Int64> {
            builder.columns[0].append(fixed: id)
            builder.columns[1].append(String(repeating: "x", count: 20) + "\(id)")
        }
        _ = try log.appendBlocking([AppendPart(stream: stream.id, partition: 0, batch: builder.finish())])
        try log.sealAll()
        try log.compactAll()
        let block = try log.snapshot(named: "plain")!.partitions[0].segments[0].block(0)
        #expect(block.header.columns.allSatisfy { $0.codec == Codec.none })
        log.close()
    }
}

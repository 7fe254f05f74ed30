// Unsafe: reads the bytes of texts in place.
import EskerFiles
import EskerFormat
import EskerLog

/// A store with all that a store can hold, small enough to damage every byte of it.
enum SmallStore {
    static let directory = "/store"

    /// Two streams with sealed rows and rows in the journal; closed, so that the journal ends with a mark.
    ///
    /// `events (id bigint, name text)`, one partition: ids 0 ..< 30 sealed in two segments, 30 ..< 50 in the journal.
    /// `ticks (at timestamptz, price double precision, tags text[])`, two partitions: a few rows in each place.
    static func make(closing: Bool = true) throws -> MemoryFileSystem {
        let disk = MemoryFileSystem()
        var options = LogHarness.smallOptions
        // One length and no marks by time: the files do not depend on when background threads run.
        options.firstJournalFileLength = 36 << 10
        options.maximumJournalFileLength = 36 << 10
        options.idleMarkDelay = 3_600_000_000
        options.rowsPerBlock = 8
        options.joinedAppendRows = 4
        let clock = ManualClock()
        let harness = try LogHarness(disk, options: options, clock: clock)
        let ticks = try harness.log.createStream(
            named: "ticks", columns: [("at", .timestamptz, false), ("price", .float8, true), ("note", .text, true)],
            partitionCount: 2, partitionKey: ["note"], eventTime: "at", options: ["compression": "none"])
        try harness.log.createView(
            ViewRecord(name: "recent", query: "SELECT * FROM ticks", options: ["window": "time"]), replacing: false)
        try harness.append(
            0..<10, producer: ProducerStamp(producer: ProducerID(high: 1, low: 2), epoch: 1, firstSequence: 0))
        clock.advance(by: 1_000_000)
        try harness.append(10..<20)
        try append(
            harness.log, ticks, partition: 1, [(1_767_225_600_000_000, 1.5, "a"), (1_767_225_601_000_000, nil, nil)])
        try harness.log.sealAll()
        clock.advance(by: 60_000_000)
        try harness.append(20..<30)
        try harness.log.sealAll()
        try harness.append(30..<40)
        try append(harness.log, ticks, partition: 0, [(1_767_225_602_000_000, .nan, "b")])
        try harness.append(40..<45)
        try harness.append(45..<50)
        if closing { harness.log.close() } else { return disk.crashClone(keep: .synced) }
        return disk
    }

    static func append(
        _ log: StoreLog, _ stream: StreamRecord, partition: Int, _ rows: [(at: Int64, price: Double?, note: String?)]
    ) throws {
        let builder = BatchBuilder(stream.schema)
        for row in rows {
            builder.columns[0].append(fixed: row.at)
            if let price = row.price {
                builder.columns[1].append(fixed: price)
            } else {
                builder.columns[1].appendNull()
            }
            if let note = row.note { builder.columns[2].append(note) } else { builder.columns[2].appendNull() }
        }
        _ = try log.appendBlocking([AppendPart(stream: stream.id, partition: partition, batch: builder.finish())])
    }

    /// Paths of all files of the store.
    static func files(_ disk: MemoryFileSystem) throws -> [String] {
        var paths: [String] = []
        for name in try disk.list(directory) {
            let path = directory + "/" + name
            if let inside = try? disk.list(path) { paths += inside.map { path + "/" + $0 } } else { paths.append(path) }
        }
        return paths
    }

    static func read(_ disk: MemoryFileSystem, _ path: String) throws -> [UInt8] {
        let file = try disk.open(path, .read)
        defer { file.close() }
        return try file.read(at: 0, count: Int(file.size()))
    }

    static func write(_ disk: MemoryFileSystem, _ path: String, _ bytes: [UInt8]) throws {
        let file = try disk.open(path, .createOrOpen)
        defer { file.close() }
        try file.truncate(to: 0)
        try file.write(bytes, at: 0)
    }

    static func flip(_ disk: MemoryFileSystem, _ path: String, byte: Int, bit: Int = 0) throws {
        let file = try disk.open(path, .readWrite)
        defer { file.close() }
        let old = try file.read(at: Int64(byte), count: 1)
        try file.write([old[0] ^ (1 << UInt8(bit))], at: Int64(byte))
    }

    /// One stream `events` with ids 0 ..< 192 sealed in three segments of eight blocks of eight rows; the journal has
    /// none of them any more, and nothing else.
    static func makeSealed() throws -> MemoryFileSystem {
        let disk = MemoryFileSystem()
        var options = LogHarness.smallOptions
        options.firstJournalFileLength = 32 << 10
        options.maximumJournalFileLength = 32 << 10
        options.idleMarkDelay = 3_600_000_000
        options.rowsPerBlock = 8
        options.joinedAppendRows = 4
        let harness = try LogHarness(disk, options: options)
        for round in 0..<3 {
            let first = Int64(round * 64)
            for start in stride(from: first, to: first + 64, by: 8) { try harness.append(start..<start + 8) }
            try harness.log.sealAll()
        }
        // What is left of the journal holds rows of the last round: a new file makes them go.
        let other = try harness.log.createStream(named: "other", columns: [("n", .int8, true)])
        for _ in 0..<8 {
            let builder = BatchBuilder(other.schema)
            builder.columns[0].append(fixed: Int64(1))
            _ = try harness.log.appendBlocking([AppendPart(stream: other.id, partition: 0, batch: builder.finish())])
        }
        try harness.log.sealAll()
        harness.log.close()
        return disk
    }

    /// The ids of a stream's first partition in the order of their offsets, checking that each row that has its own
    /// offset as id has the text that belongs to it.
    static func ids(_ disk: MemoryFileSystem, _ stream: String) throws -> [Int64] {
        let clone = disk.crashClone(keep: .everything)
        let log = try StoreLog.open(directory, files: clone, options: LogHarness.smallOptions)
        defer { log.close() }
        guard let snapshot = log.snapshot(named: stream) else { return [] }
        var ids: [Int64] = []
        for handle in try snapshot.blocks(ofPartition: 0) {
            let block = try handle.load()
            let offsets = try block.offsets()
            let column = try block.column(1)!.plain
            let names = try block.column(2)!
            for row in 0..<column.count {
                let id = column.value(at: row, as: Int64.self)
                let offset = offsets?[row] ?? block.header.baseOffset + Int64(row)
                precondition(id < 0 || id == offset, "row \(id) stands at its own offset, not at \(offset)")
                let name = unsafe String(decoding: names.bytes(at: row), as: UTF8.self)
                precondition(id < 0 || name == "name \(id % 10)", "the text belongs to the row")
                ids.append(id)
            }
        }
        return ids
    }

    /// The bytes of every file.
    static func contents(_ disk: MemoryFileSystem) throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for path in try files(disk) { contents[path] = try read(disk, path) }
        return contents
    }
}

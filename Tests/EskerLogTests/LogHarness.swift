// Unsafe: reads the bytes of a value while its column lives.
import EskerFiles
import EskerFormat
import EskerLog

/// A store over a file system of the test's choice with one stream `events (id bigint, name text)`.
struct LogHarness {
    static let directory = "/store"
    static let columns: [(name: String, type: DataType, isNullable: Bool)] = [
        ("id", .int8, false), ("name", .text, true),
    ]

    let log: StoreLog
    let stream: StreamRecord

    /// Opens the store and makes the stream when it is not there.
    init(
        _ files: any FileSystem, partitions: Int = 1, options: LogOptions = LogHarness.smallOptions,
        clock: any StoreClock = ManualClock()
    ) throws {
        log = try StoreLog.open(Self.directory, files: files, options: options, clock: clock)
        if let snapshot = log.snapshot(named: "events") {
            stream = snapshot.record
        } else {
            stream = try log.createStream(named: "events", columns: Self.columns, partitionCount: partitions)
        }
    }

    /// Small journal files, no sealing or compaction in the background: tests decide when.
    static var smallOptions: LogOptions {
        var options = LogOptions()
        options.firstJournalFileLength = 64 << 10
        options.maximumJournalFileLength = 128 << 10
        options.sealsInBackground = false
        options.compactsInBackground = false
        options.compactionFreeSpace = 0
        options.reservedLength = 4096
        options.rowsPerBlock = 1000
        return options
    }

    /// Rows with the given ids.
    func batch(_ ids: some Sequence<Int64>) -> Batch {
        let builder = BatchBuilder(stream.schema)
        for id in ids {
            builder.columns[0].append(fixed: id)
            builder.columns[1].append("name \(id % 10)")
        }
        return builder.finish()
    }

    /// Appends rows to a partition on this thread.
    @discardableResult
    func append(
        _ ids: some Sequence<Int64>, to partition: Int = 0, producer: ProducerStamp? = nil,
        acknowledgement: Acknowledgement = .durable
    ) throws(StoreError) -> AppendReceipt {
        let part = AppendPart(stream: stream.id, partition: partition, batch: batch(ids))
        return try log.appendBlocking([part], producer: producer, acknowledgement: acknowledgement)
    }

    /// The ids of a partition in offset order, checking that offsets are dense and texts right.
    func ids(_ partition: Int = 0) throws -> [Int64] {
        try Self.ids(log.snapshot(named: "events")!, partition)
    }

    static func ids(_ snapshot: StreamSnapshot, _ partition: Int = 0) throws -> [Int64] {
        var ids: [Int64] = []
        for handle in try snapshot.blocks(ofPartition: partition) {
            let block = try handle.load()
            precondition(handle.baseOffset == Int64(ids.count), "offsets are dense")
            let column = try block.column(1)!.plain
            let names = try block.column(2)!
            for row in 0..<column.count {
                let id = column.value(at: row, as: Int64.self)
                let name = unsafe String(decoding: names.bytes(at: row), as: UTF8.self)
                precondition(name == "name \(id % 10)", "the text belongs to the row")
                ids.append(id)
            }
        }
        return ids
    }
}

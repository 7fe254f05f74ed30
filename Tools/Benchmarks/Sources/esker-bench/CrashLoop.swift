import Esker
import Foundation

/// Kills a process that ingests, again and again, and looks whether every acknowledged row is there: once, in order.
///
/// The child appends numbered rows to two partitions with a producer stamp, while small segments are sealed beside it,
/// and prints `ack N` when rows below N are durable. The parent kills it after a random time, checks the store and
/// starts it again; the child then repeats what was not acknowledged.
struct CrashLoop {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    private static let columns: [ColumnSpecification] = [
        .init("id", .int8, isNullable: false), .init("text", .text, isNullable: false),
    ]
    private static let producer = ProducerID(high: 7, low: 7)

    private static var options: LogOptions {
        var options = LogOptions()
        options.firstJournalFileLength = 256 << 10
        options.maximumJournalFileLength = 1 << 20
        options.sealLength = 512 << 10
        return options
    }

    // MARK: The child

    /// Appends until killed, from row `--from` on.
    func child() async throws {
        let store = try await Store.open(at: arguments.text("dir"), options: Self.options)
        let stream: Esker.Stream
        if let known = try? store.stream(named: "events") {
            stream = known
        } else {
            stream = try await store.createStream(
                named: "events", columns: Self.columns, partitions: 2, partitionKey: ["id"])
        }
        var next = Int64(arguments.number("from", 0))
        let rows = Int64(arguments.number("batch", 100))
        while true {
            let builder = BatchBuilder(stream.schema)
            for id in next..<next + rows {
                builder.columns[0].append(fixed: id)
                builder.columns[1].append("row \(id) \(String(repeating: "x", count: Int(id % 50)))")
            }
            let stamp = ProducerStamp(producer: Self.producer, epoch: 1, firstSequence: next)
            try await stream.append(builder.finish(), producer: stamp)
            next += rows
            print("ack \(next)")
            fflush(nil)
        }
    }

    // MARK: The parent

    func run() async throws {
        let loops = arguments.number("loops", 1000)
        let directory = arguments.text("dir")
        let seed = UInt64(arguments.number("seed", Int.random(in: 0..<Int(Int32.max))))
        var random = SeededGenerator(state: seed)
        var acknowledged: Int64 = 0
        var total: Int64 = 0
        var checked = 0
        for loop in 0..<loops {
            if loop % 100 == 0 {
                try? FileManager.default.removeItem(atPath: directory)
                total += acknowledged
                acknowledged = 0
            }
            let delay = UInt32(random.next() % 60_000)
            acknowledged = max(acknowledged, try killAfter(delay, directory, from: acknowledged))
            try await check(directory, acknowledged, loop, seed)
            checked += 1
            if isatty(2) == 1 { FileHandle.standardError.write(Data("\r\(checked)/\(loops) ".utf8)) }
        }
        emit([
            ("name", "kill -9 loops"), ("loops", checked), ("acknowledged_rows", total + acknowledged),
            ("lost", 0), ("doubled", 0), ("seed", Int(seed)),
        ])
    }

    /// Starts the child, lets it run for a while after its first acknowledgement or the delay, kills it, and returns
    /// the highest row count it has acknowledged.
    private func killAfter(_ delay: UInt32, _ directory: String, from: Int64) throws -> Int64 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe")
        process.arguments = ["crash", "--dir", directory, "--from", "\(from)"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        usleep(20_000 + delay)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        // The last line may be cut where the child was killed.
        let whole = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return whole.last { $0.hasPrefix("ack ") }.flatMap { Int64($0.dropFirst(4)) } ?? 0
    }

    /// Every row below `acknowledged` is there once; what lies above comes in whole batches; partitions are in order.
    private func check(_ directory: String, _ acknowledged: Int64, _ loop: Int, _ seed: UInt64) async throws {
        let store = try await Store.open(at: directory, options: Self.options)
        guard let stream = try? store.stream(named: "events") else {
            precondition(acknowledged == 0, "loop \(loop), seed \(seed): the stream is gone")
            return await store.close()
        }
        var count: Int64 = 0
        var sum: Int64 = 0
        var greatest: Int64 = -1
        var last = [Int: Int64]()
        try stream.replayBlocking { rows in
            for row in 0..<rows.batch.count {
                let id = rows.batch.columns[0].value(at: row, as: Int64.self)
                precondition(
                    id > last[rows.partition] ?? -1, "loop \(loop), seed \(seed): row \(id) doubled or out of order")
                last[rows.partition] = id
                count += 1
                sum += id
                greatest = max(greatest, id)
            }
        }
        // Ascending ids in each partition, each id in the one partition of its hash: equal sums mean every row once.
        precondition(count == greatest + 1 && sum == greatest * (greatest + 1) / 2, "loop \(loop), seed \(seed): a gap")
        precondition(count >= acknowledged, "loop \(loop), seed \(seed): \(acknowledged) acknowledged, \(count) there")
        await store.close()
    }
}

/// A seeded generator (SplitMix64), so that a failing run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

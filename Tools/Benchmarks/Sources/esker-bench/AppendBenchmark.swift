import Esker
import Foundation

/// Single durable rows of 512 bytes: blocking on the caller's thread, awaited, and from many tasks at once; the bare
/// write + fdatasync loop on a pre-written file of the same run beside it.
struct AppendBenchmark {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() async throws {
        let directory = arguments.text("dir")
        let rows = arguments.number("rows", 5_000)
        let tasks = arguments.number("tasks", 64)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let bare = try BareLoop.run(directory + "/bare", count: rows)
        emit([("name", "bare loop")] + Self.fields(bare))
        let store = try await Store.open(at: directory + "/store")
        let stream = try await store.createStream(named: "rows", columns: [.init("body", .bytea, isNullable: false)])
        let row = Self.row(stream.schema)
        let blocking = try Self.latencies(rows) { try stream.appendBlocking(row) }
        emit([("name", "blocking")] + Self.fields(blocking) + [("of_bare", Self.rate(blocking) / Self.rate(bare))])
        let awaited = try await Self.latenciesAwaited(rows) { try await stream.append(row) }
        emit([("name", "await")] + Self.fields(awaited) + [("of_bare", Self.rate(awaited) / Self.rate(bare))])
        try await many(stream, row, tasks: tasks, each: max(rows * 40 / tasks, 100))
        await store.close()
    }

    private func many(_ stream: Esker.Stream, _ row: Batch, tasks: Int, each: Int) async throws {
        let (all, timing) = try await Timing.measure {
            try await withThrowingTaskGroup(of: [Double].self) { group in
                for _ in 0..<tasks {
                    group.addTask { try await Self.latenciesAwaited(each) { try await stream.append(row) } }
                }
                var all: [Double] = []
                for try await some in group { all += some }
                return all
            }
        }
        let latencies = Latencies(all)
        emit([
            ("name", "\(tasks) tasks"), ("rows", all.count), ("seconds", timing.seconds),
            ("acks_per_second", Double(all.count) / timing.seconds), ("p50_us", latencies.microseconds(0.5)),
            ("p99_us", latencies.microseconds(0.99)), ("p999_us", latencies.microseconds(0.999)),
        ])
    }

    private static func row(_ schema: Schema) -> Batch {
        let builder = BatchBuilder(schema)
        builder.columns[0].append([UInt8](repeating: 7, count: 512))
        return builder.finish()
    }

    private static func latencies<T>(_ count: Int, _ body: () throws -> T) rethrows -> [Double] {
        try (0..<count).map { _ in
            let start = Timing.now()
            _ = try body()
            return Timing.now() - start
        }
    }

    private static func latenciesAwaited<T>(_ count: Int, _ body: () async throws -> T) async rethrows -> [Double] {
        var seconds: [Double] = []
        seconds.reserveCapacity(count)
        for _ in 0..<count {
            let start = Timing.now()
            _ = try await body()
            seconds.append(Timing.now() - start)
        }
        return seconds
    }

    private static func rate(_ seconds: [Double]) -> Double { Double(seconds.count) / seconds.reduce(0, +) }

    private static func fields(_ seconds: [Double]) -> [(String, Any)] {
        let latencies = Latencies(seconds)
        return [
            ("rows", seconds.count), ("seconds", seconds.reduce(0, +)), ("rows_per_second", rate(seconds)),
            ("p50_us", latencies.microseconds(0.5)), ("p99_us", latencies.microseconds(0.99)),
            ("p999_us", latencies.microseconds(0.999)),
        ]
    }
}

/// Writes 4 KiB pages and syncs each, on a file written full of zeros before.
enum BareLoop {
    static func run(_ path: String, count: Int) throws -> [Double] {
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
        precondition(descriptor >= 0, "cannot open \(path)")
        defer {
            close(descriptor)
            unlink(path)
        }
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        for _ in 0..<(count * 4096 >> 20) + 1 { write(descriptor, zeros, zeros.count) }
        fdatasync(descriptor)
        let page = [UInt8](repeating: 7, count: 4096)
        return (0..<count).map { index in
            let start = Timing.now()
            pwrite(descriptor, page, page.count, off_t(index * 4096))
            fdatasync(descriptor)
            return Timing.now() - start
        }
    }
}

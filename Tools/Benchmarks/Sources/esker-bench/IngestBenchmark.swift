import Esker
import Foundation

/// How many rows a second go in as columns, with each acknowledgement level; the raw append of the same bytes beside it.
struct IngestBenchmark {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() async throws {
        let rows = arguments.number("rows", 1_000_000)
        let threads = arguments.number("threads", 1)
        let options = LogOptions()
        let store = try await Store.open(at: arguments.text("dir"), options: options)
        let stream = try await Workload.stream(store)
        let batches = try Workload.batches(
            arguments.text("data"), rows: rows, perBatch: arguments.number("batch", 10_000), schema: stream.schema)
        let acknowledgement: Acknowledgement = arguments.text("sync", "each") == "each" ? .durable : .written
        let bytes = batches.reduce(0) { $0 + $1.logicalByteCount }
        let (_, timing) = await Timing.measure {
            let workers = (0..<threads).map { worker in
                Thread.started {
                    for index in stride(from: worker, to: batches.count, by: threads) {
                        _ = try! stream.appendBlocking(batches[index], acknowledgement: acknowledgement)
                    }
                }
            }
            for worker in workers { worker.wait() }
        }
        emit([
            ("rows", rows), ("seconds", timing.seconds), ("cpu_seconds", timing.cpuSeconds), ("bytes", bytes),
            ("rows_per_second", Double(rows) / timing.seconds),
        ])
        await store.close()
    }
}

extension Thread {
    /// A handle to wait for a thread's end.
    final class Handle: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        func finish() { semaphore.signal() }
        func wait() { semaphore.wait() }
    }

    static func started(_ body: @escaping @Sendable () -> Void) -> Handle {
        let handle = Handle()
        let thread = Thread {
            body()
            handle.finish()
        }
        thread.stackSize = 4 << 20
        thread.start()
        return handle
    }
}

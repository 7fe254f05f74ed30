import Esker
import Foundation

/// Replays everything with all columns decoded, warm: one warm-up, then five runs.
struct ScanBenchmark {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() async throws {
        let store = try await Store.open(at: arguments.text("dir"))
        let stream = try store.stream(named: "events")
        var seconds: [Double] = []
        var rows = 0
        var bytes = 0
        for _ in 0...arguments.number("repeat", 5) {
            rows = 0
            bytes = 0
            let (_, timing) = try await Timing.measure {
                try stream.replayBlocking { part in
                    rows += part.batch.count
                    bytes += part.batch.logicalByteCount
                }
            }
            seconds.append(timing.seconds)
        }
        let median = seconds.dropFirst().sorted()[(seconds.count - 1) / 2]
        emit([
            ("rows", rows), ("bytes", bytes), ("seconds", Array(seconds.dropFirst())),
            ("rows_per_second", Double(rows) / median),
        ])
        await store.close()
    }
}

/// Opening and counting, as after a crash.
struct CountBenchmark {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() async throws {
        let (store, opening) = try await Timing.measure { try await Store.open(at: arguments.text("dir")) }
        let (rows, counting) = try await Timing.measure {
            try await store.query("SELECT count(*) FROM events").values()[0][0]
        }
        emit([("rows", rows), ("seconds", opening.seconds + counting.seconds), ("open", opening.seconds)])
        await store.close()
    }
}

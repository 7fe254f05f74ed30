import Esker
import Foundation

/// How long a store takes to open whose process was killed with a long unsealed tail.
struct RecoveryBenchmark {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    /// Fills a tail of about 1 GB without sealing, then is killed by its parent.
    func child() async throws {
        var options = LogOptions()
        options.sealsInBackground = false
        let store = try await Store.open(at: arguments.text("dir"), options: options)
        let stream = try await Workload.stream(store)
        let rows = arguments.number("rows", 9_400_000)
        for batch in try Workload.batches(arguments.text("data"), rows: rows, perBatch: 50_000, schema: stream.schema) {
            try await stream.append(batch)
        }
        print("ready")
        fflush(nil)
        while true { sleep(1000) }
    }

    func run() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe")
        process.arguments = ["tail", "--dir", arguments.text("dir"), "--data", arguments.text("data")]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        _ = pipe.fileHandleForReading.availableData
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        var options = LogOptions()
        options.sealsInBackground = false
        for run in 0..<5 {
            let (store, timing) = try await Timing.measure { [options] in
                try await Store.open(at: arguments.text("dir"), options: options)
            }
            let rows = try await store.query("SELECT count(*) FROM events").values()[0][0]
            emit([("name", "recovery"), ("run", run), ("rows", rows), ("seconds", timing.seconds)])
            await store.close()
        }
    }
}

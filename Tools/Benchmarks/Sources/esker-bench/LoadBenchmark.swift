import Esker
import Foundation

/// Rows of a CSV or NDJSON file, parsed, appended durably in batches and acknowledged.
struct LoadBenchmark {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() async throws {
        let store = try await Store.open(at: arguments.text("dir"))
        let stream = try await Workload.stream(store)
        let path = arguments.text("data")
        let isJSON = arguments.text("format", "csv") == "ndjson"
        let perBatch = arguments.number("batch", 10_000)
        let (rows, timing) = try await Timing.measure {
            try await Self.load(path, isJSON, perBatch, into: stream)
        }
        emit([
            ("what", isJSON ? "ndjson" : "csv"), ("rows", rows), ("seconds", timing.seconds),
            ("cpu_seconds", timing.cpuSeconds), ("rows_per_second", Double(rows) / timing.seconds),
        ])
        await store.close()
    }

    private static func load(_ path: String, _ isJSON: Bool, _ perBatch: Int, into stream: Esker.Stream) async throws
        -> Int
    {
        let descriptor = open(path, O_RDONLY)
        precondition(descriptor >= 0, "cannot open \(path)")
        defer { close(descriptor) }
        let source = FileDescriptorByteSource(descriptor, name: path)
        let next: () throws -> ParsedRows?
        if isJSON {
            var options = NDJSONOptions()
            options.limits.rowsPerBatch = perBatch
            let reader = try NDJSONReader(source, schema: stream.schema, options: options)
            next = reader.next
        } else {
            var options = CSVOptions()
            options.hasHeader = false
            options.limits.rowsPerBatch = perBatch
            let reader = try CSVReader(source, schema: stream.schema, options: options)
            next = reader.next
        }
        var rows = 0
        try await withThrowingTaskGroup(of: Void.self) { group in
            var underway = 0
            while let parsed = try next() {
                precondition(parsed.rejects.isEmpty, parsed.rejects.first?.message ?? "")
                rows += parsed.batch.count
                let batch = parsed.batch
                if underway == 8 {
                    try await group.next()
                    underway -= 1
                }
                group.addTask { _ = try await stream.append(batch) }
                underway += 1
            }
            try await group.waitForAll()
        }
        return rows
    }
}

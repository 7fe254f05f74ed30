import Esker
import Foundation

/// The rows of workload W1: `ts, user_id, event_type, product, price, qty, session, url`.
enum Workload {
    static let columns: [ColumnSpecification] = [
        .init("ts", .int8, isNullable: false), .init("user_id", .int8, isNullable: false),
        .init("event_type", .text, isNullable: false), .init("product", .text, isNullable: false),
        .init("price", .float8, isNullable: false), .init("qty", .int4, isNullable: false),
        .init("session", .text, isNullable: false), .init("url", .text, isNullable: false),
    ]

    static func stream(_ store: Store) async throws -> Esker.Stream {
        if let stream = try? store.stream(named: "events") { return stream }
        return try await store.createStream(named: "events", columns: columns, eventTime: "ts")
    }

    /// Parses the first rows of the file into batches, before any clock starts.
    static func batches(_ path: String, rows: Int, perBatch: Int, schema: Schema) throws -> [Batch] {
        let descriptor = open(path, O_RDONLY)
        precondition(descriptor >= 0, "cannot open \(path)")
        defer { close(descriptor) }
        var options = CSVOptions()
        options.hasHeader = false
        options.limits.rowsPerBatch = perBatch
        let reader = try CSVReader(FileDescriptorByteSource(descriptor, name: path), schema: schema, options: options)
        var batches: [Batch] = []
        var count = 0
        while count < rows, let parsed = try reader.next() {
            precondition(parsed.rejects.isEmpty, parsed.rejects.first?.message ?? "")
            let batch = count + parsed.batch.count > rows ? parsed.batch.slice(0..<rows - count) : parsed.batch
            batches.append(batch)
            count += batch.count
        }
        return batches
    }
}

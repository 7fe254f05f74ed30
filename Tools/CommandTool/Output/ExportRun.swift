import Esker
import EskerFormat

/// Carries rows from a source to a file: rows are read, put into bytes and written at the same time, in order.
struct ExportRun {
    let source: ExportSource
    let encoder: ExportEncoder
    let file: ExportFile
    let showsProgress: Bool

    /// Batches that are put into bytes side by side, besides the one that is read and the one that is written. More than
    /// there are cores would only take memory.
    static let depth = 3

    /// Exports everything.
    func run() async throws -> IngestPace {
        let start = ContinuousClock.now
        let line = ProgressLine()
        var rows = 0
        func pace() -> IngestPace {
            IngestPace(rows: rows, bytes: file.byteCount, seconds: (ContinuousClock.now - start) / .seconds(1))
        }
        var waiting: [Task<Encoded, any Error>] = []
        func writeOldest() async throws {
            let encoded = try await waiting.removeFirst().value
            file.write(encoded.pieces)
            rows += encoded.rows
            if showsProgress { line.show(pace().text(total: nil)) }
        }
        let (source, encoder) = (source, encoder)
        var read = 0
        var next = Task { try await source.next() }
        defer {
            for task in waiting { task.cancel() }
            next.cancel()
            line.clear()
        }
        file.write(encoder.header)
        while let batch = try await next.value {
            next = Task { try await source.next() }
            let first = read
            waiting.append(
                Task { Encoded(pieces: try encoder.encode(batch, firstRow: first), rows: batch.count) })
            read += batch.count
            if waiting.count > Self.depth { try await writeOldest() }
        }
        while !waiting.isEmpty { try await writeOldest() }
        file.write(encoder.end)
        try file.finish()
        return pace()
    }

    private struct Encoded: Sendable {
        let pieces: ExportPieces
        let rows: Int
    }
}

import Esker
import EskerFormat
import EskerLog

/// Reads a text into a stream: on the thread that calls ``run()``, with a second thread that reads ahead.
struct IngestRun: Sendable {
    let input: InputFile
    let format: RowFormat
    let stream: Stream
    let acknowledgement: Acknowledgement
    let csv: CSVOptions
    let ndjson: NDJSONOptions
    let rejectsPath: String?
    /// The beginning of the input, as far as it was read already.
    let beginning: [UInt8]

    /// What an ingest came to.
    struct Outcome: Sendable {
        var rows = 0
        var rejects = 0
        var bytes = 0
        var seconds = 0.0
        /// Keys of JSON objects that name no column.
        var ignoredKeys = 0
    }

    /// Reads everything; returns when the last row is acknowledged.
    func run() throws -> Outcome {
        let reader = try ReadAhead(makeReader())
        let rejects = try RejectLog(path: rejectsPath)
        let pending = PendingAppends(stream, acknowledgement)
        var progress = ProgressLine(total: input.byteCount)
        var outcome = Outcome()
        do {
            while let rows = try reader.next() {
                try rejects.add(rows.rejects)
                try pending.append(rows.batch)
                outcome.bytes = rows.bytesRead
                outcome.ignoredKeys += rows.ignoredKeys
                progress.update(rows: pending.storedRows, bytes: rows.bytesRead)
            }
            try pending.finish()
        } catch {
            progress.clear()
            StandardError.write("esker: stopped after \(pending.storedRows) rows were acknowledged\n")
            throw error
        }
        progress.clear()
        outcome.rows = pending.storedRows
        outcome.rejects = rejects.count
        outcome.seconds = progress.seconds
        return outcome
    }

    private func makeReader() throws -> sending any RowReader {
        let source = ResumedSource(beginning, input.source)
        return switch format {
        case .csv: try CSVReader(source, schema: stream.schema, options: csv)
        case .ndjson: try NDJSONReader(source, schema: stream.schema, options: ndjson)
        }
    }
}

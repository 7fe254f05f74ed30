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
        let pace: IngestPace
        let rejects: Int
        /// Keys of JSON objects that name no column.
        let ignoredKeys: Int
    }

    /// Reads everything; returns when the last row is acknowledged.
    func run() throws -> Outcome {
        let start = ContinuousClock.now
        let reader = try ReadAhead(makeReader())
        let rejects = try RejectLog(path: rejectsPath)
        let pending = PendingAppends(stream, acknowledgement)
        let line = ProgressLine()
        var bytes = 0
        var ignoredKeys = 0
        func pace() -> IngestPace {
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            return IngestPace(rows: pending.storedRows, bytes: bytes, seconds: seconds)
        }
        do {
            while let rows = try reader.next() {
                try rejects.add(rows.rejects)
                try pending.append(rows.batch)
                bytes = rows.bytesRead
                ignoredKeys += rows.ignoredKeys
                line.show(pace().text(total: input.byteCount))
            }
            try pending.finish()
        } catch {
            line.clear()
            StandardError.write("esker: stopped after \(pending.storedRows) rows were acknowledged\n")
            throw error
        }
        line.clear()
        return Outcome(pace: pace(), rejects: rejects.count, ignoredKeys: ignoredKeys)
    }

    private func makeReader() throws -> sending any RowReader {
        let source = ResumedSource(beginning, input.source)
        return switch format {
        case .csv: try CSVReader(source, schema: stream.schema, options: csv)
        case .ndjson: try NDJSONReader(source, schema: stream.schema, options: ndjson)
        }
    }
}

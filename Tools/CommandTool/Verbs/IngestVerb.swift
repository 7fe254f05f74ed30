import ArgumentParser
import Esker
import EskerFormat
import EskerLog

/// `esker ingest`: reads a file or standard input into a stream.
struct IngestVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Read a CSV or NDJSON file into a stream.",
        discussion: """
            The header line of CSV names columns, in any order; keys of JSON objects do. Rows are on disk before they \
            count, unless --ack says otherwise. Bad lines are told and passed over; the exit code is 1 then.

            Examples:
              esker ingest --data trades --stream trades --create trades.csv
              zcat log.ndjson.gz | esker ingest --data logs --stream log --format ndjson --rejects bad.ndjson -
            """
    )

    @Option(help: "The store's directory.") var data: String
    @Option(help: "The stream to append to.") var stream: String
    @Option(help: "How rows are written; by default what the file's name says, else csv.") var format: RowFormat?
    @Option(help: "When rows count as taken in: on disk, written to the system, or in memory.")
    var ack = AcknowledgementOption.durable
    @Option(help: ArgumentHelp("Rows in one batch, which is stored whole or not at all.", valueName: "rows"))
    var batch = 10_000
    @Flag(help: "The first line of CSV is a row: fields are the stream's columns in order.") var noHeader = false
    @Flag(help: "Make the store and the stream when they are missing, with columns guessed from the beginning.")
    var create = false
    @Option(help: ArgumentHelp("Keep bad lines here, with their reasons, as NDJSON.", valueName: "FILE"))
    var rejects: String?
    @Flag(help: "Print the summary as JSON.") var json = false
    @Argument(help: ArgumentHelp("The file to read; - is standard input.", valueName: "FILE")) var file: String

    func validate() throws {
        if !(1...16_777_216).contains(batch) { throw ValidationError("--batch takes 1 to 16777216 rows.") }
        if noHeader, format == .ndjson { throw ValidationError("--no-header is for CSV.") }
    }

    mutating func run() async throws {
        let input = try InputFile(file)
        let format = format ?? RowFormat(path: file) ?? .csv
        var csv = CSVOptions()
        csv.hasHeader = !noHeader
        csv.limits.rowsPerBatch = batch
        csv.text.now = SystemTime.microseconds()
        var ndjson = NDJSONOptions()
        ndjson.limits = csv.limits
        ndjson.text = csv.text

        let store = try await StoreOpening.forWriting(data, mayCreate: create)
        let (target, beginning) = try await target(in: store, input, format, csv)
        let run = IngestRun(
            input: input, format: format, stream: target, acknowledgement: ack.level, csv: csv, ndjson: ndjson,
            rejectsPath: rejects, beginning: beginning)
        let outcome: IngestRun.Outcome
        do {
            outcome = try await OwnThread.run { try run.run() }
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        tell(outcome)
        try (outcome.rejects > 0 ? ExitStatus.partly : .done).end()
    }

    /// The stream, made when that was asked for, and what was read of the input for that.
    private func target(in store: Store, _ input: InputFile, _ format: RowFormat, _ csv: CSVOptions) async throws
        -> (Stream, [UInt8])
    {
        if !create || store.streams.contains(where: { $0.name == stream }) {
            _ = try StoreOpening.stream(stream, in: store.streams, data)
            return (try store.stream(named: stream), [])
        }
        let source = try PeekedByteSource(input.source)
        let schema = try format == .csv ? SchemaSampler.csv(source, options: csv) : SchemaSampler.ndjson(source)
        let columns = schema.columns.map { ColumnSpecification($0.name, $0.type, isNullable: $0.isNullable) }
        return (try await store.createStream(named: stream, columns: columns), source.beginning)
    }

    private func tell(_ outcome: IngestRun.Outcome) {
        let pace = outcome.pace
        let seconds = SecondsText.thousandths(pace.seconds)
        let output = StandardOutput()
        if json {
            output.write { out in
                out += Array("{\"stream\":".utf8)
                JSONText.appendString(stream, to: &out)
                out += Array(
                    """
                    ,"rows":\(pace.rows),"rejects":\(outcome.rejects),"bytes":\(pace.bytes),"seconds":\(seconds),\
                    "rows_per_second":\(pace.rate),"acknowledgement":"\(ack.rawValue)"}

                    """.utf8)
            }
        } else {
            let rejected = outcome.rejects > 0 ? ", \(outcome.rejects) bad lines passed over" : ""
            let ignored = outcome.ignoredKeys > 0 ? ", \(outcome.ignoredKeys) keys without a column ignored" : ""
            output.write("\(pace.rows) rows in \(seconds) s, \(pace.rate) rows/s\(rejected)\(ignored)\n")
        }
        output.flush()
    }
}

/// ``Acknowledgement`` on the command line.
enum AcknowledgementOption: String, ExpressibleByArgument, CaseIterable {
    case durable, written, memory

    var level: Acknowledgement {
        switch self {
        case .durable: .durable
        case .written: .written
        case .memory: .memory
        }
    }
}

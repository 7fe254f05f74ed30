import ArgumentParser
import Esker
import EskerFormat
import EskerQuery

/// `esker export`: writes a stream, a stretch of one or the rows of a query for other programs.
struct ExportVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a stream or the rows of a query as CSV, NDJSON or Arrow.",
        discussion: """
            Rows are those of a stream, in order and as far as --from and --to say, or those of a query (-c). Places are \
            those of esker replay: --to is exclusive for offsets and inclusive for timestamps. The store is opened for \
            reading; another process may write it meanwhile.

            csv has a header line and PostgreSQL's text forms; no value is an empty field, an empty text is "". ndjson \
            is an object a line. esker ingest reads both (of ndjson, no arrays). arrow is an Arrow IPC stream, as pyarrow, polars and \
            DuckDB read it: numeric(p,s) of up to 38 digits becomes a decimal, uuid arrow.uuid, an array a list; \
            intervals, times with a zone and other numerics become text. Infinite dates, 24:00:00, NaN in a \
            numeric(p,s) and arrays of several dimensions have no Arrow form: they end the export, and the error names \
            column and row.

            With --output the file gets its name when it is whole; until then there is FILE.partial-PID.

            Examples:
              esker export --data trades --stream trades --output trades.arrows
              esker export --data trades --stream trades --from '2026-11-24 10:00+00' --format ndjson | gzip > t.gz
              esker export --data trades -c "SELECT symbol, avg(price) FROM trades GROUP BY symbol" --format csv
            """
    )

    @Option(help: "The store's directory.") var data: String
    @Option(help: "The stream.") var stream: String?
    @Option(name: .customShort("c"), help: ArgumentHelp("A query, in place of a stream.", valueName: "SQL"))
    var query: String?
    @Option(help: "What to write; by default what the output file's name says, else csv.") var format: ExportFormat?
    @Option(help: ArgumentHelp("Where to begin.", valueName: "place")) var from: String?
    @Option(help: ArgumentHelp("Where to end; by default after the newest row.", valueName: "place")) var to: String?
    @Option(help: "Which time counts for --from and --to.") var on = ReplayVerb.TimeOption.arrival
    @Option(help: ArgumentHelp("Write this file; by default, or for -, standard output.", valueName: "FILE"))
    var output: String?
    @Option(
        help: ArgumentHelp(
            "Arrow: write this text column with a dictionary, so that it loads as categories. May be repeated.",
            valueName: "column"))
    var dictionary: [String] = []
    @Flag(help: "Show on standard error how far it is, and at the end what was written.") var progress = false

    private var chosenFormat: ExportFormat { format ?? output.flatMap { ExportFormat(path: $0) } ?? .csv }

    func validate() throws {
        if (stream == nil) == (query == nil) { throw ValidationError("Give either --stream or -c.") }
        if query != nil, from != nil || to != nil { throw ValidationError("--from and --to are for --stream.") }
        if !dictionary.isEmpty, chosenFormat != .arrow { throw ValidationError("--dictionary is for --format arrow.") }
    }

    mutating func run() async throws {
        let (begin, end) = (try from.map { try PlaceOption($0) }, try to.map { try PlaceOption($0) })
        let path = output == "-" ? nil : output
        if path == nil, chosenFormat == .arrow, ExportFile().isTerminal {
            throw Failure("esker: arrow is not for a terminal: give --output, or send it to a file or a program")
        }
        let store = try await StoreOpening.forReading(data)
        let source: ExportSource
        var settings = TextSettings()
        if let query {
            let session = store.session()
            source = ExportSource(try await Self.rows(of: query, session))
            settings = TextSettings(zone: session.timeZone)
        } else {
            source = try rows(of: stream ?? "", store, from: begin, to: end)
        }
        let options = try arrowOptions(source.columns)
        let encoder = ExportEncoder(chosenFormat, source, settings: settings, arrow: options)
        let file = try path.map { try ExportFile($0) } ?? ExportFile()
        let pace: IngestPace
        do {
            pace = try await ExportRun(source: source, encoder: encoder, file: file, showsProgress: progress).run()
        } catch {
            file.discard()
            if let query, let error = error as? QueryError { throw Failure(error, in: query) }
            throw error
        }
        if progress { StandardError.write(pace.text(total: nil) + "\n") }
    }

    private func arrowOptions(_ columns: [ResultColumn]) throws -> ArrowOptions {
        for name in dictionary where !columns.contains(where: { $0.name == name && $0.type.isText }) {
            throw Failure("esker: there is no text column \"\(name)\" to write with a dictionary")
        }
        var options = ArrowOptions()
        options.dictionaries = Set(dictionary)
        return options
    }

    private static func rows(of query: String, _ session: Session) async throws -> ResultRows {
        do { return try await session.query(query) } catch let error as QueryError { throw Failure(error, in: query) }
    }

    private func rows(
        of name: String, _ store: ReadOnlyStore, from begin: PlaceOption?, to end: PlaceOption?
    ) throws -> ExportSource {
        let record = try StoreOpening.stream(name, in: store.streams, data)
        let (count, time) = (record.partitionCount, on == .event ? ReplayTime.event : .arrival)
        let first = try begin?.position(partitions: count, time: time, missing: 0) ?? .earliest
        let last = try end?.position(partitions: count, time: time, missing: .max)
        return ExportSource(record, try store.replay(name, from: first, to: last))
    }
}

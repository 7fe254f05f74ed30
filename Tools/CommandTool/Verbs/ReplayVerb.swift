import ArgumentParser
import Esker
import EskerFormat

/// `esker replay`: prints a stretch of a stream again, as fast as it once came, faster, or at once.
struct ReplayVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Print a stretch of a stream again, at its original speed, faster, or at once.",
        discussion: """
            Places are those of esker tail. --to is exclusive for offsets and inclusive for timestamps. Timestamps, and \
            the distances that --speed keeps, are times of arrival, or of the events with --on event.

            Examples:
              esker replay --data trades --stream trades --from 0:5000 --to 0:6000
              esker replay --data trades --stream trades --from '2026-11-24 10:00+00' --on event --speed 10
            """
    )

    /// Which time of a row counts.
    enum TimeOption: String, ExpressibleByArgument, CaseIterable { case arrival, event }

    /// How fast rows are printed.
    enum Speed: ExpressibleByArgument, Equatable {
        case max
        case times(Double)

        init?(argument: String) {
            if argument == "max" {
                self = .max
            } else if let factor = Double(argument), factor > 0, factor.isFinite {
                self = .times(factor)
            } else {
                return nil
            }
        }
    }

    @Option(help: "The store's directory.") var data: String
    @Option(help: "The stream.") var stream: String
    @Option(help: ArgumentHelp("Where to begin.", valueName: "place")) var from = "earliest"
    @Option(help: ArgumentHelp("Where to end; by default after the newest row.", valueName: "place")) var to: String?
    @Option(help: "Which time counts.") var on = TimeOption.arrival
    @Option(help: ArgumentHelp("1 is the original speed, 10 ten times as fast; max does not wait.", valueName: "N|max"))
    var speed = Speed.max
    @Option(help: "How rows are printed.") var format: OutputFormat?
    @Flag(help: "Short for --format ndjson.") var json = false
    @Flag(help: "Print _partition, _offset and _arrived with each row.") var places = false

    func validate() throws {
        if json, format != nil { throw ValidationError("Give either --json or --format.") }
    }

    mutating func run() async throws {
        let time: ReplayTime = on == .event ? .event : .arrival
        let begin = try PlaceOption(from)
        let end = try to.map { try PlaceOption($0) }
        let store = try await StoreOpening.forReading(data)
        let source = try StoreOpening.stream(stream, in: store.streams, data)
        let count = source.partitionCount
        let first = try begin.position(partitions: count, time: time, missing: 0)
        let last = try end?.position(partitions: count, time: time, missing: .max)
        var pace: ReplayPace?
        if case .times(let factor) = speed {
            let column = on == .event ? source.eventTimeColumn : nil
            pace = ReplayPace(speed: factor, eventTime: column, schema: source.schema)
        }
        var printing = RowPrinting(
            source.schema, format ?? (json ? .ndjson : .csv), showsPlaces: places, condition: nil, pace: pace)
        for try await rows in try store.replay(stream, from: first, to: last) {
            try await printing.print(rows, waiting: pace != nil)
        }
        printing.finish()
    }
}

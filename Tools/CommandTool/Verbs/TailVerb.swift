import ArgumentParser
import Esker
import EskerFormat

/// `esker tail`: prints rows of a stream, and further ones as they come.
struct TailVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Print the rows of a stream, and with --follow the ones to come.",
        discussion: """
            A place is earliest, latest, an offset (1234), an offset for each partition (0:1234,1:99), or a timestamp, \
            which means the time of arrival. Without --from, rows are printed from the earliest on, and with --follow \
            only new ones. The store may be written by another process meanwhile.

            Examples:
              esker tail --data trades --stream trades --follow --where "symbol = 'X' AND price > 100"
              esker tail --data trades --stream trades --from '2026-11-24 10:00+00' --json
            """
    )

    @Option(help: "The store's directory.") var data: String
    @Option(help: "The stream.") var stream: String
    @Option(help: ArgumentHelp("Where to begin.", valueName: "place")) var from: String?
    @Option(
        name: .customLong("where"), help: ArgumentHelp("Print only rows that meet an SQL condition.", valueName: "SQL"))
    var condition: String?
    @Flag(name: .shortAndLong, help: "Go on with rows as they come, until interrupted.") var follow = false
    @Option(help: "How rows are printed.") var format: OutputFormat?
    @Flag(help: "Short for --format ndjson.") var json = false
    @Flag(help: "Print _partition, _offset and _arrived with each row.") var places = false

    func validate() throws {
        if json, format != nil { throw ValidationError("Give either --json or --format.") }
    }

    mutating func run() async throws {
        let place = try from.map { try PlaceOption($0) } ?? (follow ? .latest : .earliest)
        let filter = try condition.map { try RowCondition($0, stream: stream) }
        let store = try await StoreOpening.forReading(data)
        let source = try StoreOpening.stream(stream, in: store.streams, data)
        let position = try place.position(partitions: source.partitionCount, time: .arrival, missing: 0)
        var printing = RowPrinting(
            source.schema, format ?? (json ? .ndjson : .csv), showsPlaces: places, condition: filter)
        for try await rows in try store.replay(stream, from: position, following: follow) {
            try await printing.print(rows, waiting: follow)
        }
        printing.finish()
    }
}

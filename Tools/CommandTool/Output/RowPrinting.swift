import Esker
import EskerFormat

/// Prints replayed rows: all at once, or each when it is due.
struct RowPrinting {
    private var printer: any RowPrinter
    private let output: StandardOutput
    private let showsPlaces: Bool
    private let condition: RowCondition?
    private var pace: ReplayPace?

    /// - Parameters:
    ///   - showsPlaces: print `_partition`, `_offset` and `_arrived` before the stream's columns.
    ///   - pace: nil: as fast as rows come.
    init(
        _ schema: Schema, _ format: OutputFormat, showsPlaces: Bool, condition: RowCondition?, pace: ReplayPace? = nil
    ) {
        output = StandardOutput()
        self.showsPlaces = showsPlaces
        self.condition = condition
        self.pace = pace
        var columns = schema.columns.map { OutputColumn(name: $0.name, type: $0.type) }
        if showsPlaces { columns = PlacedRows.places.map { OutputColumn(name: $0.name, type: $0.type) } + columns }
        printer = format.printer(columns, to: output, settings: TextSettings())
    }

    /// Prints the rows of a stretch.
    ///
    /// - Parameter waiting: rows may be long in coming after these: they are shown at once.
    mutating func print(_ replayed: ReplayedRows, waiting: Bool) async throws {
        if !showsPlaces, condition == nil, pace == nil {
            printer.print(replayed.batch.columns, count: replayed.batch.count)
        } else {
            var rows = PlacedRows(replayed)
            if let condition { rows = try await condition.filter(rows) }
            var start = 0
            while start < rows.count {
                var end = rows.count
                if var waiting = pace {
                    end = try await waiting.due(rows, from: start, flushing: output)
                    pace = waiting
                }
                let part = rows.slice(start..<end)
                printer.print(Array(showsPlaces ? part.columns[...] : part.columns.dropFirst(3)), count: part.count)
                start = end
            }
        }
        if waiting { output.flush() }
    }

    /// Prints what stands below the rows.
    mutating func finish() {
        printer.finish()
        output.flush()
    }
}

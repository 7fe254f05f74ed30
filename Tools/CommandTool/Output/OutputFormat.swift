import ArgumentParser
import EskerFormat

/// How rows are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Aligned columns as psql prints them.
    case table
    /// Comma-separated text with a header line and PostgreSQL's text forms.
    case csv
    /// One JSON object a row, each on a line of its own.
    case ndjson
    /// One JSON array of objects.
    case json
}

/// Prints the rows of one result.
protocol RowPrinter {
    /// Prints rows; the columns are those of the result.
    mutating func print(_ columns: [Column], count: Int)
    /// Prints what stands below the rows.
    mutating func finish()
}

extension OutputFormat {
    /// A printer for a result with these columns.
    func printer(_ columns: [OutputColumn], to output: StandardOutput, settings: TextSettings) -> any RowPrinter {
        switch self {
        case .table: TablePrinter(columns, output, settings)
        case .csv: CSVPrinter(columns, output, settings)
        case .ndjson: JSONPrinter(columns, output, settings, isArray: false)
        case .json: JSONPrinter(columns, output, settings, isArray: true)
        }
    }
}

/// Name and type of a column of a result.
struct OutputColumn: Sendable {
    let name: String
    let type: DataType
}

import Esker
import EskerFormat

/// Rows as text in one format: what a printer of rows and an export have in common. Has no state: parts of a result may
/// be put into text side by side.
protocol RowText: Sendable {
    /// What stands above the rows.
    var header: [UInt8] { get }

    /// The rows of some columns, ready to be put together.
    func assembly(_ columns: [Column]) -> RowAssembly
}

extension RowText {
    /// Bytes of values that are put into text at once, and of text that is handed out at once.
    static var valueLimit: Int { 64 << 20 }
    static var textLimit: Int { 1 << 20 }

    /// Puts rows into text, a piece after the other.
    func forEachPiece(_ columns: [Column], count: Int, _ body: ([UInt8]) throws -> Void) rethrows {
        for range in RowRanges.split(columns, count: count, ofAtMost: Self.valueLimit) {
            let rows = assembly(columns.map { $0.slice(range) })
            var row = 0
            while row < range.count { try body(rows.text(from: &row, to: range.count, limit: Self.textLimit)) }
        }
    }
}

/// Comma-separated text: a header line, then a line a row; no value is an empty field without quotes.
struct CSVRowText: RowText {
    let header: [UInt8]
    private let settings: TextSettings

    init(_ columns: [OutputColumn], _ settings: TextSettings) {
        self.settings = settings
        var line: [UInt8] = []
        for (index, column) in columns.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            CSVText.append(column.name, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        header = line
    }

    func assembly(_ columns: [Column]) -> RowAssembly {
        let cells = columns.enumerated().map { index, column in
            let end = [UInt8(ascii: index + 1 < columns.count ? "," : "\n")]
            return CellColumn(column, style: .csv, settings: settings, dress: CellColumn.Dress(after: end, null: end))
        }
        return RowAssembly(cells: cells, emptyRow: Array("\n".utf8))
    }
}

/// A JSON object a row: on lines of their own, or each behind a comma and a line end as in an array.
struct JSONRowText: RowText {
    var header: [UInt8] { [] }
    private let settings: TextSettings
    private let isArray: Bool
    /// What stands before each value: `{"name":` or `,"name":`.
    private let labels: [[UInt8]]

    init(_ columns: [OutputColumn], _ settings: TextSettings, isArray: Bool) {
        self.settings = settings
        self.isArray = isArray
        labels = columns.enumerated().map { index, column in
            var label = Array((index > 0 ? "," : isArray ? ",\n{" : "{").utf8)
            JSONText.appendString(column.name, to: &label)
            label.append(UInt8(ascii: ":"))
            return label
        }
    }

    func assembly(_ columns: [Column]) -> RowAssembly {
        let cells = columns.enumerated().map { index, column in
            let end = Array((index + 1 < columns.count ? "" : isArray ? "}" : "}\n").utf8)
            let dress = CellColumn.Dress(
                before: labels[index], after: end, null: labels[index] + Array("null".utf8) + end)
            return CellColumn(column, style: .json, settings: settings, dress: dress)
        }
        return RowAssembly(cells: cells, emptyRow: Array((isArray ? ",\n{}" : "{}\n").utf8))
    }
}

import EskerFormat

/// Aligned columns, as psql prints them.
///
/// ```
///  word | count
/// ------+-------
///  the  |  1664
/// (1 row)
/// ```
///
/// Widths are those of the first ``measuredRows`` rows; wider values further down stick out. So a result of any size is
/// printed in bounded memory.
struct TablePrinter: RowPrinter {
    /// Rows that are looked at before the first is printed.
    static let measuredRows = 10_000

    private let columns: [OutputColumn]
    private let output: StandardOutput
    private let settings: TextSettings
    private var waiting: [TableCell] = []
    private var widths: [Int]
    private var hasHeader = false
    private var rowCount = 0

    init(_ columns: [OutputColumn], _ output: StandardOutput, _ settings: TextSettings) {
        self.columns = columns
        self.output = output
        self.settings = settings
        widths = columns.map { TableCell($0.name.utf8).width }
    }

    mutating func print(_ columns: [Column], count: Int) {
        let cells = columns.map { CellColumn($0, style: .plain, settings: settings) }
        for row in 0..<count {
            let cellsOfRow = cells.map { TableCell($0.isValid(row) ? $0.text(row) : []) }
            rowCount += 1
            if hasHeader {
                printRow(cellsOfRow[...])
            } else {
                for (index, cell) in cellsOfRow.enumerated() { widths[index] = max(widths[index], cell.width) }
                waiting += cellsOfRow
                if rowCount == Self.measuredRows { printWaiting() }
            }
        }
    }

    mutating func finish() {
        printWaiting()
        output.write("(\(rowCount) row\(rowCount == 1 ? "" : "s"))\n\n")
    }

    private mutating func printWaiting() {
        if hasHeader { return }
        hasHeader = true
        printHeader()
        guard !columns.isEmpty else { return }
        for start in stride(from: 0, to: waiting.count, by: columns.count) {
            printRow(waiting[start..<(start + columns.count)])
        }
        waiting = []
    }

    private func printHeader() {
        guard !columns.isEmpty else { return output.write("--\n") }
        output.write { out in
            for (index, column) in columns.enumerated() {
                let cell = TableCell(column.name.utf8)
                let blanks = widths[index] - cell.width
                if index > 0 { out.append(UInt8(ascii: "|")) }
                Self.append(blanks: 1 + blanks / 2, to: &out)
                out.append(contentsOf: cell.lines.first ?? [])
                Self.append(blanks: blanks - blanks / 2 + 1, to: &out)
            }
            out.append(UInt8(ascii: "\n"))
            for index in columns.indices {
                if index > 0 { out.append(UInt8(ascii: "+")) }
                out.append(contentsOf: repeatElement(UInt8(ascii: "-"), count: widths[index] + 2))
            }
            out.append(UInt8(ascii: "\n"))
        }
    }

    /// Prints a row: one line, or as many as its tallest cell has.
    private func printRow(_ cells: ArraySlice<TableCell>) {
        let height = cells.reduce(1) { max($0, $1.lines.count) }
        for line in 0..<height {
            output.write { out in
                for (index, cell) in cells.enumerated() {
                    if index > 0 { out.append(UInt8(ascii: "|")) }
                    out.append(UInt8(ascii: " "))
                    appendLine(line, of: cell, column: index, to: &out)
                }
                out.append(UInt8(ascii: "\n"))
            }
        }
    }

    /// A line of a cell; `+` marks that the value goes on below.
    private func appendLine(_ line: Int, of cell: TableCell, column: Int, to out: inout [UInt8]) {
        let text = line < cell.lines.count ? cell.lines[line] : []
        let blanks = max(0, widths[column] - (line < cell.lines.count ? cell.widths[line] : 0))
        let goesOn = line + 1 < cell.lines.count
        let isLast = column == columns.count - 1
        let isRight = columns[column].type.isNumber
        if isRight { Self.append(blanks: blanks, to: &out) }
        out.append(contentsOf: text)
        if !isRight && (!isLast || goesOn) { Self.append(blanks: blanks, to: &out) }
        if goesOn {
            out.append(UInt8(ascii: "+"))
        } else if !isLast {
            out.append(UInt8(ascii: " "))
        }
    }

    private static func append(blanks: Int, to out: inout [UInt8]) {
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: blanks))
    }
}

extension DataType {
    /// Whether values stand right-aligned in a table.
    fileprivate var isNumber: Bool {
        switch self {
        case .int2, .int4, .int8, .float4, .float8, .numeric: true
        default: false
        }
    }
}

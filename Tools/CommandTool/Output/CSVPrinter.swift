import EskerFormat

/// Comma-separated text: a header line, then a line a row; no value is an empty field without quotes.
struct CSVPrinter: RowPrinter {
    private let output: StandardOutput
    private let settings: TextSettings

    init(_ columns: [OutputColumn], _ output: StandardOutput, _ settings: TextSettings) {
        self.output = output
        self.settings = settings
        output.write { out in
            for (index, column) in columns.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                CSVText.append(column.name, to: &out)
            }
            out.append(UInt8(ascii: "\n"))
        }
    }

    mutating func print(_ columns: [Column], count: Int) {
        let cells = columns.map { CellColumn($0, style: .csv, settings: settings) }
        for row in 0..<count {
            output.write { out in
                for index in cells.indices {
                    if index > 0 { out.append(UInt8(ascii: ",")) }
                    cells[index].append(row, null: "", to: &out)
                }
                out.append(UInt8(ascii: "\n"))
            }
        }
    }

    mutating func finish() {}
}

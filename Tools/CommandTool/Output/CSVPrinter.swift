import EskerFormat

/// Prints rows as comma-separated text: see ``CSVRowText``.
struct CSVPrinter: RowPrinter {
    private let output: StandardOutput
    private let text: CSVRowText

    init(_ columns: [OutputColumn], _ output: StandardOutput, _ settings: TextSettings) {
        self.output = output
        text = CSVRowText(columns, settings)
        output.write(text.header)
    }

    mutating func print(_ columns: [Column], count: Int) {
        text.forEachPiece(columns, count: count) { output.write($0) }
    }

    mutating func finish() {}
}

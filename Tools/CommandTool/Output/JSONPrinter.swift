import EskerFormat

/// Prints a JSON object a row: on lines of their own, or as one array.
struct JSONPrinter: RowPrinter {
    private let output: StandardOutput
    private let text: JSONRowText
    private let isArray: Bool
    private var isFirst = true

    init(_ columns: [OutputColumn], _ output: StandardOutput, _ settings: TextSettings, isArray: Bool) {
        self.output = output
        self.isArray = isArray
        text = JSONRowText(columns, settings, isArray: isArray)
        if isArray { output.write("[") }
    }

    mutating func print(_ columns: [Column], count: Int) {
        text.forEachPiece(columns, count: count) { piece in
            // The first row of an array has no comma before it.
            output.write(isArray && isFirst ? Array(piece.dropFirst()) : piece)
            isFirst = false
        }
    }

    mutating func finish() {
        if isArray { output.write(isFirst ? "]\n" : "\n]\n") }
    }
}

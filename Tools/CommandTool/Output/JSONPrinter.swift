import EskerFormat

/// A JSON object a row: on lines of their own, or as one array.
struct JSONPrinter: RowPrinter {
    private let output: StandardOutput
    private let settings: TextSettings
    private let isArray: Bool
    /// What stands before each value: `{"name":` or `,"name":`.
    private let labels: [[UInt8]]
    private var isFirst = true

    init(_ columns: [OutputColumn], _ output: StandardOutput, _ settings: TextSettings, isArray: Bool) {
        self.output = output
        self.settings = settings
        self.isArray = isArray
        labels = columns.enumerated().map { index, column in
            var label: [UInt8] = [index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ",")]
            JSONText.appendString(column.name, to: &label)
            label.append(UInt8(ascii: ":"))
            return label
        }
        if isArray { output.write("[") }
    }

    mutating func print(_ columns: [Column], count: Int) {
        let cells = columns.map { CellColumn($0, style: .json, settings: settings) }
        for row in 0..<count {
            output.write { out in
                if isArray { out.append(contentsOf: isFirst ? "\n".utf8 : ",\n".utf8) }
                for index in cells.indices {
                    out.append(contentsOf: labels[index])
                    cells[index].append(row, null: "null", to: &out)
                }
                if cells.isEmpty { out.append(UInt8(ascii: "{")) }
                out.append(UInt8(ascii: "}"))
                if !isArray { out.append(UInt8(ascii: "\n")) }
            }
            isFirst = false
        }
    }

    mutating func finish() {
        if isArray { output.write(isFirst ? "]\n" : "\n]\n") }
    }
}

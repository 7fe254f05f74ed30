/// Lines up columns of text for a terminal: words to the left, numbers to the right.
struct TextTable {
    enum Alignment { case left, right }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    /// A title that ends with `>` belongs to a column of numbers.
    init(_ titles: [String]) {
        columns = titles.map { $0.hasSuffix(">") ? (String($0.dropLast()), .right) : ($0, .left) }
    }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "a cell a column")
        rows.append(cells.map(Self.onOneLine))
    }

    /// Adds a row whose last cells, one for each width, go on in lines below where they are wider.
    mutating func add(_ cells: [String], wrapping widths: [Int]) {
        let first = cells.count - widths.count
        let wrapped = zip(cells[first...], widths).map { Self.lines($0, width: $1) }
        for line in 0..<(wrapped.map(\.count).max() ?? 0) {
            let rest = wrapped.map { line < $0.count ? $0[line] : "" }
            add((line == 0 ? Array(cells[..<first]) : [String](repeating: "", count: first)) + rest)
        }
    }

    /// Words in lines of at most `width` characters, but for longer words.
    private static func lines(_ text: String, width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    var isEmpty: Bool { rows.isEmpty }

    /// The table, each line indented and ended by a line feed; nothing when it has no rows.
    func text(indent: Int = 2) -> String {
        guard !rows.isEmpty else { return "" }
        var widths = columns.map(\.title.count)
        for row in rows { for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) } }
        let margin = String(repeating: " ", count: indent)
        return ([columns.map(\.title)] + rows).map { margin + line($0, widths) + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let blanks = String(repeating: " ", count: widths[index] - cell.count)
            if index > 0 { line += "  " }
            line += columns[index].alignment == .left ? cell + blanks : blanks + cell
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Control characters would break the lines.
    private static func onOneLine(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || scalar.value == 0x7F {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

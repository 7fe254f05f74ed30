/// A value as a table shows it: its lines, and how many columns of a terminal each takes.
struct TableCell {
    /// The lines, as bytes to print; none for an empty value.
    private(set) var lines: [[UInt8]] = []
    /// Columns that each line takes.
    private(set) var widths: [Int] = []

    /// Columns that the widest line takes.
    var width: Int { widths.max() ?? 0 }

    /// Lays out UTF-8 text. Line ends end a line, tabs go to the next multiple of eight, other control characters show
    /// as `\x1B`, as in psql.
    init(_ text: some Collection<UInt8>) {
        if text.allSatisfy({ (0x20..<0x7F).contains($0) }) {
            if text.isEmpty { return }
            lines = [Array(text)]
            widths = [text.count]
            return
        }
        var line: [UInt8] = []
        var width = 0
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x0A:
                lines.append(line)
                widths.append(width)
                line = []
                width = 0
            case 0x09:
                let blanks = 8 - width % 8
                line.append(contentsOf: repeatElement(0x20, count: blanks))
                width += blanks
            case 0x0D:
                line.append(contentsOf: "\\r".utf8)
                width += 2
            case ..<0x20, 0x7F:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                line.append(contentsOf: "\\x\(digits.count == 1 ? "0" : "")\(digits)".utf8)
                width += 4
            default:
                line.append(contentsOf: String(scalar).utf8)
                width += Self.width(of: scalar)
            }
        }
        lines.append(line)
        widths.append(width)
    }

    /// Columns that a character takes: none for marks on other characters, two for East Asian wide ones and emoji.
    ///
    /// Ranges: Unicode 15, EastAsianWidth.txt, W and F, joined where nothing assigned lies between.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}

/// Comma-separated text read the slow and obvious way, one byte after the other: what ``CSVReader`` must agree with.
struct NaiveCSV {
    var delimiter = UInt8(ascii: ",")
    var quote = UInt8(ascii: "\"")
    var escape = UInt8(ascii: "\"")
    var null = ""
    /// Columns of text, and after them one of integers.
    var columns: Int

    struct Row: Equatable, CustomStringConvertible {
        var line: Int
        var offset: Int
        var fields: [String?]
        var description: String { "\(line)@\(offset): \(fields)" }
    }

    struct Reject: Equatable, CustomStringConvertible {
        var line: Int
        var offset: Int
        var reason: String
        var description: String { "\(line)@\(offset): \(reason)" }
    }

    private struct Field {
        var text: [UInt8] = []
        var hasQuotes = false
    }

    func read(_ bytes: [UInt8]) -> (rows: [Row], rejects: [Reject]) {
        var rows: [Row] = []
        var rejects: [Reject] = []
        var position = 0
        var line = 1
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        while position < bytes.count {
            let start = position
            let startLine = line
            var fields = [Field()]
            var isInside = false
            var opening = (position: 0, line: 0)
            var ended = false
            while position < bytes.count && !ended {
                let byte = bytes[position]
                let next = position + 1 < bytes.count ? bytes[position + 1] : nil
                let isLineEnd = byte == 0x0A || byte == 0x0D
                if isInside, byte == escape, let next, next == quote || next == escape {
                    fields[fields.count - 1].text.append(next)
                    position += 2
                    continue
                }
                if byte == quote {
                    isInside.toggle()
                    fields[fields.count - 1].hasQuotes = true
                    if isInside { opening = (position, line) }
                } else if !isInside && byte == delimiter {
                    fields.append(Field())
                } else if !isInside && isLineEnd {
                    ended = true
                } else {
                    fields[fields.count - 1].text.append(byte)
                }
                position += 1
                if byte == 0x0A || (byte == 0x0D && next != 0x0A) { line += 1 }
                if ended && byte == 0x0D && next == 0x0A {
                    position += 1
                    line += 1
                }
            }
            if isInside {
                rejects.append(
                    Reject(
                        line: opening.line, offset: start,
                        reason: "unterminated quoted field: its quote is not closed before the end"))
                position = opening.position
                line = opening.line
                while position < bytes.count && bytes[position] != 0x0A && bytes[position] != 0x0D { position += 1 }
                if position < bytes.count {
                    let byte = bytes[position]
                    position += byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A ? 2 : 1
                    line += 1
                }
                continue
            }
            if fields.count == 1 && fields[0].text.isEmpty && !fields[0].hasQuotes { continue }
            guard fields.count == columns + 1 else {
                let reason = "expected \(columns + 1) column\(columns == 0 ? "" : "s"), found \(fields.count)"
                rejects.append(Reject(line: startLine, offset: start, reason: reason))
                continue
            }
            let values = fields.map { field -> String? in
                let text = String(decoding: field.text, as: UTF8.self)
                return !field.hasQuotes && text == null ? nil : text
            }
            var number: String?
            if let text = values.last! {
                number = Self.withoutBlanksAround(text)
                guard Int64(number!) != nil else {
                    let reason = "invalid input syntax for type bigint: \"\(text)\""
                    rejects.append(Reject(line: startLine, offset: start, reason: reason))
                    continue
                }
            }
            rows.append(Row(line: startLine, offset: start, fields: values.dropLast() + [number]))
        }
        return (rows, rejects)
    }

    /// PostgreSQL allows blanks and line ends around a number.
    private static func withoutBlanksAround(_ text: String) -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let rest = text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return String(decoding: Array(rest), as: UTF8.self)
    }
}

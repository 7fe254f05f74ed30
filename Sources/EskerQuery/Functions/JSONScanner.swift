internal import EskerFormat

/// Finds parts of JSON text without building values. The text was checked when it became `json` or `jsonb`.
enum JSONScanner {
    /// The value's bytes from `start` on, without the blanks around it. Never recurses; O(bytes).
    static func value(_ text: Span<UInt8>, from start: Int) -> Range<Int> {
        let first = blanks(text, from: start)
        guard first < text.count else { return first..<first }
        switch text[first] {
        case 0x22: return first..<string(text, from: first)
        case 0x7B, 0x5B:
            var index = first
            var depth = 0
            while index < text.count {
                switch text[index] {
                case 0x22:
                    index = string(text, from: index)
                    continue
                case 0x7B, 0x5B: depth += 1
                case 0x7D, 0x5D: depth -= 1
                default: break
                }
                index += 1
                if depth == 0 { break }
            }
            return first..<index
        default:
            var end = first
            while end < text.count, !isEnd(text[end]) { end += 1 }
            return first..<end
        }
    }

    /// The value of an object's key, the last one if it stands there twice; nil for none and for other values.
    static func member(_ text: Span<UInt8>, _ key: Span<UInt8>) -> Range<Int>? {
        var found: Range<Int>?
        var index = blanks(text, from: 0)
        guard index < text.count, text[index] == 0x7B else { return nil }
        index = blanks(text, from: index + 1)
        while index < text.count, text[index] == 0x22 {
            let name = index..<string(text, from: index)
            index = blanks(text, from: name.upperBound)
            let value = value(text, from: index + 1)
            if isEqual(text, name, key) { found = value }
            index = blanks(text, from: value.upperBound)
            guard index < text.count, text[index] == 0x2C else { break }
            index = blanks(text, from: index + 1)
        }
        return found
    }

    /// An array's elements; nil for other values.
    static func elements(_ text: Span<UInt8>) -> [Range<Int>]? {
        var index = blanks(text, from: 0)
        guard index < text.count, text[index] == 0x5B else { return nil }
        var elements: [Range<Int>] = []
        index = blanks(text, from: index + 1)
        while index < text.count, text[index] != 0x5D {
            let element = value(text, from: index)
            elements.append(element)
            index = blanks(text, from: element.upperBound)
            guard index < text.count, text[index] == 0x2C else { break }
            index += 1
        }
        return elements
    }

    /// The one value of a text that is neither object nor array; nil for those.
    static func scalar(_ text: Span<UInt8>) -> [Range<Int>]? {
        let range = value(text, from: 0)
        guard range.count > 0, text[range.lowerBound] != 0x7B, text[range.lowerBound] != 0x5B else { return nil }
        return [range]
    }

    /// The characters of a string between its quotes, escapes resolved.
    static func unescaped(_ text: Span<UInt8>, _ range: Range<Int>) throws(QueryError) -> [UInt8] {
        var out: [UInt8] = []
        var index = range.lowerBound + 1
        while index < range.upperBound - 1 {
            guard text[index] == 0x5C else {
                out.append(text[index])
                index += 1
                continue
            }
            switch text[index + 1] {
            case 0x62: out.append(0x08)
            case 0x66: out.append(0x0C)
            case 0x6E: out.append(0x0A)
            case 0x72: out.append(0x0D)
            case 0x74: out.append(0x09)
            case 0x75:
                let (scalar, next) = try codePoint(text, at: index)
                out.append(contentsOf: String(Character(scalar)).utf8)
                index = next
                continue
            case let byte: out.append(byte)
            }
            index += 2
        }
        return out
    }

    /// `\uXXXX`, or two of them for a character beyond the first 65,536.
    private static func codePoint(_ text: Span<UInt8>, at index: Int) throws(QueryError) -> (Unicode.Scalar, Int) {
        let unit = hexadecimal(text, at: index + 2)
        if unit == 0 {
            throw QueryError(
                SQLState("22P05"), "unsupported Unicode escape sequence", detail: "\\u0000 cannot be converted to text."
            )
        }
        if unit & 0xFC00 == 0xD800, index + 12 <= text.count, text[index + 6] == 0x5C, text[index + 7] == 0x75 {
            let low = hexadecimal(text, at: index + 8)
            let value = 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF)
            return (Unicode.Scalar(value) ?? "\u{FFFD}", index + 12)
        }
        return (Unicode.Scalar(unit) ?? "\u{FFFD}", index + 6)
    }

    private static func hexadecimal(_ text: Span<UInt8>, at start: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in start..<min(start + 4, text.count) {
            let byte = text[index]
            let digit = byte &- 0x30 < 10 ? byte &- 0x30 : (byte | 0x20) &- 0x57
            value = value << 4 | UInt32(digit & 15)
        }
        return value
    }

    private static func isEqual(_ text: Span<UInt8>, _ name: Range<Int>, _ key: Span<UInt8>) -> Bool {
        let inner = text.extracting((name.lowerBound + 1)..<(name.upperBound - 1))
        if inner.find([0x5C].span) == nil { return inner.isEqual(to: key) }
        guard let plain = try? unescaped(text, name) else { return false }
        return plain.span.isEqual(to: key)
    }

    /// Past the string that begins at `start`.
    private static func string(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start + 1
        while index < text.count, text[index] != 0x22 { index += text[index] == 0x5C ? 2 : 1 }
        return min(index + 1, text.count)
    }

    @inline(__always)
    private static func blanks(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < text.count, text[index] == 0x20 || (text[index] >= 0x09 && text[index] <= 0x0D) { index += 1 }
        return index
    }

    private static func isEnd(_ byte: UInt8) -> Bool {
        byte == 0x2C || byte == 0x5D || byte == 0x7D || byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    /// Whether two canonical texts are the same value: numbers may differ in trailing zeros, nothing else.
    static func areEqual(_ a: Span<UInt8>, _ b: Span<UInt8>) throws(QueryError) -> Bool {
        if a.isEqual(to: b) { return true }
        var (i, j) = (0, 0)
        while i < a.count, j < b.count {
            if a[i] == 0x22 || b[j] == 0x22 {
                let (x, y) = (i..<string(a, from: i), j..<string(b, from: j))
                if a[i] != b[j] || !a.extracting(x).isEqual(to: b.extracting(y)) { return false }
                (i, j) = (x.upperBound, y.upperBound)
            } else if isNumber(a[i]), isNumber(b[j]) {
                let (x, y) = (value(a, from: i), value(b, from: j))
                do throws(ValueError) {
                    if try ValueParser.numeric(a.extracting(x)) != ValueParser.numeric(b.extracting(y)) { return false }
                } catch {
                    throw QueryError(error)
                }
                (i, j) = (x.upperBound, y.upperBound)
            } else {
                if a[i] != b[j] { return false }
                (i, j) = (i + 1, j + 1)
            }
        }
        return i == a.count && j == b.count
    }

    private static func isNumber(_ byte: UInt8) -> Bool { byte == 0x2D || byte &- 0x30 < 10 }
}

/// Cuts JSON text into tokens and words its errors as PostgreSQL does.
struct JSONLexer {
    enum Token: Hashable { case string, number, true_, false_, null, punctuation(UInt8), end }

    let bytes: [UInt8]
    /// Whether escapes in strings are decoded and checked: `jsonb` does, `json` keeps them as written.
    let decodes: Bool
    private(set) var token = Token.end
    /// Where the token stands.
    private(set) var range = 0..<0
    /// The token's characters, if it is a string and escapes are decoded.
    private(set) var string: [UInt8] = []

    init(_ bytes: Span<UInt8>, decodes: Bool) throws(ValueError) {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in bytes.indices { copy.append(bytes[index]) }
        self.bytes = copy
        self.decodes = decodes
        try advance()
    }

    mutating func advance() throws(ValueError) {
        var index = range.upperBound
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
        guard index < bytes.count else {
            range = index..<index
            token = .end
            return
        }
        switch bytes[index] {
        case 0x22: try scanString(index)
        case 0x2D, 0x30...0x39: try scanNumber(index)
        case 0x7B, 0x7D, 0x5B, 0x5D, 0x2C, 0x3A:
            range = index..<(index + 1)
            token = .punctuation(bytes[index])
        default: try scanWord(index)
        }
    }

    func found(_ expected: String) -> ValueError {
        if token == .end { return failure("The input string ended unexpectedly.", at: bytes.count) }
        return failure("\(expected), but found \"\(text(range))\".", at: range.upperBound)
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// - Parameter end: what was read when it failed; the line up to there tells the place.
    private func failure(_ detail: String, at end: Int, sqlState: String = "22P02") -> ValueError {
        let message =
            sqlState == "22P05"
            ? "unsupported Unicode escape sequence" : "invalid input syntax for type json"
        let read = bytes[..<end]
        let line = read.count { $0 == 0x0A } + 1
        let start = (read.lastIndex(of: 0x0A) ?? -1) + 1
        // PostgreSQL shows at most the last fifty bytes.
        var from = max(start, end - 50)
        while from < end && bytes[from] & 0xC0 == 0x80 { from += 1 }
        let shown = (from > start ? "..." : "") + text(from..<end) + (end < bytes.count ? "..." : "")
        return ValueError(
            sqlState: sqlState, message: message, detail: detail + " JSON data, line \(line): \(shown)")
    }

    private func invalidToken(_ start: Int, _ end: Int) -> ValueError {
        failure("Token \"\(text(start..<end))\" is invalid.", at: end)
    }

    private static func isWordPart(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || byte == 0x5F || byte >= 0x80
    }

    private mutating func scanWord(_ start: Int) throws(ValueError) {
        var end = start
        while end < bytes.count && Self.isWordPart(bytes[end]) { end += 1 }
        if end == start { throw invalidToken(start, start + 1) }
        range = start..<end
        switch text(range) {
        case "true": token = .true_
        case "false": token = .false_
        case "null": token = .null
        default: throw invalidToken(start, end)
        }
    }

    private mutating func scanNumber(_ start: Int) throws(ValueError) {
        var index = start
        func digits() -> Bool {
            let first = index
            while index < bytes.count && ASCII.isDigit(bytes[index]) { index += 1 }
            return index > first
        }
        func isAt(_ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }
        if isAt(0x2D) { index += 1 }
        var isGood = true
        if isAt(0x30) { index += 1 } else { isGood = digits() }
        if isGood && isAt(0x2E) {
            index += 1
            isGood = digits()
        }
        if isGood && (isAt(0x65) || isAt(0x45)) {
            index += 1
            if isAt(0x2B) || isAt(0x2D) { index += 1 }
            isGood = digits()
        }
        let end = index
        while index < bytes.count && Self.isWordPart(bytes[index]) { index += 1 }
        if !isGood || index > end { throw invalidToken(start, index) }
        range = start..<end
        token = .number
    }

    private mutating func scanString(_ start: Int) throws(ValueError) {
        string.removeAll(keepingCapacity: true)
        var index = start + 1
        var highSurrogate: UInt32?
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x22 {
                if highSurrogate != nil { throw surrogate("low surrogate must follow a high", index) }
                range = start..<(index + 1)
                token = .string
                return
            }
            if byte < 0x20 {
                let code = String(byte, radix: 16)
                throw failure(
                    "Character with value 0x\(code.count < 2 ? "0" : "")\(code) must be escaped.", at: index)
            }
            if byte == 0x5C {
                try scanEscape(&index, &highSurrogate)
                continue
            }
            if highSurrogate != nil { throw surrogate("low surrogate must follow a high", index) }
            if decodes { string.append(byte) }
            index += 1
        }
        throw invalidToken(start, bytes.count)
    }

    private func surrogate(_ rule: String, _ end: Int) -> ValueError {
        failure("Unicode \(rule) surrogate.", at: end)
    }

    private mutating func scanEscape(_ index: inout Int, _ high: inout UInt32?) throws(ValueError) {
        guard index + 1 < bytes.count else { throw invalidToken(range.upperBound, bytes.count) }
        let letter = bytes[index + 1]
        if letter == 0x75 { return try scanUnicode(&index, &high) }
        if high != nil { throw surrogate("low surrogate must follow a high", index + 2) }
        let plain: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
        ]
        guard let character = plain[letter] else {
            var end = index + 2
            while end < bytes.count && bytes[end] & 0xC0 == 0x80 { end += 1 }
            throw failure("Escape sequence \"\\\(text((index + 1)..<end))\" is invalid.", at: end)
        }
        if decodes { string.append(character) }
        index += 2
    }

    private mutating func scanUnicode(_ index: inout Int, _ high: inout UInt32?) throws(ValueError) {
        var code: UInt32 = 0
        for position in (index + 2)..<(index + 6) {
            guard position < bytes.count, let digit = ASCII.hexValue(bytes[position]) else {
                if position >= bytes.count { throw invalidToken(range.upperBound, bytes.count) }
                throw failure("\"\\u\" must be followed by four hexadecimal digits.", at: position + 1)
            }
            code = code << 4 | UInt32(digit)
        }
        index += 6
        guard decodes else { return }
        switch code {
        case 0xD800...0xDBFF:
            if high != nil { throw surrogate("high surrogate must not follow a high", index) }
            high = code
            return
        case 0xDC00...0xDFFF:
            guard let first = high else { throw surrogate("low surrogate must follow a high", index) }
            code = 0x10000 + (first & 0x3FF) << 10 + (code & 0x3FF)
            high = nil
        default:
            if high != nil { throw surrogate("low surrogate must follow a high", index) }
        }
        if code == 0 { throw failure("\\u0000 cannot be converted to text.", at: index, sqlState: "22P05") }
        guard let scalar = Unicode.Scalar(code) else { return }
        string.append(contentsOf: Character(scalar).utf8)
    }
}

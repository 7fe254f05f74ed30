/// Where PostgreSQL's tokens end: the rules of its scan.l that a depth count needs.
///
/// Text is UTF-8; every function takes the offset of a token's first byte and gives the offset after the token.
/// A token that the text ends in the middle of ends with the text.
enum SQLLexer {
    /// What a word means for the depth of a tree (``StatementScan``).
    enum Role {
        /// An operator spelled as a word: NOT, IS, COLLATE …
        case operatorWord
        /// Begins another part of a statement or ends an operand: AND, FROM, WHEN …
        case separator
        case join
        /// LEFT, INNER …: may stand before JOIN.
        case joinKind
        case setOperation
        case setWord
        case caseWord
        case endWord
        case asWord
        case asof
        case none
    }

    private static let roles: [UInt128: Role] = {
        var roles: [UInt128: Role] = [:]
        func add(_ words: String, _ role: Role) {
            for word in words.split(separator: " ") { roles[packed(Array(word.utf8).span, 0, word.utf8.count)] = role }
        }
        add("not is isnull notnull collate at like ilike similar between in operator overlaps", .operatorWord)
        // Reserved words only: a word that can also be a column's name must not cut a chain of operators in two.
        add("and or select from where having group order on using limit offset returning when then else", .separator)
        add("union intersect except", .setOperation)
        add("left right full inner cross natural", .joinKind)
        roles[packed("join")] = .join
        roles[packed("set")] = .setWord
        roles[packed("case")] = .caseWord
        roles[packed("end")] = .endWord
        roles[packed("as")] = .asWord
        roles[packed("asof")] = .asof
        return roles
    }()

    static func role(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Role {
        end - start <= 16 ? roles[packed(text, start, end)] ?? .none : .none
    }

    private static func packed(_ word: String) -> UInt128 {
        packed(Array(word.utf8).span, 0, word.utf8.count)
    }

    /// The word in lower case as one number; only for up to 16 bytes.
    private static func packed(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> UInt128 {
        var value: UInt128 = 0
        var at = start
        while at < end {
            let byte = text[at]
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            value = value << 8 | UInt128(isUpper ? byte | 0x20 : byte)
            at += 1
        }
        return value
    }

    static func peek(_ text: borrowing Span<UInt8>, _ at: Int) -> UInt8? {
        at < text.count ? text[at] : nil
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (byte >= 0x09 && byte <= 0x0D)
    }

    static func startsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: byte >= 0x80
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    static func endOfWord(_ text: borrowing Span<UInt8>, _ start: Int) -> Int {
        var at = start + 1
        while at < text.count, startsWord(text[at]) || isDigit(text[at]) || text[at] == UInt8(ascii: "$") { at += 1 }
        return at
    }

    /// Digits with point and exponent; junk after it is the grammar's to refuse.
    static func endOfNumber(_ text: borrowing Span<UInt8>, _ start: Int) -> Int {
        var at = endOfDigits(text, start)
        if peek(text, at) == UInt8(ascii: "."), peek(text, at + 1) != UInt8(ascii: ".") {
            at = endOfDigits(text, at + 1)
        }
        guard let mark = peek(text, at), mark | 0x20 == UInt8(ascii: "e") else { return at }
        let sign = peek(text, at + 1)
        let digits = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") ? at + 2 : at + 1
        let end = endOfDigits(text, digits)
        return end > digits ? end : at
    }

    private static func endOfDigits(_ text: borrowing Span<UInt8>, _ start: Int) -> Int {
        var at = start
        while at < text.count, isDigit(text[at]) { at += 1 }
        return at
    }

    /// White space and comments from `start` on.
    static func endOfSpace(_ text: borrowing Span<UInt8>, _ start: Int) -> Int {
        var at = start
        while at < text.count {
            if isSpace(text[at]) {
                at += 1
            } else if let next = peek(text, at + 1),
                text[at] == UInt8(ascii: "-") && next == UInt8(ascii: "-")
                    || text[at] == UInt8(ascii: "/") && next == UInt8(ascii: "*")
            {
                at = endOfComment(text, at)
            } else {
                break
            }
        }
        return at
    }

    /// `-- …` or `/* … */`, the latter nested.
    static func endOfComment(_ text: borrowing Span<UInt8>, _ start: Int) -> Int {
        var at = start + 2
        if text[start] == UInt8(ascii: "-") {
            while at < text.count, text[at] != 0x0A, text[at] != 0x0D { at += 1 }
            return at
        }
        var open = 1
        while at < text.count, open > 0 {
            let next = peek(text, at + 1)
            if text[at] == UInt8(ascii: "*"), next == UInt8(ascii: "/") {
                open -= 1
                at += 2
            } else if text[at] == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
                open += 1
                at += 2
            } else {
                at += 1
            }
        }
        return min(at, text.count)
    }

    /// For the word before a quote: nil when it is no prefix of a string, else whether backslashes escape.
    static func stringPrefix(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Bool? {
        guard end - start == 1 else { return nil }
        switch text[start] | 0x20 {
        case UInt8(ascii: "e"): return true
        case UInt8(ascii: "b"), UInt8(ascii: "x"), UInt8(ascii: "n"): return false
        default: return nil
        }
    }

    /// A string from its opening quote on, with its continuations on later lines, which keep its escapes.
    static func endOfString(_ text: borrowing Span<UInt8>, _ start: Int, escapes: Bool) -> Int {
        var at = start + 1
        while at < text.count {
            if escapes, text[at] == UInt8(ascii: "\\") {
                at += 2
            } else if text[at] != UInt8(ascii: "'") {
                at += 1
            } else if peek(text, at + 1) == UInt8(ascii: "'") {
                at += 2
            } else if escapes, let next = continuation(text, at + 1) {
                at = next + 1
            } else {
                return at + 1
            }
        }
        return text.count
    }

    /// The quote that continues a string after white space with a line break.
    private static func continuation(_ text: borrowing Span<UInt8>, _ start: Int) -> Int? {
        var at = start
        var hasBreak = false
        while at < text.count {
            if isSpace(text[at]) {
                hasBreak = hasBreak || text[at] == 0x0A || text[at] == 0x0D
                at += 1
            } else if text[at] == UInt8(ascii: "-"), peek(text, at + 1) == UInt8(ascii: "-") {
                at = endOfComment(text, at)
            } else {
                break
            }
        }
        return hasBreak && peek(text, at) == UInt8(ascii: "'") ? at : nil
    }

    /// A quoted identifier.
    static func endOfQuoted(_ text: borrowing Span<UInt8>, _ start: Int) -> Int {
        var at = start + 1
        while at < text.count {
            if text[at] != UInt8(ascii: "\"") {
                at += 1
            } else if peek(text, at + 1) == UInt8(ascii: "\"") {
                at += 2
            } else {
                return at + 1
            }
        }
        return text.count
    }

    /// `$1`, `$$ … $$`, `$tag$ … $tag$`, or a lone dollar.
    static func endOfDollar(_ text: borrowing Span<UInt8>, _ start: Int) -> Int {
        guard let next = peek(text, start + 1) else { return start + 1 }
        if isDigit(next) { return endOfDigits(text, start + 1) }
        var tagEnd = start + 1
        if startsWord(next) {
            while tagEnd < text.count, startsWord(text[tagEnd]) || isDigit(text[tagEnd]) { tagEnd += 1 }
        }
        guard peek(text, tagEnd) == UInt8(ascii: "$") else { return start + 1 }
        let length = tagEnd + 1 - start
        var at = tagEnd + 1
        while at < text.count {
            if text[at] == UInt8(ascii: "$"), isRepeated(text, start, at, length) { return at + length }
            at += 1
        }
        return text.count
    }

    private static func isRepeated(_ text: borrowing Span<UInt8>, _ first: Int, _ second: Int, _ length: Int) -> Bool {
        guard second + length <= text.count else { return false }
        var index = 0
        while index < length {
            guard text[first + index] == text[second + index] else { return false }
            index += 1
        }
        return true
    }

    static func isOperator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "<"),
            UInt8(ascii: ">"), UInt8(ascii: "="):
            true
        default: isSpecialOperator(byte)
        }
    }

    /// The bytes that let an operator end in + or −.
    private static func isSpecialOperator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "~"), UInt8(ascii: "!"), UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "^"),
            UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "`"), UInt8(ascii: "?"), UInt8(ascii: "%"):
            true
        default: false
        }
    }

    /// A run of operator bytes and how many operators PostgreSQL reads in it: `||` is one, `+-+` three.
    static func operatorRun(_ text: borrowing Span<UInt8>, _ start: Int) -> (end: Int, operators: Int) {
        var at = start
        var isSpecial = false
        var signs = 0
        while at < text.count, isOperator(text[at]) {
            let next = peek(text, at + 1)
            if text[at] == UInt8(ascii: "-"), next == UInt8(ascii: "-") { break }
            if text[at] == UInt8(ascii: "/"), next == UInt8(ascii: "*") { break }
            isSpecial = isSpecial || isSpecialOperator(text[at])
            let isSign = text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-")
            signs = isSign && at > start ? signs + 1 : 0
            at += 1
        }
        return (at, isSpecial ? 1 : 1 + signs)
    }
}

// Tokens by their place, for messages.
extension SQLLexer {
    /// The token at `location`; empty at the end of the text.
    static func token(_ text: borrowing Span<UInt8>, at location: Int) -> Range<Int> {
        guard let byte = peek(text, location) else { return text.count..<text.count }
        if startsWord(byte) { return location..<endOfWord(text, location) }
        if isDigit(byte) { return location..<endOfNumber(text, location) }
        if isOperator(byte) { return location..<operatorRun(text, location).end }
        return location..<location + 1
    }

    /// The word at `location` in lower case; empty when there is none.
    static func word(_ text: borrowing Span<UInt8>, at location: Int) -> String {
        guard let byte = peek(text, location), startsWord(byte) else { return "" }
        return lowercased(text, location, endOfWord(text, location))
    }

    /// The word before `location`, with only white space between, in lower case.
    static func word(_ text: borrowing Span<UInt8>, endingBefore location: Int) -> String {
        var end = min(location, text.count)
        while end > 0, isSpace(text[end - 1]) { end -= 1 }
        var start = end
        while start > 0, startsWord(text[start - 1]) || isDigit(text[start - 1]) { start -= 1 }
        return lowercased(text, start, end)
    }

    private static func lowercased(_ text: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> String {
        var bytes: [UInt8] = []
        var at = start
        while at < min(end, start + 64) {
            let isUpper = text[at] >= UInt8(ascii: "A") && text[at] <= UInt8(ascii: "Z")
            bytes.append(isUpper ? text[at] | 0x20 : text[at])
            at += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Byte offset of the 1-based character `position`, at most the length of the text.
    static func offset(ofCharacter position: Int, in text: borrowing Span<UInt8>) -> Int {
        var scalars = 0
        var at = 0
        while at < text.count {
            if text[at] & 0xC0 != 0x80 { scalars += 1 }
            if scalars == position { return at }
            at += 1
        }
        return text.count
    }
}

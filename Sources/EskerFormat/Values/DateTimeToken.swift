/// One word of a date, time or interval text, in lower case.
struct DateTimeToken {
    enum Kind {
        /// Digits, perhaps with a decimal point: `1999`, `040506.78`
        case number
        /// Several parts held together by `-`, `/` or `.`, or a word with digits: `1999-01-08`, `europe/berlin`
        case date
        /// Digits with a colon: `04:05:06.78`
        case time
        /// A sign and digits: `-08:00`
        case zone
        /// Letters
        case word
        /// A sign and letters: `-infinity`
        case signedWord
    }

    var kind: Kind
    var text: [UInt8]

    /// PostgreSQL takes 25 words, and about as many characters as two of its longest outputs.
    private static let limit = 25
    private static let lengthLimit = 256

    /// Cuts a text into words; nil if something stands in it that belongs to no word.
    static func split(_ bytes: Span<UInt8>) -> [DateTimeToken]? {
        var cutter = DateTimeCutter(bytes)
        guard cutter.bytes.count <= lengthLimit else { return nil }
        var tokens: [DateTimeToken] = []
        while true {
            cutter.skip(while: ASCII.isSpace)
            guard let byte = cutter.current else { return tokens }
            if tokens.count == limit { return nil }
            cutter.start()
            let kind: Kind
            if ASCII.isDigit(byte) {
                kind = cutter.digitsFirst()
            } else if byte == 0x2E {
                cutter.advance()
                cutter.skip(while: ASCII.isDigit)
                kind = .number
            } else if ASCII.isAlpha(byte) {
                kind = cutter.lettersFirst()
            } else if byte == 0x2B || byte == 0x2D {
                guard let signed = cutter.signFirst() else { return nil }
                kind = signed
            } else if ASCII.isPunctuation(byte) {
                cutter.advance()
                continue
            } else {
                return nil
            }
            tokens.append(DateTimeToken(kind: kind, text: cutter.taken))
        }
    }
}

/// Takes words off the front of a text.
private struct DateTimeCutter {
    let bytes: [UInt8]
    private var index = 0
    /// The word being taken.
    private(set) var taken: [UInt8] = []

    init(_ span: Span<UInt8>) {
        var copy: [UInt8] = []
        for index in span.indices { copy.append(ASCII.lower(span[index])) }
        bytes = copy
    }

    var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func start() { taken = [] }

    mutating func advance() {
        taken.append(bytes[index])
        index += 1
    }

    mutating func skip(while isWanted: (UInt8) -> Bool) {
        while let byte = current, isWanted(byte) { advance() }
    }

    private func at(_ ahead: Int) -> UInt8 { index + ahead < bytes.count ? bytes[index + ahead] : 0 }

    /// A number, a date that begins with one, or a time.
    mutating func digitsFirst() -> DateTimeToken.Kind {
        skip(while: ASCII.isDigit)
        guard let delimiter = current else { return .number }
        if delimiter == 0x3A {
            skip { ASCII.isDigit($0) || $0 == 0x3A || $0 == 0x2E }
            return .time
        }
        guard delimiter == 0x2D || delimiter == 0x2F || delimiter == 0x2E else { return .number }
        advance()
        guard let next = current, ASCII.isDigit(next) else {
            skip { ASCII.isAlphanumeric($0) || $0 == delimiter }
            return .date
        }
        skip(while: ASCII.isDigit)
        // A second delimiter of the same kind makes it a date; a single point makes it a number.
        if current == delimiter {
            advance()
            skip { ASCII.isDigit($0) || $0 == delimiter }
            return .date
        }
        return delimiter == 0x2E ? .number : .date
    }

    /// A word; or a date or zone name if a delimiter or a digit follows.
    mutating func lettersFirst() -> DateTimeToken.Kind {
        skip(while: ASCII.isAlpha)
        guard let next = current else { return .word }
        var isDate = next == 0x2D || next == 0x2F || next == 0x2E
        if !isDate && (next == 0x2B || ASCII.isDigit(next)) {
            isDate = DateTimeWord.find(taken) == nil
        }
        guard isDate else { return .word }
        skip { ASCII.isAlphanumeric($0) || [0x2B, 0x2D, 0x2F, 0x5F, 0x2E, 0x3A].contains($0) }
        return .date
    }

    /// A zone's offset, or a word with a sign.
    mutating func signFirst() -> DateTimeToken.Kind? {
        advance()
        while let byte = current, ASCII.isSpace(byte) { index += 1 }
        guard let next = current else { return nil }
        if ASCII.isDigit(next) {
            skip { ASCII.isDigit($0) || $0 == 0x3A || $0 == 0x2E || $0 == 0x2D }
            return .zone
        }
        guard ASCII.isAlpha(next) else { return nil }
        skip(while: ASCII.isAlpha)
        return .signedWord
    }
}

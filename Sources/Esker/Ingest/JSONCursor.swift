// Unsafe: walks through a line byte by byte. Every line ends in LF, which no step of the walk passes: strings, blanks,
// numbers and words all stop there, so that no step needs to ask where the line ends.

internal import CEskerKernels

/// A place in a line of JSON, and the steps from token to token.
@safe
struct JSONCursor {
    private let text: UnsafePointer<UInt8>
    /// The next byte, counted from the text's first.
    private(set) var position: Int
    /// What is wrong at ``position``, once a step has failed.
    private(set) var fault: String?

    /// Starts at a position of a text that has an LF at or after it, and 64 readable bytes behind that.
    @unsafe
    init(_ text: UnsafePointer<UInt8>, at position: Int) {
        unsafe self.text = text
        self.position = position
    }

    /// The next byte.
    @inline(__always)
    var byte: UInt8 { unsafe text[position] }

    /// Passes over a byte that is not the line's end.
    @inline(__always)
    mutating func step() { position &+= 1 }

    @inline(__always)
    mutating func passBlanks() {
        while byte == 0x20 || byte == 0x09 || byte == 0x0D { position &+= 1 }
    }

    /// Records what is wrong here. Always false, for `return cursor.fail(…)`.
    @inline(never)
    mutating func fail(_ reason: String) -> Bool {
        fault = reason
        return false
    }

    /// Whether these bytes and a quote come next; if so, passes over them.
    @inline(__always)
    mutating func pass(_ key: UnsafePointer<UInt8>, _ length: Int, before end: Int) -> Bool {
        guard position &+ length < end, unsafe text[position &+ length] == 0x22 else { return false }
        var index = 0
        while index < length {
            if unsafe text[position &+ index] != key[index] { return false }
            index &+= 1
        }
        position &+= length &+ 1
        return true
    }

    // MARK: Tokens

    /// A string, after its opening quote: passes over it and its closing quote.
    ///
    /// - Returns: whether it has escapes, or nil when it is broken.
    @inline(__always)
    mutating func string() -> Bool? {
        position &+= unsafe Int(esker_json_plain_length(text + position))
        if byte == 0x22 {
            position &+= 1
            return false
        }
        return escapedString()
    }

    @inline(never)
    private mutating func escapedString() -> Bool? {
        while true {
            switch byte {
            case 0x22:
                position &+= 1
                return true
            case 0x5C:
                position &+= 1
                guard escape() else { return nil }
                position &+= unsafe Int(esker_json_plain_length(text + position))
            default:
                _ = fail(byte == 0x0A ? "unterminated string" : "control character in a string: write it as an escape")
                return nil
            }
        }
    }

    /// What follows a backslash.
    private mutating func escape() -> Bool {
        switch byte {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: position &+= 1
        case 0x75:
            for _ in 0..<4 {
                position &+= 1
                let isDigit = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
                if !isDigit { return fail("\\u takes four hexadecimal digits") }
            }
            position &+= 1
        default: return fail("unknown escape in a string")
        }
        return true
    }

    /// A number: `-`, digits without a leading zero, a fraction, an exponent.
    @inline(__always)
    mutating func number() -> Bool {
        if byte == 0x2D { position &+= 1 }
        if byte == 0x30 {
            position &+= 1
        } else if !digits() {
            return fail("expected a digit")
        }
        if byte == 0x2E {
            position &+= 1
            if !digits() { return fail("expected a digit after the point") }
        }
        if byte | 0x20 == 0x65 {
            position &+= 1
            if byte == 0x2B || byte == 0x2D { position &+= 1 }
            if !digits() { return fail("expected a digit in the exponent") }
        }
        return true
    }

    @inline(__always)
    private mutating func digits() -> Bool {
        let start = position
        while byte &- 0x30 < 10 { position &+= 1 }
        return position > start
    }

    /// `true`, `false` or `null`, by the first letter.
    mutating func word() -> Bool {
        let word: StaticString
        switch byte {
        case 0x74: word = "true"
        case 0x66: word = "false"
        case 0x6E: word = "null"
        default: return fail(byte == 0x0A ? "expected a value, found the end of the line" : "expected a value")
        }
        var index = 0
        while index < word.utf8CodeUnitCount {
            if unsafe byte != word.utf8Start[index] { return fail("expected \"\(word)\"") }
            position &+= 1
            index &+= 1
        }
        return true
    }
}

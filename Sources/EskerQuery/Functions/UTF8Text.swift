/// Questions about UTF-8 bytes, in characters: Unicode scalars, as PostgreSQL counts.
///
/// Text in columns is valid UTF-8; bytes that are not are treated without trapping.
enum UTF8Text {
    @inline(__always)
    static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// Number of characters. O(bytes), or O(1) when the caller knows that all are ASCII.
    @inline(__always)
    static func count(_ text: Span<UInt8>, isASCII: Bool = false) -> Int {
        if isASCII { return text.count }
        var characters = 0
        var index = 0
        while index < text.count {
            characters &+= isContinuation(text[index]) ? 0 : 1
            index &+= 1
        }
        return characters
    }

    /// Where the character that many characters after `start` begins, at most at the end.
    @inline(__always)
    static func advance(_ text: Span<UInt8>, from start: Int, by characters: Int, isASCII: Bool = false) -> Int {
        if characters <= 0 { return start }
        if isASCII { return characters < text.count &- start ? start &+ characters : text.count }
        var index = start
        var left = characters
        while index < text.count {
            index &+= 1
            while index < text.count && isContinuation(text[index]) { index &+= 1 }
            left &-= 1
            if left == 0 { break }
        }
        return index
    }

    /// Where the character before `end` begins.
    @inline(__always)
    static func previous(_ text: Span<UInt8>, before end: Int) -> Int {
        var index = end &- 1
        while index > 0 && isContinuation(text[index]) { index &-= 1 }
        return index
    }

    /// Whether all bytes are ASCII.
    @inline(__always)
    static func isASCII(_ text: Span<UInt8>) -> Bool {
        var bits: UInt8 = 0
        var index = 0
        while index < text.count {
            bits |= text[index]
            index &+= 1
        }
        return bits < 0x80
    }

    /// The character at `index` and where the next begins; U+FFFD for a byte that begins none.
    static func decode(_ text: Span<UInt8>, at index: Int) -> (scalar: Unicode.Scalar, next: Int) {
        let first = text[index]
        if first < 0x80 { return (Unicode.Scalar(first), index + 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard index + length <= text.count else { return ("\u{FFFD}", index + 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(text[index + offset] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", index + length)
    }

    /// The text as an array of characters.
    static func scalars(_ text: Span<UInt8>) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            let (scalar, next) = decode(text, at: index)
            scalars.append(scalar)
            index = next
        }
        return scalars
    }
}

extension Unicode.Scalar {
    /// The lower-case character, when that is one character: as C's `towlower`.
    var lowered: Unicode.Scalar {
        if value == 0x130 { return "i" }
        let mapping = properties.lowercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first! : self
    }

    /// The upper-case character, when that is one character: as C's `towupper`.
    var uppered: Unicode.Scalar {
        let mapping = properties.uppercaseMapping.unicodeScalars
        return mapping.count == 1 ? mapping.first! : self
    }

    /// Whether it is a letter or digit.
    var isAlphanumeric: Bool {
        if value < 0x80 { return (value | 0x20) &- 0x61 < 26 || value &- 0x30 < 10 }
        return properties.isAlphabetic || properties.numericType != nil
    }
}

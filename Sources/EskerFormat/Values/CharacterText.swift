/// Texts with a length in characters.
extension ValueParser {
    /// The bytes of `text` that a `varchar(limit)` holds: all of it, or less if only blanks are cut off.
    ///
    /// - Parameter truncates: cut off anything, as an explicit cast does.
    /// - Throws: 22001 if the text is longer.
    package static func varchar(_ text: Span<UInt8>, limit: Int?, truncates: Bool = false) throws(ValueError) -> Int {
        guard let limit, text.count > limit else { return text.count }
        return try cut(text, limit, truncates, "character varying(\(limit))")
    }

    /// The bytes of `text` that a `char(length)` holds and the blanks that follow them.
    ///
    /// - Throws: 22001 if the text is longer and not only by blanks.
    package static func char(_ text: Span<UInt8>, length: Int, truncates: Bool = false) throws(ValueError) -> (
        bytes: Int, blanks: Int
    ) {
        let bytes = try cut(text, length, truncates, "character(\(length))")
        return (bytes, length - characters(text.extracting(0..<bytes)))
    }

    /// How many bytes the first `limit` characters have.
    private static func cut(_ text: Span<UInt8>, _ limit: Int, _ truncates: Bool, _ type: String) throws(ValueError)
        -> Int
    {
        var index = 0
        var count = 0
        while index < text.count {
            if text[index] & 0xC0 != 0x80 {
                if count == limit { break }
                count += 1
            }
            index += 1
        }
        var rest = truncates ? text.count : index
        while rest < text.count {
            if text[rest] != 0x20 {
                throw ValueError(sqlState: "22001", message: "value too long for type \(type)")
            }
            rest += 1
        }
        return index
    }

    /// How many characters UTF-8 bytes hold.
    package static func characters(_ text: Span<UInt8>) -> Int {
        var count = 0
        var index = 0
        while index < text.count {
            count &+= text[index] & 0xC0 != 0x80 ? 1 : 0
            index &+= 1
        }
        return count
    }

    /// The bytes of a `char(n)` that count in comparisons: all but the blanks at the end.
    package static func significantCount(_ text: Span<UInt8>) -> Int {
        var count = text.count
        while count > 0 && text[count - 1] == 0x20 { count -= 1 }
        return count
    }
}

internal import EskerFormat

/// The lengths of `varchar(n)` and `char(n)`.
///
/// Source: SQL's rule that only blanks may be cut off when a value is stored, while an explicit cast cuts anything.
enum TextLimits {
    /// To `varchar(length)`.
    static func varchar(_ length: Int, isExplicit: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let texts = call.bytes(0)
            return try call.writeBytes(byteCount: call.byteCount(0)) { row, out throws(QueryError) in
                let text = texts[row]
                let end = try cut(text, length, isExplicit, "character varying(\(length))")
                out.add(text.extracting(0..<end))
            }
        }
    }

    /// To `char(length)`: filled up with blanks.
    static func char(_ length: Int, isExplicit: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let texts = call.bytes(0)
            return try call.writeBytes(byteCount: call.count * length) { row, out throws(QueryError) in
                let text = texts[row]
                let end = try cut(text, length, isExplicit, "character(\(length))")
                out.add(text.extracting(0..<end))
                for _ in 0..<max(0, length - UTF8Text.count(text)) { out.add(0x20) }
            }
        }
    }

    /// Where the part of the text that fits ends.
    @inline(__always)
    private static func cut(
        _ text: Span<UInt8>, _ length: Int, _ isExplicit: Bool, _ type: @autoclosure () -> String
    ) throws(QueryError) -> Int {
        if text.count <= length { return text.count }
        let end = UTF8Text.advance(text, from: 0, by: length)
        if isExplicit { return end }
        for index in end..<text.count where text[index] != 0x20 {
            throw QueryError(.stringDataRightTruncation, "value too long for type \(type())")
        }
        return end
    }

    /// From `char(n)` to a string without a length.
    static let withoutBlanks: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
            out.add(TextTrim.withoutTrailingBlanks(texts[row]))
        }
    }
}

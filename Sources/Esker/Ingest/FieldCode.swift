/// How bytes of a field stand for its value when they do not stand for themselves.
enum FieldCode {
    /// Quotes as in PostgreSQL's CSV: they may open anywhere in a field; the escape counts inside them only.
    case csv(quote: UInt8, escape: UInt8)
    /// Escapes as in a JSON string, without its quotes.
    case json

    /// Puts the value into `out`, which is emptied first.
    ///
    /// - Returns: what is wrong, or nil.
    func decode(_ text: Span<UInt8>, into out: inout [UInt8]) -> String? {
        out.removeAll(keepingCapacity: true)
        switch self {
        case .csv(let quote, let escape):
            Self.unquote(text, quote, escape, into: &out)
            return nil
        case .json: return JSONString.decode(text, into: &out)
        }
    }

    private static func unquote(_ text: Span<UInt8>, _ quote: UInt8, _ escape: UInt8, into out: inout [UInt8]) {
        var isInside = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            if isInside && byte == escape && index + 1 < text.count,
                text[index + 1] == quote || text[index + 1] == escape
            {
                out.append(text[index + 1])
                index += 2
                continue
            }
            if byte == quote { isInside.toggle() } else { out.append(byte) }
            index += 1
        }
    }
}

internal import EskerFormat

/// Taking characters off the ends of strings, and filling them up to a length.
enum TextTrim {
    struct Ends: OptionSet {
        let rawValue: Int
        static let leading = Ends(rawValue: 1)
        static let trailing = Ends(rawValue: 2)
    }

    /// Without the blanks at the end.
    @_lifetime(copy text)
    @inline(__always)
    static func withoutTrailingBlanks(_ text: Span<UInt8>) -> Span<UInt8> {
        var end = text.count
        while end > 0 && text[end &- 1] == 0x20 { end &-= 1 }
        return text.extracting(0..<end)
    }

    static func blanks(_ ends: Ends) -> Kernel {
        { (call) throws(QueryError) in
            let texts = call.bytes(0)
            return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
                let text = texts[row]
                var (start, end) = (0, text.count)
                if ends.contains(.leading) { while start < end && text[start] == 0x20 { start &+= 1 } }
                if ends.contains(.trailing) { while end > start && text[end &- 1] == 0x20 { end &-= 1 } }
                out.add(text.extracting(start..<end))
            }
        }
    }

    /// `trim(text, set)`: takes off characters that are in the set.
    static func characters(_ ends: Ends) -> Kernel {
        { (call) throws(QueryError) in
            let texts = call.bytes(0)
            let sets = call.bytes(1)
            return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
                let (text, set) = (texts[row], sets[row])
                var (start, end) = (0, text.count)
                while ends.contains(.leading) && start < end {
                    let next = UTF8Text.advance(text, from: start, by: 1)
                    guard contains(set, text.extracting(start..<next)) else { break }
                    start = next
                }
                while ends.contains(.trailing) && end > start {
                    let last = UTF8Text.previous(text, before: end)
                    guard contains(set, text.extracting(last..<end)) else { break }
                    end = last
                }
                out.add(text.extracting(start..<end))
            }
        }
    }

    private static func contains(_ set: Span<UInt8>, _ character: Span<UInt8>) -> Bool {
        var index = 0
        while index < set.count {
            let next = UTF8Text.advance(set, from: index, by: 1)
            if set.extracting(index..<next).isEqual(to: character) { return true }
            index = next
        }
        return false
    }

    /// `lpad` and `rpad`: the text with the fill repeated before or after it up to `length` characters; longer texts
    /// are cut.
    static func pad(atStart: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let texts = call.bytes(0)
            let lengths = call.values(1, as: Int32.self)
            let hasFill = call.arguments.count > 2
            let blank: [UInt8] = [0x20]
            let fills = call.bytes(hasFill ? 2 : 0)
            return try call.writeBytes(byteCount: call.byteCount(0)) { row, out throws(QueryError) in
                let text = texts[row]
                let fill = hasFill ? fills[row] : blank.span
                let length = max(Int(lengths[row]), 0)
                let has = UTF8Text.count(text)
                let missing = fill.count == 0 ? 0 : max(length - has, 0)
                guard text.count + missing * max(fill.count, 1) < StringLimit.bytes else { throw StringLimit.exceeded }
                if atStart { repeated(fill, characters: missing, &out) }
                out.add(text.extracting(0..<UTF8Text.advance(text, from: 0, by: min(length, has))))
                if !atStart { repeated(fill, characters: missing, &out) }
            }
        }
    }

    private static func repeated(_ fill: Span<UInt8>, characters: Int, _ out: inout VariableWriter) {
        guard characters > 0 else { return }
        var left = characters
        let whole = UTF8Text.count(fill)
        while left >= whole {
            out.add(fill)
            left -= whole
        }
        out.add(fill.extracting(0..<UTF8Text.advance(fill, from: 0, by: left)))
    }
}

/// How long one string may get: PostgreSQL's limit of 1 GB an allocation.
enum StringLimit {
    static let bytes = 0x3FFF_FFFF
    static let exceeded = QueryError(.programLimitExceeded, "requested length too large")
}

extension FunctionList {
    mutating func addTextTrim() {
        let names: [(String, TextTrim.Ends)] = [
            ("btrim", [.leading, .trailing]), ("ltrim", .leading), ("rtrim", .trailing),
        ]
        for (name, ends) in names {
            addFunction(name, [.text], .text, TextTrim.blanks(ends))
            addFunction(name, [.text, .text], .text, TextTrim.characters(ends))
        }
        addFunction("lpad", [.text, .int4], .text, TextTrim.pad(atStart: true))
        addFunction("lpad", [.text, .int4, .text], .text, TextTrim.pad(atStart: true))
        addFunction("rpad", [.text, .int4], .text, TextTrim.pad(atStart: false))
        addFunction("rpad", [.text, .int4, .text], .text, TextTrim.pad(atStart: false))
    }
}

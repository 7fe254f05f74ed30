internal import EskerFormat

/// How long strings are, and parts of them by position.
enum TextLength {
    /// Characters.
    static let characters: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let isASCII = call.isASCII(0)
        return try call.writeValues { row in Int32(truncatingIfNeeded: UTF8Text.count(texts[row], isASCII: isASCII)) }
    }

    /// Characters of a `char(n)`, without its trailing blanks.
    static let trimmedCharacters: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        return try call.writeValues { row in
            Int32(truncatingIfNeeded: UTF8Text.count(TextTrim.withoutTrailingBlanks(texts[row])))
        }
    }

    static let bytes: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        return try call.writeValues { row in Int32(truncatingIfNeeded: texts[row].count) }
    }

    static let bits: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        return try call.writeValues { row in Int32(truncatingIfNeeded: texts[row].count &* 8) }
    }

    /// `substr(text, from)`.
    static let substringFrom: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let isASCII = call.isASCII(0)
        let starts = call.values(1, as: Int32.self)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
            let text = texts[row]
            let first = UTF8Text.advance(text, from: 0, by: Int(starts[row]) - 1, isASCII: isASCII)
            out.add(text.extracting(first..<text.count))
        }
    }

    /// `substr(text, from, count)`; positions before the first are counted, though nothing stands there.
    static let substring: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let isASCII = call.isASCII(0)
        let starts = call.values(1, as: Int32.self)
        let counts = call.values(2, as: Int32.self)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out throws(QueryError) in
            let range = try characterRange(starts[row], counts[row])
            let text = texts[row]
            let first = UTF8Text.advance(text, from: 0, by: range.lowerBound, isASCII: isASCII)
            let end = UTF8Text.advance(text, from: first, by: range.count, isASCII: isASCII)
            out.add(text.extracting(first..<end))
        }
    }

    /// `substr(bytea, from)` and `substr(bytea, from, count)`.
    static let subbytes: Kernel = { (call) throws(QueryError) in
        let strings = call.bytes(0)
        let starts = call.values(1, as: Int32.self)
        let hasCount = call.arguments.count > 2
        let counts = call.values(hasCount ? 2 : 1, as: Int32.self)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out throws(QueryError) in
            let string = strings[row]
            let range = try characterRange(starts[row], hasCount ? counts[row] : .max)
            let first = min(range.lowerBound, string.count)
            out.add(string.extracting(first..<min(range.upperBound, string.count)))
        }
    }

    /// The 0-based characters that `from` (1-based, may lie before the text) and `count` name.
    private static func characterRange(_ from: Int32, _ count: Int32) throws(QueryError) -> Range<Int> {
        let end = Int(from) + Int(count)
        if count < 0 {
            // A sum beyond an integer means "up to the end" even for a negative length.
            throw QueryError(.substringError, "negative substring length not allowed")
        }
        let first = max(Int(from), 1) - 1
        return first..<max(end - 1, first)
    }

    /// `left(text, n)`: a negative n leaves out characters at the end.
    static let left: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let isASCII = call.isASCII(0)
        let counts = call.values(1, as: Int32.self)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
            let text = texts[row]
            let count = Int(counts[row])
            let kept = count >= 0 ? count : UTF8Text.count(text, isASCII: isASCII) + count
            out.add(text.extracting(0..<UTF8Text.advance(text, from: 0, by: kept, isASCII: isASCII)))
        }
    }

    /// `right(text, n)`: a negative n leaves out characters at the start.
    static let right: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let isASCII = call.isASCII(0)
        let counts = call.values(1, as: Int32.self)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
            let text = texts[row]
            let count = Int(counts[row])
            let dropped = count >= 0 ? UTF8Text.count(text, isASCII: isASCII) - count : -count
            let first = UTF8Text.advance(text, from: 0, by: dropped, isASCII: isASCII)
            out.add(text.extracting(first..<text.count))
        }
    }

    /// `strpos(text, part)`: the 1-based character where the part begins first; 0 when nowhere.
    static let position: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let parts = call.bytes(1)
        let isASCII = call.isASCII(0)
        return try call.writeValues { row in
            let text = texts[row]
            guard let place = text.find(parts[row]) else { return Int32(0) }
            return Int32(truncatingIfNeeded: UTF8Text.count(text.extracting(0..<place), isASCII: isASCII) &+ 1)
        }
    }

    /// `position` among bytes.
    static let bytePosition: Kernel = { (call) throws(QueryError) in
        let strings = call.bytes(0)
        let parts = call.bytes(1)
        return try call.writeValues { row in
            strings[row].find(parts[row]).map { Int32(truncatingIfNeeded: $0 &+ 1) } ?? Int32(0)
        }
    }

    static let startsWith: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let prefixes = call.bytes(1)
        return try call.writeBits { row in texts[row].starts(with: prefixes[row]) }
    }

    /// `split_part(text, delimiter, n)`: the n-th field, from the end for a negative n.
    static let splitPart: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let delimiters = call.bytes(1)
        let numbers = call.values(2, as: Int32.self)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out throws(QueryError) in
            let number = Int(numbers[row])
            if number == 0 { throw QueryError(.invalidParameterValue, "field position must not be zero") }
            let text = texts[row]
            if let field = field(number, of: text, delimiters[row]) { out.add(text.extracting(field)) }
        }
    }

    private static func field(_ number: Int, of text: Span<UInt8>, _ delimiter: Span<UInt8>) -> Range<Int>? {
        if text.count == 0 { return nil }
        if delimiter.count == 0 { return number == 1 || number == -1 ? 0..<text.count : nil }
        var wanted = number
        if number < 0 {
            var fields = 1
            var place = 0
            while let next = text.find(delimiter, from: place) {
                fields += 1
                place = next + delimiter.count
            }
            wanted = fields + number + 1
            if wanted < 1 { return nil }
        }
        var start = 0
        while wanted > 1 {
            guard let next = text.find(delimiter, from: start) else { return nil }
            start = next + delimiter.count
            wanted -= 1
        }
        return start..<(text.find(delimiter, from: start) ?? text.count)
    }
}

extension FunctionList {
    mutating func addTextLength() {
        for name in ["length", "char_length", "character_length"] {
            addFunction(name, [.text], .int4, TextLength.characters)
            addFunction(name, [.char(length: 1)], .int4, TextLength.trimmedCharacters)
        }
        addFunction("length", [.bytea], .int4, TextLength.bytes)
        for type in [DataType.text, .char(length: 1), .bytea] {
            addFunction("octet_length", [type], .int4, TextLength.bytes)
        }
        addFunction("bit_length", [.text], .int4, TextLength.bits)
        addFunction("bit_length", [.bytea], .int4, TextLength.bits)
        for name in ["substr", "substring"] {
            addFunction(name, [.text, .int4], .text, TextLength.substringFrom)
            addFunction(name, [.text, .int4, .int4], .text, TextLength.substring)
            addFunction(name, [.bytea, .int4], .bytea, TextLength.subbytes)
            addFunction(name, [.bytea, .int4, .int4], .bytea, TextLength.subbytes)
        }
        addFunction("left", [.text, .int4], .text, TextLength.left)
        addFunction("right", [.text, .int4], .text, TextLength.right)
        addFunction("strpos", [.text, .text], .int4, TextLength.position)
        addFunction("position", [.text, .text], .int4, TextLength.position)
        addFunction("position", [.bytea, .bytea], .int4, TextLength.bytePosition)
        addFunction("starts_with", [.text, .text], .bool, TextLength.startsWith)
        addOperator("^@", .text, .text, .bool, TextLength.startsWith)
        addFunction("split_part", [.text, .text, .int4], .text, TextLength.splitPart)
    }
}

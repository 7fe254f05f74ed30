import EskerFormat

extension JSONTree {
    /// The tree of a JSON text.
    ///
    /// - Throws: 22P02 when the text is no JSON, 54001 when it nests too deep.
    convenience init(parsing text: String) throws(ValueError) {
        let bytes = text.utf8.span
        try ValueParser.checkJSON(bytes)
        var parser = JSONTreeParser(bytes)
        self.init(try parser.content())
    }

    /// The tree of an array or of bytes, as `Codable` types read them; of other values, of their text form.
    convenience init(nested value: Value) {
        switch value {
        case .null: self.init(.null)
        case .bytea(let bytes): self.init(.array(bytes.map { JSONTree(.integer(Int64($0))) }))
        case .array(let array):
            let dimensions = array.dimensions.map { Int($0.count) }
            self.init(Self.nest(array.elements.map { JSONTree(nested: $0) }, dimensions))
        default:
            let content = JSONTree(scalar: value)?.content
            self.init(content ?? .string(value.text()))
        }
    }

    /// Elements in row-major order as lists of lists.
    private static func nest(_ elements: [JSONTree], _ dimensions: [Int]) -> Content {
        guard dimensions.count > 1, let last = dimensions.last, last > 0 else { return .array(elements) }
        let lists = stride(from: 0, to: elements.count, by: last).map { start in
            JSONTree(.array(Array(elements[start..<min(start + last, elements.count)])))
        }
        return nest(lists, Array(dimensions.dropLast()))
    }

    /// The kind of value, for messages: `a string`.
    var kindName: String {
        switch content {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .unsigned, .float, .double, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// Reads JSON that was found to be well formed: it looks at what a token is, not at whether it may stand there. Text
/// that is not well formed gives an error or some tree, never a trap.
private struct JSONTreeParser: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) { self.bytes = bytes }

    /// The value that begins here.
    mutating func content() throws(ValueError) -> JSONTree.Content {
        passBlanks()
        switch byte {
        case 0x7B: return try object()
        case 0x5B: return try array()
        case 0x22: return .string(try string())
        case 0x74:
            position += 4
            return .bool(true)
        case 0x66:
            position += 5
            return .bool(false)
        case 0x6E:
            position += 4
            return .null
        default: return try number()
        }
    }

    /// The next byte; 0 at the end.
    private var byte: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func passBlanks() {
        while byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Passes over blanks and one byte, if it is the next.
    private mutating func pass(_ wanted: UInt8) -> Bool {
        passBlanks()
        guard byte == wanted else { return false }
        position += 1
        return true
    }

    private mutating func object() throws(ValueError) -> JSONTree.Content {
        position += 1
        var pairs: [(key: String, value: JSONTree)] = []
        while !pass(0x7D) {
            _ = pass(0x2C)
            passBlanks()
            let key = try string()
            _ = pass(0x3A)
            pairs.append((key, JSONTree(try content())))
        }
        return .object(pairs)
    }

    private mutating func array() throws(ValueError) -> JSONTree.Content {
        position += 1
        var elements: [JSONTree] = []
        while !pass(0x5D) {
            _ = pass(0x2C)
            elements.append(JSONTree(try content()))
        }
        return .array(elements)
    }

    private mutating func string() throws(ValueError) -> String {
        guard byte == 0x22 else { throw malformed }
        let start = position + 1
        var end = start
        while end < bytes.count && bytes[end] != 0x22 { end += bytes[end] == 0x5C ? 2 : 1 }
        guard end < bytes.count else { throw malformed }
        position = end + 1
        var decoded: [UInt8] = []
        if let reason = JSONString.decode(bytes.extracting(start..<end), into: &decoded) {
            throw ValueError(sqlState: "22P02", message: reason)
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private mutating func number() throws(ValueError) -> JSONTree.Content {
        let start = position
        while position < bytes.count, Self.isNumberPart(bytes[position]) { position += 1 }
        guard position > start else { throw malformed }
        let text = bytes.extracting(start..<position)
        if let integer = try? ValueParser.int8(text) { return .integer(integer) }
        return .number(try ValueParser.numeric(text))
    }

    private static func isNumberPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: true
        default: false
        }
    }

    private var malformed: ValueError { ValueError(sqlState: "22P02", message: "invalid input syntax for type json") }
}

extension ValueParser {
    /// Checks that a text is JSON; the text itself is the value.
    ///
    /// - Throws: 22P02 with PostgreSQL's detail and the line up to where it fails.
    package static func checkJSON(_ bytes: Span<UInt8>) throws(ValueError) {
        var parser = try JSONParser(bytes, builds: false)
        _ = try parser.document()
    }

    /// The canonical text of a `jsonb`: keys by length, then bytes, the last of equal keys kept.
    package static func jsonb(_ bytes: Span<UInt8>) throws(ValueError) -> [UInt8] {
        var parser = try JSONParser(bytes, builds: true)
        let node = try parser.document()
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 16)
        try node.write(to: &out)
        return out
    }
}

/// A JSON value, as `jsonb` understands it.
indirect enum JSONNode {
    case null, bool(Bool)
    case number(Numeric)
    case string([UInt8])
    case array([JSONNode])
    case object([(key: [UInt8], value: JSONNode)])

    func write(to out: inout [UInt8]) throws(ValueError) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: value ? "true".utf8 : "false".utf8)
        case .number(let value): ValueWriter.numeric(value, to: &out)
        case .string(let value): Self.write(value, to: &out)
        case .array(let elements):
            out.append(0x5B)
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(contentsOf: ", ".utf8) }
                try element.write(to: &out)
            }
            out.append(0x5D)
        case .object(let pairs):
            out.append(0x7B)
            for (index, pair) in pairs.enumerated() {
                if index > 0 { out.append(contentsOf: ", ".utf8) }
                Self.write(pair.key, to: &out)
                out.append(contentsOf: ": ".utf8)
                try pair.value.write(to: &out)
            }
            out.append(0x7D)
        }
    }

    /// A string with what JSON must escape escaped, and nothing else.
    private static func write(_ string: [UInt8], to out: inout [UInt8]) {
        out.append(0x22)
        for byte in string {
            switch byte {
            case 0x22, 0x5C:
                out.append(0x5C)
                out.append(byte)
            case 0x08: out.append(contentsOf: "\\b".utf8)
            case 0x0C: out.append(contentsOf: "\\f".utf8)
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0x0D: out.append(contentsOf: "\\r".utf8)
            case 0x09: out.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                out.append(ASCII.hexDigit(byte >> 4))
                out.append(ASCII.hexDigit(byte & 15))
            default: out.append(byte)
            }
        }
        out.append(0x22)
    }
}

private struct JSONParser {
    private var lexer: JSONLexer
    private let builds: Bool
    private var depth = 0

    /// Deeper JSON is refused, so that recursion stays within a thread's stack.
    private static let depthLimit = 1_000

    init(_ bytes: Span<UInt8>, builds: Bool) throws(ValueError) {
        lexer = try JSONLexer(bytes, decodes: builds)
        self.builds = builds
    }

    mutating func document() throws(ValueError) -> JSONNode {
        let node = try value()
        if lexer.token != .end { throw lexer.found("Expected end of input") }
        return node
    }

    private mutating func value() throws(ValueError) -> JSONNode {
        let node: JSONNode
        switch lexer.token {
        case .null: node = .null
        case .true_: node = .bool(true)
        case .false_: node = .bool(false)
        case .string: node = .string(lexer.string)
        case .number:
            node = builds ? .number(try ValueParser.numeric(Array(lexer.bytes[lexer.range]).span)) : .null
        case .punctuation(0x7B): return try nested { (parser) throws(ValueError) in try parser.object() }
        case .punctuation(0x5B): return try nested { (parser) throws(ValueError) in try parser.array() }
        default: throw lexer.found("Expected JSON value")
        }
        try lexer.advance()
        return node
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(ValueError) -> JSONNode
    ) throws(ValueError) -> JSONNode {
        depth += 1
        if depth > Self.depthLimit {
            throw ValueError(
                sqlState: "54001", message: "stack depth limit exceeded",
                detail: "JSON is nested more than \(Self.depthLimit) levels deep.")
        }
        try lexer.advance()
        let node = try body(&self)
        depth -= 1
        try lexer.advance()
        return node
    }

    private mutating func array() throws(ValueError) -> JSONNode {
        var elements: [JSONNode] = []
        if lexer.token == .punctuation(0x5D) { return .array([]) }
        while true {
            let element = try value()
            if builds { elements.append(element) }
            if lexer.token == .punctuation(0x5D) { return .array(elements) }
            guard lexer.token == .punctuation(0x2C) else { throw lexer.found("Expected \",\" or \"]\"") }
            try lexer.advance()
        }
    }

    private mutating func object() throws(ValueError) -> JSONNode {
        var pairs: [(key: [UInt8], value: JSONNode)] = []
        if lexer.token == .punctuation(0x7D) { return .object([]) }
        var isFirst = true
        while true {
            guard lexer.token == .string else {
                throw lexer.found(isFirst ? "Expected string or \"}\"" : "Expected string")
            }
            isFirst = false
            let key = lexer.string
            try lexer.advance()
            guard lexer.token == .punctuation(0x3A) else { throw lexer.found("Expected \":\"") }
            try lexer.advance()
            let value = try value()
            if builds { pairs.append((key, value)) }
            if lexer.token == .punctuation(0x7D) { return .object(Self.canonical(pairs)) }
            guard lexer.token == .punctuation(0x2C) else { throw lexer.found("Expected \",\" or \"}\"") }
            try lexer.advance()
        }
    }

    /// In the order of keys, the last of equal ones kept.
    private static func canonical(_ pairs: [(key: [UInt8], value: JSONNode)]) -> [(key: [UInt8], value: JSONNode)] {
        let order = pairs.indices.sorted { a, b in
            let (x, y) = (pairs[a].key, pairs[b].key)
            if x.count != y.count { return x.count < y.count }
            return x == y ? a < b : x.lexicographicallyPrecedes(y)
        }
        var result: [(key: [UInt8], value: JSONNode)] = []
        for index in order {
            if result.last?.key == pairs[index].key { result.removeLast() }
            result.append(pairs[index])
        }
        return result
    }
}

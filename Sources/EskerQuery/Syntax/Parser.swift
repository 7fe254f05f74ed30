/// Parses SQL text into statements, as PostgreSQL 15 does.
///
/// Ordinary statements take a few tens of microseconds on the calling thread; deep or long ones move to a thread with
/// a large stack. Errors carry PostgreSQL's code, message and position.
package func parse(_ sql: String) throws(QueryError) -> [ParsedStatement] {
    try Parser(Array(sql.utf8)).statements()
}

/// Like ``parse(_:)-(String)`` for text that comes as bytes, which must be UTF-8 (22021).
package func parse(utf8 bytes: [UInt8]) throws(QueryError) -> [ParsedStatement] {
    guard String(validating: bytes, as: UTF8.self) != nil else {
        throw QueryError(.characterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\"")
    }
    return try Parser(bytes).statements()
}

/// Parses one value expression, such as a condition given outside of a statement. Locations count in `text`.
package func parseExpression(_ text: String) throws(QueryError) -> Expression {
    try Parser(Array(text.utf8)).expression()
}

/// One parse of one text.
struct Parser {
    /// Text beyond this leaves the calling thread: the library's memory use grows with it.
    private static let shortBytes = 32 << 10

    /// The user's text.
    private let text: [UInt8]

    init(_ text: [UInt8]) {
        self.text = text
    }

    func statements() throws(QueryError) -> [ParsedStatement] {
        let scan = try scan()
        return try read(text, shift: 0, scan.depth) { (reader) throws(QueryError) in
            try Self.statements(of: reader, depth: scan.depth)
        }
    }

    /// An expression is parsed as the only target of a SELECT. Where that gives anything else, the same text in
    /// parentheses, which can only be an expression, tells PostgreSQL's error and its place.
    func expression() throws(QueryError) -> Expression {
        let scan = try scan()
        if let value = try target(of: "SELECT ALL ", closed: "", scan.depth) { return value }
        if let close = scan.unmatchedClose { throw syntaxError(at: close) }
        _ = try target(of: "SELECT (", closed: "\n)", scan.depth)
        throw syntaxError(at: scan.topLevelComma ?? 0)
    }

    /// The target of a SELECT that consists of the text as its one target; nil when it is another statement.
    private func target(
        of prefix: StaticString, closed suffix: StaticString, _ depth: Int
    ) throws(QueryError) -> Expression? {
        let before = Array("\(prefix)".utf8)
        let wrapped = before + text + Array("\(suffix)".utf8)
        let statements = try read(wrapped, shift: before.count, depth) { (reader) throws(QueryError) in
            try Self.statements(of: reader, depth: depth)
        }
        guard statements.count == 1, case .select(let select) = statements[0].statement,
            case .select(let core) = select.body, core.targets.count == 1
        else { return nil }
        var plain = SelectCore()
        plain.targets = core.targets
        guard select == SelectStatement(body: .select(plain)), core.targets[0].alias == nil else { return nil }
        if case .star = core.targets[0].value.kind { return nil }
        return core.targets[0].value
    }

    private func scan() throws(QueryError) -> StatementScan {
        do throws(QueryError) {
            return try StatementScan(text.span)
        } catch {
            throw error.located(in: text)
        }
    }

    /// Parses `parsed`, which is the user's text after `shift` more bytes, and reads its tree.
    private func read<Value>(
        _ parsed: [UInt8], shift: Int, _ depth: Int, _ body: @escaping (TreeReader) throws(QueryError) -> Value
    ) throws(QueryError) -> Value {
        do throws(QueryError) {
            let isLong = parsed.count > Self.shortBytes
            return try LargeStack.run(depth: isLong ? .max : depth) { () throws(QueryError) in
                guard let tape = JSONTape(try PgParser.parse(parsed + [0])) else {
                    throw QueryError(.internalError, "the SQL parser's tree is not JSON")
                }
                return try body(TreeReader(tape: tape, text: parsed, shift: shift))
            }
        } catch {
            throw explained(error, shift: shift)
        }
    }

    private static func statements(of reader: TreeReader, depth: Int) throws(QueryError) -> [ParsedStatement] {
        var root = try reader.fields(0)
        root.ignore("version")
        let statements = try root.map("stmts") { (index) throws(QueryError) in
            var fields = try reader.fields(index)
            let start = fields.integer("stmt_location") ?? 0
            let length = fields.integer("stmt_len") ?? 0
            guard let node = fields.take("stmt") else { throw reader.malformed("a statement is expected", index) }
            let statement = try reader.statement(node)
            try fields.finish("statement")
            let text = reader.text
            let end = length == 0 ? text.count : start + length
            let first = SQLLexer.endOfSpace(text.span, start)
            return ParsedStatement(statement: statement, location: first, length: max(0, end - first), depth: depth)
        }
        try root.finish("parse tree")
        return statements
    }

    // MARK: Errors

    private func syntaxError(at location: Int) -> QueryError {
        let token = SQLLexer.token(text.span, at: location)
        let near = token.isEmpty ? "at end of input" : "at or near \"\(String(decoding: text[token], as: UTF8.self))\""
        return QueryError(.syntaxError, "syntax error \(near)", at: location).located(in: text)
    }

    /// Gives a parse error its place in the user's text, and a hint where a reserved word was meant as a name.
    private func explained(_ error: QueryError, shift: Int) -> QueryError {
        var error = error
        if let position = error.position {
            // The prefix is ASCII: as many characters as bytes.
            let location = SQLLexer.offset(ofCharacter: position - shift, in: text.span)
            error.location = location
            error.position = nil
            // What was put behind the text is its end for the user.
            if location == text.count, error.message.hasPrefix("syntax error") {
                error.message = "syntax error at end of input"
            }
        }
        error = error.located(in: text)
        if error.message.hasPrefix("syntax error"), error.hint == nil, let location = error.location {
            error.hint = ReservedWords.hint(text.span, at: location)
        }
        return error
    }
}

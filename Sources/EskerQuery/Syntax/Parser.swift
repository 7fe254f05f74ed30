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

    /// An expression is parsed as `SELECT (text)`, and what breaks out of the parentheses is refused.
    func expression() throws(QueryError) -> Expression {
        let scan = try scan()
        if let close = scan.unmatchedClose { throw syntaxError(at: close) }
        let prefix = Array("SELECT (".utf8)
        let wrapped = prefix + text + Array("\n)".utf8)
        let statements = try read(wrapped, shift: prefix.count, scan.depth) { (reader) throws(QueryError) in
            try Self.statements(of: reader, depth: scan.depth)
        }
        guard statements.count == 1, case .select(let select) = statements[0].statement,
            case .select(let core) = select.body, core.targets.count == 1
        else { throw syntaxError(at: 0) }
        let value = core.targets[0].value
        switch value.kind {
        case .row(_, isExplicit: false) where scan.topLevelComma != nil: throw syntaxError(at: scan.topLevelComma ?? 0)
        case .subquery(let subquery) where subquery.use == .scalar && value.location < 0: throw syntaxError(at: 0)
        default: return value
        }
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
            error.position = position - shift
            error.location = SQLLexer.offset(ofCharacter: position - shift, in: text.span)
            if let location = error.location, location >= text.count, error.sqlState == .syntaxError, shift > 0 {
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

/// The SELECT inside the text of a CREATE VIEW, and back.
enum ViewText {
    /// The query that a stored text stands for.
    static func select(_ text: String) throws(QueryError) -> SelectStatement {
        let statements = try parse(text)
        guard statements.count == 1, case .select(let query) = statements[0].statement else {
            throw QueryError(.syntaxError, "a view is one SELECT")
        }
        return query
    }

    /// What follows the first AS outside of parentheses in `CREATE VIEW … AS SELECT …`, without a final semicolon.
    static func query(in statement: Span<UInt8>) -> String? {
        var place = 0
        var depth = 0
        while place < statement.count {
            place = SQLLexer.endOfSpace(statement, place)
            let token = token(statement, place)
            if token.isEmpty { return nil }
            if token.count == 1, statement[place] == UInt8(ascii: "(") { depth += 1 }
            if token.count == 1, statement[place] == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0, token.count == 2, SQLLexer.role(statement, token.lowerBound, token.upperBound) == .asWord {
                return text(statement, SQLLexer.endOfSpace(statement, token.upperBound))
            }
            place = token.upperBound
        }
        return nil
    }

    private static func token(_ statement: Span<UInt8>, _ place: Int) -> Range<Int> {
        guard place < statement.count else { return statement.count..<statement.count }
        switch statement[place] {
        case UInt8(ascii: "'"): return place..<SQLLexer.endOfString(statement, place, escapes: false)
        case UInt8(ascii: "\""): return place..<SQLLexer.endOfQuoted(statement, place)
        default: return SQLLexer.token(statement, at: place)
        }
    }

    private static func text(_ statement: Span<UInt8>, _ start: Int) -> String {
        var end = statement.count
        while end > start, [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ";")].contains(statement[end - 1]) { end -= 1 }
        var bytes: [UInt8] = []
        for place in start..<end { bytes.append(statement[place]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

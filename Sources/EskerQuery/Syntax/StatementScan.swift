/// A first look at SQL text, byte by byte, before PostgreSQL's grammar sees it.
///
/// The grammar builds one tree level an operator (`1+1+…`) and walks it recursively: 200,000 operators overflow an 8 MiB
/// stack and end the process. This scan computes an upper bound of the tree's depth from the tokens alone, in one pass,
/// and refuses what is too deep. It lexes as PostgreSQL's scan.l does (strings, escapes, dollar quotes, nested comments),
/// but never refuses text as wrong: that is the grammar's business.
///
/// The bound: within a pair of parentheses an *item* (between commas, AND, OR and clause words) is as deep as it has
/// operators, plus its deepest group; a group is as deep as its deepest item, plus the UNIONs and JOINs in it,
/// which nest too.
struct StatementScan {
    /// Text longer than this is refused (54000).
    static let maximumBytes = 16 << 20
    /// Parentheses, brackets and CASEs open at a time (54001).
    static let maximumNesting = 1_000
    /// Levels of the tree: operators in a chain and groups around it (54001).
    static let maximumDepth = 10_000
    /// `(a, b) = (…)` hands the right side out once a column, in UPDATE inside UPDATE exponentially often (54001).
    static let maximumExpandedBytes = 2 * maximumBytes

    /// Upper bound of the depth of the tree.
    private(set) var depth = 0
    /// Byte offset of the first closing parenthesis that nothing opened.
    private(set) var unmatchedClose: Int?
    /// Byte offset of the first comma outside all parentheses.
    private(set) var topLevelComma: Int?

    private var levels: [Level] = [Level(opening: .start)]
    private var previous = Token.other

    private enum Opening { case start, bracket, caseWord }

    /// What the token before the current one was, as far as it changes the meaning of this one.
    private enum Token { case other, dot, asWord, closed, asof }

    private struct Level {
        var opening: Opening
        /// Operators of the current item.
        var operators = 0
        /// Depth of the deepest group of the current item.
        var deepestGroup = 0
        /// Depth of the deepest item before the current one.
        var deepestItem = 0
        /// UNION, INTERSECT, EXCEPT and JOIN.
        var structures = 0
        var commas = 0
        /// Commas of the group closed last.
        var commasOfGroup = 0
        /// The word SET was seen, so that `(a, b) =` may assign a row.
        var hasSet = false
        /// How often what follows up to the next comma will be handed out.
        var multiplier = 1
        /// Bytes after handing out.
        var expandedBytes = 0

        var depth: Int { structures + max(deepestItem, operators + deepestGroup) + 1 }

        mutating func endItem() {
            deepestItem = max(deepestItem, operators + deepestGroup)
            operators = 0
            deepestGroup = 0
        }
    }

    private var asofLocation = 0

    /// - Parameter text: UTF-8.
    init(_ text: borrowing Span<UInt8>) throws(QueryError) {
        guard text.count <= Self.maximumBytes else {
            throw QueryError(
                .programLimitExceeded, "statement is too long",
                detail: "It has \(text.count) bytes; the limit is \(Self.maximumBytes).",
                hint: "Load data with COPY, or split the statement.")
        }
        try Self.refuseNUL(in: text)
        var at = 0
        while at < text.count {
            let start = at
            at = try token(text, at)
            let bytes = (at - start).multipliedReportingOverflow(by: levels[levels.count - 1].multiplier)
            try expand(by: bytes.partialValue, at: start)
        }
        while levels.count > 1 { close() }
        levels[0].endItem()
        try check(levels[0].depth, at: 0)
        depth = levels[0].depth
    }

    /// The grammar reads up to the first NUL and would never see the rest.
    private static func refuseNUL(in text: borrowing Span<UInt8>) throws(QueryError) {
        var at = 0
        while at < text.count {
            if text[at] == 0 {
                throw QueryError(
                    .characterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": 0x00", at: at,
                    hint: "Text cannot hold the character NUL.")
            }
            at += 1
        }
    }

    /// Takes one token and gives the offset after it.
    private mutating func token(_ text: borrowing Span<UInt8>, _ start: Int) throws(QueryError) -> Int {
        let byte = text[start]
        var seen = Token.other
        defer { previous = seen }
        switch byte {
        case UInt8(ascii: " "), 0x09...0x0D:
            seen = previous
            return start + 1
        case UInt8(ascii: "-") where SQLLexer.peek(text, start + 1) == UInt8(ascii: "-"),
            UInt8(ascii: "/") where SQLLexer.peek(text, start + 1) == UInt8(ascii: "*"):
            seen = previous
            return SQLLexer.endOfComment(text, start)
        case UInt8(ascii: "'"):
            return SQLLexer.endOfString(text, start, escapes: false)
        case UInt8(ascii: "\""):
            return SQLLexer.endOfQuoted(text, start)
        case UInt8(ascii: "$"):
            return SQLLexer.endOfDollar(text, start)
        case UInt8(ascii: "("), UInt8(ascii: "["):
            try open(.bracket, at: start)
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
            closeBracket(at: start)
            seen = .closed
        case UInt8(ascii: ","):
            if levels.count == 1, topLevelComma == nil { topLevelComma = start }
            levels[levels.count - 1].commas += 1
            levels[levels.count - 1].multiplier = 1
            levels[levels.count - 1].endItem()
        case UInt8(ascii: ";"):
            while levels.count > 1 { close() }
            levels[0].endItem()
            try check(levels[0].depth, at: start)
            levels[0].deepestItem = max(levels[0].deepestItem, levels[0].depth - 1)
            levels[0].structures = 0
            levels[0].hasSet = false
            levels[0].multiplier = 1
        case UInt8(ascii: "."):
            seen = .dot
        case UInt8(ascii: ":"):
            if SQLLexer.peek(text, start + 1) == byte {
                try count(operators: 1, at: start)
                return start + 2
            }
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return SQLLexer.endOfNumber(text, start)
        case _ where SQLLexer.isOperator(byte):
            let run = SQLLexer.operatorRun(text, start)
            if previous == .closed, byte == UInt8(ascii: "="), levels[levels.count - 1].hasSet {
                levels[levels.count - 1].multiplier = levels[levels.count - 1].commasOfGroup + 1
            }
            try count(operators: run.operators, at: start)
            return run.end
        case _ where SQLLexer.startsWord(byte):
            return try word(text, start, &seen)
        default:
            break
        }
        return start + 1
    }

    private mutating func word(
        _ text: borrowing Span<UInt8>, _ start: Int, _ seen: inout Token
    ) throws(QueryError) -> Int {
        let end = SQLLexer.endOfWord(text, start)
        if end < text.count, text[end] == UInt8(ascii: "'"), let escapes = SQLLexer.stringPrefix(text, start, end) {
            return SQLLexer.endOfString(text, end, escapes: escapes)
        }
        if previous == .dot { return end }
        let role = SQLLexer.role(text, start, end)
        if previous == .asof, role == .join || role == .joinKind { throw asofJoin() }
        switch role {
        case .operatorWord: try count(operators: 1, at: start)
        case .separator: levels[levels.count - 1].endItem()
        case .join, .setOperation:
            levels[levels.count - 1].structures += 1
            levels[levels.count - 1].endItem()
        case .caseWord where previous != .asWord: try open(.caseWord, at: start)
        case .endWord where previous != .asWord && levels[levels.count - 1].opening == .caseWord: close()
        case .setWord: levels[levels.count - 1].hasSet = true
        case .asWord: seen = .asWord
        case .asof where previous != .asWord:
            asofLocation = start
            seen = .asof
        case .joinKind, .caseWord, .endWord, .asof, .none: break
        }
        return end
    }

    private func asofJoin() -> QueryError {
        QueryError(
            .syntaxError, "ASOF JOIN is not part of PostgreSQL's grammar", at: asofLocation,
            detail: "Read as a table's alias, \"asof\" would make this an inner join.",
            hint: "Write LEFT JOIN LATERAL (SELECT … ORDER BY … DESC LIMIT 1) ON true, "
                + "or AS \"asof\" if an alias is meant.")
    }

    // MARK: Depth

    private mutating func open(_ opening: Opening, at location: Int) throws(QueryError) {
        guard levels.count <= Self.maximumNesting else {
            throw QueryError(
                .statementTooComplex, "statement nests too deeply", at: location,
                detail: "The limit is \(Self.maximumNesting) levels of parentheses, brackets and CASE.")
        }
        levels.append(Level(opening: opening))
    }

    /// Closes CASEs left open inside the bracket, then the bracket.
    private mutating func closeBracket(at location: Int) {
        while levels.count > 1, levels[levels.count - 1].opening == .caseWord { close() }
        if levels.count > 1 { close() } else if unmatchedClose == nil { unmatchedClose = location }
    }

    private mutating func close() {
        let inner = levels.removeLast()
        let last = levels.count - 1
        levels[last].deepestGroup = max(levels[last].deepestGroup, inner.depth)
        levels[last].commasOfGroup = inner.commas
        let bytes = inner.expandedBytes.multipliedReportingOverflow(by: levels[last].multiplier)
        let sum = levels[last].expandedBytes.addingReportingOverflow(bytes.partialValue)
        levels[last].expandedBytes = bytes.overflow || sum.overflow ? Int.max : sum.partialValue
    }

    private mutating func count(operators: Int, at location: Int) throws(QueryError) {
        levels[levels.count - 1].operators += operators
        try check(levels[levels.count - 1].depth, at: location)
    }

    private func check(_ depth: Int, at location: Int) throws(QueryError) {
        guard depth > Self.maximumDepth + Self.maximumNesting else { return }
        throw QueryError(
            .statementTooComplex, "statement is too deep", at: location,
            detail: "The limit is \(Self.maximumDepth) operators in a chain.",
            hint: "Use IN (…), VALUES or a table instead of a long chain of operators.")
    }

    private mutating func expand(by bytes: Int, at location: Int) throws(QueryError) {
        let sum = levels[levels.count - 1].expandedBytes.addingReportingOverflow(bytes)
        levels[levels.count - 1].expandedBytes = sum.overflow ? Int.max : sum.partialValue
        guard levels[levels.count - 1].expandedBytes > Self.maximumExpandedBytes else { return }
        throw QueryError(
            .statementTooComplex, "statement is too large once its row assignments are spread over columns",
            at: location, hint: "Assign the columns one by one.")
    }
}

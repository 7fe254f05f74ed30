// Unsafe: calls the C library and copies its strings out before they are freed.
import CPgQuery
import Glibc

/// PostgreSQL's own grammar, through libpg_query: SQL text in, its tree as JSON text out.
///
/// The caller has already bounded the depth of the text (``StatementScan``): a chain of 200,000 operators would end
/// the process. Any thread may call; the library keeps its memory per thread.
enum PgParser {
    /// - Parameter text: UTF-8 without NUL, followed by one NUL.
    /// - Returns: the tree as JSON.
    static func parse(_ text: [UInt8]) throws(QueryError) -> [UInt8] {
        precondition(text.last == 0, "the text for C ends in NUL")
        let result = unsafe text.withUnsafeBufferPointer { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { unsafe pg_query_parse($0.baseAddress) }
        }
        defer { unsafe pg_query_free_parse_result(result) }
        if let error = unsafe result.error {
            throw unsafe refusal(
                message: error.pointee.message.map { unsafe String(cString: $0) } ?? "syntax error",
                position: Int(error.pointee.cursorpos))
        }
        guard let tree = unsafe result.parse_tree else {
            throw QueryError(.internalError, "the SQL parser gave neither a tree nor an error")
        }
        return unsafe Array(UnsafeRawBufferPointer(start: tree, count: strlen(tree)))
    }

    /// The library tells only message and position; the code is the one PostgreSQL's source gives with that message.
    private static func refusal(message: String, position: Int) -> QueryError {
        QueryError(
            sqlState: sqlState(of: message), message: shortened(message), position: position > 0 ? position : nil)
    }

    /// PostgreSQL repeats an unterminated string up to the end of the text; that can be megabytes.
    private static func shortened(_ message: String) -> String {
        message.utf8.count <= 1_000 ? message : String(message.prefix(200)) + "…\""
    }

    /// First match wins; everything else the grammar says is a syntax error.
    private static let states: [(fragment: String, state: SQLState)] = [
        ("memory exhausted", .statementTooComplex),
        ("stack depth limit exceeded", .statementTooComplex),
        ("out of memory", .outOfMemory),
        ("invalid memory alloc request size", .programLimitExceeded),
        ("invalid byte sequence for encoding", .characterNotInRepertoire),
        ("unsafe use of \\' in a string literal", .nonstandardUseOfEscapeCharacter),
        ("frame start", .windowingError),
        ("frame end", .windowingError),
        ("precision for type float", .invalidParameterValue),
        ("cannot be marked", .featureNotSupported),
        ("not supported", .featureNotSupported),
        ("not implemented", .featureNotSupported),
        ("not yet implemented", .featureNotSupported),
        ("cannot include schema elements", .featureNotSupported),
    ]

    private static func sqlState(of message: String) -> SQLState {
        if message.hasPrefix("syntax error") { return .syntaxError }
        if message == "invalid Unicode escape" { return .invalidEscapeSequence }
        for (fragment, state) in states where message.contains(fragment) { return state }
        return .syntaxError
    }
}

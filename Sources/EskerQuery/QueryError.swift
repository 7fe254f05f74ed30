/// What went wrong with a statement, in PostgreSQL's words: code, message, detail, hint and the place in the text.
///
/// The parser and the binder know a place as a byte offset (`location`); users and drivers expect PostgreSQL's
/// 1-based count of characters (`position`). ``located(in:)`` turns one into the other once the text is at hand.
public struct QueryError: Error, Sendable, Equatable {
    public var sqlState: SQLState
    /// One line without a final stop, worded as PostgreSQL words it.
    public var message: String
    /// What was found, in a sentence.
    public var detail: String?
    /// What to do about it, in a sentence.
    public var hint: String?
    /// 1-based position in the statement's text, in Unicode scalars; nil when the error has no place or no text yet.
    public var position: Int?
    /// The same place as a byte offset in the text; nil when unknown.
    package var location: Int?

    /// - Parameter location: byte offset in the statement's text; a negative offset means "unknown".
    package init(
        _ sqlState: SQLState, _ message: String, at location: Int? = nil, detail: String? = nil, hint: String? = nil
    ) {
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.hint = hint
        self.location = location.flatMap { $0 < 0 ? nil : $0 }
    }

    public init(
        sqlState: SQLState, message: String, detail: String? = nil, hint: String? = nil, position: Int? = nil
    ) {
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.hint = hint
        self.position = position
    }

    /// A construct that is understood but not carried out (0A000).
    package static func unsupported(_ construct: String, at location: Int? = nil, hint: String? = nil) -> QueryError {
        QueryError(.featureNotSupported, "\(construct) is not supported", at: location, hint: hint)
    }

    /// The error with `position` counted in `sql`. An error that already has a position keeps it. O(length of `sql`).
    package func located(in sql: String) -> QueryError {
        position == nil && location != nil ? located(in: Array(sql.utf8)) : self
    }

    /// The same for UTF-8 bytes.
    func located(in text: [UInt8]) -> QueryError {
        guard position == nil, let location else { return self }
        var scalars = 0
        for byte in text.prefix(location) where byte & 0xC0 != 0x80 { scalars += 1 }
        var located = self
        located.position = scalars + 1
        return located
    }
}

extension QueryError: CustomStringConvertible {
    /// `ERROR:  42P01: relation "x" does not exist`, then detail and hint on lines of their own.
    public var description: String {
        var text = "ERROR:  \(sqlState): \(message)"
        if let detail { text += "\nDETAIL:  \(detail)" }
        if let hint { text += "\nHINT:  \(hint)" }
        return text
    }
}

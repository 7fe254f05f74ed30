// Statements about the session: settings, transactions, prepared statements, cursors, EXPLAIN.

package struct ExplainStatement: Sendable, Equatable {
    /// `analyze`, `verbose`, `format`…; both spellings arrive alike.
    package var options: [StatementOption]
    package var statement: Statement
}

package struct SetStatement: Sendable, Equatable {
    package enum Action: Sendable, Equatable {
        /// `SET name = a, b`: constants, or a cast constant for SET TIME ZONE INTERVAL.
        case values([Expression])
        /// `SET name = DEFAULT` or `RESET name`.
        case reset
        /// RESET ALL; the name is empty.
        case resetAll
        /// SET … FROM CURRENT.
        case fromCurrent
        /// SET [SESSION CHARACTERISTICS AS] TRANSACTION; the name says which.
        case transactionModes([StatementOption])
    }
    package var name: String
    package var action: Action
    package var isLocal = false
}

package enum TransactionStatement: Sendable, Equatable {
    case begin(modes: [StatementOption])
    case commit(chain: Bool)
    case rollback(chain: Bool)
    case savepoint(String)
    case release(String)
    case rollbackTo(String)
}

package struct PrepareStatement: Sendable, Equatable {
    package var name: String
    package var types: [TypeName]
    package var statement: Statement
}

package struct DeclareCursorStatement: Sendable, Equatable {
    package var name: String
    package var isBinary = false
    /// SCROLL, NO SCROLL; nil when not said.
    package var isScrollable: Bool?
    package var isHeld = false
    /// INSENSITIVE, ASENSITIVE; nil when not said.
    package var isInsensitive: Bool?
    package var query: SelectStatement
}

package struct FetchStatement: Sendable, Equatable {
    package enum Direction: Sendable, Equatable { case forward, backward, absolute, relative }
    package var direction: Direction
    /// nil: ALL.
    package var count: Int64?
    package var cursor: String
    /// MOVE: skips without returning rows.
    package var isMove = false
}

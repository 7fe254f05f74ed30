/// One SQL statement.
package indirect enum Statement: Sendable, Equatable {
    case select(SelectStatement)
    case insert(InsertStatement)
    case update(UpdateStatement)
    case delete(DeleteStatement)

    case createTable(CreateTableStatement)
    case createTableAs(CreateTableAsStatement)
    case createView(CreateViewStatement)
    case createIndex(CreateIndexStatement)
    case alterTable(AlterTableStatement)
    case rename(RenameStatement)
    case drop(DropStatement)
    case truncate(TruncateStatement)
    case refreshMaterializedView(RefreshStatement)

    case copy(CopyStatement)
    case explain(ExplainStatement)
    case set(SetStatement)
    /// `SHOW name`; `all` for SHOW ALL.
    case show(name: String)
    case transaction(TransactionStatement)
    case prepare(PrepareStatement)
    case execute(name: String, arguments: [Expression])
    /// nil: DEALLOCATE ALL.
    case deallocate(name: String?)
    case declareCursor(DeclareCursorStatement)
    case fetch(FetchStatement)
    /// nil: CLOSE ALL.
    case close(cursor: String?)

    /// A statement PostgreSQL knows and Esker does not carry out, by its command words ("GRANT"); refuse it with 0A000.
    case other(name: String)
}

/// A statement with the part of the text it was read from.
package struct ParsedStatement: Sendable, Equatable {
    package var statement: Statement
    /// Byte offset of the first byte, after white space and comments.
    package var location: Int
    /// Bytes up to the semicolon or the end.
    package var length: Int
    /// No tree in `statement` nests deeper than this. Walk it on ``LargeStack`` when this is large.
    package var depth: Int
}

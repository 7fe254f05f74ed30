/// A value that Arrow has no place for: the export ends at its row.
public struct ArrowExportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The column.
    public let column: String
    /// The row, counted from 0 at the beginning of the export.
    public let row: Int
    /// What is wrong and what to do about it.
    public let message: String

    public var description: String { "column \"\(column)\", row \(row): \(message)" }
}

/// An ``ArrowExportError`` while its place is not known: the row counts in the column at hand.
struct UnfitValue: Error {
    let row: Int
    let reason: String
}

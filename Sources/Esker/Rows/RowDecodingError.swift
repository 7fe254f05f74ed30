/// Why a row of a result is no value of the Swift type asked for.
public struct RowDecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The place of the row in its batch, counted from 0.
    public let row: Int
    /// The column that does not fit; empty when it is no single column.
    public let column: String
    /// One sentence without a full stop: `NULL where Int needs a value: make the property optional`.
    public let reason: String

    /// Makes an error.
    public init(row: Int, column: String, reason: String) {
        self.row = row
        self.column = column
        self.reason = reason
    }

    /// `row 3: column "qty": NULL where Int needs a value: make the property optional`.
    public var description: String {
        column.isEmpty ? "row \(row): \(reason)" : "row \(row): column \"\(column)\": \(reason)"
    }
}

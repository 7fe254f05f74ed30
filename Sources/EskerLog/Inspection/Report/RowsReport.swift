package import EskerFormat

/// The first rows of a stream or file, as values.
package struct RowsReport: Sendable {
    /// The stream they belong to.
    package let stream: String
    /// Names of the columns, the hidden ones `_partition`, `_offset`, `_arrived` first.
    package let columns: [String]
    /// A value a column; text that cannot be read as its type shows why.
    package internal(set) var rows: [[Cell]]

    /// A value, or why there is none.
    package enum Cell: Sendable {
        case value(Value)
        case unreadable(String)

        /// The text form; `NULL` for null.
        package var text: String {
            switch self {
            case .value(let value): value.description
            case .unreadable(let reason): "<\(reason)>"
            }
        }
    }
}

import EskerFormat

/// Why a Swift type cannot be the rows of a stream: found before any row is looked at.
public struct RowShapeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of mismatch; more kinds may come.
    public struct Code: Hashable, Sendable {
        private enum Kind { case missingColumn, unknownColumn, repeatedColumn, wrongType }
        private let kind: Kind
        /// The stream has a column that must have a value and that the rows do not have.
        public static let missingColumn = Code(kind: .missingColumn)
        /// The rows have a column that the stream does not have.
        public static let unknownColumn = Code(kind: .unknownColumn)
        /// The rows name a column twice.
        public static let repeatedColumn = Code(kind: .repeatedColumn)
        /// The stream's column cannot hold the Swift type's values.
        public static let wrongType = Code(kind: .wrongType)
    }

    /// The kind of mismatch.
    public let code: Code
    /// The column that does not fit.
    public let column: String
    /// What is wrong and what to do about it.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, column: String, _ message: String) {
        self.code = code
        self.column = column
        self.message = message
    }

    public var description: String { message }
}

extension RowShapeError {
    static func missing(_ column: ColumnDefinition, _ rows: String) -> RowShapeError {
        RowShapeError(
            .missingColumn, column: column.name,
            "\(rows) has no column \"\(column.name)\", which is \(column.type.name) NOT NULL in the stream; "
                + "add it to \(rows).columns")
    }

    static func unknown(_ column: String, _ rows: String, _ schema: Schema) -> RowShapeError {
        let known = schema.columns.map(\.name).joined(separator: ", ")
        return RowShapeError(
            .unknownColumn, column: column,
            "the stream has no column \"\(column)\" as \(rows) has; its columns are \(known)")
    }

    static func repeated(_ column: String, _ rows: String) -> RowShapeError {
        RowShapeError(.repeatedColumn, column: column, "\(rows).columns names \"\(column)\" twice")
    }

    static func wrongType(_ column: String, _ swiftType: String, _ type: DataType, _ rows: String) -> RowShapeError {
        RowShapeError(
            .wrongType, column: column,
            "column \"\(column)\" is \(type.name), which cannot hold the \(swiftType) of \(rows)")
    }
}

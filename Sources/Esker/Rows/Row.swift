public import EskerFormat

/// A type whose values are rows of a stream: the fastest way to hand over Swift values.
///
/// ```swift
/// struct Trade: Row {
///     var time: Timestamp
///     var symbol: String
///     var price: Double
///     var quantity: Int32?
///
///     static var columns: [RowColumn<Trade>] {
///         [
///             RowColumn("ts", \.time),
///             RowColumn("symbol", \.symbol, as: .varchar(length: 12)),
///             RowColumn("price", \.price),
///             RowColumn("qty", \.quantity),  // optional: may be NULL
///         ]
///     }
/// }
/// ```
///
/// Rows are converted column by column. A key path to a stored property of a struct becomes a loop over memory, a few
/// nanoseconds a value; computed properties and classes are read through the key path, about ten times slower.
///
/// Do not use it when the columns are known only at run time: see `DynamicBatcher` for that.
public protocol Row: Sendable {
    /// The columns, in the order in which a stream made for this type has them. Asked for once a batcher, not per row.
    static var columns: [RowColumn<Self>] { get }
}

extension Row {
    /// The columns as a stream made for this type has them: names, types, nullability, ids counted from 1.
    public static var schemaColumns: [ColumnDefinition] {
        columns.enumerated().map { index, column in
            ColumnDefinition(
                id: UInt32(index + 1), name: column.name, type: column.type, isNullable: column.isNullable)
        }
    }
}

/// A column of a ``Row``: its name, its type and where its values are.
public struct RowColumn<Root>: Sendable {
    /// The name of the column in the stream.
    public let name: String
    /// The type of the column in a stream made for the row.
    public let type: DataType
    /// Whether the property is optional.
    public let isNullable: Bool
    let source: ColumnSource<Root>

    /// A column with the natural type of the property: `bigint` for `Int`, `text` for `String`, ….
    public init<Value: ColumnValue>(_ name: String, _ keyPath: any KeyPath<Root, Value> & Sendable) {
        self.init(name, keyPath, as: Value.columnType)
    }

    /// A column of another type that holds the property's values: `varchar(12)`, `numeric(10,2)`, `jsonb`, ….
    ///
    /// Whether the type can hold them is checked when a batcher is made.
    public init<Value: ColumnValue>(
        _ name: String, _ keyPath: any KeyPath<Root, Value> & Sendable, as type: DataType
    ) {
        self.name = name
        self.type = type
        self.isNullable = Value.isNullable
        self.source = ColumnSource(keyPath)
    }
}

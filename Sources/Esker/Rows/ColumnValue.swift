public import EskerFormat

/// A Swift type whose values fit a column.
///
/// | Swift | column | also |
/// |---|---|---|
/// | `Bool` | boolean | |
/// | `Int16`, `Int32`, `Int64`, `Int` | smallint, integer, bigint, bigint | wider integers, numeric |
/// | `Float`, `Double` | real, double precision | `Float` in double precision |
/// | `Numeric` | numeric | numeric(p,s): rounded as PostgreSQL does |
/// | `String` | text | varchar(n), char(n), json, jsonb |
/// | `[UInt8]` | bytea | |
/// | ``Timestamp`` | timestamptz | timestamp: the clocks of UTC |
/// | ``Day``, ``TimeOfDay`` | date, time | |
/// | `TimeWithZone`, `Interval`, `UUIDBytes` | timetz, interval, uuid | |
/// | `[V]` | array of V's column | |
/// | `V?` | V's column, nullable | |
///
/// An enum or struct with a raw value of one of these types needs only the word:
///
/// ```swift
/// enum Side: String, ColumnValue { case buy, sell }
/// ```
///
/// Other types say their column and value themselves:
///
/// ```swift
/// extension Price: ColumnValue {
///     static var columnType: DataType { .numeric(precision: 18, scale: 4) }
///     var columnValue: Value { .numeric(decimal) }
/// }
/// ```
public protocol ColumnValue: Sendable {
    /// The column that holds the values by nature.
    static var columnType: DataType { get }
    /// Whether some values are NULL. Only optionals are nullable.
    static var isNullable: Bool { get }
    /// The value as SQL sees it.
    var columnValue: Value { get }
}

extension ColumnValue {
    public static var isNullable: Bool { false }
}

extension ColumnValue where Self: RawRepresentable, RawValue: ColumnValue {
    public static var columnType: DataType { RawValue.columnType }
    public var columnValue: Value { rawValue.columnValue }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
    public static var columnType: DataType { Wrapped.columnType }
    public static var isNullable: Bool { true }
    public var columnValue: Value { self?.columnValue ?? .null }
}

extension Array: ColumnValue where Element: ArrayElement {
    public static var columnType: DataType { Element.arrayType }
    public var columnValue: Value { Element.arrayValue(self) }
}

/// A Swift type of which arrays fit a column: every ``ColumnValue`` of one value, and `UInt8` for `bytea`.
public protocol ArrayElement: Sendable {
    /// The type of a column of arrays.
    static var arrayType: DataType { get }
    /// An array as one value.
    static func arrayValue(_ elements: [Self]) -> Value
}

extension ArrayElement where Self: ColumnValue {
    public static var arrayType: DataType { .array(of: columnType) }

    public static func arrayValue(_ elements: [Self]) -> Value {
        .array(ArrayValue(of: columnType, elements.map(\.columnValue)))
    }
}

extension UInt8: ArrayElement {
    public static var arrayType: DataType { .bytea }
    public static func arrayValue(_ elements: [UInt8]) -> Value { .bytea(elements) }
}

// MARK: The types of the table

extension Bool: ColumnValue, ArrayElement {
    public static var columnType: DataType { .bool }
    public var columnValue: Value { .bool(self) }
}

extension Int16: ColumnValue, ArrayElement {
    public static var columnType: DataType { .int2 }
    public var columnValue: Value { .int2(self) }
}

extension Int32: ColumnValue, ArrayElement {
    public static var columnType: DataType { .int4 }
    public var columnValue: Value { .int4(self) }
}

extension Int64: ColumnValue, ArrayElement {
    public static var columnType: DataType { .int8 }
    public var columnValue: Value { .int8(self) }
}

extension Int: ColumnValue, ArrayElement {
    public static var columnType: DataType { .int8 }
    public var columnValue: Value { .int8(Int64(self)) }
}

extension Float: ColumnValue, ArrayElement {
    public static var columnType: DataType { .float4 }
    public var columnValue: Value { .float4(self) }
}

extension Double: ColumnValue, ArrayElement {
    public static var columnType: DataType { .float8 }
    public var columnValue: Value { .float8(self) }
}

extension String: ColumnValue, ArrayElement {
    public static var columnType: DataType { .text }
    public var columnValue: Value { .text(self) }
}

extension Numeric: ColumnValue, ArrayElement {
    public static var columnType: DataType { .numeric(precision: nil, scale: 0) }
    public var columnValue: Value { .numeric(self) }
}

extension Interval: ColumnValue, ArrayElement {
    public static var columnType: DataType { .interval }
    public var columnValue: Value { .interval(self) }
}

extension TimeWithZone: ColumnValue, ArrayElement {
    public static var columnType: DataType { .timetz }
    public var columnValue: Value { .timetz(self) }
}

extension UUIDBytes: ColumnValue, ArrayElement {
    public static var columnType: DataType { .uuid }
    public var columnValue: Value { .uuid(self) }
}

extension Optional: ArrayElement where Wrapped: ColumnValue & ArrayElement {}

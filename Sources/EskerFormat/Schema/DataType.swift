/// The type of a column, with PostgreSQL's names and meanings.
///
/// The physical layout of each type in memory and on disk is given by ``layout``; it follows Arrow where
/// Arrow has the type, so that a batch can be handed to other engines without a copy.
public indirect enum DataType: Hashable, Sendable {
    case bool
    case int2, int4, int8
    case float4, float8
    /// Exact decimal. `nil` precision: any number of digits.
    case numeric(precision: Int?, scale: Int)
    case text
    /// At most `length` characters; `nil`: unlimited.
    case varchar(length: Int?)
    /// Exactly `length` characters, padded with blanks.
    case char(length: Int)
    case bytea
    /// Days since 1970-01-01.
    case date
    /// Microseconds since midnight.
    case time
    /// Microseconds since midnight and the zone's offset; see ``TimeWithZone``.
    case timetz
    /// Microseconds since 1970-01-01 00:00:00, without a zone.
    case timestamp
    /// Microseconds since 1970-01-01 00:00:00 UTC.
    case timestamptz
    /// Months, days and microseconds kept apart; see ``Interval``.
    case interval
    case uuid
    /// JSON text, kept as it was written.
    case json
    /// JSON in PostgreSQL's canonical order: kept as canonical text.
    case jsonb
    /// An array of any number of dimensions; see ``ArrayValue``.
    case array(of: DataType)
}

/// How values of a type lie in memory.
public enum Layout: Hashable, Sendable {
    /// One bit a value, least significant bit first.
    case bits
    /// `width` bytes a value, little-endian: 2, 4, 8 or 16.
    case fixed(width: Int)
    /// `count + 1` Int32 offsets into a run of bytes.
    case variable
}

extension DataType {
    /// The physical layout of the type's values.
    public var layout: Layout {
        switch self {
        case .bool: .bits
        case .int2: .fixed(width: 2)
        case .int4, .float4, .date: .fixed(width: 4)
        case .int8, .float8, .time, .timestamp, .timestamptz: .fixed(width: 8)
        case .timetz, .interval, .uuid: .fixed(width: 16)
        case .numeric, .text, .varchar, .char, .bytea, .json, .jsonb, .array: .variable
        }
    }

    /// PostgreSQL's name of the type, with its modifier: `character varying(20)`, `integer[]`.
    public var name: String {
        switch self {
        case .bool: "boolean"
        case .int2: "smallint"
        case .int4: "integer"
        case .int8: "bigint"
        case .float4: "real"
        case .float8: "double precision"
        case .numeric(nil, _): "numeric"
        case .numeric(let precision?, let scale): "numeric(\(precision),\(scale))"
        case .text: "text"
        case .varchar(nil): "character varying"
        case .varchar(let length?): "character varying(\(length))"
        case .char(let length): "character(\(length))"
        case .bytea: "bytea"
        case .date: "date"
        case .time: "time without time zone"
        case .timetz: "time with time zone"
        case .timestamp: "timestamp without time zone"
        case .timestamptz: "timestamp with time zone"
        case .interval: "interval"
        case .uuid: "uuid"
        case .json: "json"
        case .jsonb: "jsonb"
        case .array(let element): element.name + "[]"
        }
    }
}

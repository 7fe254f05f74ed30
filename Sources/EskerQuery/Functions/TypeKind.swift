internal import EskerFormat

/// A type without its modifier and element type: what PostgreSQL's rules for choosing functions look at.
enum TypeKind: UInt8, Hashable, Sendable {
    case bool
    case int2, int4, int8, float4, float8, numeric
    case text, varchar, char
    case bytea
    case date, time, timetz, timestamp, timestamptz, interval
    case uuid, json, jsonb
    case array

    /// `pg_type.typcategory`.
    enum Category: Hashable, Sendable {
        case boolean, number, string, time, timespan, user, array
    }

    var category: Category {
        switch self {
        case .bool: .boolean
        case .int2, .int4, .int8, .float4, .float8, .numeric: .number
        case .text, .varchar, .char: .string
        case .date, .time, .timetz, .timestamp, .timestamptz: .time
        case .interval: .timespan
        case .bytea, .uuid, .json, .jsonb: .user
        case .array: .array
        }
    }

    /// `pg_type.typispreferred`: the type of its category that an unknown argument becomes when there is a choice.
    var isPreferred: Bool {
        switch self {
        case .bool, .float8, .text, .timestamptz, .interval: true
        default: false
        }
    }

    /// The type without a modifier; arrays have no single one.
    var plainType: DataType {
        switch self {
        case .bool: .bool
        case .int2: .int2
        case .int4: .int4
        case .int8: .int8
        case .float4: .float4
        case .float8: .float8
        case .numeric: .numeric(precision: nil, scale: 0)
        case .text, .array: .text
        case .varchar: .varchar(length: nil)
        case .char: .char(length: 1)
        case .bytea: .bytea
        case .date: .date
        case .time: .time
        case .timetz: .timetz
        case .timestamp: .timestamp
        case .timestamptz: .timestamptz
        case .interval: .interval
        case .uuid: .uuid
        case .json: .json
        case .jsonb: .jsonb
        }
    }
}

extension DataType {
    /// The type without its modifier and element type.
    var kind: TypeKind {
        switch self {
        case .bool: .bool
        case .int2: .int2
        case .int4: .int4
        case .int8: .int8
        case .float4: .float4
        case .float8: .float8
        case .numeric: .numeric
        case .text: .text
        case .varchar: .varchar
        case .char: .char
        case .bytea: .bytea
        case .date: .date
        case .time: .time
        case .timetz: .timetz
        case .timestamp: .timestamp
        case .timestamptz: .timestamptz
        case .interval: .interval
        case .uuid: .uuid
        case .json: .json
        case .jsonb: .jsonb
        case .array: .array
        }
    }

    /// The element type of an array.
    var element: DataType? {
        if case .array(let element) = self { element } else { nil }
    }

    /// The type without its modifier: `character varying` for `character varying(20)`. A `char(n)` keeps its length,
    /// because a value without one does not exist.
    var withoutModifier: DataType {
        switch self {
        case .numeric: .numeric(precision: nil, scale: 0)
        case .varchar: .varchar(length: nil)
        case .array(let element): .array(of: element.withoutModifier)
        default: self
        }
    }

    /// PostgreSQL's name of the type without its modifier, as error messages use it.
    var bareName: String {
        switch self {
        case .numeric: "numeric"
        case .varchar: "character varying"
        case .char: "character"
        case .array(let element): element.bareName + "[]"
        default: name
        }
    }
}

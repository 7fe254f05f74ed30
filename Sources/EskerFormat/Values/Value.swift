/// One value of any SQL type: for literals, single rows and tests. Columns hold values without it.
///
/// Values are equal as PostgreSQL's `=` says, except that null equals null: NaN equals NaN, 0 equals −0, numerics that
/// differ in trailing zeros and intervals of the same length are equal. Values of different cases never are.
public enum Value: Sendable {
    case null
    case bool(Bool)
    case int2(Int16)
    case int4(Int32)
    case int8(Int64)
    case float4(Float)
    case float8(Double)
    case numeric(Numeric)
    /// `text`, `varchar`, `char` (padded), `json` (as written) and `jsonb` (canonical).
    case text(String)
    case bytea([UInt8])
    /// Days since 1970-01-01; the greatest and least are ±infinity.
    case date(Int32)
    /// Microseconds since midnight.
    case time(Int64)
    case timetz(TimeWithZone)
    /// Microseconds since 1970-01-01 00:00:00; the greatest and least are ±infinity.
    case timestamp(Int64)
    /// Microseconds since 1970-01-01 00:00:00 UTC; the greatest and least are ±infinity.
    case timestamptz(Int64)
    case interval(Interval)
    case uuid(UUIDBytes)
    case array(ArrayValue)
}

extension Value: Hashable {
    public static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let x), .bool(let y)): x == y
        case (.int2(let x), .int2(let y)): x == y
        case (.int4(let x), .int4(let y)), (.date(let x), .date(let y)): x == y
        case (.int8(let x), .int8(let y)), (.time(let x), .time(let y)), (.timestamp(let x), .timestamp(let y)),
            (.timestamptz(let x), .timestamptz(let y)):
            x == y
        case (.float4(let x), .float4(let y)): x == y || (x.isNaN && y.isNaN)
        case (.float8(let x), .float8(let y)): x == y || (x.isNaN && y.isNaN)
        case (.numeric(let x), .numeric(let y)): x == y
        // By bytes: Swift's own comparison takes canonically equivalent characters for equal.
        case (.text(let x), .text(let y)): x.utf8.elementsEqual(y.utf8)
        case (.bytea(let x), .bytea(let y)): x == y
        case (.timetz(let x), .timetz(let y)): x == y
        case (.interval(let x), .interval(let y)): x == y
        case (.uuid(let x), .uuid(let y)): x == y
        case (.array(let x), .array(let y)): x == y
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let x): hasher.combine(x)
        case .int2(let x): hasher.combine(x)
        case .int4(let x), .date(let x): hasher.combine(x)
        case .int8(let x), .time(let x), .timestamp(let x), .timestamptz(let x): hasher.combine(x)
        case .float4(let x): hasher.combine(x.isNaN ? .nan : x)
        case .float8(let x): hasher.combine(x.isNaN ? .nan : x)
        case .numeric(let x): hasher.combine(x)
        case .text(let x):
            for byte in x.utf8 { hasher.combine(byte) }
        case .bytea(let x): hasher.combine(x)
        case .timetz(let x): hasher.combine(x)
        case .interval(let x): hasher.combine(x)
        case .uuid(let x): hasher.combine(x)
        case .array(let x): hasher.combine(x)
        }
    }
}

extension Value {
    /// The value that a text means as a type, as PostgreSQL's input functions read it, with the type's modifier applied.
    package static func parse(
        _ text: String, as type: DataType, _ settings: TextSettings = TextSettings()
    ) throws(ValueError) -> Value {
        try parse(text.utf8.span, as: type, settings)
    }

    package static func parse(
        _ bytes: Span<UInt8>, as type: DataType, _ settings: TextSettings
    ) throws(ValueError) -> Value {
        switch type {
        case .bool: .bool(try ValueParser.bool(bytes))
        case .int2: .int2(try ValueParser.int2(bytes))
        case .int4: .int4(try ValueParser.int4(bytes))
        case .int8: .int8(try ValueParser.int8(bytes))
        case .float4: .float4(try ValueParser.float4(bytes))
        case .float8: .float8(try ValueParser.float8(bytes))
        case .numeric(let precision, let scale):
            if let precision {
                .numeric(try ValueParser.numeric(bytes).fitted(precision: precision, scale: scale))
            } else {
                .numeric(try ValueParser.numeric(bytes))
            }
        case .text: .text(ValueError.text(bytes))
        case .varchar(let length):
            .text(ValueError.text(bytes.extracting(0..<(try ValueParser.varchar(bytes, limit: length)))))
        case .char(let length): .text(try padded(bytes, length))
        case .json:
            .text(try checkedJSON(bytes))
        case .jsonb: .text(String(decoding: try ValueParser.jsonb(bytes), as: UTF8.self))
        case .bytea: .bytea(try ValueParser.bytea(bytes))
        case .date: .date(try ValueParser.date(bytes, settings))
        case .time: .time(try ValueParser.time(bytes, settings))
        case .timetz: .timetz(try ValueParser.timetz(bytes, settings))
        case .timestamp: .timestamp(try ValueParser.timestamp(bytes, settings))
        case .timestamptz: .timestamptz(try ValueParser.timestamptz(bytes, settings))
        case .interval: .interval(try ValueParser.interval(bytes))
        case .uuid: .uuid(try ValueParser.uuid(bytes))
        case .array(let element): .array(try ArrayParser.parse(bytes, of: element, settings))
        }
    }

    private static func padded(_ bytes: Span<UInt8>, _ length: Int) throws(ValueError) -> String {
        let (count, blanks) = try ValueParser.char(bytes, length: length)
        return ValueError.text(bytes.extracting(0..<count)) + String(repeating: " ", count: blanks)
    }

    private static func checkedJSON(_ bytes: Span<UInt8>) throws(ValueError) -> String {
        try ValueParser.checkJSON(bytes)
        return ValueError.text(bytes)
    }

    /// PostgreSQL's text form; nothing for null.
    package func text(_ settings: TextSettings = TextSettings()) -> String {
        var out: [UInt8] = []
        write(settings, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends PostgreSQL's text form; nothing for null.
    package func write(_ settings: TextSettings, to out: inout [UInt8]) {
        switch self {
        case .null: break
        case .bool(let value): ValueWriter.bool(value, to: &out)
        case .int2(let value): ValueWriter.integer(Int64(value), to: &out)
        case .int4(let value): ValueWriter.integer(Int64(value), to: &out)
        case .int8(let value): ValueWriter.integer(value, to: &out)
        case .float4(let value): ValueWriter.float4(value, to: &out)
        case .float8(let value): ValueWriter.float8(value, to: &out)
        case .numeric(let value): ValueWriter.numeric(value, to: &out)
        case .text(let value): out.append(contentsOf: value.utf8)
        case .bytea(let value): ValueWriter.bytea(value.span, to: &out)
        case .date(let value): ValueWriter.date(value, to: &out)
        case .time(let value): ValueWriter.time(value, to: &out)
        case .timetz(let value): ValueWriter.timetz(value, to: &out)
        case .timestamp(let value): ValueWriter.timestamp(value, to: &out)
        case .timestamptz(let value): ValueWriter.timestamptz(value, settings.zone, to: &out)
        case .interval(let value): ValueWriter.interval(value, to: &out)
        case .uuid(let value): ValueWriter.uuid(value, to: &out)
        case .array(let value): ValueWriter.array(value, settings, to: &out)
        }
    }
}

extension Value: CustomStringConvertible {
    /// The text form with the clocks of UTC; `NULL` for null.
    public var description: String { self == .null ? "NULL" : text() }
}

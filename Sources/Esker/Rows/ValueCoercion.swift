import EskerFormat

/// Assigns values to columns of another type as PostgreSQL's INSERT does, where nothing is lost.
///
/// | from | to |
/// |---|---|
/// | integers | every integer type that holds the value, numeric, and the floats that hold it exactly |
/// | real | double precision; real where the value is exact |
/// | numeric | integers when it is whole; numeric(p,s), rounded as PostgreSQL does |
/// | text | every type: read as a literal of it is |
/// | date | timestamp, timestamptz: midnight (UTC) |
/// | timestamp ↔ timestamptz | the clocks of UTC |
/// | arrays | element by element |
enum ValueCoercion {
    /// Whether values of a type can go to a column at all.
    static func canHold(_ from: DataType, in type: DataType) -> Bool {
        switch (from, type) {
        case (.array(let a), .array(let b)): return canHold(a, in: b)
        case (.array, _), (_, .array): return false
        default: break
        }
        switch (family(from), family(type)) {
        case (.number, .number), (.text, .text), (.moment, .moment): return true
        default: return from.unmodified == type.unmodified
        }
    }

    /// The value as a column of the type holds it.
    ///
    /// - Throws: why it cannot be there, in PostgreSQL's words.
    static func assign(_ value: Value, to type: DataType) throws(ValueError) -> Value {
        switch (value, type) {
        case (.null, _), (.bool, .bool), (.int2, .int2), (.int4, .int4), (.int8, .int8), (.float4, .float4),
            (.float8, .float8), (.bytea, .bytea), (.date, .date), (.time, .time), (.timetz, .timetz),
            (.timestamp, .timestamp), (.timestamptz, .timestamptz), (.interval, .interval), (.uuid, .uuid):
            return value
        case (.text(let text), .text), (.text(let text), .varchar(nil)):
            if text.utf8.contains(0) { throw TextCheck.zeroByte }
            return value
        case (.text(let text), _): return try parse(text, type)
        case (.int2(let number), _): return try assign(Int64(number), value, type)
        case (.int4(let number), _): return try assign(Int64(number), value, type)
        case (.int8(let number), _): return try assign(number, value, type)
        case (.float4(let number), .float8): return .float8(Double(number))
        case (.float8(let number), .float4):
            let narrow = Float(number)
            guard Double(narrow) == number || number.isNaN else {
                throw lossy(value, type)
            }
            return .float4(narrow)
        case (.numeric(let number), .numeric): return .numeric(try fitted(number, type))
        case (.numeric(let number), .int2), (.numeric(let number), .int4), (.numeric(let number), .int8):
            let whole = try number.int64(type.name)
            guard Numeric(whole) == number else { throw lossy(value, type) }
            return try assign(whole, value, type)
        case (.date(let day), .timestamp): return .timestamp(try midnight(day))
        case (.date(let day), .timestamptz): return .timestamptz(try midnight(day))
        case (.timestamp(let time), .timestamptz): return .timestamptz(time)
        case (.timestamptz(let time), .timestamp): return .timestamp(time)
        case (.array(let array), .array(let element)): return .array(try assign(array, to: element))
        default: throw mismatch(value, type)
        }
    }

    /// A decimal as a column `numeric(p,s)` holds it.
    static func fitted(_ number: Numeric, _ type: DataType) throws(ValueError) -> Numeric {
        guard case .numeric(let precision?, let scale) = type else { return number }
        return try number.fitted(precision: precision, scale: scale)
    }

    private static func assign(_ number: Int64, _ value: Value, _ type: DataType) throws(ValueError) -> Value {
        switch type {
        case .int2:
            guard let narrow = Int16(exactly: number) else { throw outOfRange(type) }
            return .int2(narrow)
        case .int4:
            guard let narrow = Int32(exactly: number) else { throw outOfRange(type) }
            return .int4(narrow)
        case .int8: return .int8(number)
        case .numeric: return .numeric(try fitted(Numeric(number), type))
        case .float8:
            guard let exact = Double(exactly: number) else { throw lossy(value, type) }
            return .float8(exact)
        case .float4:
            guard let exact = Float(exactly: number) else { throw lossy(value, type) }
            return .float4(exact)
        default: throw mismatch(value, type)
        }
    }

    private static func parse(_ text: String, _ type: DataType) throws(ValueError) -> Value {
        if text.utf8.contains(0) { throw TextCheck.zeroByte }
        return try Value.parse(text, as: type, TextSettings(now: Timestamp.now.microseconds))
    }

    private static func assign(_ array: ArrayValue, to element: DataType) throws(ValueError) -> ArrayValue {
        if array.elementType == element { return array }
        let elements = try array.elements.map { (value) throws(ValueError) in try assign(value, to: element) }
        return ArrayValue(of: element, dimensions: array.dimensions, elements: elements)
    }

    private static func midnight(_ day: Int32) throws(ValueError) -> Int64 {
        if day == .max { return .max }
        if day == .min { return .min }
        let (time, overflow) = Int64(day).multipliedReportingOverflow(by: 86_400_000_000)
        guard !overflow else { throw ValueError(sqlState: "22008", message: "date out of range for timestamp") }
        return time
    }

    // MARK: Errors

    private static func outOfRange(_ type: DataType) -> ValueError {
        ValueError(sqlState: "22003", message: "\(type.name) out of range")
    }

    private static func lossy(_ value: Value, _ type: DataType) -> ValueError {
        ValueError(sqlState: "22003", message: "\(value) has no exact \(type.name)")
    }

    private static func mismatch(_ value: Value, _ type: DataType) -> ValueError {
        let given = value.typeName
        return ValueError(
            sqlState: "42804", message: "column is of type \(type.name) but the value is of type \(given)")
    }

    // MARK: Families

    private enum Family { case number, text, moment, other }

    private static func family(_ type: DataType) -> Family {
        switch type {
        case .int2, .int4, .int8, .float4, .float8, .numeric: .number
        case .text, .varchar, .char, .json, .jsonb: .text
        case .date, .timestamp, .timestamptz: .moment
        default: .other
        }
    }
}

extension DataType {
    /// The type without its length or precision.
    fileprivate var unmodified: DataType {
        switch self {
        case .numeric: .numeric(precision: nil, scale: 0)
        default: self
        }
    }
}

extension Value {
    /// PostgreSQL's name of the value's type.
    var typeName: String {
        switch self {
        case .null: "unknown"
        case .bool: "boolean"
        case .int2: "smallint"
        case .int4: "integer"
        case .int8: "bigint"
        case .float4: "real"
        case .float8: "double precision"
        case .numeric: "numeric"
        case .text: "text"
        case .bytea: "bytea"
        case .date: "date"
        case .time: "time without time zone"
        case .timetz: "time with time zone"
        case .timestamp: "timestamp without time zone"
        case .timestamptz: "timestamp with time zone"
        case .interval: "interval"
        case .uuid: "uuid"
        case .array(let array): array.elementType.name + "[]"
        }
    }
}

extension ColumnBuilder {
    /// Appends a value of the builder's type, or none.
    ///
    /// - Parameter scratch: room that is used again and again.
    func append(_ value: Value, scratch: inout [UInt8]) {
        switch value {
        case .null: appendNull()
        case .bool(let value): append(bool: value)
        case .int2(let value): append(fixed: value)
        case .int4(let value), .date(let value): append(fixed: value)
        case .int8(let value), .time(let value), .timestamp(let value), .timestamptz(let value): append(fixed: value)
        case .float4(let value): append(fixed: value)
        case .float8(let value): append(fixed: value)
        case .text(let value): append(value)
        case .bytea(let value): append(value)
        case .timetz(let value): append(words: value.words)
        case .interval(let value): append(words: value.words)
        case .uuid(let value): append(words: value.words)
        case .numeric(let value): append(value, scratch: &scratch)
        case .array:
            scratch.removeAll(keepingCapacity: true)
            value.appendBinary(as: type, to: &scratch)
            append(scratch)
        }
    }

    /// Appends a decimal that fits the builder's type.
    func append(_ value: Numeric, scratch: inout [UInt8]) {
        scratch.removeAll(keepingCapacity: true)
        value.appendBinary(to: &scratch)
        append(scratch)
    }

    func append(words: (UInt64, UInt64)) { append(fixed: SIMD2(words.0, words.1)) }
}

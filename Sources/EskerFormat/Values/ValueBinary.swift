/// The bytes of a value as a column of its type holds them, little-endian; a bool takes one byte here.
extension Value {
    /// The value must be of the type and not null.
    package func appendBinary(as type: DataType, to out: inout [UInt8]) {
        switch self {
        case .null: preconditionFailure("null has no bytes in a column")
        case .bool(let value): out.append(value ? 1 : 0)
        case .int2(let value): ArrayValue.append(UInt64(UInt16(bitPattern: value)), 2, to: &out)
        case .int4(let value), .date(let value): ArrayValue.append(UInt64(UInt32(bitPattern: value)), 4, to: &out)
        case .int8(let value), .time(let value), .timestamp(let value), .timestamptz(let value):
            ArrayValue.append(UInt64(bitPattern: value), 8, to: &out)
        case .float4(let value): ArrayValue.append(UInt64(value.bitPattern), 4, to: &out)
        case .float8(let value): ArrayValue.append(value.bitPattern, 8, to: &out)
        case .timetz(let value): Self.append(value.words, to: &out)
        case .interval(let value): Self.append(value.words, to: &out)
        case .uuid(let value): Self.append(value.words, to: &out)
        case .numeric(let value): value.appendBinary(to: &out)
        case .text(let value): out.append(contentsOf: value.utf8)
        case .bytea(let value): out.append(contentsOf: value)
        case .array(let value): value.appendBinary(to: &out)
        }
    }

    private static func append(_ words: (UInt64, UInt64), to out: inout [UInt8]) {
        ArrayValue.append(words.0, 8, to: &out)
        ArrayValue.append(words.1, 8, to: &out)
    }

    /// - Throws: `malformed` or `truncated` if the bytes are no value of the type.
    package init(binary bytes: Span<UInt8>, as type: DataType) throws(FormatError) {
        let width: Int
        switch type.layout {
        case .bits: width = 1
        case .fixed(let fixed): width = fixed
        case .variable:
            self = try Self.variable(bytes, type)
            return
        }
        guard bytes.count == width else {
            throw FormatError(.malformed, "a \(type.name) has \(bytes.count) bytes, not \(width)")
        }
        let low = Self.word(bytes, 0, min(width, 8))
        let high = Self.word(bytes, 8, width - min(width, 8))
        switch type {
        case .bool:
            guard low <= 1 else { throw FormatError(.malformed, "a boolean is \(low)") }
            self = .bool(low == 1)
        case .int2: self = .int2(Int16(truncatingIfNeeded: low))
        case .int4: self = .int4(Int32(truncatingIfNeeded: low))
        case .int8: self = .int8(Int64(bitPattern: low))
        case .float4: self = .float4(Float(bitPattern: UInt32(truncatingIfNeeded: low)))
        case .float8: self = .float8(Double(bitPattern: low))
        case .date: self = .date(Int32(truncatingIfNeeded: low))
        case .time: self = .time(Int64(bitPattern: low))
        case .timestamp: self = .timestamp(Int64(bitPattern: low))
        case .timestamptz: self = .timestamptz(Int64(bitPattern: low))
        case .timetz: self = .timetz(TimeWithZone(words: (low, high)))
        case .interval: self = .interval(Interval(words: (low, high)))
        default: self = .uuid(UUIDBytes(words: (low, high)))
        }
    }

    private static func variable(_ bytes: Span<UInt8>, _ type: DataType) throws(FormatError) -> Value {
        switch type {
        case .numeric: .numeric(try Numeric(binary: bytes))
        case .bytea: .bytea(copy(bytes))
        case .array(let element): .array(try ArrayValue(binary: bytes, of: element))
        default: .text(ValueError.text(bytes))
        }
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in bytes.indices { result.append(bytes[index]) }
        return result
    }

    private static func word(_ bytes: Span<UInt8>, _ start: Int, _ width: Int) -> UInt64 {
        var value: UInt64 = 0
        for offset in (0..<width).reversed() { value = value << 8 | UInt64(bytes[start + offset]) }
        return value
    }
}

import EskerFormat

/// A Swift type that is made of a column's value without going through text.
protocol ReadableValue {
    /// - Returns: nil when the value is of another type.
    init?(columnValue: Value)
}

extension Timestamp: ReadableValue {
    init?(columnValue: Value) {
        switch columnValue {
        case .timestamptz(let time), .timestamp(let time): self.init(microseconds: time)
        default: return nil
        }
    }
}

extension Day: ReadableValue {
    init?(columnValue: Value) {
        guard case .date(let number) = columnValue else { return nil }
        self.init(number: number)
    }
}

extension TimeOfDay: ReadableValue {
    init?(columnValue: Value) {
        guard case .time(let time) = columnValue else { return nil }
        self.init(microseconds: time)
    }
}

extension TimeWithZone: ReadableValue {
    init?(columnValue: Value) {
        guard case .timetz(let time) = columnValue else { return nil }
        self = time
    }
}

extension Interval: ReadableValue {
    init?(columnValue: Value) {
        guard case .interval(let interval) = columnValue else { return nil }
        self = interval
    }
}

extension UUIDBytes: ReadableValue {
    init?(columnValue: Value) {
        guard case .uuid(let id) = columnValue else { return nil }
        self = id
    }
}

extension Numeric: ReadableValue {
    init?(columnValue: Value) {
        switch columnValue {
        case .numeric(let number): self = number
        case .int2(let number): self.init(Int64(number))
        case .int4(let number): self.init(Int64(number))
        case .int8(let number): self.init(number)
        default: return nil
        }
    }
}

extension Array: ReadableValue where Element == UInt8 {
    init?(columnValue: Value) {
        guard case .bytea(let bytes) = columnValue else { return nil }
        self = bytes
    }
}

extension Numeric {
    /// The nearest double; ± infinity beyond its range.
    var nearestDouble: Double { Double(description) ?? .nan }

    /// The number as an integer type, if it is whole and fits.
    func exactly<I: FixedWidthInteger>(_: I.Type) -> I? {
        guard isFinite, let (coefficient, _) = (try? rounded())?.small, let exact = I(exactly: coefficient),
            let back = try? Numeric("\(exact)"), back == self
        else { return nil }
        return exact
    }
}

internal import EskerFormat

/// `extract(field from time)`, a `numeric`, and `date_part(field, time)`, a `double precision`.
enum Extract {
    static func kernel(_ type: DataType, asNumeric: Bool) -> Kernel {
        switch type {
        case .timestamp:
            kernel(asNumeric, type, Int64.self) { (value, unit, _) in DateTimeField.timestamp(value, unit) }
        case .timestamptz:
            kernel(asNumeric, type, Int64.self) { (value, unit, zone) throws(QueryError) in
                try DateTimeField.timestamptz(value, unit, zone)
            }
        case .date: kernel(asNumeric, type, Int32.self) { (value, unit, _) in DateTimeField.date(value, unit) }
        case .time: kernel(asNumeric, type, Int64.self) { (value, unit, _) in DateTimeField.time(value, unit) }
        case .timetz:
            kernel(asNumeric, type, StoredTimeTZ.self) { (value, unit, _) in DateTimeField.timetz(value, unit) }
        default:
            kernel(asNumeric, .interval, StoredInterval.self) { (value, unit, _) in
                DateTimeField.interval(value, unit)
            }
        }
    }

    @inline(__always)
    private static func kernel<Stored: BitwiseCopyable>(
        _ asNumeric: Bool, _ type: DataType, _: Stored.Type,
        _ field: @escaping @Sendable (Stored, DateTimeUnit, Zone) throws(QueryError) -> DateTimeField.Value?
    ) -> Kernel {
        { (call) throws(QueryError) in
            let units = UnitArgument(call, 0, type.name)
            let values = call.values(1, as: Stored.self)
            let zone = call.context.timeZone
            guard asNumeric else {
                return try call.writeOptionals { row throws(QueryError) -> Double? in
                    let unit = try units.unit(row)
                    guard let value = try field(values[row], unit, zone) else { throw units.unsupported(row) }
                    return value.double
                }
            }
            return try call.writeNumerics { row throws(QueryError) in
                let unit = try units.unit(row)
                guard let value = try field(values[row], unit, zone) else { throw units.unsupported(row) }
                do throws(ValueError) { return try value.numeric() } catch { throw QueryError(error) }
            }
        }
    }
}

extension VectorCall {
    /// A column of numerics; nil is a row without a value.
    @inline(__always)
    func writeNumerics(_ body: (_ row: Int) throws(QueryError) -> Numeric?) throws(QueryError) -> Column {
        var out = VariableWriter(rows: count, byteCount: count * 8)
        var scratch: [UInt8] = []
        var row = 0
        while row < count {
            if !isNeeded(row) {
                out.endRow()
            } else if let value = try body(row) {
                scratch.removeAll(keepingCapacity: true)
                value.appendBinary(to: &scratch)
                out.add(scratch)
                out.endRow()
            } else {
                out.endWithoutValue()
            }
            row &+= 1
        }
        return try out.finish(resultType)
    }
}

extension FunctionList {
    mutating func addExtract() {
        for type in [DataType.timestamp, .timestamptz, .date, .time, .timetz, .interval] {
            let isStable = type == .timestamptz
            for name in ["extract", "date_part"] {
                let result: DataType = name == "extract" ? .numeric(precision: nil, scale: 0) : .float8
                let kernel = Extract.kernel(type, asNumeric: name == "extract")
                if name == "date_part" && type == .date {
                    // PostgreSQL's date_part of a date is that of the timestamp.
                    addFunction(
                        FunctionEntry(
                            name, [.kind(.text), .kind(.date)], .type(result), callTypes: [.text, .timestamp],
                            kernel: Extract.kernel(.timestamp, asNumeric: false)))
                } else if isStable {
                    addStable(name, [.text, type], result, kernel)
                } else {
                    addFunction(name, [.text, type], result, kernel)
                }
            }
        }
    }
}

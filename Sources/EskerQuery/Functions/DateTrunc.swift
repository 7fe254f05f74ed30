internal import EskerFormat

/// Rounding timestamps down to a unit.
enum DateTrunc {
    /// `date_trunc(unit, timestamp)`.
    static let timestamp: Kernel = { (call) throws(QueryError) in
        let units = UnitArgument(call, 0, "timestamp without time zone", asField: false)
        let values = call.values(1, as: Int64.self)
        return try call.writeValues { row throws(QueryError) in
            let value = values[row]
            // An infinite time is looked at before the unit is.
            return DateTimeMath.isFinite(value) ? try truncate(value, try units.unit(row), units, row) : value
        }
    }

    /// `date_trunc(unit, timestamptz)` on the session's clocks.
    static let timestamptz: Kernel = { (call) throws(QueryError) in
        let units = UnitArgument(call, 0, "timestamp with time zone", asField: false)
        let values = call.values(1, as: Int64.self)
        let zone = call.context.timeZone
        return try call.writeValues { row throws(QueryError) in try truncate(values[row], units, row, zone) }
    }

    /// `date_trunc(unit, timestamptz, zone)`.
    static let timestamptzInZone: Kernel = { (call) throws(QueryError) in
        let units = UnitArgument(call, 0, "timestamp with time zone", asField: false)
        let values = call.values(1, as: Int64.self)
        let zones = ZoneArgument(call, 2)
        return try call.writeValues { row throws(QueryError) in
            let value = values[row]
            return DateTimeMath.isFinite(value) ? try truncate(value, units, row, try zones.zone(row)) : value
        }
    }

    /// `date_trunc(unit, interval)`.
    static let interval: Kernel = { (call) throws(QueryError) in
        let units = UnitArgument(call, 0, "interval", asField: false)
        let values = call.values(1, as: StoredInterval.self)
        return try call.writeValues { row throws(QueryError) in
            try truncate(values[row], try units.unit(row), units, row)
        }
    }

    @inline(__always)
    private static func truncate(
        _ moment: Int64, _ units: UnitArgument, _ row: Int, _ zone: Zone
    ) throws(QueryError) -> Int64 {
        if !DateTimeMath.isFinite(moment) { return moment }
        let unit = try units.unit(row)
        let offset = Int64(zone.offset(at: moment)) &* TimeUnit.second
        let truncated = try truncate(try DateTimeMath.local(moment, zone), unit, units, row)
        switch unit {
        // Within a day the offset stays; further back the clocks may have been set.
        case .microsecond, .millisecond, .second, .minute, .hour: return truncated &- offset
        default: return try DateTimeMath.universal(truncated, zone)
        }
    }

    @inline(__always)
    private static func truncate(
        _ value: Int64, _ unit: DateTimeUnit, _ units: UnitArgument, _ row: Int
    ) throws(QueryError) -> Int64 {
        switch unit {
        case .microsecond: return value
        case .millisecond: return floor(value, 1_000)
        case .second: return floor(value, TimeUnit.second)
        case .minute: return floor(value, TimeUnit.minute)
        case .hour: return floor(value, TimeUnit.hour)
        case .day: return floor(value, TimeUnit.day)
        default:
            let days = DateTimeMath.split(value).days
            return try DateTimeMath.join(try truncateDays(days, unit, units, row), 0)
        }
    }

    @inline(__always)
    private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
        let rest = value % unit
        return value &- rest &- (rest < 0 ? unit : 0)
    }

    private static func truncateDays(
        _ days: Int, _ unit: DateTimeUnit, _ units: UnitArgument, _ row: Int
    ) throws(QueryError) -> Int {
        if unit == .week { return days - DateTimeMath.isoWeekday(days) + 1 }
        let civil = Civil(days: days)
        let year = civil.year
        switch unit {
        case .month: return days - civil.day + 1
        case .quarter: return Civil(year: year, month: (civil.month - 1) / 3 * 3 + 1, day: 1).days
        case .year: return Civil(year: year, month: 1, day: 1).days
        case .decade: return firstDay(year > 0 ? year / 10 * 10 : -((8 - (year - 1)) / 10) * 10)
        case .century: return firstDay(year > 0 ? (year + 99) / 100 * 100 - 99 : -((99 - (year - 1)) / 100) * 100 + 1)
        case .millennium:
            return firstDay(year > 0 ? (year + 999) / 1_000 * 1_000 - 999 : -((999 - (year - 1)) / 1_000) * 1_000 + 1)
        default: throw units.unsupported(row)
        }
    }

    private static func firstDay(_ year: Int) -> Int { Civil(year: year, month: 1, day: 1).days }

    private static func truncate(
        _ value: StoredInterval, _ unit: DateTimeUnit, _ units: UnitArgument, _ row: Int
    ) throws(QueryError) -> StoredInterval {
        var (months, days, time) = (value.months, value.days, value.microseconds)
        switch unit {
        case .microsecond: break
        case .millisecond: time -= time % 1_000
        case .second: time -= time % TimeUnit.second
        case .minute: time -= time % TimeUnit.minute
        case .hour: time -= time % TimeUnit.hour
        case .day: time = 0
        case .month: (days, time) = (0, 0)
        case .quarter: (months, days, time) = (months - months % 3, 0, 0)
        case .year: (months, days, time) = (months - months % 12, 0, 0)
        case .decade: (months, days, time) = (months - months % 120, 0, 0)
        case .century: (months, days, time) = (months - months % 1_200, 0, 0)
        case .millennium: (months, days, time) = (months - months % 12_000, 0, 0)
        default: throw units.unsupported(row)
        }
        return StoredInterval(Interval(months: months, days: days, microseconds: time))
    }

    /// `date_bin(stride, timestamp, origin)`: down to a whole number of strides from the origin.
    static let bin: Kernel = { (call) throws(QueryError) in
        let strides = call.values(0, as: StoredInterval.self)
        let values = call.values(1, as: Int64.self)
        let origins = call.values(2, as: Int64.self)
        return try call.writeValues { row throws(QueryError) in
            let (value, origin) = (values[row], origins[row])
            if !DateTimeMath.isFinite(value) { return value }
            if !DateTimeMath.isFinite(origin) {
                throw QueryError(.datetimeFieldOverflow, "origin out of range")
            }
            let stride = try length(strides[row])
            let (difference, overflow) = value.subtractingReportingOverflow(origin)
            if overflow { throw DateTimeMath.intervalOutOfRange }
            return origin &+ floor(difference, stride)
        }
    }

    private static func length(_ stride: StoredInterval) throws(QueryError) -> Int64 {
        if stride.months != 0 {
            throw QueryError(
                .featureNotSupported, "timestamps cannot be binned into intervals containing months or years")
        }
        let (days, overflow) = Int64(stride.days).multipliedReportingOverflow(by: TimeUnit.day)
        let (length, overflow2) = days.addingReportingOverflow(stride.microseconds)
        if overflow || overflow2 { throw DateTimeMath.intervalOutOfRange }
        if length <= 0 { throw QueryError(.datetimeFieldOverflow, "stride must be greater than zero") }
        return length
    }
}

/// An argument that names a unit of time, read once when it is a constant.
struct UnitArgument {
    private let names: Column
    private let constant: DateTimeUnit?
    private let type: String
    /// Whether the fields of `extract` count, too.
    private let asField: Bool

    init(_ call: VectorCall, _ index: Int, _ type: String, asField: Bool = true) {
        self.asField = asField
        let names = call.arguments[index]
        self.names = names
        self.type = type
        if call.count > 0, case .constant = names.values {
            constant = Self.unit(VariableRows(names)[0].string, asField)
        } else {
            constant = nil
        }
    }

    @inline(__always)
    func unit(_ row: Int) throws(QueryError) -> DateTimeUnit {
        if let constant { return constant }
        let name = VariableRows(names)[row].string
        guard let unit = Self.unit(name, asField) else {
            throw QueryError(.invalidParameterValue, "unit \"\(name.lowercased())\" not recognized for type \(type)")
        }
        return unit
    }

    private static func unit(_ name: String, _ asField: Bool) -> DateTimeUnit? {
        asField ? DateTimeUnit(fieldName: name) : DateTimeUnit(name: name)
    }

    /// 0A000: a unit that the type has not.
    func unsupported(_ row: Int) -> QueryError {
        let name = VariableRows(names)[row].string.lowercased()
        return QueryError(.featureNotSupported, "unit \"\(name)\" not supported for type \(type)")
    }
}

/// An argument that names a time zone, looked up once when it is a constant.
struct ZoneArgument {
    private let names: Column
    private let constant: Zone?

    init(_ call: VectorCall, _ index: Int) {
        let names = call.arguments[index]
        self.names = names
        if call.count > 0, case .constant = names.values {
            constant = try? Zone(named: VariableRows(names)[0].string)
        } else {
            constant = nil
        }
    }

    @inline(__always)
    func zone(_ row: Int) throws(QueryError) -> Zone {
        if let constant { return constant }
        do { return try Zone(named: VariableRows(names)[row].string) } catch { throw QueryError(error) }
    }
}

extension FunctionList {
    mutating func addDateTrunc() {
        addFunction("date_trunc", [.text, .timestamp], .timestamp, DateTrunc.timestamp)
        addStable("date_trunc", [.text, .timestamptz], .timestamptz, DateTrunc.timestamptz)
        addStable("date_trunc", [.text, .timestamptz, .text], .timestamptz, DateTrunc.timestamptzInZone)
        addFunction("date_trunc", [.text, .interval], .interval, DateTrunc.interval)
        addFunction("date_bin", [.interval, .timestamp, .timestamp], .timestamp, DateTrunc.bin)
        addFunction("date_bin", [.interval, .timestamptz, .timestamptz], .timestamptz, DateTrunc.bin)
    }

    /// A strict function whose result depends on the session.
    mutating func addStable(_ name: String, _ parameters: [DataType], _ result: DataType, _ kernel: @escaping Kernel) {
        addFunction(
            FunctionEntry(
                name, parameters.map { .kind($0.kind) }, .type(result), volatility: .stable, kernel: kernel))
    }
}

internal import EskerFormat

/// What `extract` and `date_part` read from a time.
enum DateTimeField {
    /// A field's value.
    enum Value {
        /// `digits` / 10^`scale`, exactly.
        case decimal(Int128, scale: Int)
        /// The length of an interval in seconds.
        case length(StoredInterval)
        /// Days since 4714-11-24 BC with the fraction of the day in microseconds.
        case julian(days: Int, time: Int64)
        case infinity(isNegative: Bool)
        /// An infinite time has no such field.
        case nothing
    }

    /// A field of a timestamp, by what its clocks show.
    ///
    /// - Returns: nil when timestamps have no such field.
    static func timestamp(_ value: Int64, _ unit: DateTimeUnit) -> Value? {
        if !DateTimeMath.isFinite(value) { return ofInfinity(unit, isNegative: value == .min) }
        let (days, time) = DateTimeMath.split(value)
        switch unit {
        case .epoch: return .decimal(Int128(value), scale: 6)
        case .julian: return .julian(days: days - DateTimeMath.firstDay, time: time)
        default: return ofTime(time, unit) ?? ofDay(days, unit)
        }
    }

    /// A field of a moment.
    static func timestamptz(_ value: Int64, _ unit: DateTimeUnit, _ zone: Zone) throws(QueryError) -> Value? {
        if !DateTimeMath.isFinite(value) { return ofInfinity(unit, isNegative: value == .min) }
        if unit == .epoch { return .decimal(Int128(value), scale: 6) }
        if let value = ofOffset(zone.offset(at: value), unit) { return value }
        return timestamp(try DateTimeMath.local(value, zone), unit)
    }

    /// A field of a date; it has none of the clock's.
    static func date(_ value: Int32, _ unit: DateTimeUnit) -> Value? {
        if !DateTimeMath.isFinite(value) {
            return ofDay(0, unit) == nil && unit != .epoch && unit != .julian
                ? nil : ofInfinity(unit, isNegative: value == .min)
        }
        switch unit {
        case .epoch: return .decimal(Int128(value) * 86_400, scale: 0)
        case .julian: return .decimal(Int128(Int(value) - DateTimeMath.firstDay), scale: 0)
        default: return ofDay(Int(value), unit)
        }
    }

    static func time(_ value: Int64, _ unit: DateTimeUnit) -> Value? {
        unit == .epoch ? .decimal(Int128(value), scale: 6) : ofTime(value, unit)
    }

    static func timetz(_ value: StoredTimeTZ, _ unit: DateTimeUnit) -> Value? {
        if unit == .epoch {
            return .decimal(Int128(value.microseconds) - Int128(value.secondsEast) * 1_000_000, scale: 6)
        }
        return ofOffset(value.secondsEast, unit) ?? ofTime(value.microseconds, unit)
    }

    static func interval(_ value: StoredInterval, _ unit: DateTimeUnit) -> Value? {
        let years = Int(value.months) / 12
        switch unit {
        case .hour: return whole(Int(value.microseconds / TimeUnit.hour))
        case .day: return whole(Int(value.days))
        case .month: return whole(Int(value.months) % 12)
        case .quarter: return whole(Int(value.months) % 12 / 3 + 1)
        case .year: return whole(years)
        case .decade: return whole(years / 10)
        case .century: return whole(years / 100)
        case .millennium: return whole(years / 1_000)
        case .epoch: return .length(value)
        default: return ofTime(value.microseconds % TimeUnit.hour, unit)
        }
    }

    private static func whole(_ value: Int) -> Value { .decimal(Int128(value), scale: 0) }

    private static func ofTime(_ time: Int64, _ unit: DateTimeUnit) -> Value? {
        let inMinute = time % TimeUnit.minute
        switch unit {
        case .microsecond: return .decimal(Int128(inMinute), scale: 0)
        case .millisecond: return .decimal(Int128(inMinute), scale: 3)
        case .second: return .decimal(Int128(inMinute), scale: 6)
        case .minute: return whole(Int(time / TimeUnit.minute % 60))
        case .hour: return whole(Int(time / TimeUnit.hour))
        default: return nil
        }
    }

    private static func ofOffset(_ secondsEast: Int32, _ unit: DateTimeUnit) -> Value? {
        switch unit {
        case .timezone: return whole(Int(secondsEast))
        case .timezoneHour: return whole(Int(secondsEast) / 3_600)
        case .timezoneMinute: return whole(Int(secondsEast) / 60 % 60)
        default: return nil
        }
    }

    private static func ofDay(_ days: Int, _ unit: DateTimeUnit) -> Value? {
        switch unit {
        case .dow: return whole(DateTimeMath.isoWeekday(days) % 7)
        case .isodow: return whole(DateTimeMath.isoWeekday(days))
        case .week: return whole(DateTimeMath.isoWeek(days).week)
        case .isoyear:
            let year = DateTimeMath.isoWeek(days).year
            return whole(year > 0 ? year : year - 1)
        default: break
        }
        let civil = Civil(days: days)
        let year = civil.year
        switch unit {
        case .day: return whole(civil.day)
        case .month: return whole(civil.month)
        case .quarter: return whole((civil.month - 1) / 3 + 1)
        case .doy: return whole(days - Civil(year: year, month: 1, day: 1).days + 1)
        // There is no year 0: 1 BC is −1.
        case .year: return whole(year > 0 ? year : year - 1)
        case .decade: return whole(year >= 0 ? year / 10 : -((8 - (year - 1)) / 10))
        case .century: return whole(year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100))
        case .millennium: return whole(year > 0 ? (year + 999) / 1_000 : -((999 - (year - 1)) / 1_000))
        default: return nil
        }
    }

    /// Fields that grow with time are infinite, fields that come round have no value.
    private static func ofInfinity(_ unit: DateTimeUnit, isNegative: Bool) -> Value? {
        switch unit {
        case .year, .decade, .century, .millennium, .julian, .isoyear, .epoch: .infinity(isNegative: isNegative)
        default: .nothing
        }
    }
}

extension DateTimeField.Value {
    /// The value as `date_part` gives it; nil for none.
    var double: Double? {
        switch self {
        case .decimal(let digits, let scale): Self.double(digits) / (scale == 0 ? 1 : scale == 3 ? 1_000 : 1_000_000)
        case .length(let interval): interval.seconds
        case .julian(let days, let time): Double(days) + Double(time) / 86_400_000_000
        case .infinity(let isNegative): isNegative ? -.infinity : .infinity
        case .nothing: nil
        }
    }

    /// The conversion from 128 bits takes 200 ns, and values hardly ever need them.
    @inline(__always)
    private static func double(_ digits: Int128) -> Double {
        let low = Int64(truncatingIfNeeded: digits)
        return Int128(low) == digits ? Double(low) : Double(digits)
    }

    /// The value as `extract` gives it; nil for none.
    func numeric() throws(ValueError) -> Numeric? {
        switch self {
        case .decimal(let digits, let scale): return Numeric(coefficient: digits, scale: scale)
        case .length(let interval): return Numeric(coefficient: interval.epochMicroseconds, scale: 6)
        case .julian(let days, let time):
            let fraction = try Numeric(time).divided(by: Numeric(TimeUnit.day))
            return try Numeric(Int64(days)).adding(fraction)
        case .infinity(let isNegative): return isNegative ? .minusInfinity : .infinity
        case .nothing: return nil
        }
    }
}

extension StoredInterval {
    /// The length in microseconds for `epoch`: a year counts 365.25 days, what months are left 30 each.
    fileprivate var epochMicroseconds: Int128 {
        let quarterDays = Int128(months / 12) * 1_461 + Int128(months % 12) * 120 + Int128(days) * 4
        return quarterDays * 21_600_000_000 + Int128(microseconds)
    }

    /// The same in seconds, added up in PostgreSQL's order, which its rounding shows.
    fileprivate var seconds: Double {
        var sum = Double(microseconds) / 1_000_000
        sum += 365.25 * 86_400 * Double(months / 12)
        sum += 30 * 86_400 * Double(months % 12)
        return sum + 86_400 * Double(days)
    }
}

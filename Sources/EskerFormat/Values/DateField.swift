/// `extract(field FROM …)`: one field of a date, time or interval as a ``Numeric``.
///
/// `date_part` is the same as a double. Every function throws 0A000 for fields that the type does not have and returns
/// nil, for null, where an infinite value has no such field.
package enum DateField {
    /// - Throws: 22023 if the type's functions know no such field.
    package static func unit(named name: String, for type: DataType) throws(ValueError) -> DateTimeUnit {
        if let unit = DateTimeUnit(fieldName: name) { return unit }
        throw ValueError(sqlState: "22023", message: "unit \"\(name)\" not recognized for type \(type.name)")
    }

    /// The unit of a `date_trunc`: fields that only `extract` has are not recognised.
    package static func truncationUnit(named name: String, for type: DataType) throws(ValueError) -> DateTimeUnit {
        if let unit = DateTimeUnit(name: name) { return unit }
        throw ValueError(sqlState: "22023", message: "unit \"\(name)\" not recognized for type \(type.name)")
    }

    static func notSupported(_ unit: DateTimeUnit, _ type: String) -> ValueError {
        ValueError(sqlState: "0A000", message: "unit \"\(unit.fieldName)\" not supported for type \(type)")
    }

    /// Of a `timestamp`, or with a zone of a `timestamptz`.
    package static func extract(
        _ unit: DateTimeUnit, fromTimestamp timestamp: Int64, zone: Zone? = nil
    ) throws(ValueError) -> Numeric? {
        let type = TimestampArithmetic.typeName(zone)
        guard TimestampArithmetic.isFinite(timestamp) else {
            if zone == nil && unit.isOfZone { throw notSupported(unit, type) }
            return infinite(unit, isPositive: timestamp > 0)
        }
        if unit == .epoch { return Numeric(coefficient: Int128(timestamp), scale: 6) }
        if unit.isOfZone {
            guard let zone else { throw notSupported(unit, type) }
            return ofZone(unit, zone.offset(at: timestamp))
        }
        let (days, time) = TimeUnit.split(try TimestampArithmetic.local(timestamp, zone))
        if unit == .julian {
            return try Numeric(Int64(days - TimeUnit.firstDay)).adding(
                Numeric(time).divided(by: Numeric(TimeUnit.day)))
        }
        if let value = ofClock(unit, time) ?? ofCalendar(unit, days) { return value }
        throw notSupported(unit, type)
    }

    /// Of a `date`.
    package static func extract(_ unit: DateTimeUnit, fromDate date: Int32) throws(ValueError) -> Numeric? {
        let isInfinite = date == .max || date == .min
        if unit == .epoch && !isInfinite { return Numeric(Int64(date) * 86_400) }
        if unit == .julian && !isInfinite { return Numeric(Int64(Int(date) - TimeUnit.firstDay)) }
        guard unit == .epoch || unit == .julian || ofCalendar(unit, 0) != nil else { throw notSupported(unit, "date") }
        return isInfinite ? infinite(unit, isPositive: date > 0) : ofCalendar(unit, Int(date))
    }

    /// Of a `time`.
    package static func extract(_ unit: DateTimeUnit, fromTime time: Int64) throws(ValueError) -> Numeric? {
        if unit == .epoch { return Numeric(coefficient: Int128(time), scale: 6) }
        if let value = ofClock(unit, time) { return value }
        throw notSupported(unit, "time without time zone")
    }

    /// Of a `timetz`.
    package static func extract(_ unit: DateTimeUnit, fromTime value: TimeWithZone) throws(ValueError) -> Numeric? {
        if unit == .epoch {
            let universal = value.microseconds - Int64(value.secondsEast) * TimeUnit.second
            return Numeric(coefficient: Int128(universal), scale: 6)
        }
        if unit.isOfZone { return ofZone(unit, value.secondsEast) }
        if let result = ofClock(unit, value.microseconds) { return result }
        throw notSupported(unit, "time with time zone")
    }

    /// Of an `interval`; a year counts 365.25 days in its epoch.
    package static func extract(_ unit: DateTimeUnit, from interval: Interval) throws(ValueError) -> Numeric? {
        let months = Int64(interval.months)
        switch unit {
        case .epoch:
            let quarterDays = 1_461 * (months / 12) + 120 * (months % 12) + 4 * Int64(interval.days)
            let microseconds = Int128(quarterDays) * 21_600 * 1_000_000 + Int128(interval.microseconds)
            return Numeric(coefficient: microseconds, scale: 6)
        case .day: return Numeric(Int64(interval.days))
        case .month: return Numeric(months % 12)
        case .quarter: return Numeric(months % 12 / 3 + 1)
        case .year: return Numeric(months / 12)
        case .decade: return Numeric(months / 120)
        case .century: return Numeric(months / 1_200)
        case .millennium: return Numeric(months / 12_000)
        default:
            if let value = ofClock(unit, interval.microseconds) { return value }
            throw notSupported(unit, "interval")
        }
    }

    /// Fields that only grow are infinite too; those that come round again have no value.
    private static func infinite(_ unit: DateTimeUnit, isPositive: Bool) -> Numeric? {
        switch unit {
        case .year, .decade, .century, .millennium, .julian, .isoyear, .epoch:
            isPositive ? .infinity : .minusInfinity
        default: nil
        }
    }

    private static func ofZone(_ unit: DateTimeUnit, _ secondsEast: Int32) -> Numeric {
        switch unit {
        case .timezone: Numeric(Int64(secondsEast))
        case .timezoneHour: Numeric(Int64(secondsEast / 3_600))
        default: Numeric(Int64(secondsEast % 3_600 / 60))
        }
    }

    private static func ofClock(_ unit: DateTimeUnit, _ time: Int64) -> Numeric? {
        let inMinute = time % TimeUnit.minute
        switch unit {
        case .microsecond: return Numeric(inMinute)
        case .millisecond: return Numeric(coefficient: Int128(inMinute), scale: 3)
        case .second: return Numeric(coefficient: Int128(inMinute), scale: 6)
        case .minute: return Numeric(time / TimeUnit.minute % 60)
        case .hour: return Numeric(time / TimeUnit.hour)
        default: return nil
        }
    }

    private static func ofCalendar(_ unit: DateTimeUnit, _ days: Int) -> Numeric? {
        let civil = Civil(days: days)
        let year = civil.year
        let value: Int
        switch unit {
        case .day: value = civil.day
        case .month: value = civil.month
        case .quarter: value = (civil.month - 1) / 3 + 1
        case .year: value = year > 0 ? year : year - 1
        case .decade: value = year >= 0 ? year / 10 : -((8 - (year - 1)) / 10)
        case .century: value = year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100)
        case .millennium: value = year > 0 ? (year + 999) / 1_000 : -((999 - (year - 1)) / 1_000)
        case .dow: value = Civil.weekday(days: days)
        case .isodow: value = (Civil.weekday(days: days) + 6) % 7 + 1
        case .doy: value = days - Civil(year: year, month: 1, day: 1).days + 1
        case .week, .isoyear:
            // The year of a week is the year of its Thursday.
            let thursday = days - (Civil.weekday(days: days) + 6) % 7 + 3
            let weekYear = Civil(days: thursday).year
            if unit == .isoyear {
                value = weekYear > 0 ? weekYear : weekYear - 1
            } else {
                value = (thursday - Civil(year: weekYear, month: 1, day: 1).days) / 7 + 1
            }
        default: return nil
        }
        return Numeric(Int64(value))
    }
}

extension DateTimeUnit {
    var isOfZone: Bool { self == .timezone || self == .timezoneHour || self == .timezoneMinute }

    /// The name that messages use.
    var fieldName: String {
        switch self {
        case .microsecond: "microseconds"
        case .millisecond: "milliseconds"
        case .timezoneHour: "timezone_hour"
        case .timezoneMinute: "timezone_minute"
        default: "\(self)"
        }
    }
}

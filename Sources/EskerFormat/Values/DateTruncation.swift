extension TimestampArithmetic {
    /// `date_trunc`: the start of the unit that holds the timestamp, on the clocks of `zone`.
    ///
    /// - Throws: 22023 and 0A000 for units that are none or that have no start.
    package static func truncate(
        _ timestamp: Int64, to unit: DateTimeUnit, zone: Zone? = nil
    ) throws(ValueError) -> Int64 {
        guard isFinite(timestamp) else { return timestamp }
        let local = try local(timestamp, zone)
        let (days, time) = TimeUnit.split(local)
        if let width = clockWidth(unit) {
            // Within a day no change of the clocks counts.
            return timestamp - time % width
        }
        return try moment(days: try startOfUnit(days, unit, typeName(zone)), time: 0, zone)
    }

    static func typeName(_ zone: Zone?) -> String {
        zone == nil ? "timestamp without time zone" : "timestamp with time zone"
    }

    private static func clockWidth(_ unit: DateTimeUnit) -> Int64? {
        switch unit {
        case .microsecond: 1
        case .millisecond: 1_000
        case .second: TimeUnit.second
        case .minute: TimeUnit.minute
        case .hour: TimeUnit.hour
        default: nil
        }
    }

    private static func startOfUnit(_ days: Int, _ unit: DateTimeUnit, _ type: String) throws(ValueError) -> Int {
        if unit == .day { return days }
        if unit == .week { return days - (Civil.weekday(days: days) + 6) % 7 }
        let civil = Civil(days: days)
        let year = civil.year
        switch unit {
        case .month: return Civil(year: year, month: civil.month, day: 1).days
        case .quarter: return Civil(year: year, month: (civil.month - 1) / 3 * 3 + 1, day: 1).days
        case .year: return Civil(year: year, month: 1, day: 1).days
        case .decade:
            let first = year > 0 ? year / 10 * 10 : -((8 - (year - 1)) / 10) * 10
            return Civil(year: first, month: 1, day: 1).days
        case .century:
            let first = year > 0 ? (year + 99) / 100 * 100 - 99 : -((99 - (year - 1)) / 100) * 100 + 1
            return Civil(year: first, month: 1, day: 1).days
        case .millennium:
            let first = year > 0 ? (year + 999) / 1_000 * 1_000 - 999 : -((999 - (year - 1)) / 1_000) * 1_000 + 1
            return Civil(year: first, month: 1, day: 1).days
        default: throw DateField.notSupported(unit, type)
        }
    }

    /// `date_trunc` of an interval: everything below the unit becomes zero.
    package static func truncate(_ interval: Interval, to unit: DateTimeUnit) throws(ValueError) -> Interval {
        if let width = clockWidth(unit) {
            return Interval(
                months: interval.months, days: interval.days,
                microseconds: interval.microseconds - interval.microseconds % width)
        }
        let months: Int32
        switch unit {
        case .day: return Interval(months: interval.months, days: interval.days)
        case .month: months = 1
        case .quarter: months = 3
        case .year: months = 12
        case .decade: months = 120
        case .century: months = 1_200
        case .millennium: months = 12_000
        default:
            var error = DateField.notSupported(unit, "interval")
            if unit == .week { error.detail = "Months usually have fractional weeks." }
            throw error
        }
        return Interval(months: interval.months - interval.months % months)
    }
}

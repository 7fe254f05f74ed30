/// Calculations with dates, times and timestamps (microseconds since 1970), as PostgreSQL does them.
///
/// A `zone` is given for `timestamptz` only: days and months then go by that zone's calendar. The infinities stay what
/// they are. Every function throws 22008 for a result outside the type's range.
package enum TimestampArithmetic {
    static let outOfRange = ValueError.timeOutOfRange("timestamp")

    @inline(__always)
    static func isFinite(_ timestamp: Int64) -> Bool { timestamp != .max && timestamp != .min }

    /// The clocks of `zone` at a moment, as microseconds since 1970.
    static func local(_ timestamp: Int64, _ zone: Zone?) throws(ValueError) -> Int64 {
        guard let zone else { return timestamp }
        let (sum, overflow) = timestamp.addingReportingOverflow(Int64(zone.offset(at: timestamp)) * TimeUnit.second)
        if overflow { throw outOfRange }
        return sum
    }

    /// The moment at which the clocks of `zone` show a time.
    static func moment(days: Int, time: Int64, _ zone: Zone?) throws(ValueError) -> Int64 {
        guard days >= TimeUnit.firstDay - 1, days < TimeUnit.endDay else { throw outOfRange }
        let offset = zone.map { zone in
            zone.fixedOffset ?? zone.offset(atLocalSeconds: Int64(days) * 86_400 + time / TimeUnit.second)
        }
        guard let result = TimeUnit.timestamp(days: days, time: time - Int64(offset ?? 0) * TimeUnit.second) else {
            throw outOfRange
        }
        return result
    }

    /// `timestamp + interval`: months first (the day is cut to the month's length), then days, then microseconds.
    package static func add(
        _ interval: Interval, to timestamp: Int64, zone: Zone? = nil
    ) throws(ValueError) -> Int64 {
        guard isFinite(timestamp) else { return timestamp }
        var result = timestamp
        if interval.months != 0 || interval.days != 0 {
            var (days, time) = TimeUnit.split(try local(timestamp, zone))
            if interval.months != 0 {
                days = addMonths(Int(interval.months), to: days)
                if interval.days != 0 && zone != nil {
                    // PostgreSQL returns to the moment between the two steps, which settles skipped times.
                    (days, time) = TimeUnit.split(try local(try moment(days: days, time: time, zone), zone))
                }
            }
            result = try moment(days: days + Int(interval.days), time: time, zone)
        }
        let (sum, overflow) = result.addingReportingOverflow(interval.microseconds)
        if overflow || sum < TimeUnit.firstTimestamp || sum == .max { throw outOfRange }
        return sum
    }

    /// `timestamp − interval`
    package static func subtract(
        _ interval: Interval, from timestamp: Int64, zone: Zone? = nil
    ) throws(ValueError) -> Int64 {
        try add(try interval.negated(), to: timestamp, zone: zone)
    }

    private static func addMonths(_ months: Int, to days: Int) -> Int {
        let civil = Civil(days: days)
        let total = civil.year * 12 + civil.month - 1 + months
        let year = total >= 0 ? total / 12 : (total - 11) / 12
        let month = total - year * 12 + 1
        return Civil(year: year, month: month, day: min(civil.day, Civil.daysInMonth(year, month))).days
    }

    /// `timestamp − timestamp`: days and microseconds, no months.
    package static func difference(_ a: Int64, _ b: Int64) throws(ValueError) -> Interval {
        guard isFinite(a), isFinite(b) else {
            throw ValueError(sqlState: "22008", message: "cannot subtract infinite timestamps")
        }
        let (difference, overflow) = a.subtractingReportingOverflow(b)
        if overflow { throw .timeOutOfRange("interval") }
        return try Interval(microseconds: difference).justifiedHours()
    }

    /// `time + interval`, round the clock; months and days do not count.
    package static func add(_ interval: Interval, toTime time: Int64) -> Int64 {
        let sum = (time + interval.microseconds % TimeUnit.day) % TimeUnit.day
        return sum < 0 ? sum + TimeUnit.day : sum
    }

    /// `timestamp AT TIME ZONE zone`: the moment at which that zone's clocks show the timestamp.
    package static func timestamptz(_ timestamp: Int64, in zone: Zone) throws(ValueError) -> Int64 {
        guard isFinite(timestamp) else { return timestamp }
        let (days, time) = TimeUnit.split(timestamp)
        return try moment(days: days, time: time, zone)
    }

    /// `timestamptz AT TIME ZONE zone`: what that zone's clocks show.
    package static func timestamp(_ moment: Int64, in zone: Zone) throws(ValueError) -> Int64 {
        isFinite(moment) ? try local(moment, zone) : moment
    }

    /// A date's midnight as a timestamp, or as the moment of it in a zone.
    package static func timestamp(date: Int32, zone: Zone? = nil) throws(ValueError) -> Int64 {
        if date == .max { return .max }
        if date == .min { return .min }
        do throws(ValueError) {
            return try moment(days: Int(date), time: 0, zone)
        } catch {
            throw ValueError(sqlState: "22008", message: "date out of range for timestamp")
        }
    }

    /// The date of a timestamp on the clocks of `zone`.
    package static func date(_ timestamp: Int64, zone: Zone? = nil) throws(ValueError) -> Int32 {
        if timestamp == .max { return .max }
        if timestamp == .min { return .min }
        return Int32(TimeUnit.split(try local(timestamp, zone)).days)
    }

    /// `date_bin`: the start of the bin of `stride` that holds the timestamp, bins counted from `origin`.
    package static func bin(_ timestamp: Int64, stride: Interval, origin: Int64) throws(ValueError) -> Int64 {
        guard isFinite(timestamp) else { return timestamp }
        guard isFinite(origin) else { throw ValueError(sqlState: "22008", message: "origin out of range") }
        if stride.months != 0 {
            throw ValueError(
                sqlState: "0A000",
                message: "timestamps cannot be binned into intervals containing months or years")
        }
        let (dayTime, overflow) = Int64(stride.days).multipliedReportingOverflow(by: TimeUnit.day)
        let (width, overflow2) = dayTime.addingReportingOverflow(stride.microseconds)
        if overflow || overflow2 { throw .timeOutOfRange("interval") }
        guard width > 0 else { throw ValueError(sqlState: "22008", message: "stride must be greater than zero") }
        let (distance, overflow3) = timestamp.subtractingReportingOverflow(origin)
        if overflow3 { throw .timeOutOfRange("interval") }
        let rest = distance % width
        let (result, overflow4) = timestamp.subtractingReportingOverflow(rest < 0 ? rest + width : rest)
        if overflow4 || result < TimeUnit.firstTimestamp { throw outOfRange }
        return result
    }
}

extension Zone {
    /// The zone that `AT TIME ZONE` and the like mean by a text: an abbreviation first, then a name.
    ///
    /// - Throws: 22023 if there is none.
    package static func operand(_ name: String) throws(ValueError) -> Zone {
        switch ZoneAbbreviation.find(name.lowercased()) {
        case .offset(let offset, _)?: Zone(secondsEast: offset)
        case .place(let place)?: try Zone(named: place).meaning(name.uppercased())
        case nil: try Zone(named: name)
        }
    }
}

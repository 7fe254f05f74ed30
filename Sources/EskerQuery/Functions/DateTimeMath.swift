internal import EskerFormat

/// Calendar arithmetic on the stored forms: days and microseconds since 1970, whose greatest and least values are the
/// infinities.
enum DateTimeMath {
    static let timestampOutOfRange = QueryError(.datetimeFieldOverflow, "timestamp out of range")
    static let dateOutOfRange = QueryError(.datetimeFieldOverflow, "date out of range")
    static let intervalOutOfRange = QueryError(.datetimeFieldOverflow, "interval out of range")

    /// 4713-11-24 BC, Julian day 0: the first day of dates and timestamps.
    static let firstDay = -2_440_588
    /// One past the last date, 5874898-01-01.
    static let endDay = 2_145_042_906

    @inline(__always)
    static func isFinite(_ timestamp: Int64) -> Bool { timestamp != .max && timestamp != .min }

    @inline(__always)
    static func isFinite(_ date: Int32) -> Bool { date != .max && date != .min }

    /// Whole days and the microseconds since midnight.
    @inline(__always)
    static func split(_ timestamp: Int64) -> (days: Int, time: Int64) {
        var (days, time) = timestamp.quotientAndRemainder(dividingBy: TimeUnit.day)
        if time < 0 {
            time &+= TimeUnit.day
            days &-= 1
        }
        return (Int(days), time)
    }

    /// The timestamp of a day and a time on it (which may lie outside the day).
    @inline(__always)
    static func join(_ days: Int, _ time: Int64) throws(QueryError) -> Int64 {
        let (start, overflow) = Int64(days).multipliedReportingOverflow(by: TimeUnit.day)
        let (sum, overflow2) = start.addingReportingOverflow(time)
        if overflow || overflow2 { throw timestampOutOfRange }
        return try checked(sum)
    }

    @inline(__always)
    static func checked(_ timestamp: Int64) throws(QueryError) -> Int64 {
        if timestamp < Int64(firstDay) * TimeUnit.day || timestamp == .max { throw timestampOutOfRange }
        return timestamp
    }

    /// A number of days as a date.
    @inline(__always)
    static func date(_ days: Int) throws(QueryError) -> Int32 {
        if days < firstDay || days >= endDay { throw dateOutOfRange }
        return Int32(truncatingIfNeeded: days)
    }

    // MARK: Intervals

    /// Months first (a day past the month's end becomes its last), then days, then time, as PostgreSQL adds them.
    static func add(_ timestamp: Int64, _ interval: StoredInterval) throws(QueryError) -> Int64 {
        if !isFinite(timestamp) { return timestamp }
        var result = timestamp
        if interval.months != 0 || interval.days != 0 {
            var (days, time) = split(timestamp)
            days = addMonths(days, Int(interval.months))
            // Between the steps the timestamp must be one, too.
            if interval.months != 0 { _ = try join(days, time) }
            days += Int(interval.days)
            result = try join(days, time)
            time = 0
        }
        let (sum, overflow) = result.addingReportingOverflow(interval.microseconds)
        if overflow { throw timestampOutOfRange }
        return try checked(sum)
    }

    /// As ``add(_:_:)`` for a moment: months and days are those of the zone's calendar.
    static func add(_ moment: Int64, _ interval: StoredInterval, _ zone: Zone) throws(QueryError) -> Int64 {
        if !isFinite(moment) { return moment }
        var result = moment
        if interval.months != 0 {
            let (days, time) = split(try local(result, zone))
            result = try universal(try join(addMonths(days, Int(interval.months)), time), zone)
        }
        if interval.days != 0 {
            let (days, time) = split(try local(result, zone))
            result = try universal(try join(days + Int(interval.days), time), zone)
        }
        let (sum, overflow) = result.addingReportingOverflow(interval.microseconds)
        if overflow { throw timestampOutOfRange }
        return try checked(sum)
    }

    private static func addMonths(_ days: Int, _ months: Int) -> Int {
        if months == 0 { return days }
        let civil = Civil(days: days)
        let count = civil.year * 12 + civil.month - 1 + months
        var (year, month) = count.quotientAndRemainder(dividingBy: 12)
        if month < 0 {
            month += 12
            year -= 1
        }
        let last = daysInMonth(year, month + 1)
        return Civil(year: year, month: month + 1, day: min(civil.day, last)).days
    }

    static func negated(_ interval: StoredInterval) throws(QueryError) -> StoredInterval {
        do { return StoredInterval(try interval.interval.negated()) } catch { throw QueryError(error) }
    }

    /// The time between two timestamps, as days and a rest.
    static func difference(_ a: Int64, _ b: Int64) throws(QueryError) -> StoredInterval {
        if !isFinite(a) || !isFinite(b) {
            throw QueryError(.datetimeFieldOverflow, "cannot subtract infinite timestamps")
        }
        let (time, overflow) = a.subtractingReportingOverflow(b)
        if overflow { throw intervalOutOfRange }
        let days = Int32(truncatingIfNeeded: time / TimeUnit.day)
        return StoredInterval(Interval(days: days, microseconds: time % TimeUnit.day))
    }

    /// The time between two timestamps in years, months and days of the calendar.
    ///
    /// Fields are subtracted one by one; a borrowed month has the days of the earlier timestamp's month.
    static func age(_ a: Int64, _ b: Int64) throws(QueryError) -> StoredInterval {
        if !isFinite(a) || !isFinite(b) { throw timestampOutOfRange }
        let isForward = a >= b
        let (later, earlier) = isForward ? (split(a), split(b)) : (split(b), split(a))
        let (end, start) = (Civil(days: later.days), Civil(days: earlier.days))
        var time = later.time - earlier.time
        var days = end.day - start.day
        var months = (end.year - start.year) * 12 + end.month - start.month
        if time < 0 {
            time += TimeUnit.day
            days -= 1
        }
        if days < 0 {
            days += daysInMonth(start.year, start.month)
            months -= 1
        }
        let sign = isForward ? 1 : -1
        return StoredInterval(
            Interval(months: Int32(sign * months), days: Int32(sign * days), microseconds: Int64(sign) * time))
    }

    // MARK: Zones

    /// What the zone's clocks show at a moment.
    @inline(__always)
    static func local(_ moment: Int64, _ zone: Zone) throws(QueryError) -> Int64 {
        if !isFinite(moment) { return moment }
        let (shifted, overflow) = moment.addingReportingOverflow(Int64(zone.offset(at: moment)) &* TimeUnit.second)
        if overflow { throw timestampOutOfRange }
        return shifted
    }

    /// The moment when the zone's clocks show that.
    @inline(__always)
    static func universal(_ local: Int64, _ zone: Zone) throws(QueryError) -> Int64 {
        if !isFinite(local) { return local }
        let offset = zone.fixedOffset ?? zone.offset(atLocalSeconds: seconds(local))
        let (shifted, overflow) = local.subtractingReportingOverflow(Int64(offset) &* TimeUnit.second)
        if overflow { throw timestampOutOfRange }
        return try checked(shifted)
    }

    @inline(__always)
    static func seconds(_ timestamp: Int64) -> Int64 {
        let (days, time) = split(timestamp)
        return Int64(days) * 86_400 + time / TimeUnit.second
    }

    // MARK: Calendar

    static func daysInMonth(_ year: Int, _ month: Int) -> Int {
        Civil(year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1, day: 1).days
            - Civil(year: year, month: month, day: 1).days
    }

    /// 1 = Monday … 7 = Sunday.
    @inline(__always)
    static func isoWeekday(_ days: Int) -> Int {
        let rest = (days + 3) % 7
        return (rest < 0 ? rest + 7 : rest) + 1
    }

    /// The year and number of the ISO week: the week of a year's first Thursday is its first.
    static func isoWeek(_ days: Int) -> (year: Int, week: Int) {
        let thursday = days + 4 - isoWeekday(days)
        let year = Civil(days: thursday).year
        return (year, (thursday - Civil(year: year, month: 1, day: 1).days) / 7 + 1)
    }
}

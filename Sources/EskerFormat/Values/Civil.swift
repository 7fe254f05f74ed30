/// A day of the proleptic Gregorian calendar. Year 0 is 1 BC, year −1 is 2 BC.
package struct Civil: Hashable, Sendable {
    package var year: Int
    /// 1…12
    package var month: Int
    /// 1…31
    package var day: Int

    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The civil day of a day number since 1970-01-01. Good for every Int32 and every timestamp.
    ///
    /// Without branches but one; after C. Neri and L. Schneider, "Euclidean affine functions and their application
    /// to calendar algorithms", Software: Practice and Experience 53 (4), 2023.
    @inline(__always)
    package init(days: Int) {
        let shifted = UInt64(bitPattern: Int64(days &+ Self.epochShift))
        let fourfold = shifted &* 4 &+ 3
        let century = fourfold / 146_097
        let dayOfCentury = (fourfold % 146_097) / 4
        let product = 2_939_745 &* (dayOfCentury &* 4 &+ 3)
        let yearOfCentury = product >> 32
        let dayOfYear = (product & 0xFFFF_FFFF) / 2_939_745 / 4
        let monthAndDay = 2_141 &* dayOfYear &+ 197_913
        let month = Int(truncatingIfNeeded: monthAndDay >> 16)
        let isNextYear = dayOfYear >= 306
        day = Int(truncatingIfNeeded: (monthAndDay & 0xFFFF) / 2_141) &+ 1
        self.month = isNextYear ? month &- 12 : month
        year = Int(truncatingIfNeeded: century &* 100 &+ yearOfCentury) &- Self.eras &* 400 &+ (isNextYear ? 1 : 0)
    }

    /// Days since 1970-01-01. The month must be 1…12; the day may lie outside the month and then counts on.
    @inline(__always)
    package var days: Int {
        let isEarly = month <= 2
        let y = UInt64(bitPattern: Int64(year &+ Self.eras &* 400 &- (isEarly ? 1 : 0)))
        let m = UInt64(bitPattern: Int64(isEarly ? month &+ 12 : month))
        let century = y / 100
        let yearDays = (1_461 &* y) / 4 &- century &+ century / 4
        let monthDays = (979 &* m &- 2_919) / 32
        return Int(truncatingIfNeeded: yearDays &+ monthDays) &+ day &- 1 &- Self.epochShift
    }

    /// 400-year eras added so that every number in the middle of a calculation is positive.
    private static let eras = 14_800
    private static let epochShift = 719_468 + 146_097 * 14_800

    static func isLeap(_ year: Int) -> Bool { year & 3 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func daysInMonth(_ year: Int, _ month: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : 30 + ((month + month >> 3) & 1)
    }

    /// The day of the week, 0 = Sunday.
    static func weekday(days: Int) -> Int {
        let rest = (days + 4) % 7
        return rest < 0 ? rest + 7 : rest
    }
}

/// Lengths of time in microseconds and the limits of dates.
package enum TimeUnit {
    package static let second: Int64 = 1_000_000
    package static let minute: Int64 = 60_000_000
    package static let hour: Int64 = 3_600_000_000
    package static let day: Int64 = 86_400_000_000

    /// 4713-11-24 BC, Julian day 0: the first date and the day of the first timestamp.
    static let firstDay = -2_440_588
    /// One past the last date, 5874898-01-01.
    static let endDay = 2_145_042_906
    /// PostgreSQL's epoch, 2000-01-01, in days since 1970.
    static let postgresEpochDay = 10_957

    static let firstTimestamp = Int64(firstDay) * day

    /// The whole days in a count of microseconds and the rest, which is never negative.
    @inline(__always)
    static func split(_ microseconds: Int64) -> (days: Int, time: Int64) {
        var (days, time) = microseconds.quotientAndRemainder(dividingBy: day)
        if time < 0 {
            time &+= day
            days &-= 1
        }
        return (Int(days), time)
    }

    /// A timestamp of a day and a time of day, or nil outside PostgreSQL's first and this format's last.
    ///
    /// Timestamps count from 1970, so the greatest is 294247-01-10 04:00:54.775806; PostgreSQL's, which count from
    /// 2000, go on to the end of 294276.
    @inline(__always)
    static func timestamp(days: Int, time: Int64) -> Int64? {
        let (base, overflow) = Int64(days).multipliedReportingOverflow(by: day)
        let (sum, overflow2) = base.addingReportingOverflow(time)
        // A day before the last second of overflow may still come back into range through a negative time.
        if overflow || overflow2 || sum < firstTimestamp || sum == .max { return nil }
        return sum
    }
}

/// A length of time: months, days and microseconds kept apart, because neither a month nor a day has a fixed length.
///
/// In columns it takes 16 bytes, little-endian, frozen:
///
/// | offset | size | type | meaning |
/// |---|---|---|---|
/// | 0 | 8 | Int64 | microseconds |
/// | 8 | 4 | Int32 | days |
/// | 12 | 4 | Int32 | months |
///
/// `1 year 2 mons 3 days 00:00:04` is `00 09 3D 00 00 00 00 00  03 00 00 00  0E 00 00 00`.
///
/// Two intervals are equal, as in PostgreSQL, if they are as long when a month counts 30 days and a day 24 hours:
/// `1 mon` equals `30 days`.
public struct Interval: Hashable, Sendable, Comparable {
    public var months: Int32
    public var days: Int32
    public var microseconds: Int64

    public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }

    /// The length in microseconds, a month counting 30 days and a day 24 hours.
    private var length: Int128 {
        (Int128(months) * 30 + Int128(days)) * Int128(TimeUnit.day) + Int128(microseconds)
    }

    public static func == (a: Interval, b: Interval) -> Bool { a.length == b.length }
    public static func < (a: Interval, b: Interval) -> Bool { a.length < b.length }
    public func hash(into hasher: inout Hasher) { hasher.combine(length) }
}

extension Interval {
    /// The 16 bytes of a column as two little-endian words.
    package var words: (UInt64, UInt64) {
        (
            UInt64(bitPattern: microseconds),
            UInt64(UInt32(bitPattern: days)) | UInt64(UInt32(bitPattern: months)) << 32
        )
    }

    package init(words: (UInt64, UInt64)) {
        microseconds = Int64(bitPattern: words.0)
        days = Int32(truncatingIfNeeded: words.1)
        months = Int32(truncatingIfNeeded: words.1 >> 32)
    }

    private static let outOfRange = ValueError.timeOutOfRange("interval")

    /// - Throws: 22008 if a part leaves its range.
    package func adding(_ other: Interval) throws(ValueError) -> Interval {
        let (months, overflow1) = months.addingReportingOverflow(other.months)
        let (days, overflow2) = days.addingReportingOverflow(other.days)
        let (microseconds, overflow3) = microseconds.addingReportingOverflow(other.microseconds)
        if overflow1 || overflow2 || overflow3 { throw Self.outOfRange }
        return Interval(months: months, days: days, microseconds: microseconds)
    }

    package func subtracting(_ other: Interval) throws(ValueError) -> Interval {
        let (months, overflow1) = months.subtractingReportingOverflow(other.months)
        let (days, overflow2) = days.subtractingReportingOverflow(other.days)
        let (microseconds, overflow3) = microseconds.subtractingReportingOverflow(other.microseconds)
        if overflow1 || overflow2 || overflow3 { throw Self.outOfRange }
        return Interval(months: months, days: days, microseconds: microseconds)
    }

    package func negated() throws(ValueError) -> Interval {
        try Interval().subtracting(self)
    }

    /// The interval `factor` times; fractions of months go to days, of days to microseconds.
    package func multiplied(by factor: Double) throws(ValueError) -> Interval {
        try scaled { $0 * factor }
    }

    /// - Throws: 22012 for a division by zero.
    package func divided(by divisor: Double) throws(ValueError) -> Interval {
        if divisor == 0 { throw .divisionByZero }
        return try scaled { $0 / divisor }
    }

    private func scaled(_ scale: (Double) -> Double) throws(ValueError) -> Interval {
        func int32(_ value: Double) throws(ValueError) -> Int32 {
            guard value >= -2_147_483_648, value < 2_147_483_648 else { throw Self.outOfRange }
            return Int32(value)
        }
        let scaledMonths = scale(Double(months))
        let scaledDays = scale(Double(days))
        var result = Interval(months: try int32(scaledMonths), days: try int32(scaledDays))
        // What is left of the months in days, and of both in seconds, rounded to microseconds as PostgreSQL does.
        let monthRest = Self.roundedToMicroseconds((scaledMonths - Double(result.months)) * 30)
        var dayRest = Self.roundedToMicroseconds(
            (scaledDays - Double(result.days) + monthRest - monthRest.rounded(.towardZero)) * 86_400)
        var carriedDays = monthRest.rounded(.towardZero)
        if dayRest.magnitude >= 86_400 {
            let whole = (dayRest / 86_400).rounded(.towardZero)
            carriedDays += whole
            dayRest -= whole * 86_400
        }
        let (days, overflow) = result.days.addingReportingOverflow(try int32(carriedDays))
        let time = (scale(Double(microseconds)) + dayRest * 1_000_000).rounded(.toNearestOrEven)
        guard !overflow, let exact = Int64(exactly: time) else { throw Self.outOfRange }
        result.days = days
        result.microseconds = exact
        return result
    }

    private static func roundedToMicroseconds(_ value: Double) -> Double {
        (value * 1_000_000).rounded(.toNearestOrEven) / 1_000_000
    }

    /// Every whole 24 hours become a day.
    package func justifiedHours() throws(ValueError) -> Interval {
        let (days, overflow) = days.addingReportingOverflow(Int32(microseconds / TimeUnit.day))
        if overflow { throw Self.outOfRange }
        var result = Interval(months: months, days: days, microseconds: microseconds % TimeUnit.day)
        if result.days > 0 && result.microseconds < 0 {
            result.microseconds += TimeUnit.day
            result.days -= 1
        } else if result.days < 0 && result.microseconds > 0 {
            result.microseconds -= TimeUnit.day
            result.days += 1
        }
        return result
    }
}

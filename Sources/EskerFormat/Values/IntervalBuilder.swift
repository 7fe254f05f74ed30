/// Adds up the parts of an interval text; a fraction of a unit goes on to the next smaller kind of part.
struct IntervalBuilder {
    private var years: Int64 = 0
    private var months: Int64 = 0
    private var days: Int64 = 0
    private var microseconds: Int64 = 0

    /// Adds `whole + fraction` units.
    mutating func add(_ whole: Int64, _ fraction: Double, _ unit: DateTimeUnit) throws(DateTimeFault) {
        switch unit {
        case .microsecond: try addTime(whole, fraction, 1)
        case .millisecond: try addTime(whole, fraction, 1_000)
        case .second: try addTime(whole, fraction, TimeUnit.second)
        case .minute: try addTime(whole, fraction, TimeUnit.minute)
        case .hour: try addTime(whole, fraction, TimeUnit.hour)
        case .day:
            try addDays(whole, 1)
            try addFractionOfTime(fraction, TimeUnit.day)
        case .week:
            try addDays(whole, 7)
            try addFractionOfDays(fraction, 7)
        case .month:
            try addMonths(whole, 1)
            try addFractionOfDays(fraction, 30)
        case .year: try addYears(whole, fraction, 1)
        case .decade: try addYears(whole, fraction, 10)
        case .century: try addYears(whole, fraction, 100)
        case .millennium: try addYears(whole, fraction, 1_000)
        default: throw .badFormat
        }
    }

    mutating func negate() throws(DateTimeFault) {
        guard months != Int32.min, years != Int32.min, days != Int32.min, microseconds != .min else {
            throw .fieldOverflow
        }
        (years, months, days, microseconds) = (-years, -months, -days, -microseconds)
    }

    mutating func finish() throws(DateTimeFault) -> Interval {
        // Years and months are Int32 each, so their sum cannot overflow here.
        guard let months = Int32(exactly: years * 12 + months), let days = Int32(exactly: days) else {
            throw .intervalOutOfRange
        }
        return Interval(months: months, days: days, microseconds: microseconds)
    }

    mutating func addMicroseconds(_ count: Int64) throws(DateTimeFault) { try addTime(count, 0, 1) }

    private static func sum(_ a: Int64, _ b: Int64, _ scale: Int64) throws(DateTimeFault) -> Int64 {
        let (product, overflow) = b.multipliedReportingOverflow(by: scale)
        let (sum, overflow2) = a.addingReportingOverflow(product)
        if overflow || overflow2 { throw .fieldOverflow }
        return sum
    }

    private mutating func addTime(_ whole: Int64, _ fraction: Double, _ scale: Int64) throws(DateTimeFault) {
        microseconds = try Self.sum(microseconds, whole, scale)
        try addFractionOfTime(fraction, scale)
    }

    private mutating func addFractionOfTime(_ fraction: Double, _ scale: Int64) throws(DateTimeFault) {
        let scaled = fraction * Double(scale)
        let whole = scaled.rounded(.towardZero)
        var count = Int64(whole)
        let rest = scaled - whole
        if rest > 0.5 { count += 1 } else if rest < -0.5 { count -= 1 }
        microseconds = try Self.sum(microseconds, count, 1)
    }

    private mutating func addDays(_ whole: Int64, _ scale: Int64) throws(DateTimeFault) {
        days = try Self.sum(days, whole, scale)
        if Int32(exactly: days) == nil { throw .fieldOverflow }
    }

    private mutating func addFractionOfDays(_ fraction: Double, _ scale: Double) throws(DateTimeFault) {
        let scaled = fraction * scale
        let whole = scaled.rounded(.towardZero)
        try addDays(Int64(whole), 1)
        try addFractionOfTime(scaled - whole, TimeUnit.day)
    }

    private mutating func addMonths(_ whole: Int64, _ scale: Int64) throws(DateTimeFault) {
        months = try Self.sum(months, whole, scale)
        if Int32(exactly: months) == nil { throw .fieldOverflow }
    }

    private mutating func addYears(_ whole: Int64, _ fraction: Double, _ scale: Int64) throws(DateTimeFault) {
        guard Int32(exactly: whole) != nil else { throw .fieldOverflow }
        years = try Self.sum(years, whole, scale)
        if Int32(exactly: years) == nil { throw .fieldOverflow }
        try addMonths(Int64((fraction * Double(scale) * 12).rounded(.toNearestOrEven)), 1)
    }
}

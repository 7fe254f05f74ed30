import EskerFormat

/// Whether dates and times lie in the ranges of their types.
enum TimeCheck {
    /// 4713-11-24 BC, the first day of dates and timestamps, since 1970.
    private static let firstDay: Int32 = -2_440_588
    /// One past 5874897-12-31, the last date.
    private static let endDay: Int32 = 2_145_042_906
    private static let dayLength: Int64 = 86_400_000_000
    private static let firstTimestamp = Int64(firstDay) * dayLength
    /// PostgreSQL's limit of a zone, in seconds: less than 16 hours.
    private static let zoneLimit: Int32 = 57_600

    /// What is wrong with one value, or nil.
    static func fault(_ value: Value) -> String? {
        switch value {
        case .date(let day): isDay(day) ? nil : "date out of range"
        case .timestamp(let time), .timestamptz(let time): isTimestamp(time) ? nil : "timestamp out of range"
        case .time(let time): isTime(time) ? nil : "time out of range"
        case .timetz(let time): isTime(time) ? nil : "time with time zone out of range"
        default: nil
        }
    }

    /// Rows of a plain date or time column whose value is out of range.
    static func faults(_ column: Column) -> [ColumnFault] {
        switch column.type {
        case .date: outside(column, Int32.self, "date out of range") { isDay($0) }
        case .timestamp, .timestamptz: outside(column, Int64.self, "timestamp out of range") { isTimestamp($0) }
        case .time: outside(column, Int64.self, "time out of range") { isTime($0) }
        case .timetz:
            outside(column, SIMD2<UInt64>.self, "time with time zone out of range") { words in
                isTime(TimeWithZone(words: (words.x, words.y))) && words.y >> 32 == 0
            }
        default: []
        }
    }

    @inline(__always)
    private static func isDay(_ day: Int32) -> Bool { (day >= firstDay && day < endDay) || day == .min || day == .max }

    @inline(__always)
    private static func isTimestamp(_ time: Int64) -> Bool { time >= firstTimestamp || time == .min }

    @inline(__always)
    private static func isTime(_ time: Int64) -> Bool { time >= 0 && time <= dayLength }

    private static func isTime(_ time: TimeWithZone) -> Bool {
        isTime(time.microseconds) && time.secondsEast > -zoneLimit && time.secondsEast < zoneLimit
    }

    @inline(__always)
    private static func outside<T: BitwiseCopyable>(
        _ column: Column, _ type: T.Type, _ reason: String, _ isGood: (T) -> Bool
    ) -> [ColumnFault] {
        let values = column.span(as: T.self)
        var isBad = false
        var row = 0
        while row < values.count {
            isBad = isGood(values[row]) ? isBad : true
            row &+= 1
        }
        guard isBad else { return [] }
        return (0..<column.count).filter { column.isValid($0) && !isGood(values[$0]) }
            .map { ColumnFault(row: $0, reason: reason) }
    }
}

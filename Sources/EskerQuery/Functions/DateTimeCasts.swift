internal import EskerFormat

/// Conversions among dates, times, timestamps and intervals.
enum DateTimeCasts {
    static func kernel(_ source: TypeKind, _ target: TypeKind) -> Kernel? {
        switch (source, target) {
        case (.date, .timestamp): dateToTimestamp
        case (.date, .timestamptz): dateToMoment
        case (.timestamp, .date): timestampToDate
        case (.timestamptz, .date): momentToDate
        case (.timestamp, .timestamptz): toMoment
        case (.timestamptz, .timestamp): toLocal
        case (.timestamp, .time): timestampToTime
        case (.timestamptz, .time): momentToTime
        case (.timestamptz, .timetz): momentToTimeTZ
        case (.time, .interval): timeToInterval
        case (.interval, .time): intervalToTime
        case (.time, .timetz): timeToTimeTZ
        case (.timetz, .time): timetzToTime
        default: nil
        }
    }

    /// The first microsecond of a day.
    @inline(__always)
    static func timestamp(_ date: Int32) throws(QueryError) -> Int64 {
        if date == .max { return .max }
        if date == .min { return .min }
        let (start, overflow) = Int64(date).multipliedReportingOverflow(by: TimeUnit.day)
        if overflow { throw QueryError(.datetimeFieldOverflow, "date out of range for timestamp") }
        return start
    }

    @inline(__always)
    private static func date(_ timestamp: Int64) -> Int32 {
        if timestamp == .max { return .max }
        if timestamp == .min { return .min }
        return Int32(truncatingIfNeeded: DateTimeMath.split(timestamp).days)
    }

    private static let dateToTimestamp: Kernel = { (call) throws(QueryError) in
        let dates = call.values(0, as: Int32.self)
        return try call.writeValues { row throws(QueryError) in try timestamp(dates[row]) }
    }

    private static let dateToMoment: Kernel = { (call) throws(QueryError) in
        let dates = call.values(0, as: Int32.self)
        let zone = call.context.timeZone
        return try call.writeValues { row throws(QueryError) in
            try DateTimeMath.universal(try timestamp(dates[row]), zone)
        }
    }

    private static let timestampToDate: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int64.self)
        return try call.writeValues { row in date(values[row]) }
    }

    private static let momentToDate: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int64.self)
        let zone = call.context.timeZone
        return try call.writeValues { row throws(QueryError) in date(try DateTimeMath.local(values[row], zone)) }
    }

    private static let toMoment: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int64.self)
        let zone = call.context.timeZone
        return try call.writeValues { row throws(QueryError) in try DateTimeMath.universal(values[row], zone) }
    }

    private static let toLocal: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int64.self)
        let zone = call.context.timeZone
        return try call.writeValues { row throws(QueryError) in try DateTimeMath.local(values[row], zone) }
    }

    private static let timestampToTime: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int64.self)
        return try call.writeOptionals { row -> Int64? in
            DateTimeMath.isFinite(values[row]) ? DateTimeMath.split(values[row]).time : nil
        }
    }

    private static let momentToTime: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int64.self)
        let zone = call.context.timeZone
        return try call.writeOptionals { row throws(QueryError) -> Int64? in
            let value = values[row]
            return DateTimeMath.isFinite(value) ? DateTimeMath.split(try DateTimeMath.local(value, zone)).time : nil
        }
    }

    private static let momentToTimeTZ: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int64.self)
        let zone = call.context.timeZone
        return try call.writeOptionals { row throws(QueryError) -> StoredTimeTZ? in
            let value = values[row]
            if !DateTimeMath.isFinite(value) { return nil }
            let time = DateTimeMath.split(try DateTimeMath.local(value, zone)).time
            return StoredTimeTZ(TimeWithZone(microseconds: time, secondsEast: zone.offset(at: value)))
        }
    }

    private static let timeToInterval: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int64.self)
        return try call.writeValues { row in StoredInterval(Interval(microseconds: values[row])) }
    }

    private static let intervalToTime: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: StoredInterval.self)
        return try call.writeValues { row in
            let time = values[row].microseconds % TimeUnit.day
            return time < 0 ? time &+ TimeUnit.day : time
        }
    }

    /// With the session zone's offset of today.
    private static let timeToTimeTZ: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int64.self)
        let zone = call.context.timeZone
        let today = DateTimeMath.split(try DateTimeMath.local(call.context.now, zone)).days
        return try call.writeValues { row in
            let seconds = Int64(today) * 86_400 + values[row] / TimeUnit.second
            let offset = zone.offset(atLocalSeconds: seconds)
            return StoredTimeTZ(TimeWithZone(microseconds: values[row], secondsEast: offset))
        }
    }

    private static let timetzToTime: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: StoredTimeTZ.self)
        return try call.writeValues { row in values[row].microseconds }
    }
}

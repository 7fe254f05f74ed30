internal import EskerFormat

/// `+`, `-`, `*`, `/` among dates, times, timestamps and intervals.
enum DateTimeArithmetic {
    // MARK: Dates

    static func dateAndDays(_ sign: Int, dateFirst: Bool = true) -> Kernel {
        { (call) throws(QueryError) in
            let dates = call.values(dateFirst ? 0 : 1, as: Int32.self)
            let counts = call.values(dateFirst ? 1 : 0, as: Int32.self)
            return try call.writeValues { row throws(QueryError) in
                let date = dates[row]
                if !DateTimeMath.isFinite(date) { return date }
                return try DateTimeMath.date(Int(date) + sign * Int(counts[row]))
            }
        }
    }

    static let dateDifference: Kernel = { (call) throws(QueryError) in
        let (left, right) = (call.values(0, as: Int32.self), call.values(1, as: Int32.self))
        return try call.writeValues { row throws(QueryError) in
            let (a, b) = (left[row], right[row])
            if !DateTimeMath.isFinite(a) || !DateTimeMath.isFinite(b) {
                throw QueryError(.datetimeFieldOverflow, "cannot subtract infinite dates")
            }
            return a &- b
        }
    }

    /// A date and a time on it: a `timestamp`.
    static func dateAndTime(dateFirst: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let dates = call.values(dateFirst ? 0 : 1, as: Int32.self)
            let times = call.values(dateFirst ? 1 : 0, as: Int64.self)
            return try call.writeValues { row throws(QueryError) in
                let start = try DateTimeCasts.timestamp(dates[row])
                return DateTimeMath.isFinite(start) ? try DateTimeMath.checked(start &+ times[row]) : start
            }
        }
    }

    /// A date and a time with its zone: a `timestamptz`.
    static func dateAndTimeTZ(dateFirst: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let dates = call.values(dateFirst ? 0 : 1, as: Int32.self)
            let times = call.values(dateFirst ? 1 : 0, as: StoredTimeTZ.self)
            return try call.writeValues { row throws(QueryError) in
                let start = try DateTimeCasts.timestamp(dates[row])
                let time = times[row]
                let shift = time.microseconds &- Int64(time.secondsEast) &* TimeUnit.second
                return DateTimeMath.isFinite(start) ? try DateTimeMath.checked(start &+ shift) : start
            }
        }
    }

    // MARK: Timestamps

    /// `timestamp ± interval`, also for dates that were made timestamps.
    static func timestamp(_ isMinus: Bool, intervalFirst: Bool = false) -> Kernel {
        { (call) throws(QueryError) in
            let values = call.values(intervalFirst ? 1 : 0, as: Int64.self)
            let intervals = call.values(intervalFirst ? 0 : 1, as: StoredInterval.self)
            return try call.writeValues { row throws(QueryError) in
                let interval = intervals[row]
                return try DateTimeMath.add(values[row], isMinus ? try DateTimeMath.negated(interval) : interval)
            }
        }
    }

    /// `timestamptz ± interval` on the calendar of the session's zone.
    static func timestamptz(_ isMinus: Bool, intervalFirst: Bool = false) -> Kernel {
        { (call) throws(QueryError) in
            let values = call.values(intervalFirst ? 1 : 0, as: Int64.self)
            let intervals = call.values(intervalFirst ? 0 : 1, as: StoredInterval.self)
            let zone = call.context.timeZone
            return try call.writeValues { row throws(QueryError) in
                let interval = intervals[row]
                return try DateTimeMath.add(
                    values[row], isMinus ? try DateTimeMath.negated(interval) : interval, zone)
            }
        }
    }

    static let difference: Kernel = { (call) throws(QueryError) in
        let (left, right) = (call.values(0, as: Int64.self), call.values(1, as: Int64.self))
        return try call.writeValues { row throws(QueryError) in try DateTimeMath.difference(left[row], right[row]) }
    }

    // MARK: Times of day

    /// `time ± interval`: only the interval's time counts, around the clock.
    static func time(_ isMinus: Bool, intervalFirst: Bool = false) -> Kernel {
        { (call) throws(QueryError) in
            let times = call.values(intervalFirst ? 1 : 0, as: Int64.self)
            let intervals = call.values(intervalFirst ? 0 : 1, as: StoredInterval.self)
            return try call.writeValues { row in
                wrapped(times[row], intervals[row], isMinus)
            }
        }
    }

    static func timetz(_ isMinus: Bool, intervalFirst: Bool = false) -> Kernel {
        { (call) throws(QueryError) in
            let times = call.values(intervalFirst ? 1 : 0, as: StoredTimeTZ.self)
            let intervals = call.values(intervalFirst ? 0 : 1, as: StoredInterval.self)
            return try call.writeValues { row in
                let time = times[row]
                let shown = wrapped(time.microseconds, intervals[row], isMinus)
                return StoredTimeTZ(TimeWithZone(microseconds: shown, secondsEast: time.secondsEast))
            }
        }
    }

    @inline(__always)
    private static func wrapped(_ time: Int64, _ interval: StoredInterval, _ isMinus: Bool) -> Int64 {
        let shift = interval.microseconds % TimeUnit.day
        let sum = (isMinus ? time &- shift : time &+ shift) % TimeUnit.day
        return sum < 0 ? sum &+ TimeUnit.day : sum
    }

    static let timeDifference: Kernel = { (call) throws(QueryError) in
        let (left, right) = (call.values(0, as: Int64.self), call.values(1, as: Int64.self))
        return try call.writeValues { row in
            StoredInterval(Interval(microseconds: left[row] &- right[row]))
        }
    }

    // MARK: Intervals

    static func intervals(_ isMinus: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let (left, right) = (call.values(0, as: StoredInterval.self), call.values(1, as: StoredInterval.self))
            return try call.writeIntervals { row throws(ValueError) in
                let (a, b) = (left[row].interval, right[row].interval)
                return isMinus ? try a.subtracting(b) : try a.adding(b)
            }
        }
    }

    static let negated: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: StoredInterval.self)
        return try call.writeIntervals { row throws(ValueError) in try values[row].interval.negated() }
    }

    static func multiplied(intervalFirst: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let intervals = call.values(intervalFirst ? 0 : 1, as: StoredInterval.self)
            let factors = call.values(intervalFirst ? 1 : 0, as: Double.self)
            return try call.writeIntervals { row throws(ValueError) in
                try intervals[row].interval.multiplied(by: factors[row])
            }
        }
    }

    static let divided: Kernel = { (call) throws(QueryError) in
        let intervals = call.values(0, as: StoredInterval.self)
        let divisors = call.values(1, as: Double.self)
        return try call.writeIntervals { row throws(ValueError) in
            try intervals[row].interval.divided(by: divisors[row])
        }
    }

    static let justifiedHours: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: StoredInterval.self)
        return try call.writeIntervals { row throws(ValueError) in try values[row].interval.justifiedHours() }
    }

    // MARK: Ages

    static let age: Kernel = { (call) throws(QueryError) in
        let (left, right) = (call.values(0, as: Int64.self), call.values(1, as: Int64.self))
        return try call.writeValues { row throws(QueryError) in try DateTimeMath.age(left[row], right[row]) }
    }

    /// Of two moments, as the session's clocks show them.
    static let zonedAge: Kernel = { (call) throws(QueryError) in
        let (left, right) = (call.values(0, as: Int64.self), call.values(1, as: Int64.self))
        let zone = call.context.timeZone
        return try call.writeValues { row throws(QueryError) in
            try DateTimeMath.age(try DateTimeMath.local(left[row], zone), try DateTimeMath.local(right[row], zone))
        }
    }

    /// From a time to the start of the current day.
    static func ageNow(isZoned: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let zone = call.context.timeZone
            let now = try DateTimeMath.local(call.context.now, zone)
            let today = now &- DateTimeMath.split(now).time
            let values = call.values(0, as: Int64.self)
            return try call.writeValues { row throws(QueryError) in
                let value = isZoned ? try DateTimeMath.local(values[row], zone) : values[row]
                return try DateTimeMath.age(today, value)
            }
        }
    }
}

extension VectorCall {
    /// A column of intervals.
    @inline(__always)
    func writeIntervals(_ body: (_ row: Int) throws(ValueError) -> Interval) throws(QueryError) -> Column {
        try writeValues { row throws(QueryError) in
            do throws(ValueError) { return StoredInterval(try body(row)) } catch { throw QueryError(error) }
        }
    }
}

extension FunctionList {
    mutating func addDateTimeArithmetic() {
        typealias Math = DateTimeArithmetic
        addOperator("+", .date, .int4, .date, Math.dateAndDays(1))
        addOperator("+", .int4, .date, .date, Math.dateAndDays(1, dateFirst: false))
        addOperator("-", .date, .int4, .date, Math.dateAndDays(-1))
        addOperator("-", .date, .date, .int4, Math.dateDifference)
        addOperator("+", .date, .time, .timestamp, Math.dateAndTime(dateFirst: true))
        addOperator("+", .time, .date, .timestamp, Math.dateAndTime(dateFirst: false))
        addOperator("+", .date, .timetz, .timestamptz, Math.dateAndTimeTZ(dateFirst: true))
        addOperator("+", .timetz, .date, .timestamptz, Math.dateAndTimeTZ(dateFirst: false))
        addDateAndInterval("+", [.kind(.date), .kind(.interval)], [.timestamp, .interval], Math.timestamp(false))
        addDateAndInterval("-", [.kind(.date), .kind(.interval)], [.timestamp, .interval], Math.timestamp(true))
        addDateAndInterval(
            "+", [.kind(.interval), .kind(.date)], [.interval, .timestamp], Math.timestamp(false, intervalFirst: true))
        for (type, kernel) in [
            (DataType.timestamp, Math.timestamp), (.timestamptz, Math.timestamptz), (.time, Math.time),
            (.timetz, Math.timetz),
        ] {
            let isStable = type == .timestamptz
            addOperator("+", type, .interval, type, kernel(false, false), isStable: isStable)
            addOperator("-", type, .interval, type, kernel(true, false), isStable: isStable)
            addOperator("+", .interval, type, type, kernel(false, true), isStable: isStable)
        }
        addOperator("-", .timestamp, .timestamp, .interval, Math.difference)
        addOperator("-", .timestamptz, .timestamptz, .interval, Math.difference)
        addOperator("-", .time, .time, .interval, Math.timeDifference)
        addOperator("+", .interval, .interval, .interval, Math.intervals(false))
        addOperator("-", .interval, .interval, .interval, Math.intervals(true))
        addPrefixOperator("-", .interval, .interval, Math.negated)
        addOperator("*", .interval, .float8, .interval, Math.multiplied(intervalFirst: true))
        addOperator("*", .float8, .interval, .interval, Math.multiplied(intervalFirst: false))
        addOperator("/", .interval, .float8, .interval, Math.divided)
        addFunction("justify_hours", [.interval], .interval, Math.justifiedHours)
        addFunction("age", [.timestamp, .timestamp], .interval, Math.age)
        addStable("age", [.timestamptz, .timestamptz], .interval, Math.zonedAge)
        addStable("age", [.timestamp], .interval, Math.ageNow(isZoned: false))
        addStable("age", [.timestamptz], .interval, Math.ageNow(isZoned: true))
    }

    private mutating func addDateAndInterval(
        _ name: String, _ parameters: [FunctionEntry.Parameter], _ callTypes: [DataType], _ kernel: @escaping Kernel
    ) {
        addOperator(FunctionEntry(name, parameters, .type(.timestamp), callTypes: callTypes, kernel: kernel))
    }

    private mutating func addOperator(
        _ name: String, _ left: DataType, _ right: DataType, _ result: DataType, _ kernel: @escaping Kernel,
        isStable: Bool
    ) {
        addOperator(
            FunctionEntry(
                name, [.kind(left.kind), .kind(right.kind)], .type(result), volatility: isStable ? .stable : .immutable,
                kernel: kernel))
    }
}

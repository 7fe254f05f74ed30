internal import EskerFormat

/// The clock, time zones, and times made of numbers.
enum DateTimeFunctions {
    /// The start of the transaction.
    static let now: Kernel = { (call) throws(QueryError) in
        let now = call.context.now
        return try call.writeValues { _ in now }
    }

    static let localNow: Kernel = { (call) throws(QueryError) in
        let now = try DateTimeMath.local(call.context.now, call.context.timeZone)
        return try call.writeValues { _ in now }
    }

    static let today: Kernel = { (call) throws(QueryError) in
        let now = try DateTimeMath.local(call.context.now, call.context.timeZone)
        let days = Int32(truncatingIfNeeded: DateTimeMath.split(now).days)
        return try call.writeValues { _ in days }
    }

    static let localTime: Kernel = { (call) throws(QueryError) in
        let time = DateTimeMath.split(try DateTimeMath.local(call.context.now, call.context.timeZone)).time
        return try call.writeValues { _ in time }
    }

    static let currentTime: Kernel = { (call) throws(QueryError) in
        let (now, zone) = (call.context.now, call.context.timeZone)
        let time = DateTimeMath.split(try DateTimeMath.local(now, zone)).time
        let value = StoredTimeTZ(TimeWithZone(microseconds: time, secondsEast: zone.offset(at: now)))
        return try call.writeValues { _ in value }
    }

    // MARK: AT TIME ZONE

    static let localIn: Kernel = { (call) throws(QueryError) in
        let zones = ZoneArgument(call, 0)
        let values = call.values(1, as: Int64.self)
        return try call.writeValues { row throws(QueryError) in
            let value = values[row]
            return DateTimeMath.isFinite(value) ? try DateTimeMath.local(value, try zones.zone(row)) : value
        }
    }

    static let momentIn: Kernel = { (call) throws(QueryError) in
        let zones = ZoneArgument(call, 0)
        let values = call.values(1, as: Int64.self)
        return try call.writeValues { row throws(QueryError) in
            let value = values[row]
            return DateTimeMath.isFinite(value) ? try DateTimeMath.universal(value, try zones.zone(row)) : value
        }
    }

    static let timetzIn: Kernel = { (call) throws(QueryError) in
        let zones = ZoneArgument(call, 0)
        let values = call.values(1, as: StoredTimeTZ.self)
        let now = call.context.now
        return try call.writeValues { row throws(QueryError) in
            moved(values[row], to: try zones.zone(row).offset(at: now))
        }
    }

    /// Zones given by their distance from UTC.
    static func byInterval(toLocal: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let distances = call.values(0, as: StoredInterval.self)
            let values = call.values(1, as: Int64.self)
            return try call.writeValues { row throws(QueryError) in
                let value = values[row]
                if !DateTimeMath.isFinite(value) { return value }
                let zone = Zone(secondsEast: try seconds(distances[row]))
                return toLocal ? try DateTimeMath.local(value, zone) : try DateTimeMath.universal(value, zone)
            }
        }
    }

    static let timetzByInterval: Kernel = { (call) throws(QueryError) in
        let distances = call.values(0, as: StoredInterval.self)
        let values = call.values(1, as: StoredTimeTZ.self)
        return try call.writeValues { row throws(QueryError) in
            moved(values[row], to: try seconds(distances[row]))
        }
    }

    private static func seconds(_ distance: StoredInterval) throws(QueryError) -> Int32 {
        if distance.months != 0 || distance.days != 0 {
            var text: [UInt8] = []
            ValueWriter.interval(distance.interval, to: &text)
            throw QueryError(
                .invalidParameterValue,
                "interval time zone \"\(String(decoding: text, as: UTF8.self))\" must not include months or days")
        }
        return Int32(truncatingIfNeeded: distance.microseconds / TimeUnit.second)
    }

    private static func moved(_ value: StoredTimeTZ, to secondsEast: Int32) -> StoredTimeTZ {
        let shift = Int64(secondsEast &- value.secondsEast) &* TimeUnit.second
        let time = (value.microseconds &+ shift) % TimeUnit.day
        let shown = time < 0 ? time &+ TimeUnit.day : time
        return StoredTimeTZ(TimeWithZone(microseconds: shown, secondsEast: secondsEast))
    }

    // MARK: Made of numbers

    /// `to_timestamp(seconds since 1970)`.
    static let fromSeconds: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Double.self)
        return try call.writeValues { row throws(QueryError) in
            let seconds = values[row]
            if seconds.isNaN {
                throw QueryError(.datetimeFieldOverflow, "timestamp cannot be NaN")
            }
            if seconds.isInfinite { return seconds < 0 ? Int64.min : Int64.max }
            let outOfRange = QueryError(
                .datetimeFieldOverflow, "timestamp out of range: \"\(FloatPrinting.general(seconds))\"")
            // Counted from 2000, as PostgreSQL does: the rounding of the microseconds depends on it.
            let scaled = ((seconds - 946_684_800) * 1_000_000).rounded(.toNearestOrEven)
            guard scaled.magnitude < 9.2e18 else { throw outOfRange }
            let (moment, overflow) = Int64(scaled).addingReportingOverflow(946_684_800_000_000)
            if overflow || moment < Int64(DateTimeMath.firstDay) * TimeUnit.day { throw outOfRange }
            return moment
        }
    }

    static let makeDate: Kernel = { (call) throws(QueryError) in
        let years = call.values(0, as: Int32.self)
        let months = call.values(1, as: Int32.self)
        let days = call.values(2, as: Int32.self)
        return try call.writeValues { row throws(QueryError) in
            let day = try day(years[row], months[row], days[row])
            if day >= DateTimeMath.firstDay && day < DateTimeMath.endDay { return Int32(truncatingIfNeeded: day) }
            let text = "\(years[row])-\(two(months[row]))-\(two(days[row]))"
            throw QueryError(.datetimeFieldOverflow, "date out of range: \(text)")
        }
    }

    /// A day number; years before Christ are negative.
    private static func day(_ year: Int32, _ month: Int32, _ day: Int32) throws(QueryError) -> Int {
        let civilYear = year < 0 ? Int(year) + 1 : Int(year)
        guard year != 0, (1...12).contains(month), day >= 1, civilYear > -4_800,
            Int(day) <= DateTimeMath.daysInMonth(civilYear, Int(month))
        else {
            throw QueryError(.datetimeFieldOverflow, "date field value out of range: \(year)-\(two(month))-\(two(day))")
        }
        return Civil(year: civilYear, month: Int(month), day: Int(day)).days
    }

    private static func two(_ value: Int32) -> String { value >= 0 && value < 10 ? "0\(value)" : "\(value)" }

    /// `make_timestamp(year, month, day, hour, minute, seconds)`.
    static let makeTimestamp: Kernel = { (call) throws(QueryError) in
        let (years, months) = (call.values(0, as: Int32.self), call.values(1, as: Int32.self))
        let (days, hours) = (call.values(2, as: Int32.self), call.values(3, as: Int32.self))
        let (minutes, seconds) = (call.values(4, as: Int32.self), call.values(5, as: Double.self))
        return try call.writeValues { row throws(QueryError) in
            let start = try day(years[row], months[row], days[row])
            let time = try time(hours[row], minutes[row], seconds[row])
            if let timestamp = try? DateTimeMath.join(start, time) { return timestamp }
            let date = "\(years[row])-\(two(months[row]))-\(two(days[row]))"
            let clock = "\(hours[row]):\(two(minutes[row])):\(FloatPrinting.general(seconds[row], width: 2))"
            throw QueryError(.datetimeFieldOverflow, "timestamp out of range: \(date) \(clock)")
        }
    }

    static let makeTime: Kernel = { (call) throws(QueryError) in
        let (hours, minutes) = (call.values(0, as: Int32.self), call.values(1, as: Int32.self))
        let seconds = call.values(2, as: Double.self)
        return try call.writeValues { row throws(QueryError) in try time(hours[row], minutes[row], seconds[row]) }
    }

    private static func time(_ hour: Int32, _ minute: Int32, _ second: Double) throws(QueryError) -> Int64 {
        let isPlausible = (0...24).contains(hour) && (0...59).contains(minute) && second >= 0 && second <= 60
        let whole = Int64(hour) * TimeUnit.hour + Int64(minute) * TimeUnit.minute
        let time = isPlausible ? whole + Int64((second * 1_000_000).rounded(.toNearestOrEven)) : -1
        if time < 0 || time > TimeUnit.day {
            throw QueryError(
                .datetimeFieldOverflow,
                "time field value out of range: \(hour):\(two(minute)):\(FloatPrinting.general(second, width: 2))")
        }
        return time
    }

    static let isFinite: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int64.self)
        return try call.writeBits { row in DateTimeMath.isFinite(values[row]) }
    }

    static let isFiniteDate: Kernel = { (call) throws(QueryError) in
        let values = call.values(0, as: Int32.self)
        return try call.writeBits { row in DateTimeMath.isFinite(values[row]) }
    }
}

/// C's `%g` for messages.
enum FloatPrinting {
    static func general(_ value: Double, width: Int = 0) -> String {
        var text: [UInt8] = []
        ValueWriter.float8(value, to: &text)
        let digits = String(decoding: text, as: UTF8.self)
        return digits.utf8.count < width ? String(repeating: "0", count: width - digits.utf8.count) + digits : digits
    }
}

extension FunctionList {
    mutating func addDateTimeFunctions() {
        typealias Time = DateTimeFunctions
        for name in ["now", "current_timestamp", "transaction_timestamp", "statement_timestamp"] {
            addStable(name, [], .timestamptz, Time.now)
        }
        addStable("localtimestamp", [], .timestamp, Time.localNow)
        addStable("current_date", [], .date, Time.today)
        addStable("localtime", [], .time, Time.localTime)
        addStable("current_time", [], .timetz, Time.currentTime)
        addFunction("timezone", [.text, .timestamptz], .timestamp, Time.localIn)
        addFunction("timezone", [.text, .timestamp], .timestamptz, Time.momentIn)
        addStable("timezone", [.text, .timetz], .timetz, Time.timetzIn)
        addFunction("timezone", [.interval, .timestamptz], .timestamp, Time.byInterval(toLocal: true))
        addFunction("timezone", [.interval, .timestamp], .timestamptz, Time.byInterval(toLocal: false))
        addFunction("timezone", [.interval, .timetz], .timetz, Time.timetzByInterval)
        addFunction("to_timestamp", [.float8], .timestamptz, Time.fromSeconds)
        addFunction("make_date", [.int4, .int4, .int4], .date, Time.makeDate)
        addFunction("make_time", [.int4, .int4, .float8], .time, Time.makeTime)
        addFunction(
            "make_timestamp", [.int4, .int4, .int4, .int4, .int4, .float8], .timestamp, Time.makeTimestamp)
        addFunction("isfinite", [.timestamp], .bool, Time.isFinite)
        addFunction("isfinite", [.timestamptz], .bool, Time.isFinite)
        addFunction("isfinite", [.date], .bool, Time.isFiniteDate)
    }
}

extension ValueParser {
    /// An `interval`: `1 year 2 mons 3 days 04:05:06`, `P1Y2M3DT4H5M6S`, `1-2 3 4:05:06`, `… ago`.
    package static func interval(_ bytes: Span<UInt8>) throws(ValueError) -> Interval {
        do throws(DateTimeFault) {
            guard let tokens = DateTimeToken.split(bytes) else { throw .badFormat }
            do throws(DateTimeFault) {
                return try IntervalParser.parse(tokens)
            } catch {
                guard error == .badFormat, let first = bytes.isEmpty ? nil : bytes[0], first == 0x50 else {
                    throw error
                }
                return try ISOInterval.parse(bytes)
            }
        } catch {
            throw (error == .fieldOverflow ? .intervalOverflow : error).error("interval", bytes)
        }
    }
}

/// Reads an interval from its last word to its first, because a unit stands behind its number.
private struct IntervalParser {

    private var builder = IntervalBuilder()
    /// The unit of the next number to the left.
    private var unit: DateTimeUnit?
    private var given: Set<DateTimeUnit> = []
    private var isAgo = false

    static func parse(_ tokens: [DateTimeToken]) throws(DateTimeFault) -> Interval {
        var parser = IntervalParser()
        for token in tokens.reversed() { try parser.take(token) }
        if parser.given.isEmpty { throw .badFormat }
        if parser.isAgo { try parser.builder.negate() }
        return try parser.builder.finish()
    }

    private mutating func take(_ token: DateTimeToken) throws(DateTimeFault) {
        let text = token.text
        switch token.kind {
        case .time:
            try takeTime(try IntervalClock.microseconds(text[...]))
        case .zone:
            // A signed time is a time; a signed number is a number.
            let body = text.dropFirst()
            if body.contains(0x3A), let total = try? IntervalClock.microseconds(body) {
                try takeTime(text[0] == 0x2D ? -total : total)
            } else {
                try takeNumber(text)
            }
        case .date, .number: try takeNumber(text)
        case .word, .signedWord: try takeWord(text)
        }
    }

    private mutating func takeWord(_ text: [UInt8]) throws(DateTimeFault) {
        let name = String(decoding: text, as: UTF8.self)
        switch name {
        case "ago":
            isAgo = true
            unit = nil
        case "at", "on", "@": break
        default:
            guard let named = DateTimeUnit(name: name) else { throw .badFormat }
            unit = named
        }
    }

    private mutating func mark(_ units: [DateTimeUnit]) throws(DateTimeFault) {
        for unit in units where !given.insert(unit).inserted { throw .badFormat }
    }

    private mutating func takeTime(_ total: Int64) throws(DateTimeFault) {
        try builder.addMicroseconds(total)
        unit = .day
        try mark([.hour, .minute, .second, .millisecond, .microsecond])
    }

    private mutating func takeNumber(_ text: [UInt8]) throws(DateTimeFault) {
        let negative = text.first == 0x2D
        var unit = unit ?? .second
        var (value, length) = try DateTimeNumber.leading64(text[...])
        let rest = text.dropFirst(length)
        var fraction = 0.0
        if rest.first == 0x2D {
            // SQL's years-months
            let (months, monthLength) = try DateTimeNumber.leadingOrZero(rest.dropFirst())
            if !(0..<12).contains(months) { throw .fieldOverflow }
            if monthLength + 1 != rest.count { throw .badFormat }
            let (product, overflow) = value.multipliedReportingOverflow(by: 12)
            let (sum, overflow2) = product.addingReportingOverflow(Int64(negative ? -months : months))
            if overflow || overflow2 { throw .fieldOverflow }
            value = sum
            unit = .month
        } else if !rest.isEmpty {
            fraction = try DateTimeNumber.fraction(rest)
            if negative { fraction = -fraction }
        }
        try builder.add(value, fraction, unit)
        if unit == .hour { self.unit = .day } else { self.unit = unit }
        try mark(unit == .second && fraction != 0 ? [.second, .millisecond, .microsecond] : [unit])
    }
}

/// `04:05:06.789` with any number of hours, as microseconds.
enum IntervalClock {
    static func microseconds(_ text: ArraySlice<UInt8>) throws(DateTimeFault) -> Int64 {
        var (hours, length) = try DateTimeNumber.leading64(text)
        var rest = text.dropFirst(length)
        guard rest.first == 0x3A else { throw .badFormat }
        var (minutes, minuteLength) = try DateTimeNumber.leading(rest.dropFirst())
        rest = rest.dropFirst(minuteLength + 1)
        var seconds = 0
        var fraction: Int64 = 0
        if rest.first == 0x2E {
            guard let shifted = Int32(exactly: hours) else { throw .fieldOverflow }
            (hours, minutes, seconds) = (0, Int(shifted), minutes)
            fraction = try DateTimeNumber.microseconds(rest)
        } else if rest.first == 0x3A {
            let (value, secondLength) = try DateTimeNumber.leading(rest.dropFirst())
            seconds = value
            rest = rest.dropFirst(secondLength + 1)
            if !rest.isEmpty { fraction = try DateTimeNumber.microseconds(rest) }
        } else if !rest.isEmpty {
            throw .badFormat
        }
        if hours < 0 || !(0...59).contains(minutes) || !(0...60).contains(seconds) { throw .fieldOverflow }
        let (hourTime, overflow) = hours.multipliedReportingOverflow(by: TimeUnit.hour)
        let (total, overflow2) = hourTime.addingReportingOverflow(
            Int64(minutes * 60 + seconds) * TimeUnit.second + fraction)
        if overflow || overflow2 { throw .fieldOverflow }
        return total
    }
}

extension ValueWriter {
    /// IntervalStyle `postgres`: `1 year 2 mons -3 days +04:05:06.789`.
    package static func interval(_ value: Interval, to out: inout [UInt8]) {
        var isFirst = true
        var isAfterNegative = false
        func part(_ number: Int, _ unit: String) {
            if number == 0 { return }
            if !isFirst { out.append(0x20) }
            if isAfterNegative && number > 0 { out.append(0x2B) }
            integer(Int64(number), to: &out)
            out.append(0x20)
            out.append(contentsOf: unit.utf8)
            if number != 1 { out.append(0x73) }
            isFirst = false
            isAfterNegative = number < 0
        }
        part(Int(value.months) / 12, "year")
        part(Int(value.months) % 12, "mon")
        part(Int(value.days), "day")
        if !isFirst && value.microseconds == 0 { return }
        if !isFirst { out.append(0x20) }
        if value.microseconds < 0 {
            out.append(0x2D)
        } else if isAfterNegative {
            out.append(0x2B)
        }
        let magnitude = value.microseconds.magnitude
        unsigned(magnitude / UInt64(TimeUnit.hour), width: 2, to: &out)
        let rest = magnitude % UInt64(TimeUnit.hour)
        out.append(0x3A)
        unsigned(rest / 60_000_000, width: 2, to: &out)
        out.append(0x3A)
        unsigned(rest / 1_000_000 % 60, width: 2, to: &out)
        ByteCursor.append(to: &out, atMost: 8) { putFraction(Int(rest % 1_000_000), &$0) }
    }
}

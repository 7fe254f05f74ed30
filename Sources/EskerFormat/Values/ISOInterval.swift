/// ISO 8601 durations: `P1Y2M3W4DT5H6M7.8S`, `P0001-02-03T04:05:06`, `P00010203T040506`.
enum ISOInterval {
    static func parse(_ bytes: Span<UInt8>) throws(DateTimeFault) -> Interval {
        var scanner = ISOIntervalScanner(bytes)
        return try scanner.parse()
    }
}

private struct ISOIntervalScanner {
    private let text: [UInt8]
    private var index = 1
    private var builder = IntervalBuilder()
    private var isDate = true
    private var isComplete = false
    /// Whether a field of the date or of the time has been read; the alternative forms allow none before them.
    private var hasField = false

    init(_ bytes: Span<UInt8>) { text = Array(ValueError.text(bytes).utf8) }

    private var current: UInt8? { index < text.count ? text[index] : nil }

    mutating func parse() throws(DateTimeFault) -> Interval {
        if text.count < 2 { throw .badFormat }
        while !isComplete, let byte = current {
            if byte == 0x54 {
                isDate = false
                hasField = false
                index += 1
                continue
            }
            let start = index
            let (value, fraction) = try number()
            let unit = current
            if unit != nil { index += 1 }
            try take(value, fraction, unit, digits: index - start - 1)
        }
        return try builder.finish()
    }

    /// A number as C's `strtod` reads it, its whole part and the rest.
    private mutating func number() throws(DateTimeFault) -> (Int64, Double) {
        let start = index
        guard let first = current, ASCII.isDigit(first) || first == 0x2D || first == 0x2E else { throw .badFormat }
        if first == 0x2D { index += 1 }
        skipDigits()
        if current == 0x2E {
            index += 1
            skipDigits()
        }
        if let letter = current, letter | 0x20 == 0x65 {
            let mark = index
            index += 1
            if current == 0x2D || current == 0x2B { index += 1 }
            let exponent = index
            skipDigits()
            if index == exponent { index = mark }
        }
        guard let value = Double(String(decoding: text[start..<index], as: UTF8.self)) else { throw .badFormat }
        if value.magnitude > 1e15 { throw .fieldOverflow }
        let whole = value.rounded(.towardZero)
        return (Int64(whole), value - whole)
    }

    private mutating func skipDigits() {
        while let byte = current, ASCII.isDigit(byte) { index += 1 }
    }

    private mutating func take(
        _ value: Int64, _ fraction: Double, _ unit: UInt8?, digits: Int
    ) throws(DateTimeFault) {
        switch (unit, isDate) {
        case (0x59, true): try builder.add(value, fraction, .year)
        case (0x4D, true): try builder.add(value, fraction, .month)
        case (0x57, true): try builder.add(value, fraction, .week)
        case (0x44, true): try builder.add(value, fraction, .day)
        case (0x48, false): try builder.add(value, fraction, .hour)
        case (0x4D, false): try builder.add(value, fraction, .minute)
        case (0x53, false): try builder.add(value, fraction, .second)
        case (0x54, true), (nil, true), (0x2D, true), (nil, false), (0x3A, false):
            if hasField { throw .badFormat }
            try takeAlternative(value, fraction, unit, digits: digits)
        default: throw .badFormat
        }
        hasField = isDate || unit == 0x48 || unit == 0x4D || unit == 0x53
    }

    private mutating func takeAlternative(
        _ value: Int64, _ fraction: Double, _ unit: UInt8?, digits: Int
    ) throws(DateTimeFault) {
        switch (unit, isDate) {
        case (0x54, _), (nil, true):
            try takeAlternativeDate(value, fraction, digits: unit == nil ? digits + 1 : digits)
            isDate = false
            if unit == nil { isComplete = true }
        case (0x2D, _): try takeDashedDate(value, fraction)
        case (nil, false): try takeAlternativeTime(value, fraction, digits: digits + 1)
        default: try takeColonTime(value, fraction)
        }
    }

    /// `yyyymmdd`, or years alone.
    private mutating func takeAlternativeDate(
        _ value: Int64, _ fraction: Double, digits: Int
    ) throws(DateTimeFault) {
        if digits == 8 && fraction == 0 {
            try builder.add(value / 10_000, 0, .year)
            try builder.add(value / 100 % 100, 0, .month)
            try builder.add(value % 100, 0, .day)
        } else {
            try builder.add(value, fraction, .year)
        }
    }

    private mutating func takeDashedDate(_ years: Int64, _ fraction: Double) throws(DateTimeFault) {
        try builder.add(years, fraction, .year)
        let (months, monthFraction) = try number()
        try builder.add(months, monthFraction, .month)
        if current == 0x2D {
            index += 1
            let (days, dayFraction) = try number()
            try builder.add(days, dayFraction, .day)
        }
        isDate = false
        if current == nil {
            isComplete = true
        } else if current == 0x54 {
            index += 1
            if current == nil { isComplete = true }
        } else {
            throw .badFormat
        }
    }

    /// `hhmmss`, or hours alone.
    private mutating func takeAlternativeTime(
        _ value: Int64, _ fraction: Double, digits: Int
    ) throws(DateTimeFault) {
        if digits == 6 && fraction == 0 {
            try builder.add(value / 10_000, 0, .hour)
            try builder.add(value / 100 % 100, 0, .minute)
            try builder.add(value % 100, 0, .second)
        } else {
            try builder.add(value, fraction, .hour)
        }
        isComplete = true
    }

    private mutating func takeColonTime(_ hours: Int64, _ fraction: Double) throws(DateTimeFault) {
        try builder.add(hours, fraction, .hour)
        let (minutes, minuteFraction) = try number()
        try builder.add(minutes, minuteFraction, .minute)
        if current == 0x3A {
            index += 1
            let (seconds, secondFraction) = try number()
            try builder.add(seconds, secondFraction, .second)
        }
        if current != nil { throw .badFormat }
        isComplete = true
    }
}

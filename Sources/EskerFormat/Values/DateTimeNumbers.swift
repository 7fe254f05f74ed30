/// Decides what a number in a date and time text is, from its length and from what was given before.
extension DateTimeFields {
    /// One number of a date: year, month or day in the order month, day, year, unless it tells itself.
    ///
    /// - Returns: the fields it gave.
    mutating func takeNumber(
        _ text: ArraySlice<UInt8>, _ haveTextMonth: Bool, _ known: DateTimeMask
    ) throws(DateTimeFault) -> DateTimeMask {
        let (value, length) = try DateTimeNumber.leading(text)
        if length < text.count {
            guard text[text.startIndex + length] == 0x2E else { throw .badFormat }
            // 20011225.040506 is a run-together form; 06.789 seconds with a fraction.
            if length > 2 { return try takeRun(text, known.union(.date)) }
            microsecond = try DateTimeNumber.microseconds(text.dropFirst(length))
        }
        let soFar = known.intersection(.date)
        if text.count == 3 && soFar == .year && (1...366).contains(value) {
            dayOfYear = value
            return [.dayOfYear, .month, .day]
        }
        let given: DateTimeMask
        switch soFar {
        case []: given = text.count >= 3 ? .year : .month
        case .year: given = .month
        case .month: given = haveTextMonth && text.count >= 3 ? .year : .day
        case [.year, .month]:
            if haveTextMonth && text.count >= 3 && isTwoDigitYear {
                // The number before the month was the day, not the year.
                day = year
                year = value
                isTwoDigitYear = false
                return .day
            }
            given = .day
        case .day: given = .month
        case [.month, .day]: given = .year
        case .date: return try takeRun(text, known)
        default: throw .badFormat
        }
        switch given {
        case .year:
            year = value
            isTwoDigitYear = text.count <= 2
        case .month: month = value
        default: day = value
        }
        return given
    }

    /// Fields run together: `yyyymmdd`, `yymmdd`, `hhmmss`, `hhmm`, each perhaps with a fraction of a second.
    mutating func takeRun(_ text: ArraySlice<UInt8>, _ known: DateTimeMask) throws(DateTimeFault) -> DateTimeMask {
        var digits = text
        if let point = text.firstIndex(of: 0x2E) {
            microsecond = try DateTimeNumber.microseconds(text[point...])
            digits = text[..<point]
        } else if !known.isSuperset(of: .date) && digits.count >= 6 {
            let end = digits.endIndex
            day = try DateTimeNumber.whole(digits[(end - 2)...])
            month = try DateTimeNumber.whole(digits[(end - 4)..<(end - 2)])
            year = try DateTimeNumber.whole(digits[..<(end - 4)])
            isTwoDigitYear = digits.count - 4 == 2
            return .date
        }
        guard !known.isSuperset(of: .time), digits.count == 6 || digits.count == 4 else { throw .badFormat }
        let start = digits.startIndex
        hour = try DateTimeNumber.whole(digits[start..<(start + 2)])
        minute = try DateTimeNumber.whole(digits[(start + 2)..<(start + 4)])
        second = digits.count == 6 ? try DateTimeNumber.whole(digits[(start + 4)...]) : 0
        return .time
    }

    /// A date in one word: `1999-01-08`, `jan-8-1999`, `8/1/99`.
    mutating func takeDate(_ text: [UInt8], _ known: DateTimeMask) throws(DateTimeFault) -> DateTimeMask {
        var parts: [ArraySlice<UInt8>?] = []
        var index = 0
        while index < text.count && parts.count < 25 {
            while index < text.count && !ASCII.isAlphanumeric(text[index]) { index += 1 }
            guard index < text.count else { throw .badFormat }
            let start = index
            let isPart = ASCII.isDigit(text[index]) ? ASCII.isDigit : ASCII.isAlpha
            while index < text.count && isPart(text[index]) { index += 1 }
            parts.append(text[start..<index])
            if index < text.count { index += 1 }
        }
        var given: DateTimeMask = []
        var haveTextMonth = false
        for (position, part) in parts.enumerated() {
            guard let part, let first = part.first, ASCII.isAlpha(first) else { continue }
            switch DateTimeWord.find(Array(part)) {
            case .filler: break
            case .month(let number) where !known.union(given).contains(.month):
                month = number
                haveTextMonth = true
                given.insert(.month)
            default: throw .badFormat
            }
            parts[position] = nil
        }
        for case let part? in parts {
            let more = try takeNumber(part, haveTextMonth, known.union(given))
            if !known.union(given).isDisjoint(with: more) { throw .badFormat }
            given.formUnion(more)
        }
        if known.union(given).subtracting([.dayOfYear, .zone]) != .date { throw .badFormat }
        return given
    }

    /// A time in one word: `04:05`, `04:05:06.789`; `05:06.789` is minutes and seconds.
    mutating func takeTime(_ text: ArraySlice<UInt8>) throws(DateTimeFault) -> DateTimeMask {
        var (value, length) = try DateTimeNumber.leading(text)
        hour = value
        var rest = text.dropFirst(length)
        guard rest.first == 0x3A else { throw .badFormat }
        (value, length) = try DateTimeNumber.leadingOrZero(rest.dropFirst())
        minute = value
        rest = rest.dropFirst(length + 1)
        (second, microsecond) = (0, 0)
        if rest.first == 0x2E {
            (hour, minute, second) = (0, hour, minute)
            microsecond = try DateTimeNumber.microseconds(rest)
        } else if rest.first == 0x3A {
            (value, length) = try DateTimeNumber.leadingOrZero(rest.dropFirst())
            second = value
            rest = rest.dropFirst(length + 1)
            if !rest.isEmpty { microsecond = try DateTimeNumber.microseconds(rest) }
        } else if !rest.isEmpty {
            throw .badFormat
        }
        if hour < 0 || !(0...59).contains(minute) || !(0...60).contains(second) || microsecond < 0
            || microsecond > TimeUnit.second
        {
            throw .fieldOverflow
        }
        return .time
    }

    /// A zone's offset, `+01`, `-0330`, `+05:30:15`, as seconds east of UTC.
    static func offset(_ text: ArraySlice<UInt8>) throws(DateTimeFault) -> Int32 {
        guard let sign = text.first, sign == 0x2B || sign == 0x2D else { throw .badFormat }
        var (hours, length) = try DateTimeNumber.leading(text.dropFirst())
        var rest = text.dropFirst(1 + length)
        var (minutes, seconds) = (0, 0)
        if rest.first == 0x3A {
            (minutes, length) = try DateTimeNumber.leading(rest.dropFirst())
            rest = rest.dropFirst(1 + length)
            if rest.first == 0x3A {
                (seconds, length) = try DateTimeNumber.leading(rest.dropFirst())
                rest = rest.dropFirst(1 + length)
            }
        } else if rest.isEmpty && text.count > 3 {
            (hours, minutes) = (hours / 100, hours % 100)
        }
        if !(0...15).contains(hours) || !(0...59).contains(minutes) || !(0...59).contains(seconds) {
            throw .zoneOverflow
        }
        if !rest.isEmpty { throw .badFormat }
        let offset = Int32((hours * 60 + minutes) * 60 + seconds)
        return sign == 0x2D ? -offset : offset
    }
}

/// A zone in POSIX's TZ notation, `CET-1CEST,M3.5.0,M10.5.0/3`: TZif files end with one for the years to come.
struct PosixZone: Sendable {
    /// The day and second of a change, in local time before the change.
    struct Change: Hashable, Sendable {
        enum Day: Hashable, Sendable {
            /// 1…365, never counting 29 February.
            case julian(Int)
            /// 0…365
            case ofYear(Int)
            /// The week 1…5 (5 = last) of a month whose weekday (0 = Sunday) it is.
            case weekday(month: Int, week: Int, weekday: Int)
        }
        var day: Day
        var seconds: Int64
    }

    var standard: ZoneRules.Kind
    var daylight: ZoneRules.Kind?
    var start = Change(day: .weekday(month: 3, week: 2, weekday: 0), seconds: 7_200)
    var end = Change(day: .weekday(month: 11, week: 1, weekday: 0), seconds: 7_200)

    func kind(at seconds: Int64) -> ZoneRules.Kind {
        guard let daylight else { return standard }
        let year = year(at: seconds)
        let (on, off) = changes(in: year)
        let isDaylight = on < off ? seconds >= on && seconds < off : seconds >= on || seconds < off
        return isDaylight ? daylight : standard
    }

    func boundary(after seconds: Int64) -> Int64? {
        guard daylight != nil else { return nil }
        let year = year(at: seconds)
        for candidate in year...year + 1 {
            let (on, off) = changes(in: candidate)
            for at in [min(on, off), max(on, off)] where at > seconds { return at }
        }
        return nil
    }

    private func year(at seconds: Int64) -> Int {
        let local = seconds + Int64(standard.offset)
        let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        return Civil(days: Int(days)).year
    }

    /// The seconds since 1970 UTC at which daylight saving time begins and ends in a year.
    private func changes(in year: Int) -> (on: Int64, off: Int64) {
        let on = Self.seconds(start, year) - Int64(standard.offset)
        let off = Self.seconds(end, year) - Int64(daylight?.offset ?? standard.offset)
        return (on, off)
    }

    private static func seconds(_ change: Change, _ year: Int) -> Int64 {
        let newYear = Civil(year: year, month: 1, day: 1).days
        let day: Int
        switch change.day {
        case .julian(let number): day = newYear + number - 1 + (Civil.isLeap(year) && number >= 60 ? 1 : 0)
        case .ofYear(let number): day = newYear + number
        case .weekday(let month, let week, let weekday):
            let first = Civil(year: year, month: month, day: 1).days
            var offset = (weekday - Civil.weekday(days: first) + 7) % 7 + (week - 1) * 7
            if offset >= Civil.daysInMonth(year, month) { offset -= 7 }
            day = first + offset
        }
        return Int64(day) * 86_400 + change.seconds
    }
}

extension PosixZone {
    /// Reads the notation; nil if the text is not in it.
    init?(_ text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let name = scanner.name(), let west = scanner.offset() else { return nil }
        standard = ZoneRules.Kind(offset: Int32(-west), isDaylight: false, abbreviation: name)
        if scanner.isAtEnd { return }
        guard let daylightName = scanner.name(), !daylightName.isEmpty else { return nil }
        var offset = standard.offset + 3_600
        if !scanner.isAtEnd && !scanner.isAt(0x2C) {
            guard let west = scanner.offset() else { return nil }
            offset = Int32(-west)
        }
        daylight = ZoneRules.Kind(offset: offset, isDaylight: true, abbreviation: daylightName)
        if scanner.isAtEnd { return }
        guard scanner.take(0x2C), let start = scanner.change(), scanner.take(0x2C), let end = scanner.change(),
            scanner.isAtEnd
        else { return nil }
        self.start = start
        self.end = end
    }

    private struct Scanner {
        var bytes: [UInt8]
        var index = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { index == bytes.count }
        func isAt(_ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }

        mutating func take(_ byte: UInt8) -> Bool {
            guard isAt(byte) else { return false }
            index += 1
            return true
        }

        /// Anything up to an offset or a comma, or anything in angle brackets.
        mutating func name() -> String? {
            let quoted = take(0x3C)
            let start = index
            while index < bytes.count && (quoted ? bytes[index] != 0x3E : Self.isNamePart(bytes[index])) { index += 1 }
            let name = String(decoding: bytes[start..<index], as: UTF8.self)
            return quoted && !take(0x3E) ? nil : name
        }

        private static func isNamePart(_ byte: UInt8) -> Bool {
            !ASCII.isDigit(byte) && byte != 0x2C && byte != 0x2D && byte != 0x2B
        }

        mutating func number(atMost limit: Int) -> Int? {
            let start = index
            var value = 0
            while index < bytes.count && ASCII.isDigit(bytes[index]) {
                value = value * 10 + Int(bytes[index] - 0x30)
                if value > limit { return nil }
                index += 1
            }
            return index > start ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]`, in seconds; up to a week of hours, as TZif allows.
        mutating func offset() -> Int? {
            let negative = take(0x2D)
            if !negative { _ = take(0x2B) }
            guard let hours = number(atMost: 167) else { return nil }
            var seconds = hours * 3_600
            if take(0x3A) {
                guard let minutes = number(atMost: 59) else { return nil }
                seconds += minutes * 60
                if take(0x3A) {
                    guard let rest = number(atMost: 59) else { return nil }
                    seconds += rest
                }
            }
            return negative ? -seconds : seconds
        }

        mutating func change() -> Change? {
            guard let day = day() else { return nil }
            guard take(0x2F) else { return Change(day: day, seconds: 7_200) }
            guard let seconds = offset() else { return nil }
            return Change(day: day, seconds: Int64(seconds))
        }

        private mutating func day() -> Change.Day? {
            if take(0x4A) {
                guard let number = number(atMost: 365), number > 0 else { return nil }
                return .julian(number)
            }
            guard take(0x4D) else { return number(atMost: 365).map { .ofYear($0) } }
            guard let month = number(atMost: 12), month > 0, take(0x2E), let week = number(atMost: 5), week > 0,
                take(0x2E), let weekday = number(atMost: 6)
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}

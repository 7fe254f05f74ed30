/// Reads PostgreSQL's date and time texts in all their forms, word by word.
///
/// The rules are those of PostgreSQL 15 with DateStyle `ISO, MDY`. A word's meaning depends on its form and on the
/// words before it. Slow (it allocates for every word); ``ValueParser`` takes the plain ISO forms without it.
struct DateTimeParser {
    private let tokens: [DateTimeToken]
    private let settings: TextSettings
    private let wantsTimeOnly: Bool
    private var fields = DateTimeFields()
    /// The unit that the next number must have, after a word like `j` or `t`.
    private var prefix: DateTimeUnit?
    private var isAfterT = false
    private var haveTextMonth = false

    /// - Parameter wantsTimeOnly: read a `time` or `timetz`: numbers are times first, and a date may be missing.
    static func parse(
        _ bytes: Span<UInt8>, _ settings: TextSettings, wantsTimeOnly: Bool = false
    ) throws(DateTimeFault) -> DateTimeFields {
        guard let tokens = DateTimeToken.split(bytes) else { throw .badFormat }
        var parser = DateTimeParser(tokens: tokens, settings: settings, wantsTimeOnly: wantsTimeOnly)
        for index in tokens.indices { try parser.take(index) }
        return try parser.finish()
    }

    private init(tokens: [DateTimeToken], settings: TextSettings, wantsTimeOnly: Bool) {
        self.tokens = tokens
        self.settings = settings
        self.wantsTimeOnly = wantsTimeOnly
    }

    private mutating func take(_ index: Int) throws(DateTimeFault) {
        let text = tokens[index].text
        let given: DateTimeMask
        switch tokens[index].kind {
        case .date: given = try takeDateOrZone(text, index)
        case .time:
            if prefix != nil && !wantsTimeOnly { throw .badFormat }
            isAfterT = false
            given = try fields.takeTime(text[...])
            if !wantsTimeOnly { try fields.checkTime() }
        case .zone:
            fields.zone = .offset(try DateTimeFields.offset(text[...]))
            given = .zone
        case .number: given = try takeNumber(text, index)
        case .word, .signedWord: given = try takeWord(text, index)
        }
        if !given.isDisjoint(with: fields.given) { throw .badFormat }
        fields.given.formUnion(given)
    }

    private var hasMonthAndDay: Bool { fields.given.isSuperset(of: [.month, .day]) }

    private mutating func takeDateOrZone(_ text: [UInt8], _ index: Int) throws(DateTimeFault) -> DateTimeMask {
        if prefix == .julian {
            guard !wantsTimeOnly else { throw .badFormat }
            prefix = nil
            return try takeJulianWithZone(text)
        }
        if wantsTimeOnly {
            if index == 0 && tokens.count >= 2 && (tokens[tokens.count - 1].kind == .date || tokens[1].kind == .time) {
                return try fields.takeDate(text, fields.given)
            }
        } else if !isAfterT && prefix == nil && !hasMonthAndDay {
            return try fields.takeDate(text, fields.given)
        }
        guard let first = text.first, ASCII.isDigit(first) || isAfterT || prefix != nil else {
            return try takeZoneName(text)
        }
        // A time run together, with its zone: 040506.789-08
        if prefix != nil { throw .badFormat }
        isAfterT = false
        if fields.given.isSuperset(of: .time) { throw .badFormat }
        guard let sign = text.firstIndex(of: 0x2D) else { throw .badFormat }
        fields.zone = .offset(try DateTimeFields.offset(text[sign...]))
        let known = wantsTimeOnly ? fields.given.union(.date) : fields.given
        return try fields.takeRun(text[..<sign], known).union(.zone)
    }

    /// `j2451187-8`
    private mutating func takeJulianWithZone(_ text: [UInt8]) throws(DateTimeFault) -> DateTimeMask {
        let (value, length) = try DateTimeNumber.leading(text[...])
        if value < 0 { throw .fieldOverflow }
        fields.zone = .offset(try DateTimeFields.offset(text.dropFirst(length)))
        setJulian(value)
        return DateTimeMask.date.union(.time).union(.zone)
    }

    private mutating func setJulian(_ value: Int) {
        let civil = Civil(days: value + TimeUnit.firstDay)
        (fields.year, fields.month, fields.day) = (civil.year, civil.month, civil.day)
        fields.isJulian = true
    }

    private mutating func takeNumber(_ text: [UInt8], _ index: Int) throws(DateTimeFault) -> DateTimeMask {
        if let prefix {
            self.prefix = nil
            return try takePrefixed(text, prefix)
        }
        let known = fields.given
        if isAfterT {
            isAfterT = false
            let given = try fields.takeRun(text[...], known.union(.date))
            if given != .time { throw .badFormat }
            return given
        }
        let point = text.firstIndex(of: 0x2E)
        if wantsTimeOnly { return try takeTimeNumber(text, point, index) }
        if point != nil && known.isDisjoint(with: .date) { return try fields.takeDate(text, known) }
        if let point, point > 2 { return try fields.takeRun(text[...], known) }
        if text.count >= 6 && (known.isDisjoint(with: .date) || known.isDisjoint(with: .time)) {
            return try fields.takeRun(text[...], known)
        }
        return try fields.takeNumber(text[...], haveTextMonth, known)
    }

    private mutating func takeTimeNumber(
        _ text: [UInt8], _ point: Int?, _ index: Int
    ) throws(DateTimeFault) -> DateTimeMask {
        let known = fields.given.union(.date)
        if let point {
            if index == 0 && tokens.count >= 2 && tokens[tokens.count - 1].kind == .date {
                return try fields.takeDate(text, fields.given)
            }
            guard point > 2 else { throw .badFormat }
            return try fields.takeRun(text[...], known)
        }
        if text.count > 4 { return try fields.takeRun(text[...], known) }
        return try fields.takeNumber(text[...], false, known)
    }

    private mutating func takePrefixed(_ text: [UInt8], _ unit: DateTimeUnit) throws(DateTimeFault) -> DateTimeMask {
        let (value, length) = try DateTimeNumber.leading(text[...])
        let rest = text.dropFirst(length)
        if let next = rest.first {
            guard next == 0x2E, unit == .julian || unit == .second else { throw .badFormat }
        }
        switch unit {
        case .year:
            fields.year = value
            return .year
        case .month:
            if fields.given.isSuperset(of: [.month, .hour]) {
                fields.minute = value
                return .minute
            }
            fields.month = value
            return .month
        case .day:
            fields.day = value
            return .day
        case .hour:
            fields.hour = value
            return .hour
        case .minute:
            fields.minute = value
            return .minute
        case .second:
            fields.second = value
            if !rest.isEmpty { fields.microsecond = try DateTimeNumber.microseconds(rest) }
            return .second
        case .julian:
            if value < 0 { throw .fieldOverflow }
            setJulian(value)
            guard !rest.isEmpty else { return .date }
            let time = Int64(try DateTimeNumber.fraction(rest) * Double(TimeUnit.day))
            fields.hour = Int(time / TimeUnit.hour)
            fields.minute = Int(time % TimeUnit.hour / TimeUnit.minute)
            fields.second = Int(time % TimeUnit.minute / TimeUnit.second)
            fields.microsecond = time % TimeUnit.second
            return DateTimeMask.date.union(.time)
        default: throw .badFormat
        }
    }

    private mutating func finish() throws(DateTimeFault) -> DateTimeFields {
        try fields.validateDate()
        try fields.applyHalfDay()
        if fields.special != nil { return fields }
        if wantsTimeOnly {
            try fields.checkTime()
            if !fields.given.isSuperset(of: .time) { throw .badFormat }
        } else if !fields.given.isSuperset(of: .date) {
            throw .badFormat
        }
        if fields.given.contains(.daylight) {
            guard case .offset? = fields.zone else { throw .badFormat }
        }
        return fields
    }
}

extension DateTimeParser {
    private mutating func takeWord(_ text: [UInt8], _ index: Int) throws(DateTimeFault) -> DateTimeMask {
        let name = String(decoding: text.prefix(DateTimeWord.significant), as: UTF8.self)
        if let abbreviation = ZoneAbbreviation.find(name) {
            switch abbreviation {
            case .offset(let offset, _): fields.zone = .offset(offset)
            case .place(let place):
                guard let zone = Zone.find(place) else { throw .unknownZone(place) }
                fields.zone = .zone(zone.meaning(name.uppercased()))
            }
            return .zone
        }
        guard let word = DateTimeWord.find(text) else { return try takeZoneName(text) }
        switch word {
        case .filler: return []
        case .month, .weekday:
            if wantsTimeOnly { throw .badFormat }
            if case .month(let number) = word { return takeMonth(number) }
            return .weekday
        case .afternoon(let value):
            fields.isAfternoon = value
            return .halfDay
        case .beforeChrist(let value):
            fields.isBeforeChrist = value
            return .era
        case .unit(let unit):
            prefix = unit
            return []
        case .isoTime: return try takeT(index)
        case .daylight:
            if case .offset(let offset)? = fields.zone { fields.zone = .offset(offset + 3_600) }
            return .daylight
        default: return try takeReserved(word)
        }
    }

    private mutating func takeMonth(_ number: Int) -> DateTimeMask {
        // "8 January 1999": the number taken for the month was the day.
        let wasDay =
            fields.given.contains(.month) && !haveTextMonth && !fields.given.contains(.day)
            && (1...31).contains(fields.month)
        haveTextMonth = true
        if wasDay { fields.day = fields.month }
        if !fields.given.contains(.month) || wasDay { fields.month = number }
        return wasDay ? .day : .month
    }

    private func takeTFollows(_ index: Int) -> Bool {
        guard index + 1 < tokens.count else { return false }
        switch tokens[index + 1].kind {
        case .number, .time, .date: return true
        default: return false
        }
    }

    private mutating func takeT(_ index: Int) throws(DateTimeFault) -> DateTimeMask {
        if !wantsTimeOnly && !fields.given.isSuperset(of: .date) { throw .badFormat }
        guard takeTFollows(index) else { throw .badFormat }
        isAfterT = true
        return []
    }

    private mutating func takeReserved(_ word: DateTimeWord) throws(DateTimeFault) -> DateTimeMask {
        switch word {
        case .now:
            setDate(addingDays: 0)
            let local = localNow()
            let (_, time) = TimeUnit.split(local)
            fields.hour = Int(time / TimeUnit.hour)
            fields.minute = Int(time % TimeUnit.hour / TimeUnit.minute)
            fields.second = Int(time % TimeUnit.minute / TimeUnit.second)
            fields.microsecond = time % TimeUnit.second
            fields.zone = .offset(settings.zone.offset(at: settings.now))
            return wantsTimeOnly ? DateTimeMask.time : DateTimeMask.date.union(.time).union(.zone)
        case .allballs:
            (fields.hour, fields.minute, fields.second, fields.microsecond) = (0, 0, 0, 0)
            fields.zone = .offset(0)
            return DateTimeMask.time.union(.zone)
        case _ where wantsTimeOnly: throw .badFormat
        case .today: setDate(addingDays: 0)
        case .tomorrow: setDate(addingDays: 1)
        case .yesterday: setDate(addingDays: -1)
        case .epoch: fields.special = .epoch
        case .infinity: fields.special = .infinity
        default: fields.special = .minusInfinity
        }
        return fields.special == nil ? .date : .reserved
    }

    private func localNow() -> Int64 {
        let (sum, overflow) = settings.now.addingReportingOverflow(
            Int64(settings.zone.offset(at: settings.now)) * TimeUnit.second)
        return overflow ? settings.now : sum
    }

    private mutating func setDate(addingDays count: Int) {
        let civil = Civil(days: TimeUnit.split(localNow()).days + count)
        (fields.year, fields.month, fields.day) = (civil.year, civil.month, civil.day)
    }

    private mutating func takeZoneName(_ text: [UInt8]) throws(DateTimeFault) -> DateTimeMask {
        let name = String(decoding: text, as: UTF8.self)
        guard let zone = Zone.find(name) else {
            if tokens.contains(where: { $0.kind == .date && $0.text == text }) { throw .unknownZone(name) }
            throw .badFormat
        }
        fields.zone = .zone(zone)
        return .zone
    }
}

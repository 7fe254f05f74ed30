/// Which fields of a date and time a text has given, as a set; none may be given twice.
struct DateTimeMask: OptionSet, Hashable {
    let rawValue: Int
    static let year = DateTimeMask(rawValue: 1)
    static let month = DateTimeMask(rawValue: 2)
    static let day = DateTimeMask(rawValue: 4)
    static let dayOfYear = DateTimeMask(rawValue: 8)
    static let hour = DateTimeMask(rawValue: 16)
    static let minute = DateTimeMask(rawValue: 32)
    static let second = DateTimeMask(rawValue: 64)
    static let zone = DateTimeMask(rawValue: 128)
    static let daylight = DateTimeMask(rawValue: 256)
    static let halfDay = DateTimeMask(rawValue: 512)
    static let era = DateTimeMask(rawValue: 1_024)
    static let weekday = DateTimeMask(rawValue: 2_048)

    static let reserved = DateTimeMask(rawValue: 4_096)

    static let date: DateTimeMask = [.year, .month, .day]
    static let time: DateTimeMask = [.hour, .minute, .second]
}

/// What a date and time text says, field by field.
struct DateTimeFields {
    enum Special { case epoch, infinity, minusInfinity }
    enum ZoneSource {
        case offset(Int32)
        case zone(Zone)
    }

    var given: DateTimeMask = []
    var special: Special?
    var year = 0, month = 0, day = 0, dayOfYear = 0
    var hour = 0, minute = 0, second = 0
    var microsecond: Int64 = 0
    var zone: ZoneSource?
    var isJulian = false
    var isTwoDigitYear = false
    var isBeforeChrist = false
    /// `am` (false), `pm` (true) or neither.
    var isAfternoon: Bool?

    var days: Int { Civil(year: year, month: month, day: day).days }

    var timeOfDay: Int64 {
        Int64((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond
    }

    /// Brings year, month and day into range, or says which of them is out of it.
    mutating func validateDate() throws(DateTimeFault) {
        if given.contains(.year) && !isJulian {
            if isBeforeChrist {
                if year <= 0 { throw .fieldOverflow }
                year = 1 - year
            } else if isTwoDigitYear {
                if year < 0 { throw .fieldOverflow }
                year += year < 70 ? 2_000 : year < 100 ? 1_900 : 0
            } else if year <= 0 {
                throw .fieldOverflow
            }
        }
        if given.contains(.dayOfYear) {
            let civil = Civil(days: Civil(year: year, month: 1, day: 1).days + dayOfYear - 1)
            (year, month, day) = (civil.year, civil.month, civil.day)
        }
        if given.contains(.month) && !(1...12).contains(month) { throw .monthOrDayOverflow }
        if given.contains(.day) && !(1...31).contains(day) { throw .monthOrDayOverflow }
        if given.isSuperset(of: .date) && day > Civil.daysInMonth(year, month) { throw .fieldOverflow }
    }

    /// A place whose offset changes has none without a date.
    var needsDate: Bool {
        if case .zone(let zone)? = zone { return zone.needsDate && !given.isSuperset(of: .date) }
        return false
    }

    mutating func applyHalfDay() throws(DateTimeFault) {
        guard let isAfternoon else { return }
        if hour > 12 { throw .fieldOverflow }
        if isAfternoon { hour = hour == 12 ? 12 : hour + 12 } else if hour == 12 { hour = 0 }
    }

    /// Up to 24:00:00, and a 60th second is let in.
    func checkTime() throws(DateTimeFault) {
        if !(0...24).contains(hour) || !(0...59).contains(minute) || !(0...60).contains(second)
            || microsecond < 0 || microsecond > TimeUnit.second || timeOfDay > TimeUnit.day
        {
            throw .fieldOverflow
        }
    }

    /// Seconds east of UTC: of the text's own zone, else of the session's, at the date and time the text gives.
    func offset(_ session: Zone) -> Int32 {
        func local() -> Int64 { Int64(days) * 86_400 + Int64((hour * 60 + minute) * 60 + second) }
        // Beyond every type's range; the caller will say so.
        if year.magnitude > 5_880_000 { return 0 }
        switch zone {
        case .offset(let offset)?: return offset
        case .zone(let zone)?: return zone.offset(atLocalSeconds: local())
        case nil: return session.offset(atLocalSeconds: local())
        }
    }
}

/// The words of date and time texts, besides zones.
enum DateTimeWord: Hashable, Sendable {
    case month(Int)
    /// 0 = Sunday
    case weekday(Int)
    case afternoon(Bool)
    case beforeChrist(Bool)
    /// `at`, `on`
    case filler
    case unit(DateTimeUnit)
    /// `t` between a date and a time
    case isoTime
    /// `dst` after a zone
    case daylight
    case now, today, tomorrow, yesterday, epoch, infinity, minusInfinity, allballs

    /// PostgreSQL looks at the first ten letters of a word only.
    static let significant = 10

    static func find(_ lowerCase: [UInt8]) -> DateTimeWord? {
        table[String(decoding: lowerCase.prefix(significant), as: UTF8.self)]
    }

    private static let table: [String: DateTimeWord] = {
        var table: [String: DateTimeWord] = [
            "am": .afternoon(false), "pm": .afternoon(true), "ad": .beforeChrist(false), "bc": .beforeChrist(true),
            "at": .filler, "on": .filler, "t": .isoTime, "dst": .daylight, "now": .now, "today": .today,
            "tomorrow": .tomorrow, "yesterday": .yesterday, "epoch": .epoch, "infinity": .infinity,
            "-infinity": .minusInfinity, "allballs": .allballs, "y": .unit(.year),
            "m": .unit(.month), "d": .unit(.day), "h": .unit(.hour), "mm": .unit(.minute), "s": .unit(.second),
            "j": .unit(.julian), "jd": .unit(.julian), "julian": .unit(.julian), "dow": .unit(.dow),
            "doy": .unit(.doy), "isodow": .unit(.isodow), "isoyear": .unit(.isoyear),
        ]
        let months = [
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december",
        ]
        for (index, name) in months.enumerated() {
            table[name] = .month(index + 1)
            table[String(name.prefix(3))] = .month(index + 1)
        }
        table["sept"] = .month(9)
        let weekdays = [
            "sunday sun", "monday mon", "tuesday tue tues", "wednesday wed weds", "thursday thu thur thurs",
            "friday fri", "saturday sat",
        ]
        for (index, names) in weekdays.enumerated() {
            for name in names.split(separator: " ") { table[String(name)] = .weekday(index) }
        }
        return table
    }()
}

/// Units of time, as intervals, `extract`, `date_trunc` and a few input forms name them.
package enum DateTimeUnit: Hashable, Sendable {
    case microsecond, millisecond, second, minute, hour, day, week, month, quarter, year, decade, century, millennium
    case dow, doy, isodow, isoyear, julian, epoch, timezone, timezoneHour, timezoneMinute

    /// A unit by any of PostgreSQL's names for it in intervals and in `date_trunc`: `min`, `mins`, `hours`, `us`, …
    package init?(name: String) {
        guard let unit = Self.table[String(name.lowercased().prefix(DateTimeWord.significant))] else { return nil }
        self = unit
    }

    /// A field of `extract`: the units and `dow`, `doy`, `epoch`, `isodow`, `isoyear`, `julian`, `timezone*`.
    package init?(fieldName: String) {
        let name = fieldName.lowercased()
        if let unit = Self(name: name) {
            self = unit
        } else if let field = Self.fields[name] {
            self = field
        } else {
            return nil
        }
    }

    private static let fields: [String: DateTimeUnit] = [
        "dow": .dow, "doy": .doy, "isodow": .isodow, "isoyear": .isoyear, "julian": .julian, "j": .julian,
        "jd": .julian, "epoch": .epoch,
    ]

    private static let table: [String: DateTimeUnit] = {
        let names: [(DateTimeUnit, String)] = [
            (.microsecond, "us usec usecs usecond useconds microsecon microsecond"),
            (.millisecond, "ms msec msecs msecond mseconds millisecon"),
            (.second, "s sec secs second seconds"), (.minute, "m min mins minute minutes"),
            (.hour, "h hr hrs hour hours"), (.day, "d day days"), (.week, "w week weeks"),
            (.month, "mon mons month months"), (.quarter, "qtr quarter"), (.year, "y yr yrs year years"),
            (.decade, "dec decs decade decades"), (.century, "c cent century centuries"),
            (.millennium, "mil mils millennia millennium"), (.timezone, "timezone"),
            (.timezoneHour, "timezone_h"), (.timezoneMinute, "timezone_m"),
        ]
        var table: [String: DateTimeUnit] = [:]
        for (unit, list) in names {
            for name in list.split(separator: " ") { table[String(name)] = unit }
        }
        return table
    }()
}

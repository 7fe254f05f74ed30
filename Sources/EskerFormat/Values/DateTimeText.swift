extension ValueParser {
    /// A `date`, as days since 1970-01-01; `infinity` is `Int32.max`, `-infinity` is `Int32.min`.
    package static func date(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int32 {
        if bytes.count == 10, let days = ISODate.days(bytes, at: 0) { return Int32(days) }
        let fields = try dateTimeFields(bytes, settings, "date")
        switch fields.special {
        case .epoch?: return 0
        case .infinity?: return .max
        case .minusInfinity?: return .min
        case nil: break
        }
        guard (-4_800...5_880_000).contains(fields.year), fields.days >= TimeUnit.firstDay,
            fields.days < TimeUnit.endDay
        else {
            throw ValueError(sqlState: "22008", message: "date out of range: \"\(ValueError.text(bytes))\"")
        }
        return Int32(fields.days)
    }

    /// A `timestamp`, as microseconds since 1970-01-01 00:00:00; a zone in the text is read and passed over.
    package static func timestamp(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int64 {
        if let iso = ISOTimestamp(bytes) { return iso.local }
        let fields = try dateTimeFields(bytes, settings, "timestamp")
        return try timestamp(fields, bytes, secondsEast: 0)
    }

    /// A `timestamptz`, as microseconds since 1970-01-01 00:00:00 UTC; without a zone in the text, the session's counts.
    package static func timestamptz(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int64 {
        if let iso = ISOTimestamp(bytes) {
            if let offset = iso.offset { return iso.local &- Int64(offset) &* TimeUnit.second }
            let offset = settings.zone.fixedOffset ?? settings.zone.offset(atLocalSeconds: floorSeconds(iso.local))
            return iso.local &- Int64(offset) &* TimeUnit.second
        }
        let fields = try dateTimeFields(bytes, settings, "timestamp with time zone")
        if fields.special != nil { return try timestamp(fields, bytes, secondsEast: 0) }
        return try timestamp(fields, bytes, secondsEast: fields.offset(settings.zone))
    }

    /// A `time`, as microseconds since midnight, up to 24:00.
    package static func time(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int64 {
        do throws(DateTimeFault) {
            let fields = try DateTimeParser.parse(bytes, settings, wantsTimeOnly: true)
            if fields.special != nil { throw DateTimeFault.badFormat }
            if fields.needsDate { throw DateTimeFault.badFormat }
            return fields.timeOfDay
        } catch {
            throw error.error("time", bytes)
        }
    }

    /// A `timetz`; without a zone in the text, the session's at the date in the text or now.
    package static func timetz(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> TimeWithZone {
        do throws(DateTimeFault) {
            var fields = try DateTimeParser.parse(bytes, settings, wantsTimeOnly: true)
            if !fields.given.isSuperset(of: .date) {
                if fields.needsDate { throw DateTimeFault.badFormat }
                let today = TimeUnit.split(settings.now &+ Int64(settings.zone.offset(at: settings.now)) * 1_000_000)
                let civil = Civil(days: today.days)
                (fields.year, fields.month, fields.day) = (civil.year, civil.month, civil.day)
            }
            return TimeWithZone(microseconds: fields.timeOfDay, secondsEast: fields.offset(settings.zone))
        } catch {
            throw error.error("time with time zone", bytes)
        }
    }

    @inline(never)
    private static func dateTimeFields(
        _ bytes: Span<UInt8>, _ settings: TextSettings, _ type: String
    ) throws(ValueError) -> DateTimeFields {
        do { return try DateTimeParser.parse(bytes, settings) } catch { throw error.error(type, bytes) }
    }

    private static func timestamp(
        _ fields: DateTimeFields, _ bytes: Span<UInt8>, secondsEast: Int32
    ) throws(ValueError) -> Int64 {
        switch fields.special {
        case .epoch?: return 0
        case .infinity?: return .max
        case .minusInfinity?: return .min
        case nil: break
        }
        let time = fields.timeOfDay - Int64(secondsEast) * TimeUnit.second
        guard (-4_800...300_000).contains(fields.year), fields.days >= TimeUnit.firstDay,
            let timestamp = TimeUnit.timestamp(days: fields.days, time: time)
        else {
            throw ValueError(sqlState: "22008", message: "timestamp out of range: \"\(ValueError.text(bytes))\"")
        }
        return timestamp
    }

    static func floorSeconds(_ timestamp: Int64) -> Int64 {
        timestamp >= 0 ? timestamp / 1_000_000 : (timestamp - 999_999) / 1_000_000
    }
}

extension ValueWriter {
    /// `1999-01-08`, `0044-03-15 BC`, `infinity`.
    package static func date(_ days: Int32, to out: inout [UInt8]) {
        if infinite(days == .max, days == .min, to: &out) { return }
        let civil = Civil(days: Int(days))
        append(to: &out) { cursor in
            putDate(civil, &cursor)
            if civil.year <= 0 { putEra(&cursor) }
        }
    }

    /// `04:05:06.789`
    package static func time(_ microseconds: Int64, to out: inout [UInt8]) {
        append(to: &out) { putTime(microseconds, &$0) }
    }

    /// `04:05:06.789+01`
    package static func timetz(_ value: TimeWithZone, to out: inout [UInt8]) {
        append(to: &out) { cursor in
            putTime(value.microseconds, &cursor)
            putOffset(value.secondsEast, &cursor)
        }
    }

    /// `1999-01-08 04:05:06.789`
    package static func timestamp(_ value: Int64, to out: inout [UInt8]) {
        if infinite(value == .max, value == .min, to: &out) { return }
        append(to: &out) { putTimestamp(value, nil, &$0) }
    }

    /// `1999-01-08 04:05:06.789+01` on the clocks of `zone`.
    package static func timestamptz(_ value: Int64, _ zone: Zone, to out: inout [UInt8]) {
        if infinite(value == .max, value == .min, to: &out) { return }
        let offset = zone.offset(at: value)
        append(to: &out) { putTimestamp(value, offset, &$0) }
    }

    @inline(__always)
    private static func infinite(_ isGreatest: Bool, _ isLeast: Bool, to out: inout [UInt8]) -> Bool {
        guard isGreatest || isLeast else { return false }
        out.append(contentsOf: isGreatest ? "infinity".utf8 : "-infinity".utf8)
        return true
    }

    /// The longest of these texts has 41 bytes: ten digits of year, offset with seconds, era.
    @inline(__always)
    private static func append(to out: inout [UInt8], _ body: (inout ByteCursor) -> Void) {
        ByteCursor.append(to: &out, atMost: 64, body)
    }

    @inline(__always)
    private static func putTimestamp(_ value: Int64, _ offset: Int32?, _ cursor: inout ByteCursor) {
        // Split first: adding the offset to a timestamp near the end of its range could overflow.
        var (days, time) = TimeUnit.split(value)
        if let offset {
            time &+= Int64(offset) &* TimeUnit.second
            while time < 0 {
                time &+= TimeUnit.day
                days &-= 1
            }
            while time >= TimeUnit.day {
                time &-= TimeUnit.day
                days &+= 1
            }
        }
        let civil = Civil(days: days)
        putDate(civil, &cursor)
        cursor.append(0x20)
        putTime(time, &cursor)
        if let offset { putOffset(offset, &cursor) }
        if civil.year <= 0 { putEra(&cursor) }
    }

    @inline(__always)
    private static func putDate(_ civil: Civil, _ cursor: inout ByteCursor) {
        let year = civil.year > 0 ? civil.year : 1 &- civil.year
        if year > 9_999 {
            cursor.digits(UInt64(bitPattern: Int64(year)))
        } else {
            cursor.two(year / 100)
            cursor.two(year % 100)
        }
        cursor.append(0x2D)
        cursor.two(civil.month)
        cursor.append(0x2D)
        cursor.two(civil.day)
    }

    @inline(__always)
    static func putTime(_ microseconds: Int64, _ cursor: inout ByteCursor) {
        let value = UInt64(bitPattern: microseconds)
        let seconds = value / 1_000_000
        let minutes = seconds / 60
        cursor.two(Int(truncatingIfNeeded: minutes / 60))
        cursor.append(0x3A)
        cursor.two(Int(truncatingIfNeeded: minutes % 60))
        cursor.append(0x3A)
        cursor.two(Int(truncatingIfNeeded: seconds % 60))
        putFraction(Int(truncatingIfNeeded: value % 1_000_000), &cursor)
    }

    /// `.789`: microseconds without trailing zeros, nothing if there are none.
    @inline(__always)
    static func putFraction(_ microseconds: Int, _ cursor: inout ByteCursor) {
        if microseconds == 0 { return }
        cursor.append(0x2E)
        cursor.two(microseconds / 10_000)
        cursor.two(microseconds / 100 % 100)
        cursor.two(microseconds % 100)
        cursor.removeZeros()
    }

    @inline(__always)
    private static func putOffset(_ secondsEast: Int32, _ cursor: inout ByteCursor) {
        cursor.append(secondsEast < 0 ? 0x2D : 0x2B)
        let seconds = Int(secondsEast.magnitude)
        cursor.two(seconds / 3_600)
        if seconds % 3_600 == 0 { return }
        cursor.append(0x3A)
        cursor.two(seconds / 60 % 60)
        if seconds % 60 == 0 { return }
        cursor.append(0x3A)
        cursor.two(seconds % 60)
    }

    private static func putEra(_ cursor: inout ByteCursor) {
        cursor.append(0x20)
        cursor.append(0x42)
        cursor.append(0x43)
    }
}

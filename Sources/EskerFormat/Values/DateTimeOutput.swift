extension ValueWriter {
    /// `1999-01-08`, `0044-03-15 BC`, `infinity`.
    package static func date(_ days: Int32, to out: inout [UInt8]) {
        if infinite(days == .max, days == .min, to: &out) { return }
        let civil = Civil(days: Int(days))
        append(to: &out) { span in
            putDate(civil, &span)
            if civil.year <= 0 { putEra(&span) }
        }
    }

    /// `04:05:06.789`
    package static func time(_ microseconds: Int64, to out: inout [UInt8]) {
        append(to: &out) { putTime(microseconds, &$0) }
    }

    /// `04:05:06.789+01`
    package static func timetz(_ value: TimeWithZone, to out: inout [UInt8]) {
        append(to: &out) { span in
            putTime(value.microseconds, &span)
            putOffset(value.secondsEast, &span)
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
    private static func append(to out: inout [UInt8], _ body: (inout OutputSpan<UInt8>) -> Void) {
        out.append(addingCapacity: 48, initializingWith: body)
    }

    @inline(__always)
    private static func putTimestamp(_ value: Int64, _ offset: Int32?, _ span: inout OutputSpan<UInt8>) {
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
        putDate(civil, &span)
        span.append(0x20)
        putTime(time, &span)
        if let offset { putOffset(offset, &span) }
        if civil.year <= 0 { putEra(&span) }
    }

    @inline(__always)
    private static func putDate(_ civil: Civil, _ span: inout OutputSpan<UInt8>) {
        let year = civil.year > 0 ? civil.year : 1 &- civil.year
        if year > 9_999 {
            putLong(year, &span)
        } else {
            putTwo(year / 100, &span)
            putTwo(year % 100, &span)
        }
        span.append(0x2D)
        putTwo(civil.month, &span)
        span.append(0x2D)
        putTwo(civil.day, &span)
    }

    @inline(__always)
    static func putTime(_ microseconds: Int64, _ span: inout OutputSpan<UInt8>) {
        let value = UInt64(bitPattern: microseconds)
        let seconds = value / 1_000_000
        let minutes = seconds / 60
        putTwo(Int(truncatingIfNeeded: minutes / 60), &span)
        span.append(0x3A)
        putTwo(Int(truncatingIfNeeded: minutes % 60), &span)
        span.append(0x3A)
        putTwo(Int(truncatingIfNeeded: seconds % 60), &span)
        putFraction(Int(truncatingIfNeeded: value % 1_000_000), &span)
    }

    /// `.789`: microseconds without trailing zeros, nothing if there are none.
    @inline(__always)
    static func putFraction(_ microseconds: Int, _ span: inout OutputSpan<UInt8>) {
        if microseconds == 0 { return }
        span.append(0x2E)
        putTwo(microseconds / 10_000, &span)
        putTwo(microseconds / 100 % 100, &span)
        putTwo(microseconds % 100, &span)
        while span.span[span.count &- 1] == 0x30 { _ = span.removeLast() }
    }

    @inline(__always)
    private static func putOffset(_ secondsEast: Int32, _ span: inout OutputSpan<UInt8>) {
        span.append(secondsEast < 0 ? 0x2D : 0x2B)
        let seconds = Int(secondsEast.magnitude)
        putTwo(seconds / 3_600, &span)
        if seconds % 3_600 == 0 { return }
        span.append(0x3A)
        putTwo(seconds / 60 % 60, &span)
        if seconds % 60 == 0 { return }
        span.append(0x3A)
        putTwo(seconds % 60, &span)
    }

    private static func putEra(_ span: inout OutputSpan<UInt8>) {
        span.append(0x20)
        span.append(0x42)
        span.append(0x43)
    }

    private static func putLong(_ value: Int, _ span: inout OutputSpan<UInt8>) {
        var scale = 1
        while value / scale >= 10 { scale *= 10 }
        while scale > 0 {
            span.append(0x30 &+ UInt8(truncatingIfNeeded: value / scale % 10))
            scale /= 10
        }
    }

    /// Two digits of 0…99.
    @inline(__always)
    private static func putTwo(_ value: Int, _ span: inout OutputSpan<UInt8>) {
        let byte = UInt8(truncatingIfNeeded: value)
        let tens = UInt8(truncatingIfNeeded: (UInt32(byte) &* 205) >> 11)
        span.append(0x30 &+ tens)
        span.append(0x30 &+ (byte &- tens &* 10))
    }
}

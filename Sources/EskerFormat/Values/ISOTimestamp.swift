/// `yyyy-mm-dd` with a year from 1 to 9999.
enum ISODate {
    /// - Returns: days since 1970, or nil if the ten bytes at `start` are anything else. The bytes must be there.
    @inline(__always)
    static func days(_ bytes: Span<UInt8>, at start: Int) -> Int? {
        guard bytes[start &+ 4] == 0x2D, bytes[start &+ 7] == 0x2D else { return nil }
        let century = two(bytes, start)
        let years = two(bytes, start &+ 2)
        let month = two(bytes, start &+ 5)
        let day = two(bytes, start &+ 8)
        let year = century &* 100 &+ years
        // `two` gives more than 10000 for anything but two digits.
        guard century < 100, years < 100, year > 0, month &- 1 < 12, day &- 1 < 31, month > 0, day > 0 else {
            return nil
        }
        if day > 28 && day > Civil.daysInMonth(year, month) { return nil }
        return Civil(year: year, month: month, day: day).days
    }

    /// Two digits, or 1 << 20 for anything else.
    @inline(__always)
    static func two(_ bytes: Span<UInt8>, _ index: Int) -> Int {
        let tens = bytes[index] &- 0x30
        let ones = bytes[index &+ 1] &- 0x30
        return tens < 10 && ones < 10 ? Int(tens) &* 10 &+ Int(ones) : 1 << 20
    }
}

/// `yyyy-mm-dd`, perhaps with ` hh:mm[:ss[.ffffff]]` after a blank or `T`, perhaps with `Z` or `±hh[[:]mm]`: the forms
/// that data files are full of, read without allocating. Anything else is left to ``DateTimeParser``.
struct ISOTimestamp {
    /// Microseconds since 1970 on the clock that the text shows.
    var local: Int64
    /// Seconds east of UTC, if the text gives them.
    var offset: Int32?

    @inline(__always)
    init?(_ bytes: Span<UInt8>) {
        let count = bytes.count
        guard count >= 10 && count <= 40, let days = ISODate.days(bytes, at: 0) else { return nil }
        local = Int64(days) &* TimeUnit.day
        if count == 10 { return }
        guard count >= 16, bytes[10] == 0x20 || bytes[10] == 0x54, bytes[13] == 0x3A else { return nil }
        let hour = ISODate.two(bytes, 11)
        let minute = ISODate.two(bytes, 14)
        guard hour < 24, minute < 60 else { return nil }
        local &+= Int64(hour &* 60 &+ minute) &* TimeUnit.minute
        var index = 16
        if index < count && bytes[index] == 0x3A {
            guard count >= 19 else { return nil }
            let second = ISODate.two(bytes, 17)
            guard second < 60 else { return nil }
            local &+= Int64(second) &* TimeUnit.second
            index = 19
            if index < count && bytes[index] == 0x2E {
                index = 20
                var fraction: Int64 = 0
                while index < count {
                    let digit = bytes[index] &- 0x30
                    if digit > 9 { break }
                    fraction = fraction &* 10 &+ Int64(digit)
                    index &+= 1
                }
                guard index > 20 && index <= 26 else { return nil }
                local &+= fraction &* Self.scale[26 &- index]
            }
        }
        if index == count { return }
        guard let offset = Self.offset(bytes, index) else { return nil }
        self.offset = offset
    }

    private static let scale: InlineArray<6, Int64> = [1, 10, 100, 1_000, 10_000, 100_000]

    @inline(__always)
    private static func offset(_ bytes: Span<UInt8>, _ start: Int) -> Int32? {
        let count = bytes.count &- start
        let sign = bytes[start]
        if count == 1 && (sign == 0x5A || sign == 0x7A) { return 0 }
        guard sign == 0x2B || sign == 0x2D, count == 3 || count == 5 || count == 6 else { return nil }
        let hours = ISODate.two(bytes, start &+ 1)
        var minutes = 0
        if count == 5 { minutes = ISODate.two(bytes, start &+ 3) }
        if count == 6 {
            guard bytes[start &+ 3] == 0x3A else { return nil }
            minutes = ISODate.two(bytes, start &+ 4)
        }
        guard hours < 16, minutes < 60 else { return nil }
        let seconds = Int32(truncatingIfNeeded: (hours &* 60 &+ minutes) &* 60)
        return sign == 0x2D ? 0 &- seconds : seconds
    }
}

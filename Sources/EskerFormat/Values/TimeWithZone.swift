/// A time of day and the offset of the zone it was told in: PostgreSQL's `timetz`.
///
/// In columns it takes 16 bytes, little-endian, frozen:
///
/// | offset | size | type | meaning |
/// |---|---|---|---|
/// | 0 | 8 | Int64 | microseconds since midnight, 0…86,400,000,000 |
/// | 8 | 4 | Int32 | seconds **east** of UTC: `+01` is 3600 |
/// | 12 | 4 | | zero |
///
/// `04:05:06.789+01` is `88 CA 97 6C 03 00 00 00  10 0E 00 00  00 00 00 00`.
public struct TimeWithZone: Hashable, Sendable, Comparable {
    /// Microseconds since midnight on that zone's clocks.
    public var microseconds: Int64
    /// Seconds east of UTC.
    public var secondsEast: Int32

    public init(microseconds: Int64, secondsEast: Int32) {
        self.microseconds = microseconds
        self.secondsEast = secondsEast
    }

    /// By the moment in UTC; at the same moment the zone further east comes first.
    public static func < (a: TimeWithZone, b: TimeWithZone) -> Bool {
        let (x, y) = (a.universal, b.universal)
        return x != y ? x < y : a.secondsEast > b.secondsEast
    }

    private var universal: Int64 { microseconds &- Int64(secondsEast) &* TimeUnit.second }
}

extension TimeWithZone {
    /// The 16 bytes of a column as two little-endian words.
    package var words: (UInt64, UInt64) {
        (UInt64(bitPattern: microseconds), UInt64(UInt32(bitPattern: secondsEast)))
    }

    package init(words: (UInt64, UInt64)) {
        microseconds = Int64(bitPattern: words.0)
        secondsEast = Int32(truncatingIfNeeded: words.1)
    }
}

/// How a ``Numeric`` lies in a column. Frozen on disk; all integers little-endian.
///
/// | offset | size | meaning |
/// |---|---|---|
/// | 0 | 1 | bits 7–6 the form: 0 short, 1 long, 2 special; bit 5 negative; bits 4–0 by form |
/// | | | **short**: bits 4–0 how many bytes the coefficient has, 0–16 |
/// | 1 | 1 | scale, 0–255 |
/// | 2 | n | coefficient without sign, no zero byte at its end |
/// | | | **long**: bits 4–0 zero |
/// | 1 | 1 | zero |
/// | 2 | 2 | scale, 0–16383 |
/// | 4 | 4 each | coefficient without sign in base 10^9, least significant first, no zero at its end |
/// | | | **special**: bits 4–0: 0 NaN, 1 Infinity, 2 −Infinity; nothing follows |
///
/// A coefficient of up to 38 digits with a scale of up to 255 is short, any other long; zero is never negative. So one
/// value with one scale has one form. Whole numbers below 2^48 take at most 8 bytes, 12.34 takes 4: `02 02 D2 04`.
extension Numeric {
    package func appendBinary(to out: inout [UInt8]) {
        switch storage {
        case .nan: out.append(0x80)
        case .infinity: out.append(0x81)
        case .minusInfinity: out.append(0x82)
        case .small(let low, let high, let scale) where scale <= 255:
            let coefficient = Int128(high) << 64 | Int128(low)
            var rest = coefficient.magnitude
            let count = (128 - rest.leadingZeroBitCount + 7) / 8
            out.append((coefficient < 0 ? 0x20 : 0) | UInt8(count))
            out.append(UInt8(scale))
            for _ in 0..<count {
                out.append(UInt8(truncatingIfNeeded: rest))
                rest >>= 8
            }
        case .small, .wide:
            guard let (magnitude, isNegative, scale) = wide else { return }
            out.append(isNegative ? 0x60 : 0x40)
            out.append(0)
            out.append(UInt8(truncatingIfNeeded: scale))
            out.append(UInt8(truncatingIfNeeded: scale >> 8))
            for limb in magnitude.limbs {
                for shift in (0..<4) as Range<UInt32> { out.append(UInt8(truncatingIfNeeded: limb >> (shift * 8))) }
            }
        }
    }

    /// Reads exactly the bytes that ``appendBinary(to:)`` writes.
    ///
    /// - Throws: `malformed` for anything else.
    package init(binary bytes: Span<UInt8>) throws(FormatError) {
        if let (coefficient, scale) = Self.short(bytes) {
            guard coefficient.magnitude < Self.smallLimit.magnitude else {
                throw FormatError(.malformed, "a short numeric has more than 38 digits")
            }
            self.init(coefficient: coefficient, scale: scale)
            return
        }
        guard !bytes.isEmpty else { throw FormatError(.malformed, "a numeric has no bytes") }
        switch (bytes[0], bytes.count) {
        case (0x80, 1): self = .nan
        case (0x81, 1): self = .infinity
        case (0x82, 1): self = .minusInfinity
        case (0x40, _), (0x60, _): self = try Self.long(bytes)
        default: throw FormatError(.malformed, "a numeric of \(bytes.count) bytes starts with \(bytes[0])")
        }
    }

    /// The coefficient and scale of a value in short form, without building a ``Numeric``: what aggregates read.
    ///
    /// - Returns: nil for the other forms and for malformed bytes.
    @inline(__always)
    package static func short(_ bytes: Span<UInt8>) -> (coefficient: Int128, scale: Int)? {
        let count = bytes.count
        guard count >= 2 else { return nil }
        let head = bytes[0]
        let size = Int(head & 0x1F)
        guard head & 0xC0 == 0, size == count &- 2, size <= 16 else { return nil }
        var low: UInt64 = 0
        var index = min(size, 8)
        while index > 0 {
            low = low << 8 | UInt64(bytes[index &+ 1])
            index &-= 1
        }
        var high: UInt64 = 0
        index = size
        while index > 8 {
            high = high << 8 | UInt64(bytes[index &+ 1])
            index &-= 1
        }
        guard size == 0 || bytes[size &+ 1] != 0, high >> 63 == 0, size > 0 || head & 0x20 == 0 else { return nil }
        let magnitude = Int128(high) << 64 | Int128(low)
        return (head & 0x20 == 0 ? magnitude : 0 &- magnitude, Int(bytes[1]))
    }

    private static func long(_ bytes: Span<UInt8>) throws(FormatError) -> Numeric {
        guard bytes.count >= 4, bytes.count % 4 == 0, bytes[1] == 0, bytes.count <= 4 * 17_000 else {
            throw FormatError(.malformed, "a long numeric has \(bytes.count) bytes")
        }
        let scale = Int(bytes[2]) | Int(bytes[3]) << 8
        var limbs: [UInt32] = []
        for start in stride(from: 4, to: bytes.count, by: 4) {
            var limb: UInt32 = 0
            for offset in (0..<4).reversed() { limb = limb << 8 | UInt32(bytes[start + offset]) }
            guard limb < 1_000_000_000 else { throw FormatError(.malformed, "a numeric's digit is \(limb)") }
            limbs.append(limb)
        }
        let isNegative = bytes[0] == 0x60
        guard limbs.last != 0, !(limbs.isEmpty && isNegative) else {
            throw FormatError(.malformed, "a long numeric is not in its one form")
        }
        do throws(ValueError) {
            let value = try Numeric(BigNatural(limbs: limbs), isNegative: isNegative, scale: scale)
            if value.small != nil && scale <= 255 {
                throw ValueError(sqlState: "XX001", message: "it should be short")
            }
            return value
        } catch {
            throw FormatError(.malformed, "a long numeric is not valid: \(error.message)")
        }
    }
}

/// Decimal to double by one or two 64-bit multiplications, correctly rounded.
///
/// D. Lemire, "Number Parsing at a Gigabyte per Second", Software: Practice and Experience 51 (8), 2021. The
/// mantissa is multiplied by a 128-bit approximation of a power of five; the few inputs whose rounding that leaves
/// open, and subnormal results, are left to the caller.
enum EiselLemire {
    /// `mantissa × 10^exponent`, or nil where the approximation cannot decide.
    static func double(mantissa: UInt64, exponent: Int) -> Double? {
        if mantissa == 0 { return 0 }
        guard exponent >= PowersOfFive.least && exponent <= PowersOfFive.greatest else { return nil }
        let power = PowersOfFive.table[exponent - PowersOfFive.least]
        let leadingZeros = mantissa.leadingZeroBitCount
        let normal = mantissa << UInt64(leadingZeros)
        var (high, low) = normal.multipliedFullWidth(by: power.high)
        if high & 0x1FF == 0x1FF {
            let (sum, carry) = low.addingReportingOverflow(normal.multipliedFullWidth(by: power.low).high)
            low = sum
            if carry { high &+= 1 }
        }
        if low == .max && (exponent < -27 || exponent > 55) { return nil }
        let upperBit = Int(high >> 63)
        let shift = UInt64(upperBit + 9)
        var significand = high >> shift
        var binaryExponent = (217_706 * exponent) >> 16 + 63 + upperBit - leadingZeros + 1023
        if binaryExponent <= 0 { return nil }
        // Exactly half way between two doubles: round to the even one.
        if low <= 1 && exponent >= -4 && exponent <= 23 && significand & 3 == 1 && significand << shift == high {
            significand &= ~1
        }
        significand = (significand + (significand & 1)) >> 1
        if significand >= 2 << 52 {
            significand = 1 << 52
            binaryExponent += 1
        }
        if binaryExponent >= 0x7FF { return nil }
        return Double(bitPattern: significand & ~(1 << 52) | UInt64(binaryExponent) << 52)
    }
}

/// The leading 128 bits of 5^n: cut off for n ≥ 0, rounded up for n < 0.
private enum PowersOfFive {
    static let least = -342
    static let greatest = 308

    struct Leading {
        var high: UInt64
        var low: UInt64
    }

    static let table: [Leading] = negative() + positive()

    /// 5^0 … 5^308, by repeated multiplication of an exact integer.
    private static func positive() -> [Leading] {
        var limbs: [UInt32] = [1]
        var result: [Leading] = []
        for _ in 0...greatest {
            result.append(leading(limbs, add: 0))
            var carry: UInt64 = 0
            for index in limbs.indices {
                let product = UInt64(limbs[index]) * 5 + carry
                limbs[index] = UInt32(truncatingIfNeeded: product)
                carry = product >> 32
            }
            if carry > 0 { limbs.append(UInt32(carry)) }
        }
        return result
    }

    /// 5^−342 … 5^−1, by repeated division of a power of two great enough to leave 128 bits at the end.
    private static func negative() -> [Leading] {
        var limbs = [UInt32](repeating: 0, count: 31) + [1]
        var result: [Leading] = []
        for _ in 1...(-least) {
            var remainder: UInt64 = 0
            for index in limbs.indices.reversed() {
                let (quotient, rest) = (remainder << 32 | UInt64(limbs[index])).quotientAndRemainder(dividingBy: 5)
                limbs[index] = UInt32(quotient)
                remainder = rest
            }
            while limbs.last == 0 { limbs.removeLast() }
            result.append(leading(limbs, add: 1))
        }
        return result.reversed()
    }

    /// The leading 128 bits of a little-endian integer, its highest bit moved to the top.
    private static func leading(_ limbs: [UInt32], add: UInt64) -> Leading {
        func limb(_ fromTop: Int) -> UInt64 {
            fromTop < limbs.count ? UInt64(limbs[limbs.count - 1 - fromTop]) : 0
        }
        let shift = UInt64(UInt32(limb(0)).leadingZeroBitCount)
        let top = limb(0) << 32 | limb(1)
        let middle = limb(2) << 32 | limb(3)
        let high = shift == 0 ? top : top << shift | middle >> (64 - shift)
        let low = shift == 0 ? middle : middle << shift | (limb(4) << 32) >> (64 - shift)
        let (sum, carry) = low.addingReportingOverflow(add)
        return Leading(high: carry ? high + 1 : high, low: sum)
    }
}

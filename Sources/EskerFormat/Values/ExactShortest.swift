/// The one place where the shortest digits of a binary number are not the same everywhere.
///
/// Digits that lie exactly half way to the neighbouring number still read back, by rounding to even; Swift takes
/// them, PostgreSQL does not and writes one digit more. Only whole numbers below 2^113 can be so.
struct ExactShortest {
    private let value: UInt128
    /// Half the distance to the next number up, and to the next down.
    private let halfUp: UInt128
    private let halfDown: UInt128

    /// - Returns: nil for numbers to which this cannot happen.
    init?(_ fraction: UInt64, _ exponent: Int, bits: Int, bias: Int) {
        let shift = exponent - bias
        guard shift > 0 && shift < 60 else { return nil }
        value = UInt128(fraction | 1 << UInt64(bits - 1)) << UInt128(shift)
        halfUp = 1 << UInt128(shift - 1)
        // Below a power of two the numbers lie half as far apart.
        halfDown = fraction == 0 ? halfUp / 2 : halfUp
    }

    /// The shortest digits strictly between the half-way points, in scientific notation; nil if `text` is between them.
    func strictlyInside(_ text: String) -> String? {
        guard let (isNegative, digits, count) = wholeNumber(text), isHalfWay(digits) else { return nil }
        var places = count
        while true {
            places += 1
            let rounded = roundedTo(places)
            if rounded > value - halfDown && rounded < value + halfUp { return "\(isNegative ? "-" : "")\(rounded).0" }
        }
    }

    private func isHalfWay(_ number: UInt128) -> Bool {
        number == value + halfUp || (halfDown > 0 && number == value - halfDown)
    }

    /// The value rounded to so many digits, to even when half way.
    private func roundedTo(_ places: Int) -> UInt128 {
        var scale: UInt128 = 1
        var rest = value
        var digits = 0
        while rest > 0 {
            rest /= 10
            digits += 1
        }
        if digits <= places { return value }
        for _ in 0..<(digits - places) { scale *= 10 }
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: scale)
        let up = remainder * 2 > scale || (remainder * 2 == scale && quotient & 1 == 1)
        return (quotient + (up ? 1 : 0)) * scale
    }

    /// The number that Swift's description stands for, if it is whole and below 2^127, and how many digits it shows.
    private func wholeNumber(_ text: String) -> (Bool, UInt128, Int)? {
        var number: UInt128 = 0
        var digits = 0
        var scale = 0
        var exponent = 0
        var (isNegative, afterPoint, inExponent) = (false, false, false)
        for byte in text.utf8 {
            switch byte {
            case 0x2D: isNegative = true
            case 0x2E: afterPoint = true
            case 0x65: inExponent = true
            case 0x2B: break
            case _ where inExponent: exponent = exponent * 10 + Int(byte & 15)
            default:
                if number == 0 { digits = 0 }
                number = number * 10 + UInt128(byte & 15)
                digits += 1
                if afterPoint { scale += 1 }
            }
        }
        exponent -= scale
        while exponent < 0 && number % 10 == 0 {
            number /= 10
            exponent += 1
        }
        guard exponent >= 0 else { return nil }
        for _ in 0..<exponent {
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            number = product
        }
        var shown = number
        var zeros = 0
        while shown > 0 && shown % 10 == 0 {
            shown /= 10
            zeros += 1
        }
        var places = 0
        while shown > 0 {
            shown /= 10
            places += 1
        }
        return (isNegative, number, places)
    }
}

extension ValueParser {
    /// A `double precision`: decimal or hexadecimal digits, `Infinity`, `inf`, `NaN`, in any case.
    package static func float8(_ bytes: Span<UInt8>) throws(ValueError) -> Double {
        if let value = shortDecimal(bytes) { return value }
        let type = "double precision"
        switch try FloatLiteral(bytes, type) {
        case .special(let value): return value
        case .number(let text, let isZero, let hasRest):
            guard let value = Double(text) else { throw .invalidText(type, bytes) }
            if value.isInfinite || (value == 0 && !isZero) {
                throw ValueError(sqlState: "22003", message: "\"\(text)\" is out of range for type \(type)")
            }
            if hasRest { throw .invalidText(type, bytes) }
            return value
        }
    }

    /// A `real`; rounds once, from the decimal digits.
    package static func float4(_ bytes: Span<UInt8>) throws(ValueError) -> Float {
        if let value = shortDecimal(bytes), let single = singleRounded(value) { return single }
        let type = "real"
        switch try FloatLiteral(bytes, type) {
        case .special(let value): return Float(value)
        case .number(let text, let isZero, let hasRest):
            guard let value = Float(text) else { throw .invalidText(type, bytes) }
            if value.isInfinite || (value == 0 && !isZero) {
                throw ValueError(
                    sqlState: "22003", message: "\"\(ValueError.text(bytes))\" is out of range for type \(type)")
            }
            if hasRest { throw .invalidText(type, bytes) }
            return value
        }
    }

    /// A correctly rounded double as a float, if rounding twice cannot differ from rounding once: nil when the double
    /// lies half way between two floats, and at the ends of the floats' range.
    @inline(__always)
    private static func singleRounded(_ value: Double) -> Float? {
        guard value.bitPattern & 0x1FFF_FFFF != 0x1000_0000, value.magnitude < 3.4e38,
            value.magnitude > 1.2e-38 || value == 0
        else { return nil }
        return Float(value)
    }

    /// Clinger's exact case: at most 2^53 as an integer, scaled by a power of ten that a double holds exactly.
    ///
    /// - Returns: nil for every other shape, also for malformed text.
    @inline(__always)
    private static func shortDecimal(_ bytes: Span<UInt8>) -> Double? {
        let count = bytes.count
        guard count > 0 && count < 32 else { return nil }
        var index = 0
        let negative = bytes[0] == 0x2D
        if negative { index = 1 }
        var mantissa: UInt64 = 0
        var digits = 0
        var fraction = 0
        while index < count {
            let digit = bytes[index] &- 0x30
            if digit > 9 { break }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            digits &+= 1
            index &+= 1
        }
        if index < count && bytes[index] == 0x2E {
            index &+= 1
            let start = index
            while index < count {
                let digit = bytes[index] &- 0x30
                if digit > 9 { break }
                mantissa = mantissa &* 10 &+ UInt64(digit)
                index &+= 1
            }
            fraction = index &- start
            digits &+= fraction
        }
        if digits == 0 || digits > 19 { return nil }
        var exponent = 0
        if index < count && bytes[index] | 0x20 == 0x65 {
            index &+= 1
            var down = false
            if index < count && (bytes[index] == 0x2D || bytes[index] == 0x2B) {
                down = bytes[index] == 0x2D
                index &+= 1
            }
            let start = index
            while index < count && index &- start < 4 {
                let digit = bytes[index] &- 0x30
                if digit > 9 { break }
                exponent = exponent &* 10 &+ Int(digit)
                index &+= 1
            }
            if index == start { return nil }
            if down { exponent = 0 &- exponent }
        }
        if index != count { return nil }
        exponent &-= fraction
        let value: Double
        if mantissa <= 1 << 53 && exponent >= -22 && exponent <= 22 {
            value =
                exponent < 0
                ? Double(mantissa) / PowersOfTen.double[0 &- exponent] : Double(mantissa) * PowersOfTen.double[exponent]
        } else if let rounded = EiselLemire.double(mantissa: mantissa, exponent: exponent) {
            value = rounded
        } else {
            return nil
        }
        return negative ? -value : value
    }
}

/// The powers of ten that doubles hold exactly.
private enum PowersOfTen {
    static let double: InlineArray<23, Double> = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}

/// What C's `strtod` would take from the front of a text, blanks aside, and whether anything is left.
private enum FloatLiteral {
    case special(Double)
    case number(String, isZero: Bool, hasRest: Bool)

    init(_ bytes: Span<UInt8>, _ type: String) throws(ValueError) {
        let range = ASCII.trimmed(bytes)
        var index = range.lowerBound
        let end = range.upperBound
        guard index < end else { throw .invalidText(type, bytes) }
        let negative = bytes[index] == 0x2D
        if negative || bytes[index] == 0x2B { index += 1 }
        for (word, value) in [("infinity", Double.infinity), ("inf", .infinity), ("nan", .nan)]
        where Self.matches(bytes, index..<end, word) {
            self = .special(negative ? -value : value)
            return
        }
        let isHexadecimal = index + 1 < end && bytes[index] == 0x30 && bytes[index + 1] | 0x20 == 0x78
        if isHexadecimal { index += 2 }
        var digits = 0
        var isZero = true
        var seenPoint = false
        scan: while index < end {
            if let digit = ASCII.hexValue(bytes[index]), isHexadecimal || digit < 10 {
                digits += 1
                if digit != 0 { isZero = false }
            } else if bytes[index] == 0x2E && !seenPoint {
                seenPoint = true
            } else {
                break scan
            }
            index += 1
        }
        guard digits > 0 else { throw .invalidText(type, bytes) }
        if index < end && bytes[index] | 0x20 == (isHexadecimal ? 0x70 : 0x65) {
            index += 1
            if index < end && (bytes[index] == 0x2D || bytes[index] == 0x2B) { index += 1 }
            let start = index
            while index < end && ASCII.isDigit(bytes[index]) { index += 1 }
            if index == start { throw .invalidText(type, bytes) }
        }
        let text = ValueError.text(bytes.extracting(range.lowerBound..<index))
        self = .number(text, isZero: isZero, hasRest: index < end)
    }

    private static func matches(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: String) -> Bool {
        guard word.utf8.count == range.count else { return false }
        var index = range.lowerBound
        for letter in word.utf8 {
            if ASCII.lower(bytes[index]) != letter { return false }
            index += 1
        }
        return true
    }
}

extension ValueWriter {
    /// The shortest digits that read back as the same double, in PostgreSQL's layout: `1e+16`, `0.0001`, `-0`.
    package static func float8(_ value: Double, to out: inout [UInt8]) {
        if special(value.isNaN, value.isInfinite, value.sign == .minus, to: &out) { return }
        if let integer = Int64(exactly: value), integer.magnitude < 1_000_000_000_000_000, integer != 0 {
            return ValueWriter.integer(integer, to: &out)
        }
        let text = value.description
        let exact = ExactShortest(value.significandBitPattern, Int(value.exponentBitPattern), bits: 53, bias: 1_075)
        shortest(exact.flatMap { $0.strictlyInside(text) } ?? text, exponentFrom: 15, to: &out)
    }

    /// The shortest digits that read back as the same `Float`.
    package static func float4(_ value: Float, to out: inout [UInt8]) {
        if special(value.isNaN, value.isInfinite, value.sign == .minus, to: &out) { return }
        let text = value.description
        let exact = ExactShortest(
            UInt64(value.significandBitPattern), Int(value.exponentBitPattern), bits: 24, bias: 150)
        shortest(exact.flatMap { $0.strictlyInside(text) } ?? text, exponentFrom: 6, to: &out)
    }

    private static func special(_ isNaN: Bool, _ isInfinite: Bool, _ isNegative: Bool, to out: inout [UInt8]) -> Bool {
        guard isNaN || isInfinite else { return false }
        out.append(contentsOf: isNaN ? "NaN".utf8 : isNegative ? "-Infinity".utf8 : "Infinity".utf8)
        return true
    }

    /// Lays Swift's shortest digits out as PostgreSQL does: scientific when the decimal exponent is below −4 or at
    /// least `exponentFrom`, with two exponent digits at least and no `.0`.
    private static func shortest(_ description: String, exponentFrom: Int, to out: inout [UInt8]) {
        var digits = InlineArray<32, UInt8>(repeating: 0)
        var count = 0  // significant digits kept
        var pointAt = 0  // the decimal point stands after this many of them; negative: zeros between
        var seenPoint = false
        var exponent = 0
        var inExponent = false
        var exponentIsNegative = false
        for byte in description.utf8 {
            switch byte {
            case 0x2D where inExponent: exponentIsNegative = true
            case 0x2D: out.append(byte)
            case 0x2B: break
            case 0x2E: seenPoint = true
            case 0x65: inExponent = true
            case _ where inExponent: exponent = exponent * 10 + Int(byte - 0x30)
            case 0x30 where count == 0:
                if seenPoint { pointAt -= 1 }
            default:
                if !seenPoint { pointAt += 1 }
                if count < 32 {
                    digits[count] = byte
                    count += 1
                }
            }
        }
        if count == 0 { return out.append(0x30) }
        let scale = pointAt + (exponentIsNegative ? -exponent : exponent)  // value = 0.digits × 10^scale
        while count > 1 && digits[count - 1] == 0x30 { count -= 1 }
        layOut(digits, count, scale, exponentFrom, to: &out)
    }

    private static func layOut(
        _ digits: InlineArray<32, UInt8>, _ count: Int, _ scale: Int, _ exponentFrom: Int, to out: inout [UInt8]
    ) {
        let exponent = scale - 1
        if exponent < -4 || exponent >= exponentFrom {
            out.append(digits[0])
            if count > 1 { out.append(0x2E) }
            for index in 1..<max(count, 1) { out.append(digits[index]) }
            out.append(0x65)
            out.append(exponent < 0 ? 0x2D : 0x2B)
            return unsigned(UInt64(exponent.magnitude), width: 2, to: &out)
        }
        if scale <= 0 {
            out.append(0x30)
            out.append(0x2E)
            for _ in 0..<(-scale) { out.append(0x30) }
        }
        for index in 0..<max(count, scale) {
            if index == scale && scale > 0 { out.append(0x2E) }
            out.append(index < count ? digits[index] : 0x30)
        }
    }
}

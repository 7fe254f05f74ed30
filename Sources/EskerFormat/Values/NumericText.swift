extension ValueParser {
    /// A `numeric`: sign, digits with a point, exponent; `NaN`, `Infinity`, `inf` in any case.
    package static func numeric(_ bytes: Span<UInt8>) throws(ValueError) -> Numeric {
        if let value = shortNumeric(bytes) { return value }
        return try NumericLiteral.parse(bytes)
    }

    /// At most 18 digits, perhaps with a minus and a point; nil for anything else.
    @inline(__always)
    private static func shortNumeric(_ bytes: Span<UInt8>) -> Numeric? {
        let count = bytes.count
        guard count > 0 && count <= 18 else { return nil }
        let negative = bytes[0] == 0x2D
        var index = negative ? 1 : 0
        var value: Int64 = 0
        var digits = 0
        var point = -1
        while index < count {
            let byte = bytes[index]
            let digit = byte &- 0x30
            if digit < 10 {
                value = value &* 10 &+ Int64(digit)
                digits &+= 1
            } else if byte == 0x2E && point < 0 {
                point = index
            } else {
                return nil
            }
            index &+= 1
        }
        if digits == 0 { return nil }
        return Numeric(coefficient: Int128(negative ? 0 &- value : value), scale: point < 0 ? 0 : count &- point &- 1)
    }
}

private enum NumericLiteral {
    /// PostgreSQL refuses exponents beyond this before it looks at the digits.
    private static let exponentLimit = Int(Int32.max) / 2

    static func parse(_ bytes: Span<UInt8>) throws(ValueError) -> Numeric {
        let range = ASCII.trimmed(bytes)
        var index = range.lowerBound
        let end = range.upperBound
        var isNegative = false
        if let special = special(bytes, range) { return special }
        if index < end && (bytes[index] == 0x2D || bytes[index] == 0x2B) {
            isNegative = bytes[index] == 0x2D
            index += 1
        }
        var digits: [UInt8] = []
        var scale = 0
        var seenPoint = false
        while index < end {
            if ASCII.isDigit(bytes[index]) {
                digits.append(bytes[index])
                if seenPoint { scale += 1 }
            } else if bytes[index] == 0x2E && !seenPoint {
                seenPoint = true
            } else {
                break
            }
            index += 1
        }
        guard !digits.isEmpty else { throw .invalidText("numeric", bytes) }
        if index < end && bytes[index] | 0x20 == 0x65 {
            index += 1
            scale -= try exponent(bytes, &index, end)
        }
        guard index == end else { throw .invalidText("numeric", bytes) }
        let magnitude = BigNatural(digits: digits)
        if scale >= 0 { return try Numeric(magnitude, isNegative: isNegative, scale: scale) }
        if magnitude.isZero { return .zero }
        guard magnitude.digitCount - scale <= Numeric.integerDigitLimit else { throw Numeric.overflow }
        return try Numeric(magnitude.multiplied(byPowerOfTen: -scale), isNegative: isNegative, scale: 0)
    }

    private static func exponent(_ bytes: Span<UInt8>, _ index: inout Int, _ end: Int) throws(ValueError) -> Int {
        var isNegative = false
        if index < end && (bytes[index] == 0x2D || bytes[index] == 0x2B) {
            isNegative = bytes[index] == 0x2D
            index += 1
        }
        let start = index
        var exponent = 0
        while index < end && ASCII.isDigit(bytes[index]) {
            exponent = min(exponent * 10 + Int(bytes[index] - 0x30), exponentLimit)
            index += 1
        }
        if index == start { throw .invalidText("numeric", bytes) }
        if exponent >= exponentLimit { throw Numeric.overflow }
        return isNegative ? -exponent : exponent
    }

    private static func special(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Numeric? {
        guard range.count >= 3 && range.count <= 9 else { return nil }
        let word = String(ValueError.text(bytes.extracting(range)).lowercased())
        switch word {
        case "nan": return .nan
        case "infinity", "+infinity", "inf", "+inf": return .infinity
        case "-infinity", "-inf": return .minusInfinity
        default: return nil
        }
    }
}

extension ValueWriter {
    /// All digits, with as many after the point as the scale says.
    package static func numeric(_ value: Numeric, to out: inout [UInt8]) {
        switch value.storage {
        case .nan: out.append(contentsOf: "NaN".utf8)
        case .infinity: out.append(contentsOf: "Infinity".utf8)
        case .minusInfinity: out.append(contentsOf: "-Infinity".utf8)
        case .small(let low, let high, let scale):
            let coefficient = Int128(high) << 64 | Int128(low)
            if coefficient < 0 { out.append(0x2D) }
            if scale == 0 && coefficient.magnitude <= UInt128(UInt64.max) {
                return unsigned(UInt64(truncatingIfNeeded: coefficient.magnitude), to: &out)
            }
            var digits = InlineArray<40, UInt8>(repeating: 0)
            var count = 0
            var rest = coefficient.magnitude
            while rest > UInt128(UInt64.max) {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                digits[count] = UInt8(truncatingIfNeeded: digit)
                count &+= 1
                rest = quotient
            }
            var short = UInt64(truncatingIfNeeded: rest)
            while short > 0 {
                digits[count] = UInt8(truncatingIfNeeded: short % 10)
                count &+= 1
                short /= 10
            }
            place(max(count, Int(scale) + 1), Int(scale), to: &out) { $0 < count ? digits[$0] &+ 0x30 : 0x30 }
        case .wide(let magnitude, let isNegative, let scale):
            if isNegative { out.append(0x2D) }
            let digits = magnitude.digits
            let count = digits.count
            place(max(count, Int(scale) + 1), Int(scale), to: &out) { $0 < count ? digits[count - 1 - $0] : 0x30 }
        }
    }

    /// Digits from the `count`-th down to the 0th, the point before the last `scale`.
    @inline(__always)
    private static func place(_ count: Int, _ scale: Int, to out: inout [UInt8], _ digit: (Int) -> UInt8) {
        for index in (0..<count).reversed() {
            out.append(digit(index))
            if index == scale && scale > 0 { out.append(0x2E) }
        }
    }
}

extension Numeric {
    /// Rounds half away from zero to `target` digits after the point, if there are more.
    static func rounded(
        _ magnitude: BigNatural, _ isNegative: Bool, _ scale: Int, to target: Int
    ) throws(ValueError) -> Numeric {
        if scale <= target { return try Numeric(magnitude, isNegative: isNegative, scale: scale) }
        let kept = magnitude.dividedAndRounded(by: .powerOfTen(scale - target))
        return try Numeric(kept, isNegative: isNegative, scale: target)
    }

    /// Exactly `places` digits after the point, rounded half away from zero; negative places round before the point.
    package func rounded(to places: Int = 0) throws(ValueError) -> Numeric {
        guard let (magnitude, isNegative, scale) = wide else { return self }
        let places = min(max(places, -Self.integerDigitLimit), 2_000)
        if places >= scale {
            return try Numeric(
                magnitude.multiplied(byPowerOfTen: places - scale), isNegative: isNegative, scale: places)
        }
        let kept = magnitude.dividedAndRounded(by: .powerOfTen(scale - places))
        return try Numeric(
            kept.multiplied(byPowerOfTen: max(0, -places)), isNegative: isNegative, scale: max(places, 0))
    }

    /// Exactly `places` digits after the point, the rest cut off.
    package func truncated(to places: Int = 0) throws(ValueError) -> Numeric {
        guard let (magnitude, isNegative, scale) = wide else { return self }
        let places = min(max(places, -Self.integerDigitLimit), 2_000)
        if places >= scale { return try rounded(to: places) }
        let kept = magnitude.divided(by: .powerOfTen(scale - places)).quotient
        return try Numeric(
            kept.multiplied(byPowerOfTen: max(0, -places)), isNegative: isNegative, scale: max(places, 0))
    }

    /// The least whole number not below.
    package func ceiling() throws(ValueError) -> Numeric {
        let whole = try truncated()
        return whole < self ? try whole.adding(Numeric(1)) : whole
    }

    /// The greatest whole number not above.
    package func floor() throws(ValueError) -> Numeric {
        let whole = try truncated()
        return self < whole ? try whole.adding(Numeric(-1)) : whole
    }

    /// The value as a column `numeric(precision, scale)` holds it.
    ///
    /// - Throws: 22003 if the digits before the point do not fit.
    package func fitted(precision: Int, scale: Int) throws(ValueError) -> Numeric {
        guard isFinite else {
            if isNaN { return self }
            throw ValueError(
                sqlState: "22003", message: "numeric field overflow",
                detail: "A field with precision \(precision), scale \(scale) cannot hold an infinite value.")
        }
        let rounded = try rounded(to: scale)
        guard let value = rounded.wide else { return self }
        if value.magnitude.digitCount - value.scale > precision - scale && !value.magnitude.isZero {
            let limit = precision == scale ? "1" : "10^\(precision - scale)"
            throw ValueError(
                sqlState: "22003", message: "numeric field overflow",
                detail: "A field with precision \(precision), scale \(scale) must round to an absolute value "
                    + "less than \(limit).")
        }
        return rounded
    }

    /// The nearest whole number, half away from zero.
    ///
    /// - Throws: 22003 if it does not fit, 0A000 for NaN and the infinities.
    package func int64(_ type: String = "bigint") throws(ValueError) -> Int64 {
        guard isFinite else {
            throw ValueError(sqlState: "0A000", message: "cannot convert \(isNaN ? "NaN" : "infinity") to \(type)")
        }
        guard let (coefficient, _) = try rounded().small, let value = Int64(exactly: coefficient) else {
            throw .outOfRange(type)
        }
        return value
    }

    /// The nearest double.
    ///
    /// - Throws: 22003 beyond the range of doubles.
    package func double() throws(ValueError) -> Double {
        if let (coefficient, scale) = small, coefficient.magnitude < 1 << 53, scale <= 22 {
            return Double(Int64(coefficient)) / Double(Int64(1)).scaled(scale)
        }
        var out: [UInt8] = []
        ValueWriter.numeric(self, to: &out)
        return try ValueParser.float8(out.span)
    }

    /// The double's first 15 significant digits, as PostgreSQL casts.
    package init(rounding value: Double) throws(ValueError) { try self.init(value.isNaN, value, significant: 15) }

    /// The float's first 6 significant digits, as PostgreSQL casts.
    package init(rounding value: Float) throws(ValueError) { try self.init(value.isNaN, Double(value), significant: 6) }

    private init(_ isNaN: Bool, _ value: Double, significant: Int) throws(ValueError) {
        if isNaN {
            self = .nan
        } else if value.isInfinite {
            self = value < 0 ? .minusInfinity : .infinity
        } else {
            self = try DecimalExpansion(value).rounded(to: significant)
        }
    }
}

extension Double {
    /// Times 10^`exponent`, for exponents up to 22 and this 1: exact.
    fileprivate func scaled(_ exponent: Int) -> Double {
        var result = self
        for _ in 0..<exponent { result *= 10 }
        return result
    }
}

/// All decimal digits of a double; there are at most 767.
private struct DecimalExpansion {
    private let magnitude: BigNatural
    private let scale: Int
    private let isNegative: Bool

    init(_ value: Double) {
        isNegative = value.sign == .minus
        let isSubnormal = value.exponentBitPattern == 0
        let exponent = isSubnormal ? -1_074 : Int(value.exponentBitPattern) - 1_075
        let significand = UInt128(value.significandBitPattern | (isSubnormal ? 0 : 1 << 52))
        var number = BigNatural(significand)
        let factor = BigNatural(exponent < 0 ? 5 : 2)
        for _ in 0..<exponent.magnitude { number = number * factor }
        magnitude = number
        scale = max(0, -exponent)
    }

    /// To so many significant digits, half to even as C's printf does; trailing zeros dropped as its %g does.
    func rounded(to significant: Int) throws(ValueError) -> Numeric {
        let excess = magnitude.digitCount - significant
        guard excess > 0 else {
            return try Numeric(magnitude, isNegative: isNegative, scale: scale).withoutTrailingZeros
        }
        let divisor = BigNatural.powerOfTen(excess)
        var (kept, rest) = magnitude.divided(by: divisor)
        let twice = rest + rest
        if divisor < twice || (twice == divisor && kept.divided(byLimb: 2).remainder == 1) {
            kept = kept + BigNatural(1)
        }
        let shift = scale - excess
        let value = kept.multiplied(byPowerOfTen: max(0, -shift))
        return try Numeric(value, isNegative: isNegative, scale: max(0, shift)).withoutTrailingZeros
    }
}

extension Numeric {
    /// - Throws: 22003 beyond the limits of the type.
    package func adding(_ other: Numeric) throws(ValueError) -> Numeric {
        if let (x, xScale) = small, let (y, yScale) = other.small,
            let (p, q) = PowerOfTen.aligned(x, xScale, y, yScale)
        {
            let (sum, overflow) = p.addingReportingOverflow(q)
            if !overflow && sum.magnitude < Self.smallLimit.magnitude {
                return Numeric(coefficient: sum, scale: max(xScale, yScale))
            }
        }
        guard let x = wide, let y = other.wide else {
            if isNaN || other.isNaN { return .nan }
            if !isFinite && !other.isFinite { return signum == other.signum ? self : .nan }
            return isFinite ? other : self
        }
        let scale = max(x.scale, y.scale)
        let p = x.magnitude.multiplied(byPowerOfTen: scale - x.scale)
        let q = y.magnitude.multiplied(byPowerOfTen: scale - y.scale)
        if x.isNegative == y.isNegative { return try Numeric(p + q, isNegative: x.isNegative, scale: scale) }
        return p < q
            ? try Numeric(q - p, isNegative: y.isNegative, scale: scale)
            : try Numeric(p - q, isNegative: x.isNegative, scale: scale)
    }

    package func subtracting(_ other: Numeric) throws(ValueError) -> Numeric { try adding(other.negated) }

    public var negated: Numeric {
        switch storage {
        case .small:
            guard let (coefficient, scale) = small else { return self }
            return Numeric(coefficient: -coefficient, scale: scale)
        case .wide(let magnitude, let isNegative, let scale):
            return Numeric(storage: .wide(magnitude, isNegative: !isNegative, scale: scale))
        case .nan: return self
        case .infinity: return .minusInfinity
        case .minusInfinity: return .infinity
        }
    }

    public var magnitude: Numeric { signum < 0 ? negated : self }

    /// The product's scale is the sum of the scales.
    package func multiplied(by other: Numeric) throws(ValueError) -> Numeric {
        if let (x, xScale) = small, let (y, yScale) = other.small, xScale + yScale <= Self.scaleLimit {
            let (product, overflow) = x.multipliedReportingOverflow(by: y)
            if !overflow && product.magnitude < Self.smallLimit.magnitude {
                return Numeric(coefficient: product, scale: xScale + yScale)
            }
        }
        guard let x = wide, let y = other.wide else {
            if isNaN || other.isNaN || signum == 0 || other.signum == 0 { return .nan }
            return signum == other.signum ? .infinity : .minusInfinity
        }
        let product = x.magnitude * y.magnitude
        return try Self.rounded(product, x.isNegative != y.isNegative, x.scale + y.scale, to: Self.scaleLimit)
    }

    /// The quotient with at least 16 significant digits, and no fewer after the point than either operand.
    ///
    /// - Throws: 22012 for a division by zero.
    package func divided(by other: Numeric) throws(ValueError) -> Numeric {
        guard isFinite, other.isFinite else {
            if isNaN || other.isNaN { return .nan }
            if !isFinite {
                if !other.isFinite { return .nan }
                if other.signum == 0 { throw .divisionByZero }
                return signum == other.signum ? .infinity : .minusInfinity
            }
            return .zero
        }
        if other.signum == 0 { throw .divisionByZero }
        return try divided(by: other, scale: divisionScale(other))
    }

    /// The quotient rounded to a scale. Both must be finite, the divisor not zero.
    func divided(by other: Numeric, scale: Int) throws(ValueError) -> Numeric {
        guard let x = wide, let y = other.wide else { return .nan }
        let shift = scale + y.scale - x.scale
        let dividend = x.magnitude.multiplied(byPowerOfTen: max(shift, 0))
        let divisor = y.magnitude.multiplied(byPowerOfTen: max(-shift, 0))
        return try Numeric(
            dividend.dividedAndRounded(by: divisor), isNegative: x.isNegative != y.isNegative, scale: scale)
    }

    /// The quotient cut off after the point: `div(a, b)`.
    package func dividedAndTruncated(by other: Numeric) throws(ValueError) -> Numeric {
        guard let x = wide, let y = other.wide else { return try divided(by: other) }
        if y.magnitude.isZero { throw .divisionByZero }
        let scale = max(x.scale, y.scale)
        let quotient = x.magnitude.multiplied(byPowerOfTen: scale - x.scale)
            .divided(by: y.magnitude.multiplied(byPowerOfTen: scale - y.scale)).quotient
        return try Numeric(quotient, isNegative: x.isNegative != y.isNegative, scale: 0)
    }

    /// What a division that cuts off leaves, with the dividend's sign.
    package func remainder(dividingBy other: Numeric) throws(ValueError) -> Numeric {
        guard let x = wide, let y = other.wide else {
            if isNaN || other.isNaN { return .nan }
            if !isFinite {
                if other.signum == 0 { throw .divisionByZero }
                return .nan
            }
            return self
        }
        if y.magnitude.isZero { throw .divisionByZero }
        let scale = max(x.scale, y.scale)
        let remainder = x.magnitude.multiplied(byPowerOfTen: scale - x.scale)
            .divided(by: y.magnitude.multiplied(byPowerOfTen: scale - y.scale)).remainder
        return try Numeric(remainder, isNegative: x.isNegative, scale: scale)
    }

    /// PostgreSQL's weight of the first base-10000 digit, and that digit; zero has neither.
    var leadingDigit: (weight: Int, digit: Int) {
        guard let (magnitude, _, scale) = wide, !magnitude.isZero else { return (0, 0) }
        let digits = magnitude.digits
        let exponent = digits.count - scale - 1
        let weight = exponent >= 0 ? exponent / 4 : (exponent - 3) / 4
        var digit = 0
        for index in 0...(exponent - weight * 4) {
            digit = digit * 10 + (index < digits.count ? Int(digits[index] & 15) : 0)
        }
        return (weight, digit)
    }

    private func divisionScale(_ other: Numeric) -> Int {
        let (x, y) = (leadingDigit, other.leadingDigit)
        let weight = x.weight - y.weight - (x.digit <= y.digit ? 1 : 0)
        return min(max(16 - weight * 4, scale, other.scale, 0), 1_000)
    }
}

extension Numeric {
    /// The square root with at least 16 significant digits, and no fewer after the point than the number has.
    ///
    /// - Throws: 2201F below zero.
    package func squareRoot() throws(ValueError) -> Numeric {
        if isNaN { return self }
        if signum < 0 {
            throw ValueError(sqlState: "2201F", message: "cannot take square root of a negative number")
        }
        guard let (magnitude, _, scale) = wide else { return self }
        let weight = (leadingDigit.weight + 1) * 2 - 1
        let target = min(max(16 - weight, scale, 0), 1_000)
        // With one digit more than asked for, which then rounds.
        let shift = 2 * target - scale + 2
        let square =
            shift >= 0
            ? magnitude.multiplied(byPowerOfTen: shift) : magnitude.divided(by: .powerOfTen(-shift)).quotient
        let root = square.squareRoot.dividedAndRounded(by: BigNatural(10))
        return try Numeric(root, isNegative: false, scale: target)
    }
}

/// A natural number of any size, in base 10^9: the digits of wide ``Numeric`` values.
///
/// Decimal limbs make text, scaling and rounding linear; multiplication and division are the schoolbook's.
struct BigNatural: Hashable, Sendable {
    static let base: UInt64 = 1_000_000_000
    static let limbDigits = 9

    /// Least significant first; no zero at the end.
    private(set) var limbs: [UInt32]

    static let zero = BigNatural(limbs: [])

    init(limbs: [UInt32]) {
        self.limbs = limbs
        trim()
    }

    init(_ value: UInt128) {
        limbs = []
        var rest = value
        while rest > 0 {
            let (quotient, limb) = rest.quotientAndRemainder(dividingBy: UInt128(Self.base))
            limbs.append(UInt32(truncatingIfNeeded: limb))
            rest = quotient
        }
    }

    /// ASCII digits, most significant first.
    init(digits: [UInt8]) {
        limbs = []
        limbs.reserveCapacity(digits.count / 9 + 1)
        var end = digits.count
        while end > 0 {
            let start = max(0, end - 9)
            var limb: UInt32 = 0
            for index in start..<end { limb = limb * 10 + UInt32(digits[index] & 15) }
            limbs.append(limb)
            end = start
        }
        trim()
    }

    static func powerOfTen(_ exponent: Int) -> BigNatural {
        var limbs = [UInt32](repeating: 0, count: exponent / 9)
        var top: UInt32 = 1
        for _ in 0..<(exponent % 9) { top *= 10 }
        limbs.append(top)
        return BigNatural(limbs: limbs)
    }

    private mutating func trim() {
        while limbs.last == 0 { limbs.removeLast() }
    }

    var isZero: Bool { limbs.isEmpty }

    /// How many decimal digits; 0 for zero.
    var digitCount: Int {
        guard var top = limbs.last else { return 0 }
        var count = (limbs.count - 1) * 9
        while top > 0 {
            top /= 10
            count += 1
        }
        return count
    }

    /// ASCII digits, most significant first, none for zero.
    var digits: [UInt8] {
        var result: [UInt8] = []
        for (position, limb) in limbs.reversed().enumerated() {
            ValueWriter.unsigned(UInt64(limb), width: position == 0 ? 1 : 9, to: &result)
        }
        return result
    }

    /// The value, if it is below 10^38.
    var small: UInt128? {
        guard digitCount <= 38 else { return nil }
        return limbs.reversed().reduce(0) { $0 * UInt128(Self.base) + UInt128($1) }
    }
}

extension BigNatural: Comparable {
    static func < (a: BigNatural, b: BigNatural) -> Bool {
        if a.limbs.count != b.limbs.count { return a.limbs.count < b.limbs.count }
        for index in a.limbs.indices.reversed() where a.limbs[index] != b.limbs[index] {
            return a.limbs[index] < b.limbs[index]
        }
        return false
    }

    static func + (a: BigNatural, b: BigNatural) -> BigNatural {
        var result: [UInt32] = []
        result.reserveCapacity(max(a.limbs.count, b.limbs.count) + 1)
        var carry: UInt32 = 0
        for index in 0..<max(a.limbs.count, b.limbs.count) {
            var sum = carry
            if index < a.limbs.count { sum += a.limbs[index] }
            if index < b.limbs.count { sum += b.limbs[index] }
            carry = sum >= 1_000_000_000 ? 1 : 0
            result.append(sum - carry * 1_000_000_000)
        }
        if carry > 0 { result.append(carry) }
        return BigNatural(limbs: result)
    }

    /// `a` must not be less than `b`.
    static func - (a: BigNatural, b: BigNatural) -> BigNatural {
        var result = a.limbs
        var borrow: Int64 = 0
        for index in result.indices {
            var difference = Int64(result[index]) - borrow
            if index < b.limbs.count { difference -= Int64(b.limbs[index]) }
            borrow = difference < 0 ? 1 : 0
            result[index] = UInt32(difference + borrow * 1_000_000_000)
        }
        precondition(borrow == 0, "a natural number cannot be negative")
        return BigNatural(limbs: result)
    }

    static func * (a: BigNatural, b: BigNatural) -> BigNatural {
        if a.isZero || b.isZero { return .zero }
        var result = [UInt32](repeating: 0, count: a.limbs.count + b.limbs.count)
        for (i, x) in a.limbs.enumerated() where x != 0 {
            var carry: UInt64 = 0
            for (j, y) in b.limbs.enumerated() {
                let sum = UInt64(x) * UInt64(y) + UInt64(result[i + j]) + carry
                carry = sum / base
                result[i + j] = UInt32(truncatingIfNeeded: sum % base)
            }
            result[i + b.limbs.count] = UInt32(truncatingIfNeeded: carry)
        }
        return BigNatural(limbs: result)
    }

    func multiplied(byPowerOfTen exponent: Int) -> BigNatural {
        if isZero || exponent == 0 { return self }
        let shifted = BigNatural(limbs: [UInt32](repeating: 0, count: exponent / 9) + limbs)
        return exponent % 9 == 0 ? shifted : shifted * Self.powerOfTen(exponent % 9)
    }

    /// The quotient and remainder of a division by less than 10^9.
    func divided(byLimb divisor: UInt32) -> (quotient: BigNatural, remainder: UInt32) {
        var result = limbs
        var remainder: UInt64 = 0
        for index in result.indices.reversed() {
            let value = remainder * Self.base + UInt64(result[index])
            result[index] = UInt32(truncatingIfNeeded: value / UInt64(divisor))
            remainder = value % UInt64(divisor)
        }
        return (BigNatural(limbs: result), UInt32(truncatingIfNeeded: remainder))
    }

    /// Knuth's algorithm D (The Art of Computer Programming 2, 4.3.1) in base 10^9. `divisor` must not be zero.
    func divided(by divisor: BigNatural) -> (quotient: BigNatural, remainder: BigNatural) {
        precondition(!divisor.isZero, "division of natural numbers by zero")
        if self < divisor { return (.zero, self) }
        if divisor.limbs.count == 1 {
            let (quotient, rest) = divided(byLimb: divisor.limbs[0])
            return (quotient, BigNatural(limbs: [rest]))
        }
        // Scale both so that the divisor's top limb is at least half the base.
        let scale = BigNatural(limbs: [UInt32(Self.base / (UInt64(divisor.limbs[divisor.limbs.count - 1]) + 1))])
        let v = (divisor * scale).limbs
        var u = (self * scale).limbs
        let n = v.count
        while u.count <= limbs.count { u.append(0) }
        let top = UInt64(v[n - 1])
        var quotient = [UInt32](repeating: 0, count: u.count - n)
        for j in quotient.indices.reversed() {
            let two = UInt64(u[j + n]) * Self.base + UInt64(u[j + n - 1])
            var guess = min(two / top, Self.base - 1)
            var rest = two - guess * top
            while rest < Self.base && guess * UInt64(v[n - 2]) > rest * Self.base + UInt64(u[j + n - 2]) {
                guess -= 1
                rest += top
            }
            if Self.subtract(guess, v, from: &u, at: j) {
                guess -= 1
                Self.add(v, to: &u, at: j)
            }
            quotient[j] = UInt32(truncatingIfNeeded: guess)
        }
        let rest = BigNatural(limbs: Array(u[..<n])).divided(byLimb: scale.limbs[0]).quotient
        return (BigNatural(limbs: quotient), rest)
    }

    /// u[at…] −= factor × v; true if that went below zero.
    private static func subtract(_ factor: UInt64, _ v: [UInt32], from u: inout [UInt32], at: Int) -> Bool {
        var carry: UInt64 = 0
        var borrow: Int64 = 0
        for index in 0...v.count {
            let product = (index < v.count ? factor * UInt64(v[index]) : 0) + carry
            carry = product / base
            let difference = Int64(u[at + index]) - Int64(product % base) - borrow
            borrow = difference < 0 ? 1 : 0
            u[at + index] = UInt32(difference + borrow * 1_000_000_000)
        }
        return borrow > 0
    }

    private static func add(_ v: [UInt32], to u: inout [UInt32], at: Int) {
        var carry: UInt32 = 0
        for index in 0...v.count {
            let sum = u[at + index] + (index < v.count ? v[index] : 0) + carry
            carry = sum >= 1_000_000_000 ? 1 : 0
            u[at + index] = sum - carry * 1_000_000_000
        }
    }

    /// `self / divisor` rounded half up.
    func dividedAndRounded(by divisor: BigNatural) -> BigNatural {
        let (quotient, remainder) = divided(by: divisor)
        return remainder + remainder < divisor ? quotient : quotient + BigNatural(1)
    }

    /// The greatest number whose square is at most this, by Newton's method.
    var squareRoot: BigNatural {
        if isZero { return .zero }
        var guess = Self.powerOfTen((digitCount + 1) / 2)  // not less than the root
        while true {
            let next = (guess + divided(by: guess).quotient).divided(byLimb: 2).quotient
            if next >= guess { return guess }
            guess = next
        }
    }
}

/// An exact decimal number of any size with PostgreSQL's meaning: also NaN and the infinities.
///
/// A finite value is a whole coefficient divided by 10^``scale``; the scale is how many digits after the point are
/// shown. Values that differ in trailing zeros only are equal. NaN equals itself and is greater than all others.
///
/// At most 131,072 digits before the point and 16,383 after it. Coefficients of up to 38 digits are kept in place and
/// calculated with 128-bit integers; longer ones live in memory of their own.
public struct Numeric: Hashable, Comparable, Sendable {
    enum Storage: Sendable {
        /// Two words of an Int128, whose own alignment would make every value larger.
        case small(low: UInt64, high: Int64, scale: UInt16)
        case wide(BigNatural, isNegative: Bool, scale: UInt16)
        case nan, infinity, minusInfinity
    }

    let storage: Storage

    static let scaleLimit = 16_383
    static let integerDigitLimit = 131_072

    public static let nan = Numeric(storage: .nan)
    public static let infinity = Numeric(storage: .infinity)
    public static let minusInfinity = Numeric(storage: .minusInfinity)
    public static let zero = Numeric(coefficient: 0, scale: 0)

    init(storage: Storage) { self.storage = storage }

    /// `coefficient` / 10^`scale`. The coefficient must have at most 38 digits, the scale be 0…16383.
    @inline(__always)
    package init(coefficient: Int128, scale: Int) {
        storage = .small(
            low: UInt64(truncatingIfNeeded: coefficient), high: Int64(truncatingIfNeeded: coefficient >> 64),
            scale: UInt16(scale))
    }

    public init(_ value: Int64) { self.init(coefficient: Int128(value), scale: 0) }

    /// A decimal as PostgreSQL reads it: `-12.50`, `1e-7`, `NaN`, `Infinity`.
    public init(_ text: String) throws(ValueError) { self = try ValueParser.numeric(text.utf8.span) }

    /// Brings any sign, digits and scale into the one form of their value.
    ///
    /// - Throws: 22003 beyond the limits of the type.
    init(_ magnitude: BigNatural, isNegative: Bool, scale: Int) throws(ValueError) {
        guard scale >= 0 && scale <= Self.scaleLimit, magnitude.digitCount - scale <= Self.integerDigitLimit else {
            throw Self.overflow
        }
        if let small = magnitude.small {
            self.init(coefficient: isNegative ? -Int128(small) : Int128(small), scale: scale)
        } else {
            self.init(storage: .wide(magnitude, isNegative: isNegative, scale: UInt16(scale)))
        }
    }

    static let overflow = ValueError(sqlState: "22003", message: "value overflows numeric format")

    /// 10^38: the least coefficient that is not kept in place.
    static let smallLimit: Int128 = 100_000_000_000_000_000_000_000_000_000_000_000_000

    /// The coefficient and scale, if the coefficient has at most 38 digits.
    @inline(__always)
    package var small: (coefficient: Int128, scale: Int)? {
        guard case .small(let low, let high, let scale) = storage else { return nil }
        return (Int128(high) << 64 | Int128(low), Int(scale))
    }

    /// Sign, digits and scale of a finite value.
    var wide: (magnitude: BigNatural, isNegative: Bool, scale: Int)? {
        switch storage {
        case .small:
            guard let (coefficient, scale) = small else { return nil }
            return (BigNatural(coefficient.magnitude), coefficient < 0, scale)
        case .wide(let magnitude, let isNegative, let scale): return (magnitude, isNegative, Int(scale))
        case .nan, .infinity, .minusInfinity: return nil
        }
    }

    /// Digits after the point, trailing zeros included; 0 if not finite.
    public var scale: Int {
        switch storage {
        case .small(_, _, let scale), .wide(_, _, let scale): Int(scale)
        default: 0
        }
    }

    public var isNaN: Bool { if case .nan = storage { true } else { false } }
    public var isFinite: Bool {
        switch storage {
        case .small, .wide: true
        default: false
        }
    }

    /// −1, 0 or 1; 1 for infinity and NaN.
    public var signum: Int {
        switch storage {
        case .small(let low, let high, _): high < 0 ? -1 : (high == 0 && low == 0 ? 0 : 1)
        case .wide(_, let isNegative, _): isNegative ? -1 : 1
        case .nan, .infinity: 1
        case .minusInfinity: -1
        }
    }
}

extension Numeric: CustomStringConvertible {
    /// PostgreSQL's text form.
    public var description: String {
        var out: [UInt8] = []
        ValueWriter.numeric(self, to: &out)
        return String(decoding: out, as: UTF8.self)
    }
}

extension Numeric {
    /// −∞ = 0, finite = 1, ∞ = 2, NaN = 3: the order of the kinds.
    private var rank: Int {
        switch storage {
        case .minusInfinity: 0
        case .small, .wide: 1
        case .infinity: 2
        case .nan: 3
        }
    }

    public static func == (a: Numeric, b: Numeric) -> Bool { compare(a, b) == 0 }
    public static func < (a: Numeric, b: Numeric) -> Bool { compare(a, b) < 0 }

    /// Below, at or above zero as `a` is below, equal to or above `b`.
    package static func compare(_ a: Numeric, _ b: Numeric) -> Int {
        if let (x, xScale) = a.small, let (y, yScale) = b.small {
            if xScale == yScale { return x < y ? -1 : x > y ? 1 : 0 }
            if let (p, q) = PowerOfTen.aligned(x, xScale, y, yScale) { return p < q ? -1 : p > q ? 1 : 0 }
        }
        guard let x = a.wide, let y = b.wide else { return a.rank - b.rank }
        if a.signum != b.signum { return a.signum - b.signum }
        let scale = max(x.scale, y.scale)
        let p = x.magnitude.multiplied(byPowerOfTen: scale - x.scale)
        let q = y.magnitude.multiplied(byPowerOfTen: scale - y.scale)
        let order = p < q ? -1 : p == q ? 0 : 1
        return x.isNegative ? -order : order
    }

    public func hash(into hasher: inout Hasher) {
        let value = withoutTrailingZeros
        hasher.combine(value.rank)
        switch value.storage {
        case .small(let low, let high, let scale):
            hasher.combine(low)
            hasher.combine(high)
            hasher.combine(scale)
        case .wide(let magnitude, let isNegative, let scale):
            hasher.combine(magnitude)
            hasher.combine(isNegative)
            hasher.combine(scale)
        default: break
        }
    }

    /// The same value with the least scale that holds it: equal values become identical.
    package var withoutTrailingZeros: Numeric {
        if var (coefficient, scale) = small {
            while scale > 0 && coefficient % 10 == 0 {
                coefficient /= 10
                scale -= 1
            }
            return Numeric(coefficient: coefficient, scale: scale)
        }
        guard let (magnitude, isNegative, scale) = wide, scale > 0 else { return self }
        let digits = magnitude.digits
        let zeros = min(scale, digits.reversed().prefix { $0 == 0x30 }.count)
        let kept = BigNatural(digits: Array(digits.dropLast(zeros)))
        // Fewer digits and a smaller scale than before cannot exceed a limit.
        return (try? Numeric(kept, isNegative: isNegative, scale: scale - zeros)) ?? self
    }
}

/// Powers of ten as 128-bit integers.
enum PowerOfTen {
    static let table: [Int128] = (0...38).map { exponent in (0..<exponent).reduce(Int128(1)) { power, _ in power * 10 }
    }

    /// Both coefficients at the greater of the two scales, or nil on overflow.
    @inline(__always)
    static func aligned(_ x: Int128, _ xScale: Int, _ y: Int128, _ yScale: Int) -> (Int128, Int128)? {
        let distance = xScale - yScale
        guard distance.magnitude <= 38 else { return nil }
        let (scaled, overflow) = (distance < 0 ? x : y).multipliedReportingOverflow(by: table[Int(distance.magnitude)])
        if overflow { return nil }
        return distance < 0 ? (scaled, y) : (x, scaled)
    }
}

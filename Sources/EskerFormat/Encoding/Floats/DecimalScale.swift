// Unsafe: counts what a decimal makes of a sample, through pointers to it.

/// How numbers become integers: multiplied by 10^exponent, divided by 10^factor, rounded.
///
/// A number comes back as integer × 10^factor × 10^-exponent, each product rounded to double precision. With two digits
/// behind the point, exponent 14 and factor 12 bring back more numbers than 2 and 0: the inverse of a higher power is
/// nearer to exact, in relation.
struct DecimalScale: Hashable {
    /// Powers up to 10^18, all exact in a double. Frozen.
    static let greatestExponent = 18

    let exponent: UInt8
    let factorExponent: UInt8

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    ]
    private static let inverses: [Double] = [
        1e-0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16,
        1e-17, 1e-18,
    ]

    var scale: Double { Self.powers[Int(exponent)] }
    var descale: Double { Self.inverses[Int(factorExponent)] }
    var factor: Double { Self.powers[Int(factorExponent)] }
    var inverse: Double { Self.inverses[Int(exponent)] }

    /// Every pair of exponents, the highest first: where two cost the same, the higher one is likelier to bring back
    /// what the sample did not hold.
    static let all: [DecimalScale] = (0...greatestExponent).reversed().flatMap { exponent in
        (0...exponent).reversed().map { DecimalScale(exponent: UInt8(exponent), factorExponent: UInt8($0)) }
    }

    /// The bytes that `count` ≤ 32 numbers would take.
    private func cost<Number: PackableFloat>(_ sample: UnsafePointer<Number>, count: Int) -> Int {
        unsafe withUnsafeTemporaryAllocation(of: Number.Bits.self, capacity: Self.sampleLength) { integers in
            unsafe withUnsafeTemporaryAllocation(of: UInt16.self, capacity: Self.sampleLength) { exceptions in
                let found = unsafe Number.encode(
                    sample, count: count, self, into: integers.baseAddress!, exceptions: exceptions.baseAddress!)
                // Exceptions leave the range: what is packed in their place costs nothing.
                var kept = 0
                var next = 0
                for index in 0..<count {
                    if next < found, unsafe Int(exceptions[next]) == index {
                        next += 1
                    } else {
                        unsafe integers[kept] = unsafe integers[index]
                        kept += 1
                    }
                }
                let patches = found * (2 + MemoryLayout<Number>.size)
                guard kept > 0 else { return patches }
                let flip = Number.Bits.flip(isSigned: true)
                let range = unsafe Number.Bits.range(integers.baseAddress!, count: kept, flip: flip)
                return patches + (count * Number.Bits.width(of: range.greatest &- range.least) + 7) / 8
            }
        }
    }

    static let sampleLength = 32

    /// The one of `candidates` that is cheapest for a sample of at most 32 numbers.
    static func best<Number: PackableFloat>(
        of candidates: [DecimalScale], for sample: UnsafePointer<Number>, count: Int
    ) -> DecimalScale {
        guard candidates.count > 1 else { return candidates[0] }
        var best = candidates[0]
        var least = Int.max
        for candidate in candidates {
            let cost = unsafe candidate.cost(sample, count: count)
            if cost < least {
                least = cost
                best = candidate
            }
        }
        return best
    }
}

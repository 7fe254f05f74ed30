// Unsafe: counts what a decimal makes of a sample, through pointers to it.
import CEskerKernels

/// How integers become numbers: by one operation with a power of ten, rounded to the nearest double.
///
/// A decimal number of up to fifteen digits is an integer divided by a power of ten, and division gives the very double
/// that reading its text gives. ALP as published multiplies with 10^f and 10^-e instead, which is faster but rounds
/// twice: of prices below a million with two digits behind the point it misses 13 % at the least, where division misses
/// none (measured 2026-11-24), and each miss costs ten bytes. Numbers that were computed by multiplication with 0.01
/// come back by the same multiplication.
struct DecimalScale: Hashable {
    /// What is done with an integer. Numbers on disk, frozen: the signs `*`, `/` and `~` of ASCII. (What stood in their
    /// place while this was built was less than 19, so that nothing written then is misread.)
    enum Operation: UInt8, Sendable {
        /// × 10^power
        case times = 42
        /// ÷ 10^power
        case divided = 47
        /// × 10^-power, the double nearest to it
        case timesInverse = 126
    }

    /// Powers up to 10^22 are exact in a double. Frozen.
    static let greatestPower: UInt8 = 22

    let operation: Operation
    let power: UInt8

    /// Integers that are the numbers themselves.
    static let one = DecimalScale(operation: .times, power: 0)

    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
    private static let inverses: [Double] = [
        1e-0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16,
        1e-17, 1e-18, 1e-19, 1e-20, 1e-21, 1e-22,
    ]

    /// What the kernels are told.
    var kernel: esker_decimal {
        let power = Self.powers[Int(power)]
        let inverse = Self.inverses[Int(self.power)]
        return switch operation {
        case .times: esker_decimal(scale: inverse, operand: power, divides: 0)
        case .divided: esker_decimal(scale: power, operand: power, divides: 1)
        case .timesInverse: esker_decimal(scale: power, operand: inverse, divides: 0)
        }
    }

    /// Every operation; where two cost the same, the earlier one is taken.
    static let all: [DecimalScale] =
        (0...greatestPower).map { DecimalScale(operation: .times, power: $0) }
        + (1...greatestPower).map { DecimalScale(operation: .divided, power: $0) }
        + (1...greatestPower).map { DecimalScale(operation: .timesInverse, power: $0) }

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

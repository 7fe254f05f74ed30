import EskerFormat
import Foundation

/// How fast sealed numbers are read and written: one block of 65,536 values, warm, one thread, in its own CPU time.
///
///     esker-bench decode [--repeat 30] [--only packed]
///
/// Each line gives the best of the repeats: values a second decoded and encoded, and the bytes that a value takes.
struct DecodeBenchmark {
    private let repeats: Int
    private let only: String
    private let count = 65_536

    init(_ arguments: Arguments) {
        repeats = arguments.number("repeat", 30)
        only = arguments.text("only", "")
    }

    func run() throws {
        for width in 1...32 {
            try packed("width \(width) into u32", values(width, UInt32.self))
            try packed("width \(width) into u64", values(width, UInt64.self))
        }
        for width in [40, 48, 63] { try packed("width \(width) into u64", values(width, UInt64.self)) }
        for (name, values) in shapes() {
            try packed(name, values, allowingDelta: true)
            try planes(name, values)
        }
        for (name, values) in numbers() {
            try decimals(name, values)
            try split(name, values)
            let floats = values.map { Float($0) }
            try decimals(name + ", floats", floats)
            try split(name + ", floats", floats)
        }
    }

    // MARK: Values

    /// Random numbers of `width` bits.
    private func values<T: FixedWidthInteger>(_ width: Int, _: T.Type) -> [T] {
        var random = SeededNumbers(state: UInt64(width))
        return (0..<count).map { _ in T(truncatingIfNeeded: random.next() >> UInt64(64 - width)) }
    }

    private func shapes() -> [(String, [Int64])] {
        var random = SeededNumbers(state: 1)
        var time: Int64 = 1_767_225_600_000_000
        let times = (0..<count).map { _ -> Int64 in
            time += Int64(random.next() % 2000)
            return time
        }
        let late = times.map { random.next() % 200 == 0 ? $0 - Int64(random.next() % 60_000_000) : $0 }
        let skewed = (0..<count).map { _ in Int64(1) << Int64((random.next() & random.next() & random.next()) % 20) }
        return [("times", times), ("times, some late", late), ("skewed", skewed)]
    }

    private func numbers() -> [(String, [Double])] {
        var random = SeededNumbers(state: 2)
        let prices = (0..<count).map { _ in Double(random.next() % 100_000) / 100 }
        let amounts = (0..<count).map { _ in Double(random.next() % 100_000) * 0.01 }
        let holes = prices.map { random.next() % 100 == 0 ? Double.nan : $0 }
        let measured = (0..<count).map { _ in 20 + Double(random.next() >> 11) / Double(UInt64(1) << 53) }
        return [
            ("prices", prices), ("products with 0.01", amounts), ("prices, 1 % NaN", holes), ("measured", measured),
        ]
    }

    // MARK: Measurements

    private func packed<T: FixedWidthInteger & BitwiseCopyable>(
        _ name: String, _ values: [T], allowingDelta: Bool = false
    ) throws {
        try measure("packed " + name, values) { values, output in
            PackedIntegers.encode(values, allowingDelta: allowingDelta, into: &output)
        } decode: { bytes, target in
            let leaf = try PackedIntegers(
                parsing: bytes, count: count, valueWidth: MemoryLayout<T>.size, isSigned: T.isSigned)
            leaf.decode(into: target)
        }
    }

    private func planes(_ name: String, _ values: [Int64]) throws {
        try measure("planes " + name, values) { values, output in
            IntegerPlanes.encode(values, allowingDelta: true, into: &output)
        } decode: { bytes, target in
            let leaf = try IntegerPlanes(parsing: bytes, count: count, valueWidth: 8, isSigned: true)
            try leaf.decode(into: target)
        }
    }

    private func decimals<T: BinaryFloatingPoint & BitwiseCopyable>(_ name: String, _ values: [T]) throws {
        try measure("decimal " + name, values) { values, output in
            ALPFloats.encode(values, into: &output)
        } decode: { bytes, target in
            let leaf = try ALPFloats(parsing: bytes, count: count, valueWidth: MemoryLayout<T>.size)
            leaf.decode(into: target)
        }
    }

    private func split<T: BinaryFloatingPoint & BitwiseCopyable>(_ name: String, _ values: [T]) throws {
        try measure("split " + name, values) { values, output in
            ALPRDFloats.encode(values, into: &output)
        } decode: { bytes, target in
            let leaf = try ALPRDFloats(parsing: bytes, count: count, valueWidth: MemoryLayout<T>.size)
            leaf.decode(into: target)
        }
    }

    private func measure<T: BitwiseCopyable & Equatable>(
        _ name: String, _ values: [T], encode: (Span<T>, inout GrowableBuffer) -> Void,
        decode: (Buffer, UnsafeMutablePointer<T>) throws -> Void
    ) throws {
        guard only.isEmpty || name.contains(only) else { return }
        var output = GrowableBuffer(capacity: count * 16)
        let encodeSeconds = best {
            output.removeAll()
            encode(values.span, &output)
        }
        let bytes = output.finish()
        let target = UnsafeMutablePointer<T>.allocate(capacity: count)
        defer { target.deallocate() }
        let decodeSeconds = try best { try decode(bytes, target) }
        precondition(
            memcmp(target, values, count * MemoryLayout<T>.stride) == 0, "\(name): decoded values differ")
        emit([
            ("name", "decode"), ("what", name), ("bytes_per_value", rounded(Double(bytes.byteCount) / Double(count))),
            ("decode_values_per_second", (Double(count) / decodeSeconds).rounded()),
            ("encode_values_per_second", (Double(count) / encodeSeconds).rounded()),
        ])
    }

    /// The least CPU time of this thread that the work took.
    private func best(_ work: () throws -> Void) rethrows -> Double {
        var least = Double.infinity
        for _ in 0..<repeats {
            let start = Timing.thread()
            for _ in 0..<8 { try work() }
            least = min(least, (Timing.thread() - start) / 8)
        }
        return least
    }

    private func rounded(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }
}

/// The same random numbers in every run.
private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

// Unsafe: decodes into room of the size that decoders ask for.
import EskerFormat
import Testing

@Suite("Leaves of floats and doubles")
struct FloatLeafTests {
    private static let counts = [0, 1, 2, 1023, 1024, 1025, 5000, 65_536]

    @Test("every shape comes back bit for bit, all at once, by vector and row", arguments: FloatCases.names)
    func roundTrips(_ name: String) throws {
        var random = SeededRandom("floats, \(name)")
        for count in Self.counts {
            let doubles = FloatCases.make(name, Double.self, count: count, &random)
            try check(doubles, doubles.map(\.bitPattern))
            let floats = FloatCases.make(name, Float.self, count: count, &random)
            try check(floats, floats.map { UInt64($0.bitPattern) })
        }
    }

    @Test("prices become integers of as many bits as their cents need")
    func prices() throws {
        var random = SeededRandom("prices")
        let values = FloatCases.make("prices", Double.self, count: 65_536, &random)
        let leaf = Self.encodeDecimal(values)
        let parsed = try ALPFloats(parsing: leaf, count: values.count, valueWidth: 8)
        for vector in 0..<64 {
            let shape = parsed.shape(vector: vector)
            #expect(shape == (15, 0, "integers ÷ 10^2"))
        }
        let floats = values.map { Float($0) }
        let narrow = try ALPFloats(parsing: Self.encodeDecimal(floats), count: floats.count, valueWidth: 4)
        #expect(narrow.shape(vector: 9).width == 15)
    }

    @Test("decimals of up to fifteen digits need no patch, nor do products with a hundredth")
    func decimals() throws {
        var random = SeededRandom("decimals")
        for digits in 1...9 {
            let power = (0..<digits).reduce(1.0) { power, _ in power * 10 }
            let values = (0..<20_000).map { _ in Double(Int64(random.next() % 2_000_000_000_000_000) - 1 << 50) / power
            }
            let parsed = try ALPFloats(parsing: Self.encodeDecimal(values), count: values.count, valueWidth: 8)
            for vector in 0..<parsed.vectorCount { #expect(parsed.shape(vector: vector).patches == 0) }
        }
        let amounts = (0..<20_000).map { _ in Double(random.next() % 100_000_000) * 0.01 }
        let parsed = try ALPFloats(parsing: Self.encodeDecimal(amounts), count: amounts.count, valueWidth: 8)
        for vector in 0..<parsed.vectorCount {
            #expect(parsed.shape(vector: vector) == (27, 0, "integers × 10^-2"))
        }
    }

    @Test("NaN, −0 and infinities are patches among prices")
    func patches() throws {
        var values = (0..<1024).map { Double($0 % 64) / 4 }
        values[5] = .nan
        values[6] = -0.0
        values[7] = -.infinity
        values[8] = 1e300
        let parsed = try ALPFloats(parsing: Self.encodeDecimal(values), count: 1024, valueWidth: 8)
        #expect(parsed.shape(vector: 0).patches == 4)
        #expect(parsed.bounds(vector: 0) == NumberRange(least: -.infinity, greatest: 1e300, hasNaN: true))
        #expect(parsed.value(at: 8) == 1e300)
        #expect(parsed.bits(at: 6) == (-0.0).bitPattern)
    }

    @Test("a vector that no power of ten helps is kept as it is")
    func plainVectors() throws {
        var random = SeededRandom("plain vectors")
        let values = FloatCases.make("mixed vectors", Double.self, count: 4096, &random)
        let leaf = Self.encodeDecimal(values)
        let parsed = try ALPFloats(parsing: leaf, count: 4096, valueWidth: 8)
        #expect((0..<4).map { parsed.shape(vector: $0).operation == "plain" } == [false, true, false, true])
        #expect(leaf.byteCount < 4096 * 8 * 7 / 10)
    }

    @Test("numbers of one size lose their common left part")
    func split() throws {
        var random = SeededRandom("split numbers")
        let values = (0..<65_536).map { _ in 1 + Double(random.next() >> 11) / Double(UInt64(1) << 53) }
        let leaf = Self.encodeSplit(values)
        let parsed = try ALPRDFloats(parsing: leaf, count: values.count, valueWidth: 8)
        #expect(parsed.rightWidth <= 52)
        #expect(leaf.byteCount < 65_536 * 8 * 53 / 64)
    }

    @Test("the layout that pays is chosen, with its bytes")
    func choice() {
        var random = SeededRandom("choice of layouts")
        check(FloatCases.make("prices", Double.self, count: 65_536, &random), .decimal)
        check(FloatCases.make("prices", Float.self, count: 65_536, &random), .decimal)
        check(FloatCases.make("unit", Double.self, count: 65_536, &random), .split)
        check(FloatCases.make("random bits", Double.self, count: 65_536, &random), .plain)
        check(FloatCases.make("random bits", Float.self, count: 65_536, &random), .plain)
        #expect(FloatLayout.best(for: [Double]().span).layout == .plain)
    }

    @Test("bounds leave NaN out, and say when nothing else is there")
    func bounds() throws {
        var values = [Double](repeating: .nan, count: 2048)
        values[1500] = 3
        let decimal = try ALPFloats(parsing: Self.encodeDecimal(values), count: 2048, valueWidth: 8)
        let split = try ALPRDFloats(parsing: Self.encodeSplit(values), count: 2048, valueWidth: 8)
        let nothing = NumberRange(least: Double.infinity, greatest: -.infinity, hasNaN: true)
        #expect(decimal.bounds(vector: 0) == nothing && split.bounds(vector: 0) == nothing)
        let three = NumberRange(least: 3.0, greatest: 3, hasNaN: true)
        #expect(decimal.bounds(vector: 1) == three && split.bounds(vector: 1) == three)
    }

    @Test("damaged leaves are refused or give numbers, and reach nothing outside")
    func damage() throws {
        var random = SeededRandom("damaged floats")
        for name in ["prices with specials", "mixed vectors"] {
            let values = FloatCases.make(name, Double.self, count: 1100, &random)
            Damage.forEach(Self.encodeDecimal(values).array) { bytes in
                guard let leaf = try? ALPFloats(parsing: bytes, count: 1100, valueWidth: 8) else { return false }
                _ = Self.decode(leaf, as: Double.self)
                for row in stride(from: 0, to: 1100, by: 37) { _ = leaf.value(at: row) }
                for vector in 0..<leaf.vectorCount { _ = leaf.bounds(vector: vector) }
                return true
            }
            let floats = FloatCases.make(name, Float.self, count: 1100, &random)
            Damage.forEach(Self.encodeSplit(floats).array) { bytes in
                guard let leaf = try? ALPRDFloats(parsing: bytes, count: 1100, valueWidth: 4) else { return false }
                _ = Self.decode(leaf, as: Float.self)
                for row in stride(from: 0, to: 1100, by: 37) { _ = leaf.value(at: row) }
                for vector in 0..<leaf.vectorCount { _ = leaf.bounds(vector: vector) }
                return true
            }
        }
    }

    @Test("bytes that end early are refused")
    func truncation() throws {
        let values = (0..<2000).map { Double($0) / 8 }
        let decimal = Self.encodeDecimal(values)
        let split = Self.encodeSplit(values)
        for length in stride(from: 0, to: decimal.byteCount, by: 8) {
            #expect(throws: FormatError.self) {
                try ALPFloats(parsing: decimal.slice(0..<length), count: 2000, valueWidth: 8)
            }
        }
        for length in stride(from: 0, to: split.byteCount, by: 8) {
            #expect(throws: FormatError.self) {
                try ALPRDFloats(parsing: split.slice(0..<length), count: 2000, valueWidth: 8)
            }
        }
    }

    // MARK: Checks

    private func check<T: BinaryFloatingPoint & BitwiseCopyable>(_ values: [T], _ bits: [UInt64]) throws {
        let width = MemoryLayout<T>.size
        let decimal = try ALPFloats(parsing: Self.encodeDecimal(values), count: values.count, valueWidth: width)
        let split = try ALPRDFloats(parsing: Self.encodeSplit(values), count: values.count, valueWidth: width)
        let decimalBits = Self.decode(decimal, as: T.self).map { Self.bits($0) }
        let splitBits = Self.decode(split, as: T.self).map { Self.bits($0) }
        #expect(decimalBits == bits)
        #expect(splitBits == bits)
        for row in stride(from: 0, to: values.count, by: max(1, values.count / 100)) {
            #expect(decimal.bits(at: row) == bits[row])
            #expect(split.bits(at: row) == bits[row])
            let value = Double(values[row])
            #expect(decimal.value(at: row) == value || value.isNaN && decimal.value(at: row).isNaN)
        }
        for vector in 0..<decimal.vectorCount {
            let part = values[(vector * 1024)..<min(values.count, vector * 1024 + 1024)].map { Double($0) }
            let numbers = part.filter { !$0.isNaN }
            let expected = NumberRange(
                least: numbers.min() ?? .infinity, greatest: numbers.max() ?? -.infinity,
                hasNaN: numbers.count < part.count)
            #expect(decimal.bounds(vector: vector) == expected)
            #expect(split.bounds(vector: vector) == expected)
        }
    }

    private func check<T: BinaryFloatingPoint & BitwiseCopyable>(_ values: [T], _ expected: FloatLayout) {
        let (layout, estimate) = FloatLayout.best(for: values.span)
        #expect(layout == expected)
        let bytes =
            switch layout {
            case .decimal: Self.encodeDecimal(values).byteCount
            case .split: Self.encodeSplit(values).byteCount
            case .plain: values.count * MemoryLayout<T>.size
            }
        #expect(abs(estimate - bytes) < bytes / 16, "\(estimate) for \(bytes)")
    }

    private static func bits<T: BinaryFloatingPoint>(_ value: T) -> UInt64 {
        if let value = value as? Double { return value.bitPattern }
        return UInt64((value as! Float).bitPattern)
    }

    static func encodeDecimal<T: BinaryFloatingPoint & BitwiseCopyable>(_ values: [T]) -> Buffer {
        var output = GrowableBuffer()
        output.appendZeros(24)
        ALPFloats.encode(values.span, into: &output)
        let bytes = output.finish()
        return bytes.slice(24..<bytes.byteCount)
    }

    static func encodeSplit<T: BinaryFloatingPoint & BitwiseCopyable>(_ values: [T]) -> Buffer {
        var output = GrowableBuffer()
        output.appendZeros(24)
        ALPRDFloats.encode(values.span, into: &output)
        let bytes = output.finish()
        return bytes.slice(24..<bytes.byteCount)
    }

    /// Decodes all at once and vector by vector, which must give the same bits.
    static func decode<T: BinaryFloatingPoint>(_ leaf: ALPFloats, as: T.Type) -> [T] {
        let all = unsafe Room.values(of: leaf.count, as: T.self) { unsafe leaf.decode(into: $0) }
        for vector in 0..<leaf.vectorCount {
            check(unsafe Room.vector(as: T.self) { unsafe leaf.decode(vector: vector, into: $0) }, vector, all)
        }
        return all
    }

    /// Decodes all at once and vector by vector, which must give the same bits.
    static func decode<T: BinaryFloatingPoint>(_ leaf: ALPRDFloats, as: T.Type) -> [T] {
        let all = unsafe Room.values(of: leaf.count, as: T.self) { unsafe leaf.decode(into: $0) }
        for vector in 0..<leaf.vectorCount {
            check(unsafe Room.vector(as: T.self) { unsafe leaf.decode(vector: vector, into: $0) }, vector, all)
        }
        return all
    }

    private static func check<T: BinaryFloatingPoint>(_ part: [T], _ vector: Int, _ all: [T]) {
        let fill = Vector.fill(vector, of: all.count)
        let expected = all[(vector * 1024)..<(vector * 1024 + fill)]
        #expect(zip(part, expected).allSatisfy { bits($0) == bits($1) })
    }
}

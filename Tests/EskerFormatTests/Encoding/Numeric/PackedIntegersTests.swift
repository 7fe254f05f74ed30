// Unsafe: decodes into room of the size that decoders ask for.
import EskerFormat
import Testing

@Suite("Packed integers")
struct PackedIntegersTests {
    @Test("every shape of every width comes back, all at once, by vector and row", arguments: IntegerCases.names)
    func roundTrips(_ name: String) throws {
        var random = SeededRandom("packed integers, \(name)")
        for count in IntegerCases.counts {
            for allowingDelta in [false, true] {
                try check(IntegerCases.make(name, UInt8.self, count: count, &random), allowingDelta)
                try check(IntegerCases.make(name, Int8.self, count: count, &random), allowingDelta)
                try check(IntegerCases.make(name, UInt16.self, count: count, &random), allowingDelta)
                try check(IntegerCases.make(name, Int16.self, count: count, &random), allowingDelta)
                try check(IntegerCases.make(name, UInt32.self, count: count, &random), allowingDelta)
                try check(IntegerCases.make(name, Int32.self, count: count, &random), allowingDelta)
                try check(IntegerCases.make(name, UInt64.self, count: count, &random), allowingDelta)
                try check(IntegerCases.make(name, Int64.self, count: count, &random), allowingDelta)
            }
        }
    }

    @Test("every width of every word is packed in the order that the layout says")
    func bitOrder() throws {
        var random = SeededRandom("bit order")
        for width in 0...64 {
            let mask = width == 0 ? 0 : UInt64.max >> UInt64(64 - width)
            // Half of the values have the highest bit set, so that none is left to a patch.
            let values = (0..<1024).map { _ in random.next() & mask }
            let leaf = Self.encode(values, allowingDelta: false)
            #expect(LeafWords(bytes: leaf.array).packedIntegers(count: 1024, valueWidth: 8) == values)
            let parsed = try PackedIntegers(parsing: leaf, count: 1024, valueWidth: 8, isSigned: false)
            #expect(parsed.shape(vector: 0) == (.reference, width, 0))
            try check(values.map { UInt32(truncatingIfNeeded: $0) }, false)
            try check(values.map { UInt16(truncatingIfNeeded: $0) }, true)
        }
    }

    @Test("a few wild values cost patches, not width, on either side")
    func patches() throws {
        var values = (0..<1024).map { Int64($0 % 16) }
        values[3] = .min
        values[700] = .max
        let leaf = Self.encode(values, allowingDelta: false)
        let parsed = try PackedIntegers(parsing: leaf, count: 1024, valueWidth: 8, isSigned: true)
        #expect(parsed.shape(vector: 0) == (.reference, 4, 2))
        #expect(parsed.bounds(vector: 0) == (.min, .max))
        #expect(parsed.value(at: 3) == .min)
        #expect(parsed.value(at: 700) == .max)
        #expect(parsed.value(at: 701) == 701 % 16)
    }

    @Test("late and early events in times cost patches of their differences")
    func lateEvents() throws {
        var random = SeededRandom("late events")
        var now: Int64 = 1_767_225_600_000_000
        let values: [Int64] = (0..<65_536).map { _ in
            now += Int64(random.next() % 64)
            let isLate = random.next() % 300 == 0
            return isLate ? now - Int64(random.next() % 3_600_000_000) : now
        }
        let leaf = Self.encode(values, allowingDelta: true)
        let parsed = try PackedIntegers(parsing: leaf, count: values.count, valueWidth: 8, isSigned: true)
        for vector in 0..<64 {
            let shape = parsed.shape(vector: vector)
            #expect(shape.mode == .delta && shape.width == 6)
        }
        #expect(leaf.byteCount < 65_536)
    }

    @Test("a column of small codes pays 11 bytes a vector for its directory")
    func directory() {
        let codes = [UInt8](repeating: 3, count: 65_536)
        #expect(Self.encode(codes, allowingDelta: false).byteCount == 64 * 11)
    }

    @Test("an estimate is near the truth")
    func estimates() {
        var random = SeededRandom("estimates of packed integers")
        for name in IntegerCases.names {
            let values = IntegerCases.make(name, Int64.self, count: 65_536, &random)
            let bytes = Self.encode(values, allowingDelta: true).byteCount
            let estimate = PackedIntegers.estimatedBytes(of: values.span, allowingDelta: true)
            // One vector in 64 may hold the only wild value.
            #expect(abs(estimate - bytes) <= bytes / 8 + 1024, "\(name): \(estimate) for \(bytes)")
        }
    }

    @Test("a damaged leaf is refused or gives values, and reaches nothing outside")
    func damage() throws {
        var random = SeededRandom("damaged packed integers")
        for name in ["times", "wild on both sides", "few bits", "random bits"] {
            let values = IntegerCases.make(name, Int32.self, count: 1100, &random)
            for allowingDelta in [false, true] {
                Damage.forEach(Self.encode(values, allowingDelta: allowingDelta).array) { bytes in
                    guard
                        let leaf = try? PackedIntegers(parsing: bytes, count: 1100, valueWidth: 4, isSigned: true)
                    else { return false }
                    _ = Self.decode(leaf, as: Int32.self)
                    for row in stride(from: 0, to: 1100, by: 37) { _ = leaf.value(at: row) }
                    for vector in 0..<leaf.vectorCount { _ = leaf.bounds(vector: vector) }
                    return true
                }
            }
        }
    }

    @Test("bytes that end early are refused")
    func truncation() throws {
        let leaf = Self.encode([UInt16](0..<2000), allowingDelta: true)
        for length in stride(from: 0, to: leaf.byteCount, by: 8) {
            #expect(throws: FormatError.self) {
                try PackedIntegers(parsing: leaf.slice(0..<length), count: 2000, valueWidth: 2, isSigned: false)
            }
        }
    }

    // MARK: Checks

    private func check<T: FixedWidthInteger & BitwiseCopyable>(_ values: [T], _ allowingDelta: Bool) throws {
        let leaf = Self.encode(values, allowingDelta: allowingDelta)
        let width = MemoryLayout<T>.size
        let parsed = try PackedIntegers(parsing: leaf, count: values.count, valueWidth: width, isSigned: T.isSigned)
        #expect(Self.decode(parsed, as: T.self) == values)
        for row in stride(from: 0, to: values.count, by: max(1, values.count / 50)) {
            #expect(parsed.value(at: row) == Int64(truncatingIfNeeded: values[row]))
        }
        for vector in 0..<parsed.vectorCount {
            let part = values[(vector * 1024)..<min(values.count, vector * 1024 + 1024)]
            #expect(
                parsed.bounds(vector: vector)
                    == (Int64(truncatingIfNeeded: part.min()!), Int64(truncatingIfNeeded: part.max()!)))
        }
        if values.count < 2000 {
            let mask = UInt64.max >> UInt64(64 - 8 * width)
            let expected = values.map { UInt64(truncatingIfNeeded: $0) & mask }
            #expect(LeafWords(bytes: leaf.array).packedIntegers(count: values.count, valueWidth: width) == expected)
        }
    }

    static func encode<T: FixedWidthInteger & BitwiseCopyable>(_ values: [T], allowingDelta: Bool) -> Buffer {
        var output = GrowableBuffer()
        // Leaves start wherever a multiple of 8 is: here behind other bytes.
        output.appendZeros(24)
        PackedIntegers.encode(values.span, allowingDelta: allowingDelta, into: &output)
        let bytes = output.finish()
        return bytes.slice(24..<bytes.byteCount)
    }

    /// Decodes all at once and vector by vector, which must give the same.
    static func decode<T: FixedWidthInteger>(_ leaf: PackedIntegers, as: T.Type) -> [T] {
        let all = unsafe Room.values(of: leaf.count, as: T.self) { unsafe leaf.decode(into: $0) }
        for vector in 0..<leaf.vectorCount {
            let part = unsafe Room.vector(as: T.self) { unsafe leaf.decode(vector: vector, into: $0) }
            let fill = Vector.fill(vector, of: leaf.count)
            #expect(part.prefix(fill) == all[(vector * 1024)..<(vector * 1024 + fill)])
        }
        return all
    }
}

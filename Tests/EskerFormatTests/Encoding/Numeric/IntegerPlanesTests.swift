// Unsafe: decodes into room of the size that decoders ask for.
import EskerFormat
import Testing

@Suite("Integer planes")
struct IntegerPlanesTests {
    @Test("every shape of every width comes back, all at once, by vector and row", arguments: IntegerCases.names)
    func roundTrips(_ name: String) throws {
        var random = SeededRandom("integer planes, \(name)")
        for count in [0, 1, 2, 255, 256, 1023, 1025, 5000, 70_000] {
            for allowingDelta in [false, true] {
                try check(IntegerCases.make(name, UInt8.self, count: count, &random), allowingDelta)
                try check(IntegerCases.make(name, Int16.self, count: count, &random), allowingDelta)
                try check(IntegerCases.make(name, UInt32.self, count: count, &random), allowingDelta)
                try check(IntegerCases.make(name, Int64.self, count: count, &random), allowingDelta)
            }
        }
    }

    @Test("skewed numbers take less than the bits that the widest of them needs")
    func skew() {
        var random = SeededRandom("skewed numbers")
        let values = (0..<65_536).map { _ in Int32(random.next() % 64 == 0 ? random.next() % 200 : random.next() % 4) }
        let planes = Self.encode(values, allowingDelta: false).byteCount
        let dense = Self.encode(values, allowingDelta: false, level: 15).byteCount
        let packed = PackedIntegersTests.encode(values, allowingDelta: false).byteCount
        // The entropy is 18 KB.
        #expect(planes < packed * 95 / 100 && dense < packed * 85 / 100, "\(planes), \(dense) against \(packed)")
    }

    @Test("steady times are held as differences")
    func times() throws {
        var random = SeededRandom("steady times")
        var now: Int64 = 1_767_225_600_000_000
        let values: [Int64] = (0..<65_536).map { _ in
            now += Int64(random.next() % 16)
            return now
        }
        let leaf = Self.encode(values, allowingDelta: true)
        let parsed = try IntegerPlanes(parsing: leaf, count: values.count, valueWidth: 8, isSigned: true)
        #expect(parsed.mode == .delta)
        #expect(leaf.byteCount < 65_536 * 9 / 16)
    }

    @Test("a damaged leaf is refused or gives values, and reaches nothing outside")
    func damage() throws {
        var random = SeededRandom("damaged integer planes")
        for name in ["times", "few bits", "random bits"] {
            let values = IntegerCases.make(name, Int32.self, count: 700, &random)
            for allowingDelta in [false, true] {
                Damage.forEach(Self.encode(values, allowingDelta: allowingDelta).array) { bytes in
                    let leaf = try? IntegerPlanes(parsing: bytes, count: 700, valueWidth: 4, isSigned: true)
                    return leaf.flatMap { try? Self.decode($0, as: Int32.self) } != nil
                }
            }
        }
    }

    @Test("bytes that end early are refused")
    func truncation() throws {
        let leaf = Self.encode((0..<2000).map { UInt16($0 * $0 % 1999) }, allowingDelta: true)
        for length in stride(from: 0, to: leaf.byteCount - 8, by: 8) {
            #expect(throws: FormatError.self) {
                try IntegerPlanes(parsing: leaf.slice(0..<length), count: 2000, valueWidth: 2, isSigned: false)
            }
        }
    }

    // MARK: Checks

    private func check<T: FixedWidthInteger & BitwiseCopyable>(_ values: [T], _ allowingDelta: Bool) throws {
        let leaf = Self.encode(values, allowingDelta: allowingDelta)
        let parsed = try IntegerPlanes(
            parsing: leaf, count: values.count, valueWidth: MemoryLayout<T>.size, isSigned: T.isSigned)
        #expect(try Self.decode(parsed, as: T.self) == values)
        guard let last = values.last, let least = values.min(), let greatest = values.max() else { return }
        #expect(try parsed.value(at: values.count - 1) == Int64(truncatingIfNeeded: last))
        #expect(
            parsed.bounds(vector: 0)
                == (Int64(truncatingIfNeeded: least), Int64(truncatingIfNeeded: greatest)))
        #expect(parsed.bounds == parsed.bounds(vector: parsed.vectorCount - 1))
        let estimate = IntegerPlanes.estimatedBytes(of: values.span, allowingDelta: allowingDelta)
        #expect(estimate >= 40 && estimate <= 256 + values.count * (MemoryLayout<T>.size + 1))
    }

    static func encode<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: [T], allowingDelta: Bool, level: Int32 = IntegerPlanes.standardLevel
    ) -> Buffer {
        var output = GrowableBuffer()
        output.appendZeros(24)
        IntegerPlanes.encode(values.span, allowingDelta: allowingDelta, level: level, into: &output)
        let bytes = output.finish()
        return bytes.slice(24..<bytes.byteCount)
    }

    /// Decodes all at once and some vectors, which must give the same.
    static func decode<T: FixedWidthInteger>(_ leaf: IntegerPlanes, as: T.Type) throws -> [T] {
        let all = try unsafe Room.values(of: leaf.count, as: T.self) { try unsafe leaf.decode(into: $0) }
        for vector in stride(from: 0, to: leaf.vectorCount, by: 3) {
            let part = try unsafe Room.vector(as: T.self) { try unsafe leaf.decode(vector: vector, into: $0) }
            let fill = Vector.fill(vector, of: leaf.count)
            #expect(part.prefix(fill) == all[(vector * 1024)..<(vector * 1024 + fill)])
        }
        return all
    }
}

import EskerFormat
import Testing

@Suite("Bytes of values in columns")
struct BinaryTests {
    private static let numeric = DataType.numeric(precision: nil, scale: 0)

    private func bytes(_ value: Value, _ type: DataType) -> [UInt8] {
        var out: [UInt8] = []
        value.appendBinary(as: type, to: &out)
        return out
    }

    private func numeric(_ text: String) throws -> [UInt8] {
        bytes(.numeric(try Numeric(text)), Self.numeric)
    }

    @Test("the worked examples of the layout tables")
    func examples() throws {
        #expect(try numeric("12.34") == [0x02, 0x02, 0xD2, 0x04])
        #expect(try numeric("-12.34") == [0x22, 0x02, 0xD2, 0x04])
        #expect(try numeric("0") == [0, 0])
        #expect(try numeric("NaN") == [0x80])
        #expect(try numeric("281474976710655").count == 8)
        let array = ArrayValue(of: .int4, [.int4(1), .null])
        #expect(
            bytes(.array(array), .array(of: .int4)) == [1, 1, 3, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0])
        #expect(
            bytes(try Value.parse("04:05:06.789+01", as: .timetz), .timetz)
                == [0x88, 0xCA, 0x97, 0x6C, 0x03, 0, 0, 0, 0x10, 0x0E, 0, 0, 0, 0, 0, 0])
        #expect(
            bytes(try Value.parse("1 year 2 mons 3 days 00:00:04", as: .interval), .interval)
                == [0x00, 0x09, 0x3D, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0x0E, 0, 0, 0])
        #expect(
            bytes(try Value.parse("00112233-4455-6677-8899-aabbccddeeff", as: .uuid), .uuid)
                == (0..<16).map { UInt8($0 * 17) })
    }

    @Test("a long coefficient and a large scale take the long form")
    func longForm() throws {
        #expect(try numeric("1e-256") == [0x40, 0, 0, 1, 1, 0, 0, 0])
        let long = try numeric("-1" + String(repeating: "0", count: 38))
        #expect(long == [0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x64, 0, 0, 0])
    }

    @Test("equal numerics with other zeros hash alike")
    func zeros() throws {
        for (a, b) in [("1.50", "1.5"), ("0.000", "0"), ("1e40", "1e40"), ("-7.0", "-7")] {
            let (x, y) = (Value.numeric(try Numeric(a)), Value.numeric(try Numeric(b)))
            #expect(x == y && x.hashValue == y.hashValue)
        }
        #expect(try Numeric("NaN") == .nan && .nan > Numeric("Infinity"))
        #expect(Value.float8(.nan) == .float8(.nan) && Value.float8(0) == .float8(-0.0))
        #expect(Interval(months: 1) == Interval(days: 30))
    }

    @Test("random bytes are a value or an error, never a trap")
    func damaged() throws {
        var random = SeededRandom("damaged values")
        let types: [DataType] = [
            Self.numeric, .bool, .timetz, .uuid, .array(of: .int4), .array(of: .text), .array(of: Self.numeric),
        ]
        let settings = TextSettings()
        for type in types {
            let good = type == .array(of: .int4) ? "{{1,NULL},{3,4}}" : type == .array(of: .text) ? "{a,NULL,bc}" : "{}"
            var seed: [UInt8] = []
            if case .array = type { seed = bytes(try Value.parse(good, as: type), type) }
            for _ in 0..<3_000 {
                var damaged = seed
                if damaged.isEmpty {
                    damaged = (0..<Int.random(in: 0..<30, using: &random)).map { _ in
                        UInt8(truncatingIfNeeded: random.next())
                    }
                } else {
                    let at = Int.random(in: 0..<damaged.count, using: &random)
                    damaged[at] = UInt8(truncatingIfNeeded: random.next() >> UInt64.random(in: 0..<8, using: &random))
                    if Bool.random(using: &random) { damaged.removeLast() }
                }
                guard let value = try? Value(binary: damaged.span, as: type) else { continue }
                #expect(value.text(settings).utf8.count < 10_000)
                // What is accepted is in its one form: writing it again gives the same bytes.
                if type == Self.numeric { #expect(bytes(value, type) == damaged) }
            }
        }
    }

    @Test("random numerics survive as bytes and as text")
    func numerics() throws {
        var random = SeededRandom("numerics")
        for _ in 0..<5_000 {
            let count = Int.random(in: 1...60, using: &random)
            var text = String((0..<count).map { _ in Character(String(Int.random(in: 0...9, using: &random))) })
            let scale = Int.random(in: 0...count, using: &random)
            text.insert(".", at: text.index(text.endIndex, offsetBy: -scale))
            if Bool.random(using: &random) { text = "-" + text }
            let value = try Numeric(text)
            #expect(value.scale == scale)
            #expect(try Numeric(value.description) == value)
            let read = try Value(binary: bytes(.numeric(value), Self.numeric).span, as: Self.numeric)
            #expect(read.text() == value.description)
            let difference = try value.subtracting(value)
            #expect(difference.signum == 0)
            let back = try value.multiplied(by: Numeric("3.7")).divided(by: Numeric("3.7"))
            #expect(try back.rounded(to: scale) == value || scale > 15)
        }
    }
}

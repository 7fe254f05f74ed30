// Unsafe: asks C for the value of a number.

import Esker
import EskerFormat
import Glibc
import Testing

@Suite("CSV values")
struct CSVTypeTests {
    /// One column of `type`; what becomes of each text, or the reason why it is refused.
    static func values(_ type: DataType, _ texts: [String]) throws -> [String] {
        let schema = Schema(columns: [
            ColumnDefinition(id: 0, name: "n", type: .int8), ColumnDefinition(id: 1, name: "v", type: type),
        ])
        let text = texts.enumerated().map { "\($0.offset),\($0.element)\n" }.joined()
        let (rows, rejects) = try CSVReaderTests.read(Array(text.utf8), schema: schema) { $0.hasHeader = false }
        var results = [String](repeating: "", count: texts.count)
        for row in rows {
            let parts = row.split(separator: " ", maxSplits: 1)
            results[Int(parts[0])!] = String(parts[1])
        }
        for reject in rejects { results[reject.line - 1] = reject.reason }
        return results
    }

    @Test("every type is read by PostgreSQL's rules, plain and quoted", arguments: cases)
    func types(_ type: DataType, _ text: String, _ expected: String) throws {
        #expect(try Self.values(type, [text, "\"\(text)\""]) == [expected, expected])
    }

    static let cases: [(DataType, String, String)] = [
        (.bool, "t", "true"), (.bool, "off", "false"), (.bool, "x", "invalid input syntax for type boolean: \"x\""),
        (.int2, "-32768", "-32768"), (.int2, "32768", "value \"32768\" is out of range for type smallint"),
        (.int4, " 7 ", "7"), (.int4, "2147483648", "value \"2147483648\" is out of range for type integer"),
        (.int4, "1.5", "invalid input syntax for type integer: \"1.5\""),
        (.int8, "-9223372036854775808", "-9223372036854775808"), (.int8, "+12", "12"),
        (.int8, "00000000000000000007", "7"),
        (.int8, "-", "invalid input syntax for type bigint: \"-\""),
        (.float4, "0.1", "0.1"), (.float4, "1e39", "\"1e39\" is out of range for type real"),
        (.float8, "1.", "1.0"), (.float8, ".5", "0.5"), (.float8, "-0", "-0.0"), (.float8, "NaN", "nan"),
        (.float8, ".", "invalid input syntax for type double precision: \".\""),
        (.float8, "1.2.3", "invalid input syntax for type double precision: \"1.2.3\""),
        (.float8, "1..3", "invalid input syntax for type double precision: \"1..3\""),
        (.float8, "12345678.9", "12345678.9"), (.float8, "-1234.567", "-1234.567"),
        (.text, "a'b", "'a'b'"), (.varchar(length: nil), "x", "'x'"),
        (.date, "1970-01-02", "1"), (.date, "2026-02-30", "date/time field value out of range: \"2026-02-30\""),
        (.time, "00:00:01.5", "1500000"),
        (.timestamp, "1970-01-01 00:00:00.000001", "1"),
        (.timestamptz, "1970-01-01T01:00:00+01", "0"), (.timestamptz, "2026-01-01 00:00:00Z", "1767225600000000"),
    ]

    @Test("intervals and times with a zone keep their sixteen bytes")
    func sixteenBytes() throws {
        let schema = Schema(columns: [
            ColumnDefinition(id: 0, name: "i", type: .interval), ColumnDefinition(id: 1, name: "t", type: .timetz),
        ])
        var options = CSVOptions()
        options.hasHeader = false
        let reader = try CSVReader(MemoryByteSource("1 mon 2 days,12:00+02\n"), schema: schema, options: options)
        let batch = try #require(try reader.next()).batch
        let interval = batch.columns[0].value(at: 0, as: SIMD2<UInt64>.self)
        #expect(Interval(words: (interval.x, interval.y)) == Interval(months: 1, days: 2, microseconds: 0))
        let time = batch.columns[1].value(at: 0, as: SIMD2<UInt64>.self)
        #expect(
            TimeWithZone(words: (time.x, time.y)) == TimeWithZone(microseconds: 43_200_000_000, secondsEast: 7200))
    }

    @Test("numbers of every length are read as the standard library reads them")
    func randomNumbers() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var integers: [String] = []
        var doubles: [String] = []
        for _ in 0..<5000 {
            let number = Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...63, using: &random)
            integers.append(String(number))
            let digits = String(number.magnitude)
            let point = digits.index(digits.startIndex, offsetBy: Int.random(in: 0...digits.count, using: &random))
            doubles.append((number < 0 ? "-" : "") + digits[..<point] + "." + digits[point...])
        }
        #expect(try Self.values(.int8, integers) == integers)
        #expect(try Self.values(.float8, doubles) == doubles.map { String(unsafe strtod($0, nil)) })
    }

    @Test("near numbers are no numbers: every byte that is no digit is refused in every place")
    func nearNumbers() throws {
        for length in 1...17 {
            var fields: [String] = []
            for place in 0..<length {
                for byte in UInt8(0x21)..<0x7F where !(0x30...0x39).contains(byte) && ![0x22, 0x2C].contains(byte) {
                    var text = [UInt8](repeating: 0x31, count: length)
                    text[place] = byte
                    fields.append(String(decoding: text, as: UTF8.self))
                }
            }
            let expected = fields.map { field in
                Int64(field).map { String($0) } ?? "invalid input syntax for type bigint: \"\(field)\""
            }
            #expect(try Self.values(.int8, fields) == expected)
        }
    }

    @Test("nulls stay where they were, in every layout")
    func nulls() throws {
        let types: [DataType] = [.bool, .int4, .text]
        let schema = Schema(
            columns: types.enumerated().map {
                ColumnDefinition(id: UInt32($0.offset), name: "\($0.offset)", type: $0.element)
            })
        let lines = (0..<3000).map { row in
            [row % 3 == 0 ? "" : row % 2 == 0 ? "t" : "f", row % 5 == 0 ? "" : "\(row)", row % 7 == 0 ? "" : "x\(row)"]
        }
        let text = lines.map { $0.joined(separator: ",") + "\n" }.joined()
        let (rows, _) = try CSVReaderTests.read(Array(text.utf8), schema: schema) { $0.hasHeader = false }
        let expected = lines.enumerated().map { row, fields in
            let flag = fields[0].isEmpty ? "null" : row % 2 == 0 ? "true" : "false"
            return "\(flag) \(fields[1].isEmpty ? "null" : fields[1]) \(fields[2].isEmpty ? "null" : "'\(fields[2])'")"
        }
        #expect(rows == expected)
    }
}

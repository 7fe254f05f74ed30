import EskerFormat
import Testing

@Suite("Random values survive being written and read")
struct RoundTripTests {
    private let count = 20_000

    private func written(_ write: (inout [UInt8]) -> Void) -> String {
        var out: [UInt8] = []
        write(&out)
        return String(decoding: out, as: UTF8.self)
    }

    @Test("integers of every length")
    func integers() throws {
        var random = SeededRandom("integers")
        for _ in 0..<count {
            let value = Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random)
            let text = written { ValueWriter.integer(value, to: &$0) }
            #expect(text == String(value))
            #expect(try ValueParser.int8(text.utf8.span) == value)
        }
    }

    @Test("doubles and floats of every bit pattern, as exactly as the standard library reads them")
    func floats() throws {
        var random = SeededRandom("floats")
        for _ in 0..<count {
            let double = Double(bitPattern: random.next())
            if double.isNaN { continue }
            let text = written { ValueWriter.float8(double, to: &$0) }
            #expect(try ValueParser.float8(text.utf8.span) == double, "\(text)")
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            if float.isNaN { continue }
            let short = written { ValueWriter.float4(float, to: &$0) }
            #expect(try ValueParser.float4(short.utf8.span) == float, "\(short)")
            // Nineteen digits and a small exponent: the fast path must round as the slow one does.
            let literal = "\(random.next() % 10_000_000_000_000_000_000)e\(Int.random(in: -340...280, using: &random))"
            if let expected = Double(literal), expected.isFinite, expected != 0 {
                #expect(try ValueParser.float8(literal.utf8.span) == expected, "\(literal)")
            }
        }
    }

    @Test("every day of the calendar counts on by one")
    func calendar() {
        var random = SeededRandom("calendar")
        for _ in 0..<200 {
            let start = Int.random(in: -2_440_588...2_145_000_000, using: &random)
            var previous = Civil(days: start)
            for days in (start + 1)...(start + 800) {
                let civil = Civil(days: days)
                #expect(civil.days == days)
                let isNext =
                    civil.day == previous.day + 1 && civil.month == previous.month
                    || civil.day == 1 && civil.month == previous.month + 1
                    || civil == Civil(year: previous.year + 1, month: 1, day: 1)
                #expect(isNext && (1...12).contains(civil.month) && (1...31).contains(civil.day))
                previous = civil
            }
        }
    }

    @Test("dates, times and timestamps in many zones")
    func timestamps() throws {
        var random = SeededRandom("timestamps")
        for name in ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "<-03:30>+03:30"] {
            let settings = TextSettings(zone: try Zone(named: name))
            for _ in 0..<count / 4 {
                let wide = Bool.random(using: &random)
                let limit: Int64 = wide ? 200_000_000_000_000_000 : 4_000_000_000_000_000
                let value = Int64.random(in: -limit...limit, using: &random)
                let text = written { ValueWriter.timestamp(value, to: &$0) }
                #expect(try ValueParser.timestamp(text.utf8.span, settings) == value, "\(text)")
                let zoned = written { ValueWriter.timestamptz(value, settings.zone, to: &$0) }
                #expect(try ValueParser.timestamptz(zoned.utf8.span, settings) == value, "\(zoned)")
                let days = Int32(value / TimeUnit.day)
                let date = written { ValueWriter.date(days, to: &$0) }
                #expect(try ValueParser.date(date.utf8.span, settings) == days, "\(date)")
                let time = Int64.random(in: 0...TimeUnit.day, using: &random)
                let clock = TimeWithZone(microseconds: time, secondsEast: .random(in: -57_599...57_599, using: &random))
                let clockText = written { ValueWriter.timetz(clock, to: &$0) }
                #expect(try ValueParser.timetz(clockText.utf8.span, settings) == clock, "\(clockText)")
                let timeText = written { ValueWriter.time(time, to: &$0) }
                #expect(try ValueParser.time(timeText.utf8.span, settings) == time, "\(timeText)")
            }
        }
    }

    @Test("intervals, part by part")
    func intervals() throws {
        var random = SeededRandom("intervals")
        for _ in 0..<count {
            let value = Interval(
                months: Int32(truncatingIfNeeded: random.next()) >> Int32.random(in: 0..<32, using: &random),
                days: Int32(truncatingIfNeeded: random.next()) >> Int32.random(in: 0..<32, using: &random),
                microseconds: Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
            let text = written { ValueWriter.interval(value, to: &$0) }
            let read = try ValueParser.interval(text.utf8.span)
            #expect(
                read.months == value.months && read.days == value.days && read.microseconds == value.microseconds,
                "\(text)")
            #expect(Interval(words: value.words) == value)
        }
    }
}

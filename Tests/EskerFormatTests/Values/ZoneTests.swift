import EskerFormat
import Testing

@Suite("Time zones")
struct ZoneTests {
    @Test("the clocks of a place change when its file says")
    func place() throws {
        let berlin = try Zone(named: "Europe/Berlin")
        // 2026-03-29 01:00 UTC and 2026-10-25 01:00 UTC
        #expect(berlin.offset(atSeconds: 1_774_745_999) == 3_600)
        #expect(berlin.offset(atSeconds: 1_774_746_000) == 7_200)
        #expect(berlin.offset(atSeconds: 1_792_889_999) == 7_200)
        #expect(berlin.offset(atSeconds: 1_792_890_000) == 3_600)
    }

    @Test("the rule behind the last listed change holds for ever")
    func farFuture() throws {
        let berlin = try Zone(named: "Europe/Berlin")
        // 2500-01-01 and 2500-07-01, noon
        #expect(berlin.offset(atSeconds: 16_725_268_800) == 3_600)
        #expect(berlin.offset(atSeconds: 16_740_907_200) == 7_200)
    }

    @Test("a skipped time is read before the skip, a repeated one after the change")
    func gaps() throws {
        let newYork = try Zone(named: "america/new_york")
        #expect(newYork.name == "America/New_York")
        let settings = TextSettings(zone: newYork)
        func read(_ text: String) throws -> String {
            var out: [UInt8] = []
            ValueWriter.timestamptz(try ValueParser.timestamptz(text.utf8.span, settings), newYork, to: &out)
            return String(decoding: out, as: UTF8.self)
        }
        #expect(try read("2026-03-08 02:30:00") == "2026-03-08 03:30:00-04")
        #expect(try read("2026-11-01 01:30:00") == "2026-11-01 01:30:00-05")
    }

    @Test("POSIX names count west")
    func posix() throws {
        #expect(try Zone(named: "UTC+3").offset(atSeconds: 0) == -10_800)
        #expect(Zone(secondsEast: 19_800).name == "<+05:30>-05:30")
    }

    @Test("an unknown name says so", arguments: ["Nowhere", "../etc/passwd", "", "Europe/"])
    func unknown(_ name: String) {
        #expect(throws: ValueError(sqlState: "22023", message: "time zone \"\(name)\" not recognized")) {
            try Zone(named: name)
        }
    }

    @Test("now and today come from the settings")
    func now() throws {
        let settings = TextSettings(zone: try Zone(named: "Asia/Tokyo"), now: 1_700_000_000_123_456)
        #expect(try ValueParser.timestamptz("now".utf8.span, settings) == 1_700_000_000_123_456)
        #expect(try ValueParser.date("today".utf8.span, settings) == 19_676)
        #expect(try ValueParser.date("tomorrow".utf8.span, settings) == 19_677)
        #expect(try ValueParser.timestamptz("yesterday".utf8.span, settings) == 1_699_887_600_000_000)
    }
}

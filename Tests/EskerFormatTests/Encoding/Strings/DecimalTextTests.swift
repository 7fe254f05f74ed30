import EskerFormat
import Testing

@Suite("Decimal text")
struct DecimalTextTests {
    /// The form and the numbers of strings, checked to give the strings again.
    private func read(_ texts: [String]) -> (form: DecimalText, values: [UInt64])? {
        guard let found = DecimalText.read(StringModels.shifted(StringModels.strings(texts))) else { return nil }
        let span = found.values.span(as: UInt64.self)
        #expect(span.count == texts.count)
        #expect(StringModels.texts(found.form.write(span)) == texts)
        return (found.form, span.indices.map { span[$0] })
    }

    @Test("numbers of any size are read and written as they were")
    func roundTrips() throws {
        var generator = StringModels.generator()
        for bits in 0..<64 {
            let most = UInt64.max >> UInt64(bits)
            let limit = min(most, 9_999_999_999_999_999_999)
            let numbers = (0..<300).map { _ in UInt64.random(in: 0...limit, using: &generator) } + [limit, 0, 1]
            let found = try #require(read(numbers.map(String.init)))
            #expect(found.values == numbers && !found.form.isSigned && found.form.minimumDigits == 1)
        }
        for bits in 0..<63 {
            let limit = Int64.max >> Int64(bits)
            let some = (0..<300).map { _ in Int64.random(in: -limit...limit, using: &generator) }
            let numbers = some + [-limit, limit, -1]
            let found = try #require(read(numbers.map(String.init)))
            #expect(found.values == numbers.map { UInt64(bitPattern: $0) } && found.form.isSigned)
        }
    }

    @Test("zeros in front are kept when all numbers have them up to one length")
    func roundTripsPadded() throws {
        var generator = StringModels.generator()
        for digits in 2...19 {
            var limit: UInt64 = 1
            for _ in 0..<digits { limit *= 10 }
            let numbers = (0..<200).map { _ in UInt64.random(in: 0..<limit, using: &generator) } + [0, limit - 1, 7]
            let texts = numbers.map { number in
                String(repeating: "0", count: digits - String(number).count) + String(number)
            }
            let found = try #require(read(texts))
            #expect(found.values == numbers && found.form.minimumDigits == digits)
        }
        #expect(try #require(read(["007", "1234", "-012"])).values == [7, 1234, UInt64(bitPattern: -12)])
    }

    @Test(
        "strings that are not all numbers of one form are left alone",
        arguments: [
            [], [""], ["-"], ["1", ""], ["12", "007"], ["07", "007"], ["0", "00"], ["-0"], ["-00", "12"], ["+1"],
            ["1 "],
            ["1a"], ["1/"], ["1:"], ["12345678", "1234567/"], ["12345678", "12345:78"], ["--1"], ["1-"],
            ["12345678901234567890"], ["-9999999999999999999"], ["-1", "9999999999999999999"], ["1\u{0}"], ["٣"],
        ])
    func refuses(_ texts: [String]) { #expect(read(texts) == nil) }

    @Test("the extremes of 64 bits are written in full")
    func writesExtremes() throws {
        let unsigned = try DecimalText(minimumDigits: 1, isSigned: false)
        #expect(StringModels.texts(unsigned.write([UInt64.max, 0].span)) == ["18446744073709551615", "0"])
        let signed = try DecimalText(minimumDigits: 19, isSigned: true)
        let numbers = [UInt64(bitPattern: Int64.min), UInt64(bitPattern: -1)]
        #expect(StringModels.texts(signed.write(numbers.span)) == ["-9223372036854775808", "-0000000000000000001"])
    }

    @Test("a form of no or too many digits is refused")
    func refusesForms() {
        for digits in [0, -1, 20, 256] {
            #expect(throws: FormatError.self) { _ = try DecimalText(minimumDigits: digits, isSigned: false) }
        }
    }
}

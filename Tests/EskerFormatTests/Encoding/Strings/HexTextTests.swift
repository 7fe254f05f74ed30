import EskerFormat
import Testing

@Suite("Hexadecimal text")
struct HexTextTests {
    private func encode(_ texts: [String]) throws -> HexText? {
        var output = GrowableBuffer()
        output.append(UInt64(0))
        guard HexText.encode(StringModels.shifted(StringModels.strings(texts)), into: &output) else {
            #expect(output.byteCount == 8)
            return nil
        }
        let bytes = output.finish()
        let leaf = try HexText(parsing: bytes.slice(8..<bytes.byteCount), count: texts.count)
        #expect(leaf.byteCount == bytes.byteCount - 8)
        return leaf
    }

    private static func digits(_ number: Int, upper: Bool, using generator: inout SplitMix64) -> String {
        let letters = Array(upper ? "0123456789ABCDEF" : "0123456789abcdef")
        return String((0..<number).map { _ in letters.randomElement(using: &generator)! })
    }

    @Test("digits of every even length and case are the same after encoding and decoding")
    func roundTripsDigits() throws {
        var generator = StringModels.generator()
        for length in stride(from: 2, through: 70, by: 2) {
            for upper in [false, true] {
                let texts = (0..<100).map { _ in Self.digits(length, upper: upper, using: &generator) }
                let leaf = try #require(try encode(texts))
                #expect(leaf.form.digits == length && leaf.values.byteCount == length * 50)
                #expect(StringModels.texts(leaf.decode()) == texts)
                #expect(StringModels.texts(leaf.decode(7..<9)) == Array(texts[7..<9]))
                #expect(leaf.value(at: 99) == StringModels.bytes(texts[99]))
            }
        }
    }

    @Test("UUIDs take 16 bytes")
    func roundTripsUUIDs() throws {
        var generator = StringModels.generator()
        for upper in [false, true] {
            let texts = (0..<200).map { _ in
                [8, 4, 4, 4, 12].map { Self.digits($0, upper: upper, using: &generator) }.joined(separator: "-")
            }
            let leaf = try #require(try encode(texts))
            #expect(leaf.form.isUUID && leaf.values.byteCount == 3200)
            #expect(StringModels.texts(leaf.decode()) == texts)
            #expect(StringModels.texts(leaf.decode(70..<150)) == Array(texts[70..<150]))
        }
    }

    @Test(
        "strings that are not all of one such form are left alone",
        arguments: [
            [], [""], ["abc"], ["ab", "abcd"], ["ab", "a"], ["ab", "AB"], ["aB"], ["ag"], ["a/"], ["a:"], ["a@"],
            ["a`"],
            ["00", "0\u{0}"], ["00112233-4455-4677-8899-aabbccddee f"], ["00112233-4455-4677-8899-aabbccddeeFf"],
            ["00112233-4455-4677-8899-aabbccddeeff", "001122334455-4677-8899-aabbccddeeff-"],
            ["00112233-4455-4677-8899+aabbccddeeff"],
        ])
    func refuses(_ texts: [String]) throws { #expect(try encode(texts) == nil) }

    @Test("damaged leaves give an error or some strings")
    func survivesDamage() {
        for texts in [["39901a", "c5ff00"], ["00112233-4455-4677-8899-AABBCCDDEEFF"]] {
            var output = GrowableBuffer()
            #expect(HexText.encode(StringModels.strings(texts), into: &output))
            let bytes = output.finish()
            for count in [0, texts.count, texts.count + 1, 1 << 50] {
                DamagedLeaf.tryAll(bytes) { damaged throws(FormatError) in
                    let leaf = try HexText(parsing: damaged, count: count)
                    let strings = leaf.decode()
                    #expect(strings.count == count && strings.byteCount <= damaged.byteCount * 3)
                }
            }
        }
    }

    @Test("the worked example is what is written and read")
    func example() throws {
        let texts = ["39901a", "c5ff00"]
        var output = GrowableBuffer()
        #expect(HexText.encode(StringModels.strings(texts), into: &output))
        try LayoutExample.check(
            .comment(of: "struct HexText", in: "Encoding/Strings/HexText.swift"), written: output.finish()
        ) { bytes, annotated in
            let leaf = try HexText(parsing: bytes, count: texts.count)
            #expect(StringModels.texts(leaf.decode()) == texts)
            annotated.take(1, leaf.form.isUUID ? "UUID" : "digits")
            annotated.take(1, leaf.form.isUppercase ? "upper case" : "lower case")
            annotated.takeZeros(2)
            annotated.take(4, "digits a string \(leaf.form.digits)")
            for text in texts { annotated.take(leaf.form.digits / 2, "\"\(text)\"") }
            annotated.takeZeros(leaf.byteCount - annotated.position)
        }
    }
}

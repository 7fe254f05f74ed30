import EskerFormat
import Testing

@Suite("FSST")
struct FSSTTests {
    private func encode(_ strings: ByteStrings) throws -> (leaf: FSST, lengths: [UInt32], bytes: Buffer) {
        var output = GrowableBuffer()
        let lengths = FSST.encode(strings, into: &output)
        let bytes = output.finish()
        let leaf = try FSST(parsing: bytes)
        #expect(leaf.byteCount == bytes.byteCount)
        return (leaf, lengths, bytes)
    }

    @Test("any strings are the same after encoding and decoding")
    func roundTrips() throws {
        var generator = StringModels.generator()
        for (name, arrays) in StringModels.hard(using: &generator) {
            let strings = StringModels.shifted(ByteStrings(arrays))
            let (leaf, lengths, _) = try encode(strings)
            let decoded = try leaf.decode(lengths: lengths.span)
            #expect(StringModels.arrays(decoded) == arrays, "\(name)")
            #expect(leaf.encodedByteCount <= 2 * strings.byteCount, "\(name)")
        }
    }

    @Test("some strings can be decoded without the others")
    func decodesRanges() throws {
        var generator = StringModels.generator()
        for (name, arrays) in StringModels.hard(using: &generator) where arrays.count > 3 {
            let (leaf, lengths, _) = try encode(ByteStrings(arrays))
            for _ in 0..<20 {
                let low = Int.random(in: 0..<arrays.count, using: &generator)
                let high = Int.random(in: low...arrays.count, using: &generator)
                let start = lengths[..<low].reduce(0) { $0 + Int($1) }
                let part = try leaf.decode(from: start, lengths: lengths.span.extracting(low..<high))
                #expect(StringModels.arrays(part) == Array(arrays[low..<high]), "\(name) \(low)..<\(high)")
            }
        }
    }

    @Test("URLs shrink to less than a third, and the estimate from a sample is near")
    func compresses() throws {
        var generator = StringModels.generator()
        let strings = StringModels.strings((0..<4000).map { _ in StringModels.url(using: &generator) })
        let (leaf, _, _) = try encode(strings)
        #expect(leaf.byteCount * 3 < strings.byteCount)
        let estimate = FSST.estimatedByteCount(sample: strings.slice(0..<400), totalByteCount: strings.byteCount)
        #expect(abs(estimate - leaf.byteCount) * 5 < leaf.byteCount)
    }

    @Test("lengths that are not those of the strings are refused")
    func refusesLengths() throws {
        let (leaf, lengths, _) = try encode(StringModels.strings(["some text", "some more text", "text"]))
        for change in [(0, 1), (1, -1), (2, 1000), (2, Int(UInt32.max) - 100)] {
            var wrong = lengths
            wrong[change.0] = UInt32(Int(wrong[change.0]) + change.1)
            #expect(throws: FormatError.self) { _ = try leaf.decode(lengths: wrong.span) }
        }
        #expect(throws: FormatError.self) { _ = try leaf.decode(lengths: lengths.span.extracting(0..<2)) }
        #expect(throws: FormatError.self) { _ = try leaf.decode(from: -1, lengths: lengths.span) }
        #expect(throws: FormatError.self) { _ = try leaf.decode(from: leaf.encodedByteCount + 1, lengths: [0].span) }
        #expect(throws: FormatError.self) { _ = try leaf.decode(from: Int.max, lengths: lengths.span) }
    }

    @Test("a string that ends after an escape is refused")
    func refusesOpenEscape() throws {
        let (leaf, lengths, _) = try encode(StringModels.strings(["#", "some text, some more text"]))
        #expect(lengths[0] == 2)
        #expect(throws: FormatError.self) { _ = try leaf.decode(from: 0, lengths: [1].span) }
        #expect(throws: FormatError.self) { _ = try leaf.decode(from: 0, lengths: [0, 1, 1].span) }
        #expect(StringModels.texts(try leaf.decode(from: 0, lengths: [2].span)) == ["#"])
    }

    @Test("damaged leaves give an error or some strings")
    func survivesDamage() throws {
        let texts = ["abcabcab", "", "abcx", "\u{1}zzzzzzzz", "abc abc abc"]
        let (_, lengths, bytes) = try encode(StringModels.strings(texts))
        DamagedLeaf.tryAll(bytes) { damaged throws(FormatError) in
            let leaf = try FSST(parsing: damaged)
            let strings = try leaf.decode(lengths: lengths.span)
            #expect(strings.count == lengths.count && strings.byteCount <= damaged.byteCount * 8)
            _ = try leaf.decode(from: Int(lengths[0]), lengths: lengths.span.extracting(1..<3))
        }
    }

    @Test("the worked example is what is written and read")
    func example() throws {
        let texts = ["northwest", "", "northeast", "west by north"]
        var output = GrowableBuffer()
        let lengths = FSST.encode(StringModels.strings(texts), into: &output)
        try LayoutExample.check(
            .comment(of: "struct FSST", in: "Encoding/Strings/FSST.swift"), written: output.finish()
        ) { bytes, annotated in
            let leaf = try FSST(parsing: bytes)
            #expect(StringModels.texts(try leaf.decode(lengths: lengths.span)) == texts)
            annotated.take(4, "decoded bytes \(leaf.decodedByteCount)")
            annotated.take(4, "encoded bytes \(leaf.encodedByteCount)")
            let counts = (8..<16).map { Int(bytes.load(at: $0, as: UInt8.self)) }
            annotated.take(8, "symbols of 1, 2 … 8 bytes: " + counts.map(String.init).joined(separator: " "))
            var code = 0
            for (index, count) in counts.enumerated() {
                for _ in 0..<count {
                    let start = annotated.position
                    let symbol = (start...(start + index)).map { bytes.load(at: $0, as: UInt8.self) }
                    annotated.take(index + 1, "symbol \(code) \"\(String(decoding: symbol, as: UTF8.self))\"")
                    code += 1
                }
            }
            for (text, length) in zip(texts, lengths) where length > 0 { annotated.take(Int(length), "\"\(text)\"") }
            annotated.takeZeros(leaf.byteCount - annotated.position)
        }
    }
}

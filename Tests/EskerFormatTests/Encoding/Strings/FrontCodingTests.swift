import EskerFormat
import Testing

@Suite("Front coding")
struct FrontCodingTests {
    private func encode(_ strings: ByteStrings) throws -> (leaf: FrontCoding, bytes: Buffer) {
        var output = GrowableBuffer()
        FrontCoding.encode(strings, into: &output)
        let bytes = output.finish()
        return (try FrontCoding(parsing: bytes, count: strings.count), bytes)
    }

    @Test("any strings are the same after encoding and decoding, all at once and one by one")
    func roundTrips() throws {
        var generator = StringModels.generator()
        for (name, arrays) in StringModels.hard(using: &generator) {
            let (leaf, bytes) = try encode(StringModels.shifted(ByteStrings(arrays)))
            #expect(leaf.byteCount == bytes.byteCount)
            #expect(StringModels.arrays(leaf.decode()) == arrays, "\(name)")
            for index in arrays.indices.prefix(50) { #expect(leaf.value(at: index) == arrays[index], "\(name)") }
            if let last = arrays.indices.last { #expect(leaf.value(at: last) == arrays[last], "\(name)") }
        }
    }

    @Test("sorted numbers take little more than two bytes each")
    func compresses() throws {
        let strings = StringModels.strings((0..<10_000).map { "p" + StringModels.padded($0, 5) })
        let (leaf, _) = try encode(strings)
        #expect(leaf.byteCount < strings.byteCount / 2)
    }

    @Test("damaged leaves give an error or some strings")
    func survivesDamage() throws {
        let texts = (0..<20).map { "key-\($0)" } + ["a very long string without end", "a very long string too"]
        let (_, bytes) = try encode(StringModels.strings(texts))
        for count in [texts.count, texts.count - 1, 0, 1 << 40] {
            DamagedLeaf.tryAll(bytes) { damaged throws(FormatError) in
                let leaf = try FrontCoding(parsing: damaged, count: count)
                let strings = leaf.decode()
                #expect(strings.count == count && strings.byteCount <= damaged.byteCount * FrontCoding.groupLength)
                for index in 0..<count { #expect(leaf.value(at: index) == strings.array(index)) }
            }
        }
    }

    @Test("a string that shares more than the one before has is refused")
    func refusesSharing() {
        let hostile: [([UInt8], UInt32)] = [([0x10], 1), ([0x01, 0x61, 0x20], 3), ([0x01, 0x61, 0x10, 0x20], 4)]
        for (entries, total) in hostile {
            var output = GrowableBuffer()
            output.append(total)
            output.append(UInt32(entries.count))
            output.append(UInt64(0))
            for byte in entries { output.append(byte) }
            output.pad(to: 8)
            let count = entries.count { $0 != 0x61 }
            let leaf = output.finish()
            #expect(throws: FormatError.self) { _ = try FrontCoding(parsing: leaf, count: count) }
        }
    }

    @Test("the worked example is what is written and read")
    func example() throws {
        let texts = ["car", "carpet", "", "a very long string"]
        var output = GrowableBuffer()
        FrontCoding.encode(StringModels.strings(texts), into: &output)
        try LayoutExample.check(
            .comment(of: "struct FrontCoding", in: "Encoding/Strings/FrontCoding.swift"), written: output.finish()
        ) { bytes, annotated in
            let leaf = try FrontCoding(parsing: bytes, count: texts.count)
            #expect(StringModels.texts(leaf.decode()) == texts)
            annotated.take(4, "decoded bytes \(leaf.decodedByteCount)")
            let length = Int(bytes.load(at: 4, as: UInt32.self))
            annotated.take(4, "bytes of the entries \(length)")
            annotated.take(4, "the first group starts at \(bytes.load(at: 8, as: UInt32.self))")
            annotated.takeZeros(4)
            let end = annotated.position + length
            for text in texts {
                let byte = bytes.load(at: annotated.position, as: UInt8.self)
                annotated.take(1, "shared \(byte >> 4), new \(byte & 15)")
                var added = Int(byte & 15)
                if added == 15 {
                    let more = bytes.load(at: annotated.position, as: UInt8.self)
                    annotated.take(1, "new, to be added: \(more)")
                    added += Int(more)
                }
                if added > 0 { annotated.take(added, "\"\(text.suffix(added))\"") }
            }
            #expect(annotated.position == end)
            annotated.takeZeros(leaf.byteCount - end)
        }
    }
}

import EskerFormat
import Testing

@Suite("Worked examples of leaves of floats", .serialized)
struct FloatExampleTests {
    @Test("decimal doubles with a patch")
    func decimals() throws {
        var values = (0..<40).map { $0 % 2 == 0 ? 9.25 : 9.26 }
        values[2] = .nan
        try LayoutExample.check(
            .comment(of: "struct ALPFloats", in: "Encoding/Floats/ALPFloats.swift"),
            written: FloatLeafTests.encodeDecimal(values)
        ) { bytes, lines in
            let leaf = try ALPFloats(parsing: bytes, count: 40, valueWidth: 8)
            let decoded = FloatLeafTests.decode(leaf, as: Double.self)
            #expect(decoded.map(\.bitPattern) == values.map(\.bitPattern))
            let words = LeafWords(bytes: bytes.array)
            let bounds = leaf.bounds(vector: 0)
            let shape = leaf.shape(vector: 0)
            lines.take(8, "least number \(bounds.least)")
            lines.take(8, "greatest number \(bounds.greatest)")
            let base = words.number(at: 16, width: 8)
            lines.take(8, "base \(base)")
            lines.take(4, "the vector starts at \(words.number(at: 24, width: 4))")
            lines.take(2, "patches \(shape.patches)")
            lines.take(1, "width \(shape.width) bits")
            lines.take(1, "flags: \(bounds.hasNaN ? "has NaN" : "")")
            lines.take(2, "\(shape.operation)")
            lines.takeZeros(6)
            let integers = (0..<4).map { String(words.packed(at: 40, row: $0, width: shape.width) &+ base) }
            lines.take(40, "\(integers.joined(separator: ", ")) … less the base, each in a lane of its own")
            lines.takeZeros(88)
            let patch = words.patches(at: 168, count: 1, valueWidth: 8).first!
            lines.take(2, "patch at \(patch.key)")
            lines.takeZeros(6)
            lines.take(8, "its number \(Double(bitPattern: patch.value))")
        }
    }

    @Test("split floats with a patch")
    func split() throws {
        var values: [Float] = (0..<40).map { $0 % 2 == 0 ? 0.1 : 0.7 }
        values[2] = 1e30
        try LayoutExample.check(
            .comment(of: "struct ALPRDFloats", in: "Encoding/Floats/ALPRDFloats.swift"),
            written: FloatLeafTests.encodeSplit(values)
        ) { bytes, lines in
            let leaf = try ALPRDFloats(parsing: bytes, count: 40, valueWidth: 4)
            #expect(FloatLeafTests.decode(leaf, as: Float.self) == values)
            let words = LeafWords(bytes: bytes.array)
            let bounds = leaf.bounds(vector: 0)
            let right = leaf.rightWidth
            lines.take(1, "right width \(right) bits")
            lines.take(1, "left parts \(leaf.dictionary.count)")
            lines.takeZeros(6)
            for left in leaf.dictionary {
                lines.take(2, "left part \(hex(UInt32(left)))")
            }
            lines.takeZeros(2 * (8 - leaf.dictionary.count))
            lines.take(4, "least number \(bounds.least)")
            lines.takeZeros(4)
            lines.take(4, "greatest number \(bounds.greatest)")
            lines.takeZeros(4)
            lines.take(4, "the vector starts at \(words.number(at: 40, width: 4))")
            lines.take(2, "patches \(leaf.patches(vector: 0))")
            lines.take(1, "flags: none")
            lines.takeZeros(1)
            let rights = (0..<4).map { hex(UInt32(words.packed(at: 48, row: $0, width: right))) }
            lines.take(80, "right parts \(rights.joined(separator: ", ")) …")
            lines.takeZeros(128 * right - 80)
            let codes = (0..<4).map { String(words.packed(at: 48 + 128 * right, row: $0, width: 1)) }
            lines.take(40, "codes \(codes.joined(separator: ", ")) …, each in a lane of its own")
            lines.takeZeros(88)
            let patch = words.patches(at: 48 + 128 * (right + 1), count: 1, valueWidth: 2).first!
            lines.take(2, "patch at \(patch.key)")
            lines.takeZeros(6)
            lines.take(2, "its left part \(hex(UInt32(patch.value)))")
            lines.takeZeros(6)
        }
    }
}

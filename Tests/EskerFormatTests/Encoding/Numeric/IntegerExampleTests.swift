import EskerFormat
import Testing

@Suite("Worked examples of integer leaves", .serialized)
struct IntegerExampleTests {
    @Test("packed integers of two bytes with one patch")
    func packedIntegers() throws {
        var values = (0..<80).map { UInt16(1000 + $0 % 2) }
        values[3] = 500
        try LayoutExample.check(
            .comment(of: "struct PackedIntegers", in: "Encoding/Integers/PackedIntegers.swift"),
            written: PackedIntegersTests.encode(values, allowingDelta: false)
        ) { bytes, lines in
            let leaf = try PackedIntegers(parsing: bytes, count: 80, valueWidth: 2, isSigned: false)
            #expect(PackedIntegersTests.decode(leaf, as: UInt16.self) == values)
            let shape = leaf.shape(vector: 0)
            let bounds = leaf.bounds(vector: 0)
            let words = LeafWords(bytes: bytes.array)
            lines.take(2, "base \(words.number(at: 0, width: 2))")
            lines.takeZeros(6)
            lines.take(2, "least value \(bounds.least)")
            lines.takeZeros(6)
            lines.take(2, "greatest value \(bounds.greatest)")
            lines.takeZeros(6)
            lines.take(4, "the vector starts at \(words.number(at: 24, width: 4))")
            lines.take(2, "patches \(shape.patches)")
            lines.take(1, "width \(shape.width) bits")
            lines.take(1, "mode \(shape.mode)")
            let distances = (0..<5).map { String(words.packed(at: 32, row: $0, width: shape.width)) }
            lines.take(80, "distances \(distances.joined(separator: ", ")) …, each in a lane of its own")
            lines.takeZeros(48)
            let patch = words.patches(at: 160, count: 1, valueWidth: 2).first!
            lines.take(2, "patch at \(patch.key)")
            lines.takeZeros(6)
            lines.take(2, "its value \(patch.value)")
            lines.takeZeros(6)
        }
    }

    @Test("planes of eight times of four bytes")
    func integerPlanes() throws {
        let values: [Int32] = [70_000, 70_010, 70_020, 70_030, 70_040, 70_050, 70_045, 70_060]
        try LayoutExample.check(
            .comment(of: "struct IntegerPlanes", in: "Encoding/Integers/IntegerPlanes.swift"),
            written: IntegerPlanesTests.encode(values, allowingDelta: true)
        ) { bytes, lines in
            let leaf = try IntegerPlanes(parsing: bytes, count: 8, valueWidth: 4, isSigned: true)
            #expect(try IntegerPlanesTests.decode(leaf, as: Int32.self) == values)
            let words = LeafWords(bytes: bytes.array)
            lines.take(8, "base \(words.number(at: 0, width: 8))")
            lines.take(8, "least value \(leaf.bounds.least)")
            lines.take(8, "greatest value \(leaf.bounds.greatest)")
            lines.take(1, "mode \(leaf.mode)")
            lines.takeZeros(7)
            for plane in 0..<4 {
                let length = words.number(at: 32 + 8 * plane, width: 4)
                let kind = ["as it is", "repeated", "compressed"][Int(words.bytes[36 + 8 * plane])]
                lines.take(8, "plane \(plane): \(length) bytes, \(kind), \(words.bytes[37 + 8 * plane])")
            }
            lines.take(8, "plane 0: \(words.bytes[64..<72].map { String($0) }.joined(separator: ", "))")
        }
    }
}

// Unsafe: reads the bytes of a value while its column lives.
import EskerFormat
import Testing

@Suite("Columns")
struct ColumnTests {
    @Test("a builder gives back what was appended, with nulls where they were")
    func buildsFixedWidth() {
        var random = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: 0...UInt64.max, using: &random)
        print("seed \(seed)")
        var generator = SplitMix64(state: seed)
        let expected: [Int64?] = (0..<1000).map { _ in
            Bool.random(using: &generator) ? nil : Int64.random(in: Int64.min...Int64.max, using: &generator)
        }
        let builder = ColumnBuilder(.int8)
        for value in expected { if let value { builder.append(fixed: value) } else { builder.appendNull() } }
        let column = builder.finish()
        #expect(column.count == 1000)
        #expect(column.nullCount == expected.count { $0 == nil })
        #expect((0..<1000).map { column.isValid($0) ? column.value(at: $0, as: Int64.self) : nil } == expected)
        #expect(builder.count == 0)
    }

    @Test("text, booleans and rows taken back survive slicing, gathering and concatenation")
    func rearranges() {
        let words = ColumnBuilder(.text)
        let flags = ColumnBuilder(.bool)
        for index in 0..<100 {
            if index % 7 == 3 { words.appendNull() } else { words.append("word \(index)") }
            flags.append(bool: index % 3 == 0)
        }
        words.append("dropped")
        words.truncate(to: 100)
        let column = words.finish()
        let bits = flags.finish()
        #expect(strings(column.slice(13..<17)) == ["word 13", "word 14", "word 15", "word 16"])
        #expect(strings(column.slice(16..<18)) == ["word 16", nil])
        let selection: [UInt32] = [99, 3, 3, 0]
        #expect(strings(column.gather(selection.span)) == ["word 99", nil, nil, "word 0"])
        #expect((0..<4).map { bits.gather(selection.span).bool(at: $0) } == [true, true, true, true])
        let joined = Column.concatenate([column.slice(5..<8), column.slice(90..<100)], type: .text)
        #expect(strings(joined) == strings(column.slice(5..<8)) + strings(column.slice(90..<100)))
        #expect((0..<20).map { bits.slice(5..<25).bool(at: $0) } == (5..<25).map { $0 % 3 == 0 })
    }

    @Test("rows taken back leave a builder as if they had never been written")
    func truncatesNulls() {
        let builder = ColumnBuilder(.int4)
        for index in 0..<20 { if index >= 9 { builder.appendNull() } else { builder.append(fixed: Int32(index)) } }
        builder.truncate(to: 9)
        builder.append(fixed: Int32(77))
        builder.appendNull()
        let column = builder.finish()
        #expect(column.nullCount == 1)
        #expect(column.value(at: 9, as: Int32.self) == 77)
        #expect(!column.isValid(10) && column.isValid(8))
    }

    @Test("a dictionary column spreads into the values its codes name")
    func spreadsDictionary() {
        let values = ColumnBuilder(.text)
        for word in ["alice", "queen", "hatter"] { values.append(word) }
        let codes = Buffer(copying: [2, 0, 1, 1, 2] as [UInt8])
        let column = Column(
            type: .text, count: 5, validity: Bitmap(count: 5) { $0 != 3 },
            values: .dictionary(codes: codes, codeWidth: 1, values: ColumnDictionary(values.finish())))
        #expect(strings(column) == ["hatter", "alice", "queen", nil, "hatter"])
        #expect(strings(column.plain) == strings(column))
        #expect(strings(column.slice(1..<4).plain) == ["alice", "queen", nil])
        let selection: [UInt32] = [4, 1]
        #expect(strings(column.gather(selection.span)) == ["hatter", "alice"])
    }

    private func strings(_ column: Column) -> [String?] {
        (0..<column.count).map { row in
            column.isValid(row) ? unsafe String(decoding: column.bytes(at: row), as: UTF8.self) : nil
        }
    }
}

/// A small seeded generator, so that a failing run can be repeated from its printed seed (Steele et al., 2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

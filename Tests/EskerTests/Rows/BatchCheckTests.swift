import Esker
import EskerFormat
import Testing

@Suite struct BatchCheckTests {
    private func text(_ type: DataType, _ values: [[UInt8]?]) -> Column {
        let builder = ColumnBuilder(type)
        for value in values { if let value { builder.append(value) } else { builder.appendNull() } }
        return builder.finish()
    }

    private func check(_ column: Column, isNullable: Bool = true, _ expected: [String]) {
        let schema = Schema(columns: [
            ColumnDefinition(id: 1, name: "c", type: column.type, isNullable: isNullable)
        ])
        let found = BatchCheck.rejects(Batch(schema: schema, columns: [column]), schema)
        #expect(found.map { "\($0.row) \($0.reason)" } == expected)
    }

    @Test("a column that keeps its promises has no rejects")
    func good() {
        check(text(.text, [Array("grün".utf8), nil, []]), [])
        check(text(.varchar(length: 3), [Array("äöü".utf8)]), isNullable: false, [])
        check(text(.char(length: 2), [Array("ä ".utf8)]), [])
        check(text(.json, [Array("[1]".utf8)]), [])
        check(text(.jsonb, [Array(#"{"a": 1}"#.utf8)]), [])
        check(text(.numeric(precision: nil, scale: 0), [[0x02, 0x02, 0xD2, 0x04]]), [])
    }

    @Test("a missing value of a NOT NULL column is a reject")
    func missing() {
        check(
            text(.text, [[0x61], nil]), isNullable: false,
            [#"1 null value in column "c" violates not-null constraint"#])
    }

    @Test("text must be UTF-8 without zero bytes, also where the bytes of two values join to a character")
    func encoding() {
        let reason = #"invalid byte sequence for encoding "UTF8": "#
        check(text(.text, [[0x61], [0xFF], [0x62, 0]]), ["1 \(reason)0xff", "2 \(reason)0x00"])
        check(text(.text, [[0xC3], [0xA4]]), ["0 \(reason)0xc3", "1 \(reason)0xa4"])
    }

    @Test("bytes behind a missing value do not matter")
    func behindNull() {
        let offsets = Buffer(copying: [0, 1, 2] as [Int32])
        let column = Column(
            type: .text, count: 2, validity: Bitmap(count: 2) { $0 == 0 },
            values: .variable(offsets: offsets, bytes: Buffer(copying: [0x61, 0xFF] as [UInt8])))
        check(column, [])
    }

    @Test("lengths, json and numerics are checked")
    func types() {
        check(
            text(.varchar(length: 2), [Array("abc".utf8), Array("äö".utf8)]),
            ["0 value too long for type character varying(2)"])
        check(
            text(.char(length: 2), [[0x61], Array("abc".utf8)]),
            [
                "0 value is not padded to the length of type character(2)", "1 value too long for type character(2)",
            ])
        check(text(.json, [[0x7B]]), ["0 invalid input syntax for type json"])
        check(text(.jsonb, [Array(#"{"a":1}"#.utf8)]), ["0 jsonb is not in its canonical form"])
        check(
            text(.numeric(precision: 3, scale: 1), [[0x02, 0x02, 0xD2, 0x04], [0x02, 0x01, 0xD2, 0x04]]),
            ["0 numeric 12.34 has another scale than type numeric(3,1)", "1 numeric field overflow"])
        #expect(!rejects(text(.numeric(precision: nil, scale: 0), [[0x02]])).isEmpty)
        #expect(!rejects(text(.array(of: .int4), [[9, 9]])).isEmpty)
    }

    private func rejects(_ column: Column) -> [RowReject] {
        let schema = Schema(["c": column.type])
        return BatchCheck.rejects(Batch(schema: schema, columns: [column]), schema)
    }

    @Test("faults of a dictionary count for the rows that use it")
    func dictionaries() {
        let dictionary = ColumnDictionary(text(.text, [[0x61], [0xFF]]))
        let codes = Buffer(copying: [0, 1, 0, 1, 7] as [UInt8])
        let column = Column(
            type: .text, count: 5, validity: nil, values: .dictionary(codes: codes, codeWidth: 1, values: dictionary))
        let reason = #"invalid byte sequence for encoding "UTF8": 0xff"#
        check(column, ["1 \(reason)", "3 \(reason)", "4 a dictionary code is outside its dictionary"])
    }

    @Test("offsets outside the bytes are rejects, not traps")
    func offsets() {
        let column = Column(
            type: .text, count: 3, validity: nil,
            values: .variable(
                offsets: Buffer(copying: [0, 1, 900, 2] as [Int32]), bytes: Buffer(copying: [0x61, 0x62] as [UInt8])))
        let reason = "the offsets of a value lie outside the bytes of its column"
        check(column, ["1 \(reason)", "2 \(reason)"])
    }

    @Test("times outside their range are rejects")
    func times() {
        func fixed<T: BitwiseCopyable>(_ type: DataType, _ values: [T]) -> Column {
            Column(type: type, count: values.count, validity: nil, values: .fixed(Buffer(copying: values)))
        }
        check(fixed(.time, [0, 86_400_000_000, 86_400_000_001] as [Int64]), ["2 time out of range"])
        check(fixed(.date, [.min, .max, 0, -2_440_589] as [Int32]), ["3 date out of range"])
        check(fixed(.timestamptz, [.min, .max, 0, .min + 1] as [Int64]), ["3 timestamp out of range"])
    }
}

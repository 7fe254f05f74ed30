import Esker
import EskerFormat
import Testing

@Suite struct DynamicBatcherTests {
    private let schema = Schema([
        "id!": .int8, "name": .text, "at": .timestamptz, "price": .numeric(precision: 6, scale: 2),
    ])

    @Test("values are assigned where nothing is lost")
    func assignment() {
        let converted = DynamicBatcher(schema: schema).convert([
            [.int2(1), .text("a"), .text("2026-11-24 10:00+02"), .text("1.005")],
            [.text("2"), .null, .date(1), .int4(3)],
        ])
        #expect(converted.rejects.isEmpty)
        #expect(
            converted.batch.rowTexts == [
                "1 | a | 2026-11-24 08:00:00+00 | 1.01", "2 | NULL | 1970-01-02 00:00:00+00 | 3.00",
            ])
    }

    @Test("a row that cannot be assigned is refused with column and reason")
    func rejects() {
        let good: [Value] = [.int8(1), .null, .null, .null]
        let converted = DynamicBatcher(schema: schema).convert([
            good, [.null, .null, .null, .null], [.int8(1)], [.int8(2), .int4(3), .null, .null],
            [.int8(3), .text("x"), .text("never"), .null], [.int8(4), .null, .null, .int4(12_345)],
            [.numeric(Numeric(5)), .null, .null, .null], [.float8(6), .null, .null, .null],
        ])
        #expect(converted.batch.rowTexts == ["1 | NULL | NULL | NULL", "5 | NULL | NULL | NULL"])
        #expect(
            converted.rejects.map(\.description) == [
                #"row 1: column "id": null value in column "id" violates not-null constraint"#,
                "row 2: 1 values for 4 columns",
                #"row 3: column "name": column is of type text but the value is of type integer"#,
                #"row 4: column "at": invalid input syntax for type timestamp with time zone: "never""#,
                #"row 5: column "price": numeric field overflow"#,
                #"row 7: column "id": column is of type bigint but the value is of type double precision"#,
            ])
    }

    @Test("rows by name leave out columns and refuse unknown ones")
    func byName() {
        let converted = DynamicBatcher(schema: schema).convert([
            ["id": .int8(1), "name": .text("a")], ["id": .int8(2), "size": .int8(3)], ["name": .text("b")],
        ])
        #expect(converted.batch.rowTexts == ["1 | a | NULL | NULL"])
        #expect(
            converted.rejects.map(\.description) == [
                #"row 1: column "size": the stream has no such column"#,
                #"row 2: column "id": null value in column "id" violates not-null constraint"#,
            ])
    }

    @Test("numbers are assigned by value")
    func numbers() throws {
        func check(_ value: Value, _ type: DataType, _ expected: String?) {
            let converted = DynamicBatcher(schema: Schema(["c": type])).convert([[value]])
            #expect(converted.batch.rowTexts.first == expected, "\(value) to \(type.name)")
            #expect(converted.rejects.count == (expected == nil ? 1 : 0))
        }
        check(.int8(32_768), .int2, nil)
        check(.int8(32_767), .int2, "32767")
        check(.int8(1 << 53), .float8, "9.007199254740992e+15")
        check(.int8(1 << 53 + 1), .float8, nil)
        check(.float8(0.1), .float4, nil)
        check(.float8(0.5), .float4, "0.5")
        check(.numeric(try Numeric("7.0")), .int4, "7")
        check(.numeric(try Numeric("7.5")), .int4, nil)
        check(.array(ArrayValue(of: .int2, [.int2(1), .null])), .array(of: .int8), "{1,NULL}")
        check(.text("{1,2}"), .array(of: .int4), "{1,2}")
        check(.text("x"), .bool, nil)
        check(.time(-1), .time, nil)
    }
}

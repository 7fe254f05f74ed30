import Esker
import EskerFormat
import Testing

@Suite struct BatchDecoderTests {
    private func batch(_ schema: Schema, _ rows: [[Value]]) -> Batch {
        let converted = DynamicBatcher(schema: schema).convert(rows)
        #expect(converted.rejects.isEmpty)
        return converted.batch
    }

    private func reason<T: Decodable>(_ type: T.Type, _ batch: Batch) -> String? {
        do {
            _ = try batch.rows(as: type)
            return nil
        } catch {
            return error.description
        }
    }

    struct Visit: Codable, Equatable {
        var id: Int32
        var name: String?
        var score: Double
        var at: Timestamp
        var kind: Kind
        var tags: [String]
        var place: Place?
        var flag: Bool
        var decimal: Numeric
        var raw: [UInt8]
        var key: UUIDBytes
        var missing: Int?

        enum Kind: String, Codable { case short, long }
        struct Place: Codable, Equatable {
            var city: String
            var position: [Double]
            var more: [String: Int?]
        }
    }

    private let visits = Schema([
        "place": .jsonb, "tags": .array(of: .text), "id": .int8, "name": .varchar(length: 9), "kind": .text,
        "score": .float4, "at": .timestamptz, "flag": .bool, "decimal": .numeric(precision: nil, scale: 0),
        "raw": .bytea, "key": .uuid, "missing": .int4,
    ])

    private func visit(_ index: Int) -> Visit {
        let place = Visit.Place(city: "Łódź\n\u{1F600}", position: [1.5, -2], more: ["a": 1, "b": nil])
        let at = Timestamp(microseconds: Int64(index) * 1_000_001)
        return Visit(
            id: Int32(index) - 3, name: index % 2 == 0 ? "n\"\(index)" : nil, score: Double(index) / 4, at: at,
            kind: index % 3 == 0 ? .long : .short, tags: [String](repeating: "t,\(index)", count: index),
            place: index == 2 ? nil : place, flag: index > 3, decimal: Numeric(Int64(index)),
            raw: [UInt8](repeating: 255, count: index), key: UUIDBytes(high: UInt64(index), low: .max),
            missing: index == 5 ? 1 : nil)
    }

    @Test("what was encoded is decoded again")
    func roundTrip() throws {
        let rows = (0..<7).map { visit($0) }
        let converted = EncodableBatcher<Visit>(schema: visits).convert(rows)
        #expect(converted.rejects.isEmpty)
        #expect(try converted.batch.rows(as: Visit.self) == rows)
    }

    @Test("single values are read from rows of one column")
    func singleValues() throws {
        let numbers = batch(Schema(["n": .int4]), [[.int4(1)], [.null], [.int4(3)]])
        #expect(try numbers.rows(as: Int?.self) == [1, nil, 3])
        #expect(try batch(Schema(["n": .numeric(precision: nil, scale: 0)]), [[.int4(12)]]).rows(as: Int8.self) == [12])
        #expect(try batch(Schema(["w": .text]), [[.text("a")]]).rows(as: String.self) == ["a"])
        #expect(try batch(Schema(["at": .date]), [[.date(1)]]).rows(as: Day.self) == ["1970-01-02"])
        #expect(
            try batch(Schema(["l": .array(of: .int4)]), [[.text("{{1,2},{3,4}}")]]).rows(as: [[Int]].self) == [
                [[1, 2], [3, 4]]
            ])
        #expect(
            reason(Int.self, numbers) == #"row 1: column "n": NULL where Int needs a value: make the property optional"#
        )
        #expect(
            reason(Int.self, batch(Schema(["a": .int4, "b": .int4]), [[.int4(1), .int4(2)]]))
                == "row 0: a single value cannot be read from rows of 2 columns")
    }

    @Test("dictionary and constant columns are read by their values")
    func encodings() throws {
        let words = ColumnBuilder(.text)
        for word in ["a", "b"] { words.append(word) }
        let dictionary = ColumnDictionary(words.finish())
        let codes = Column(
            type: .text, count: 3, validity: nil,
            values: .dictionary(codes: Buffer(copying: [1, 0, 1] as [UInt8]), codeWidth: 1, values: dictionary))
        let batch = Batch(schema: Schema(["w": .text]), columns: [codes])
        #expect(try batch.rows(as: String.self) == ["b", "a", "b"])
    }

    @Test("numbers are read where they fit, text of everything")
    func conversions() throws {
        struct Row: Decodable, Equatable {
            var small: UInt8
            var double: Double
            var text: String
        }
        let schema = Schema(["small": .int8, "double": .numeric(precision: nil, scale: 0), "text": .timestamptz])
        let good = batch(schema, [[.int8(255), .text("0.1"), .timestamptz(0)]])
        #expect(try good.rows(as: Row.self) == [Row(small: 255, double: 0.1, text: "1970-01-01 00:00:00+00")])
        let large = batch(schema, [[.int8(256), .null, .null]])
        #expect(reason(Row.self, large) == #"row 0: column "small": 256 is no UInt8"#)
        let fraction = batch(Schema(["n": .numeric(precision: nil, scale: 0)]), [[.text("1.5")]])
        #expect(reason(Int.self, fraction) == #"row 0: column "n": 1.5 is no Int"#)
    }

    @Test("errors name row, column and reason")
    func errors() {
        struct Named: Decodable { var name: Int }
        let text = batch(Schema(["name": .text]), [[.text("x")]])
        #expect(reason(Named.self, text) == #"row 0: column "name": a value of type text is no Int"#)
        let other = batch(Schema(["a": .text, "b": .int4]), [[.text("x"), .null]])
        #expect(reason(Named.self, other) == #"row 0: column "name": there is no such column among a, b"#)
        struct Kinds: Decodable { var kind: Visit.Kind }
        let kind = batch(Schema(["kind": .text]), [[.text("long")], [.text("none")]])
        #expect(reason(Kinds.self, kind)?.hasPrefix(#"row 1: column "kind": Cannot initialize Kind"#) == true)
        struct Doc: Decodable { var doc: [String: [Int]] }
        let docs = batch(Schema(["doc": .json]), [[.text(#"{"a": [1]}"#)], [.text(#"{"a": [1, "x"]}"#)]])
        #expect(reason(Doc.self, docs) == #"row 1: column "doc": a string where a number is needed at a"#)
        struct Moment: Decodable { var doc: Timestamp }
        #expect(reason(Moment.self, docs) == #"row 0: column "doc": a value of type json is no Timestamp"#)
    }

    @Test("a type named Date reads seconds from 2001")
    func dates() throws {
        struct Date: Decodable, Equatable {
            var seconds: Double
            init(seconds: Double) { self.seconds = seconds }
            init(from decoder: any Decoder) throws {
                seconds = try decoder.singleValueContainer().decode(Double.self)
            }
        }
        struct Event: Decodable, Equatable { var at: Date }
        let moments = batch(Schema(["at": .timestamptz]), [[.text("2001-01-01 00:00:00.25Z")]])
        #expect(try moments.rows(as: Event.self) == [Event(at: Date(seconds: 0.25))])
        struct Number: Decodable { var at: Double }
        #expect(reason(Number.self, moments) != nil)
    }

    @Test("JSON text is read with escapes, blanks and numbers of every form")
    func json() throws {
        struct Doc: Decodable, Equatable {
            var text: String
            var numbers: [Double]
            var big: UInt64
            var none: Bool?
            var yes: Bool
        }
        let text =
            #" { "text" : "a\"\u00e4\ud83d\ude00\\" , "numbers":[ 1,-2.5e3 , 0 ],"big":18446744073709551615,"none":null,"yes":true } "#
        let docs = batch(Schema(["doc": .json]), [[.text(text)]])
        struct Row: Decodable { var doc: Doc }
        #expect(
            try docs.rows(as: Row.self)[0].doc
                == Doc(text: "a\"ä\u{1F600}\\", numbers: [1, -2500, 0], big: .max, none: nil, yes: true))
    }
}

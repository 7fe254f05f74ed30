import Esker
import EskerFormat
import Testing

@Suite("NDJSON reader")
struct NDJSONReaderTests {
    static let schema = Schema(columns: [
        ColumnDefinition(id: 1, name: "id", type: .int8, isNullable: false),
        ColumnDefinition(id: 2, name: "name", type: .text),
        ColumnDefinition(id: 3, name: "price", type: .float8),
        ColumnDefinition(id: 4, name: "ok", type: .bool),
    ])

    static func read(
        _ text: [UInt8], schema: Schema = schema, largestRead: Int = .max,
        _ change: (inout NDJSONOptions) -> Void = { _ in }
    ) throws -> (rows: [String], rejects: [RejectedLine], ignoredKeys: Int) {
        var options = NDJSONOptions()
        change(&options)
        let source = MemoryByteSource(text, largestRead: largestRead)
        let reader = try NDJSONReader(source, schema: schema, options: options)
        var rows: [String] = []
        var rejects: [RejectedLine] = []
        var ignoredKeys = 0
        while let parsed = try reader.next() {
            for row in 0..<parsed.batch.count { rows.append(parsed.batch.description(ofRow: row)) }
            rejects += parsed.rejects
            ignoredKeys += parsed.ignoredKeys
        }
        return (rows, rejects, ignoredKeys)
    }

    /// The row, or the reason why there is none.
    static func read(_ line: String) throws -> String {
        let (rows, rejects, _) = try read(Array(line.utf8))
        #expect(rows.count + rejects.count == 1)
        return rows.first ?? rejects.first?.message ?? "nothing"
    }

    @Test(
        "a line is a row",
        arguments: [
            ("{\"id\":1,\"name\":\"a\",\"price\":2.5,\"ok\":true}", "1 'a' 2.5 true"),
            ("{\"price\":2,\"id\":1}", "1 null 2.0 null"),
            (" { \"id\" : 1 , \"name\" : null } \r", "1 null null null"),
            ("{\"id\":1,\"id\":2,\"name\":\"x\",\"name\":null}", "2 null null null"),
            ("{\"id\":\"7\",\"name\":7,\"price\":\"1e3\",\"ok\":\"yes\"}", "7 '7' 1000.0 true"),
            ("{\"id\":1,\"name\":true}", "1 'true' null null"),
            ("{\"id\":1,\"name\":\"\"}", "1 '' null null"),
            ("{\"id\":1,\"name\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "1 '\"\\/\u{8}\u{C}\n\r\t' null null"),
            ("{\"id\":1,\"name\":\"\\u00e9\\ud83d\\ude00é\"}", "1 'é😀é' null null"),
            ("{\"\\u0069d\":1}", "1 null null null"),
            ("{\"id\":1,\"extra\":{\"a\":[1,{\"b\":[]},\"]\"]},\"ok\":false}", "1 null null false"),
            ("{\"id\":-9223372036854775808,\"price\":-0.0}", "-9223372036854775808 null -0.0 null"),
        ])
    func rows(_ line: String, _ expected: String) throws {
        #expect(try Self.read(line) == expected)
        #expect(try Self.read("\u{FEFF}" + line + "\n\n") == expected)
    }

    @Test(
        "a bad line is told with its line, its column, the reason and the place",
        arguments: [
            ("[1]", "expected an object at byte 1"), ("{", "expected a key in quotes at byte 2"),
            ("{\"id\":1", "expected \",\" or \"}\" at byte 8"), ("{\"id\":1,}", "expected a key in quotes at byte 9"),
            ("{\"id\" 1}", "column \"id\": expected \":\" after a key at byte 7"),
            ("{\"id\":}", "column \"id\": expected a value at byte 7"),
            ("{\"id\":", "column \"id\": expected a value, found the end of the line at byte 7"),
            ("{\"id\":1}x", "text after the object at byte 9"), ("{\"id\":01}", "expected \",\" or \"}\" at byte 8"),
            ("{\"id\":-}", "column \"id\": expected a digit at byte 8"),
            ("{\"id\":1.}", "column \"id\": expected a digit after the point at byte 9"),
            ("{\"id\":1e}", "column \"id\": expected a digit in the exponent at byte 9"),
            ("{\"id\":tru}", "column \"id\": expected \"true\" at byte 10"),
            ("{\"name\":\"a", "column \"name\": unterminated string at byte 11"),
            ("{\"name\":\"a\tb\"}", "column \"name\": control character in a string: write it as an escape at byte 11"),
            ("{\"name\":\"\\x\"}", "column \"name\": unknown escape in a string at byte 11"),
            ("{\"name\":\"\\u12g4\"}", "column \"name\": \\u takes four hexadecimal digits at byte 14"),
            ("{\"id\":1,\"name\":\"\\ud800x\"}", "column \"name\": invalid \\u escape in a string"),
            ("{\"id\":1,\"name\":\"\\u0000\"}", "column \"name\": \\u0000 cannot be converted to text"),
            ("{\"id\":{}}", "column \"id\": an object where the column takes a single value at byte 7"),
            ("{\"x\":[1,2}", "expected \",\" or \"]\" at byte 10"),
            ("{\"x\":{\"a\" 1}}", "expected \":\" after a key at byte 11"),
            ("{\"id\":1.5}", "column \"id\": invalid input syntax for type bigint: \"1.5\""),
            ("{\"name\":\"a\"}", "column \"id\": null value in column \"id\" violates not-null constraint"),
        ])
    func rejects(_ line: String, _ reason: String) throws {
        let text = Array("{\"id\":1}\n\n{\"id\":2}\n\(line)\n{\"id\":3}".utf8)
        for largestRead in [1, 7, 64, .max] {
            let (rows, rejects, _) = try Self.read(text, largestRead: largestRead)
            #expect(rows == ["1 null null null", "2 null null null", "3 null null null"])
            #expect(rejects.map(\.message) == ["line 4: \(reason)"])
            #expect(rejects.map(\.text) == [line])
            #expect(rejects.map(\.byteOffset) == [19])
        }
    }

    @Test("keys that name no column are counted, or reject their line")
    func unknownKeys() throws {
        let text = Array("{\"id\":1,\"a\":1,\"b\":[]}\n{\"id\":2,\"a\":null}\n{\"id\":3}\n".utf8)
        let ignoring = try Self.read(text)
        #expect(ignoring.rows.count == 3)
        #expect(ignoring.ignoredKeys == 3)
        let rejecting = try Self.read(text) { $0.unknownKeys = .reject }
        #expect(rejecting.rows == ["3 null null null"])
        #expect(
            rejecting.rejects.map(\.reason) == [
                "a key that names no column at byte 12", "a key that names no column at byte 12",
            ])
    }

    @Test("bytes that are not UTF-8 reject their line only")
    func invalidText() throws {
        let text =
            Array("{\"id\":1,\"name\":\"é\"}\n{\"id\":2,\"name\":\"".utf8) + [0xFF] + Array("\"}\n{\"id\":3}".utf8)
        let (rows, rejects, _) = try Self.read(text)
        #expect(rows == ["1 'é' null null", "3 null null null"])
        #expect(
            rejects.map(\.message) == ["line 2: column \"name\": invalid byte sequence for encoding \"UTF8\": 0xff"])
    }

    @Test("lines and values longer than their limits are rejected and the next line is read", arguments: [64, Int.max])
    func longLines(_ largestRead: Int) throws {
        let long = String(repeating: "x", count: 500)
        let text =
            "{\"id\":1,\"name\":\"\(long)\"}\n{\"id\":2}\n{\"id\":3,\"name\":\"\(long.prefix(60))\"}\n{\"id\":4}\n\(long)"
        let (rows, rejects, _) = try Self.read(Array(text.utf8), largestRead: largestRead) {
            $0.limits.longestRow = 256
            $0.limits.longestField = 50
        }
        #expect(rows == ["2 null null null", "4 null null null"])
        #expect(rejects.map(\.line) == [1, 3, 5])
        #expect(rejects[0].reason == "a row is longer than 256 bytes")
        #expect(rejects[1].message == "line 3: column \"name\": a value longer than 50 bytes at byte 78")
    }

    @Test("values nested too deeply are refused, not followed")
    func nesting() throws {
        func nested(_ depth: Int) -> String {
            "{\"id\":1,\"x\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        }
        #expect(try Self.read(nested(512)) == "1 null null null")
        #expect(try Self.read(nested(513)).contains("more than 512 objects and arrays within each other"))
        #expect(try Self.read(nested(100_000)).contains("more than 512 objects and arrays within each other"))
    }
}

import Esker
import EskerFormat
import Foundation
import Testing

@Suite("NDJSON against other readers and writers")
struct NDJSONDifferentialTests {
    /// A row as the test knows it, and the ways to write it down.
    struct Row {
        var number: Int64?
        var text: String?
        var real: Double?

        init(_ random: inout SeededGenerator) {
            if Int.random(in: 0..<5, using: &random) > 0 {
                number = Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...63, using: &random)
            }
            if Int.random(in: 0..<5, using: &random) > 0 {
                let letters: [Character] = ["a", "b", "\"", "\\", "\n", "é", "漢", "😀", " ", "/", "{", "}", "\u{1}"]
                text = String(
                    (0..<Int.random(in: 0...70, using: &random)).map { _ in letters.randomElement(using: &random)! })
            }
            if Bool.random(using: &random) { real = Double(Int.random(in: -9999...9999, using: &random)) / 64 }
        }

        var description: String {
            [number.map { String($0) }, text.map { "'\($0)'" }, real.map { String($0) }].map { $0 ?? "null" }
                .joined(separator: " ")
        }

        func json(_ random: inout SeededGenerator) -> String {
            var members = [("n", number.map { String($0) } ?? "null")]
            if let text { members.append(("text", Self.quoted(text, &random))) }
            if let real { members.append(("real", String(real))) }
            if Int.random(in: 0..<4, using: &random) == 0 { members.shuffle(using: &random) }
            if Int.random(in: 0..<4, using: &random) == 0 { members.insert(("n", "0"), at: 0) }
            if Int.random(in: 0..<4, using: &random) == 0 { members.append(("other", "{\"a\":[null,\"}\",{}]}")) }
            let blank = ["", " ", "\t "].randomElement(using: &random)!
            return "{" + members.map { "\(blank)\"\($0.0)\"\(blank):\(blank)\($0.1)\(blank)" }.joined(separator: ",")
                + "}"
        }

        private static func quoted(_ text: String, _ random: inout SeededGenerator) -> String {
            var result = "\""
            for unit in text.utf16 {
                let mustEscape = unit < 0x20 || unit == 0x22 || unit == 0x5C
                if mustEscape || (unit >= 0x80 && text.utf16.count % 2 == 0) {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else if unit < 0x80 {
                    result += String(UnicodeScalar(UInt8(unit)))
                } else {
                    return "\"" + escapedPlainly(text) + "\""
                }
            }
            return result + "\""
        }

        private static func escapedPlainly(_ text: String) -> String {
            text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
                .replacingOccurrences(of: "\n", with: "\\n").replacingOccurrences(of: "\u{1}", with: "\\u0001")
        }
    }

    static let schema = Schema(columns: [
        ColumnDefinition(id: 1, name: "n", type: .int8), ColumnDefinition(id: 2, name: "text", type: .text),
        ColumnDefinition(id: 3, name: "real", type: .float8),
    ])

    @Test("what was written is read, however it is spelt and cut")
    func writtenRows() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let rows = (0..<3000).map { _ in Row(&random) }
        let text = Array(rows.map { $0.json(&random) }.joined(separator: "\n").utf8)
        for largestRead in [1, 7, 64, 65, .max] {
            let actual = try NDJSONReaderTests.read(text, schema: Self.schema, largestRead: largestRead) {
                $0.limits.rowsPerBatch = 700
            }
            #expect(actual.rejects.map(\.message) == [])
            #expect(actual.rows == rows.map(\.description), "seed \(seed), reads of \(largestRead)")
        }
    }

    @Test("a damaged line is refused exactly when Foundation refuses it")
    func damagedLines() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let schema = Schema(columns: [ColumnDefinition(id: 1, name: "never", type: .text)])
        let whole =
            "{\"a\":[1,-2.5e+3,[],{}],\"b\":{\"c\":true,\"d\":[false,null,\"x\\n\\u0041\"]},\"e\":\"\",\"f\":0.1,\"g\":[[{\"h\":1}]]}"
        let letters = Array("{}[]:,\"\\0123.eE+-tfn au".utf8)
        var lines: [[UInt8]] = []
        for _ in 0..<5000 {
            var line = Array(whole.utf8)
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: 0..<line.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: line[place] = letters.randomElement(using: &random)!
                case 1: line.remove(at: place)
                default: line.insert(letters.randomElement(using: &random)!, at: place)
                }
            }
            // Foundation takes a comma before a closing bracket or brace; JSON does not.
            let tokens = line.filter { $0 != 0x20 }
            if !zip(tokens, tokens.dropFirst()).contains(where: { $0 == 0x2C && ($1 == 0x5D || $1 == 0x7D) }) {
                lines.append(line)
            }
        }
        let text = Array(lines.joined(separator: [0x0A]))
        let refused = Set(try NDJSONReaderTests.read(text, schema: schema).rejects.map(\.line))
        #expect(refused.count > 1000)
        for (index, line) in lines.enumerated() {
            let isObject = (try? JSONSerialization.jsonObject(with: Data(line))) is [String: Any]
            let shown = String(decoding: line, as: UTF8.self)
            #expect(refused.contains(index + 1) == !isObject, "seed \(seed): \(shown)")
        }
    }
}

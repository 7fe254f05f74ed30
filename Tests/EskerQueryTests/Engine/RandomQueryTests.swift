import EskerFormat
import EskerQuery
import Testing

/// The same rows, cut into blocks and encoded in many ways, answer every query alike.
@Suite("Random queries")
struct RandomQueryTests {
    /// A small generator whose whole state is a seed that can be printed.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }

    private static let columns = [
        TableColumn(name: "n", type: .int4, isNullable: false),
        TableColumn(name: "k", type: .int8),
        TableColumn(name: "x", type: .float8),
        TableColumn(name: "w", type: .text),
        TableColumn(name: "f", type: .bool),
    ]

    private static func rows(_ count: Int, _ random: inout Random) -> [[String?]] {
        let words = ["", "a", "ab", "abc", "b", "long enough to need more than sixteen bytes", "é"]
        return (0..<count).map { row in
            func maybe(_ value: String, _ random: inout Random) -> String? {
                Int.random(in: 0..<10, using: &random) == 0 ? nil : value
            }
            return [
                String(row),
                maybe(String(Int.random(in: -3...3, using: &random)), &random),
                maybe(String(Double(Int.random(in: -40...40, using: &random)) / 4), &random),
                maybe(words[Int.random(in: 0..<words.count, using: &random)], &random),
                maybe(Bool.random(using: &random) ? "true" : "false", &random),
            ]
        }
    }

    /// A condition over the columns, nested a little.
    private static func condition(_ depth: Int, _ random: inout Random) -> String {
        if depth > 0 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: return "(\(condition(depth - 1, &random)) AND \(condition(depth - 1, &random)))"
            case 1: return "(\(condition(depth - 1, &random)) OR \(condition(depth - 1, &random)))"
            case 2: return "NOT \(condition(depth - 1, &random))"
            default: break
            }
        }
        let operation = ["=", "<>", "<", "<=", ">", ">="].randomElement(using: &random)!
        let number = Int.random(in: -4...4, using: &random)
        switch Int.random(in: 0..<9, using: &random) {
        case 0: return "n \(operation) \(Int.random(in: -10...310, using: &random))"
        case 1: return "k \(operation) \(number)"
        case 2: return "x \(operation) \(number)"
        case 3: return "f"
        case 4: return "k IN (\(number), \(number + 1))"
        case 5: return ["k", "x", "w", "f"].randomElement(using: &random)! + " IS NULL"
        case 6: return "k BETWEEN \(number) AND \(number + 2)"
        case 7: return "f IS NOT TRUE"
        default: return "k + n % 3 \(operation) \(number)"
        }
    }

    private static func query(_ random: inout Random) -> String {
        let filter = "WHERE \(condition(3, &random))"
        switch Int.random(in: 0..<7, using: &random) {
        case 0: return "SELECT * FROM t \(filter) ORDER BY n"
        case 1: return "SELECT n, k FROM t \(filter)"
        case 2: return "SELECT count(*), sum(k), min(n), max(x), count(DISTINCT w), sum(x) FROM t \(filter)"
        case 3: return "SELECT w, count(*), sum(n), min(x), bool_or(f) FROM t \(filter) GROUP BY w ORDER BY w"
        case 4: return "SELECT k, f, count(*), max(w) FROM t \(filter) GROUP BY k, f ORDER BY k, f"
        case 5: return "SELECT w, x, n FROM t \(filter) ORDER BY w DESC, x, n LIMIT 7"
        default: return "SELECT DISTINCT k, w FROM t \(filter) ORDER BY k, w NULLS FIRST OFFSET 2"
        }
    }

    @Test("blocks, encodings, statistics and threads do not change an answer")
    func layouts() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("random queries: seed \(seed)")
        var random = Random(state: seed)
        for _ in 0..<5 {
            let rows = Self.rows(Int.random(in: 0...300, using: &random), &random)
            let reference = Harness([try MemoryTable("t", Self.columns, rows, hasStatistics: false)], threads: 1)
            let others = try [MemoryTable.Encoding.dictionary, .looseDictionary, .constant].map { encoding in
                let blockRows = Int.random(in: 1...120, using: &random)
                var mixed = random
                return Harness(
                    [
                        try MemoryTable("t", Self.columns, rows, blockRows: blockRows) { _, _ in
                            Bool.random(using: &mixed) ? encoding : .plain
                        }
                    ], threads: 3)
            }
            for _ in 0..<25 {
                let sql = Self.query(&random)
                let expected = reference.outcome(sql)
                for other in others { #expect(other.outcome(sql) == expected, "seed \(seed): \(sql)") }
            }
        }
    }

    @Test("a condition, its negation and its unknown part share out the rows")
    func partition() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("ternary partition: seed \(seed)")
        var random = Random(state: seed)
        let rows = Self.rows(250, &random)
        let harness = Harness([
            try MemoryTable("t", Self.columns, rows, blockRows: 40) {
                $0 % 2 == 0 ? .plain : $1 == 3 ? .dictionary : .plain
            }
        ])
        for _ in 0..<150 {
            let condition = Self.condition(3, &random)
            var parts: [String] = []
            for test in ["IS TRUE", "IS FALSE", "IS UNKNOWN"] {
                parts += try harness.rows("SELECT n FROM t WHERE (\(condition)) \(test)")
            }
            let kept = try harness.rows("SELECT n FROM t WHERE \(condition)")
            let truths = try harness.rows("SELECT n FROM t WHERE (\(condition)) IS TRUE")
            #expect(parts.sorted() == (0..<250).map(String.init).sorted(), "seed \(seed): \(condition)")
            #expect(kept == truths, "seed \(seed): \(condition)")
        }
    }
}

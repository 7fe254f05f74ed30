import EskerFormat
import EskerQuery
import Testing

/// Rows in segments whose blocks share dictionaries answer every query as the same rows in plain columns do.
@Suite("Shared dictionaries")
struct SharedDictionaryTests {
    /// A generator whose whole state is a seed that can be printed.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let word = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
            return word ^ (word >> 29)
        }
    }

    private static let columns = [
        TableColumn(name: "n", type: .int4, isNullable: false),
        TableColumn(name: "w", type: .text), TableColumn(name: "x", type: .float8),
        TableColumn(name: "q", type: .int4), TableColumn(name: "s", type: .int2),
        TableColumn(name: "m", type: .numeric(precision: nil, scale: 0)),
    ]

    private static func rows(_ count: Int, _ random: inout Random) -> [[String?]] {
        let words = ["", "a", "ab", "view", "purchase", "a text of more than seven bytes", "é"]
        return (0..<count).map { row in
            func maybe(_ value: String) -> String? { Int.random(in: 0..<12, using: &random) == 0 ? nil : value }
            let (word, quarter) = (
                Int.random(in: 0..<words.count, using: &random), Int.random(in: -9...9, using: &random)
            )
            return [
                String(row), maybe(words[word]), maybe(String(Double(quarter) / 4)), maybe(String(quarter)),
                maybe(String(quarter * 3000)), maybe(["1.0", "-0.5", "2.5", "-3"][abs(quarter) % 4]),
            ]
        }
    }

    /// The rows as segments of blocks; every column of a segment has one dictionary, with entries that no row names, and
    /// most blocks hold codes of it.
    private static func segmented(_ rows: [[String?]], _ random: inout Random) throws -> MemoryTable {
        var blocks: [MemoryMorsel] = []
        var start = 0
        while start < rows.count {
            let end = min(rows.count, start + Int.random(in: 1...150, using: &random))
            let dictionaries = try columns.indices.map { index in
                let texts = Set(rows[start..<end].compactMap { $0[index] }).union(index == 1 ? ["unused"] : ["7"])
                return (Array(texts), ColumnDictionary(try MemoryTable.column(Array(texts), columns[index].type)))
            }
            while start < end {
                let stop = min(end, start + Int.random(in: 1...70, using: &random))
                let part = rows[start..<stop]
                let held = try columns.indices.map { index in
                    let plain = try MemoryTable.column(part.map { $0[index] }, columns[index].type)
                    if Int.random(in: 0..<4, using: &random) == 0 { return plain }
                    let (texts, dictionary) = dictionaries[index]
                    let codes = part.map { row in
                        // What stands for NULL is any code.
                        row[index].map { texts.firstIndex(of: $0)! } ?? Int.random(in: texts.indices, using: &random)
                    }
                    return coded(codes, plain.validity, dictionary, width: [1, 2, 4].randomElement(using: &random)!)
                }
                blocks.append(MemoryMorsel(columns: held, rowCount: part.count, hasStatistics: true))
                start = stop
            }
        }
        return MemoryTable("t", columns, blocks: blocks)
    }

    private static func coded(
        _ codes: [Int], _ validity: Bitmap?, _ dictionary: ColumnDictionary, width: Int
    ) -> Column {
        let buffer =
            switch width {
            case 1: Buffer(copying: codes.map { UInt8($0) })
            case 2: Buffer(copying: codes.map { UInt16($0) })
            default: Buffer(copying: codes.map { UInt32($0) })
            }
        return Column(
            type: dictionary.column.type, count: codes.count, validity: validity,
            values: .dictionary(codes: buffer, codeWidth: width, values: dictionary))
    }

    private static let queries = [
        "SELECT w, count(*), count(x), sum(q) FROM t GROUP BY w ORDER BY w",
        "SELECT w, sum(x * q), avg(x), min(x) FROM t GROUP BY w ORDER BY w",
        "SELECT q, count(*) FROM t GROUP BY q ORDER BY q",
        "SELECT x, count(*) FROM t WHERE q > 0 GROUP BY x ORDER BY x",
        "SELECT m, count(*) FROM t GROUP BY m ORDER BY m",
        "SELECT w, q, count(*) FROM t GROUP BY w, q ORDER BY w, q",
        "SELECT w, x, count(*), max(q) FROM t WHERE w <> 'ab' GROUP BY w, x ORDER BY w, x",
        "SELECT lower(w), count(*) FROM t GROUP BY 1 ORDER BY 1",
        "SELECT count(*) FROM t WHERE w = 'view'",
        "SELECT count(*) FROM t WHERE w LIKE 'a%' OR w IS NULL",
        "SELECT count(*) FROM t WHERE w > 'a' AND x >= 0.5",
        "SELECT count(*) FROM t WHERE x > 1",
        "SELECT count(*) FROM t WHERE NOT x > 1",
        "SELECT count(*) FROM t WHERE w IN ('a', 'unused', 'é')",
        "SELECT count(*) FROM t WHERE q >= 2::bigint AND s < 9000 AND 40000 > s",
        "SELECT count(*) FROM t WHERE 100 / q > 20",
        "SELECT count(*), min(n), max(n), min(w), max(w), min(x), count(q), max(s) FROM t",
        "SELECT count(*), min(q), max(w), count(x) FROM t WHERE n >= 17",
        "SELECT w, n FROM t WHERE x = -0.25 ORDER BY n",
        "SELECT DISTINCT w, m FROM t WHERE n < 60 ORDER BY w, m",
    ]

    @Test("groups, filters and aggregates are those of plain columns")
    func layouts() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("shared dictionaries: seed \(seed)")
        var random = Random(state: seed)
        for _ in 0..<8 {
            let rows = Self.rows(Int.random(in: 0...900, using: &random), &random)
            let plain = Harness([try MemoryTable("t", Self.columns, rows, hasStatistics: false)], threads: 1)
            let table = try Self.segmented(rows, &random)
            for threads in [1, 3] {
                let harness = Harness([table], threads: threads)
                for sql in Self.queries {
                    #expect(harness.outcome(sql) == plain.outcome(sql), "seed \(seed): \(sql)")
                }
            }
        }
    }

    @Test("counts a group are those of a plain loop, and entries that no row names make no group")
    func counts() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("counts by dictionary: seed \(seed)")
        var random = Random(state: seed)
        let rows = Self.rows(700, &random)
        var expected: [String: Int] = [:]
        for row in rows { expected[row[1] ?? "~", default: 0] += 1 }
        let harness = Harness([try Self.segmented(rows, &random)])
        let found = try harness.rows("SELECT w, count(*) FROM t GROUP BY w")
        #expect(found.sorted() == expected.map { "\($0.key)|\($0.value)" }.sorted(), "seed \(seed)")
    }

    @Test("a dictionary much larger than its blocks is numbered once it comes again")
    func largeDictionary() throws {
        let entries = (0..<5_000).map { Optional("entry \($0)") }
        let dictionary = ColumnDictionary(try MemoryTable.column(entries, .text))
        let blocks = (0..<6).map { block in
            let column = Self.coded((0..<10).map { ($0 * 7 + block % 2) % 5_000 }, nil, dictionary, width: 2)
            return MemoryMorsel(columns: [column], rowCount: 10, hasStatistics: false)
        }
        let harness = Harness([MemoryTable("t", [TableColumn(name: "w", type: .text)], blocks: blocks)], threads: 1)
        expect(
            harness, "SELECT count(*), min(c), max(c) FROM (SELECT w, count(*) AS c FROM t GROUP BY w) AS g", ["20|3|3"]
        )
        expect(harness, "SELECT count(*) FROM t WHERE w = 'entry 8'", ["3"])
        expect(harness, "SELECT count(*) FROM t WHERE w LIKE '%1_'", ["6"])
    }
}

import EskerFormat
import EskerQuery
import Testing

/// Two blocks of words in every encoding, some values missing.
func wordsTable(_ encoding: MemoryTable.Encoding = .plain, blockRows: Int = 3) throws -> MemoryTable {
    try MemoryTable(
        "words",
        [
            TableColumn(name: "id", type: .int4, isNullable: false),
            TableColumn(name: "word", type: .text),
            TableColumn(name: "score", type: .float8),
            TableColumn(name: "_offset", type: .int8, isHidden: true),
        ],
        [
            ["1", "ant", "1.5", "0"],
            ["2", "bee", nil, "1"],
            ["3", nil, "2.5", "2"],
            ["4", "ant", "0.5", "3"],
            ["5", "cat", "4", "4"],
            ["6", "bee", "-1", "5"],
        ], blockRows: blockRows, encoding: { _, column in column == 1 ? encoding : .plain })
}

@Suite("SELECT over a table in memory")
struct SelectTests {
    @Test("a star shows the visible columns", arguments: MemoryTable.Encoding.allCases)
    func star(encoding: MemoryTable.Encoding) throws {
        let harness = Harness([try wordsTable(encoding)])
        expect(harness, "SELECT * FROM words WHERE id <= 2", ["1|ant|1.5", "2|bee|~"])
        #expect(try harness.stream("SELECT * FROM words").columns.map(\.name) == ["id", "word", "score"])
    }

    @Test("a hidden column is read by its name")
    func hidden() throws {
        let harness = Harness([try wordsTable()])
        expect(harness, "SELECT _offset, id FROM words WHERE _offset >= 4", ["4|5", "5|6"])
    }

    @Test("conditions keep the rows for which they are true", arguments: MemoryTable.Encoding.allCases)
    func filters(encoding: MemoryTable.Encoding) throws {
        let harness = Harness([try wordsTable(encoding)])
        expect(harness, "SELECT id FROM words WHERE word = 'bee'", ["2", "6"])
        expect(harness, "SELECT id FROM words WHERE word <> 'bee'", ["1", "4", "5"])
        expect(harness, "SELECT id FROM words WHERE 'b' < word", ["2", "5", "6"])
        expect(harness, "SELECT id FROM words WHERE word IS NULL", ["3"])
        expect(harness, "SELECT id FROM words WHERE word IS NOT NULL AND score IS NULL", ["2"])
        expect(harness, "SELECT id FROM words WHERE word IN ('ant', 'cat')", ["1", "4", "5"])
        expect(harness, "SELECT id FROM words WHERE word NOT IN ('ant', 'cat')", ["2", "6"])
        expect(harness, "SELECT id FROM words WHERE word NOT IN ('ant', NULL)", [])
        expect(harness, "SELECT id FROM words WHERE id BETWEEN 2 AND 4", ["2", "3", "4"])
        expect(harness, "SELECT id FROM words WHERE id NOT BETWEEN 2 AND 4", ["1", "5", "6"])
        expect(harness, "SELECT id FROM words WHERE id BETWEEN SYMMETRIC 4 AND 2", ["2", "3", "4"])
        expect(harness, "SELECT id FROM words WHERE word = 'ant' OR score > 2", ["1", "3", "4", "5"])
        expect(harness, "SELECT id FROM words WHERE NOT (word = 'ant' OR score > 2)", ["6"])
        expect(harness, "SELECT id FROM words WHERE (word = 'ant') IS NOT TRUE", ["2", "3", "5", "6"])
        expect(harness, "SELECT id FROM words WHERE (score > 0) IS FALSE", ["6"])
        expect(harness, "SELECT id FROM words WHERE word IS DISTINCT FROM 'ant'", ["2", "3", "5", "6"])
        expect(harness, "SELECT id FROM words WHERE word IS NOT DISTINCT FROM NULL", ["3"])
        expect(harness, "SELECT id FROM words WHERE false", [])
        expect(harness, "SELECT id FROM words WHERE NULL", [])
    }

    @Test("a condition guards the one after it")
    func guards() throws {
        let harness = Harness([try wordsTable()])
        expect(harness, "SELECT id FROM words WHERE id <> 1 AND 1 / (id - 1) >= 1", ["2"])
        expect(harness, "SELECT id FROM words WHERE id = 1 OR 1 / (id - 1) >= 1", ["1", "2"])
        expect(
            harness, "SELECT CASE WHEN id <> 1 THEN 6 / (id - 1) END FROM words WHERE id < 4", ["~", "6", "3"])
    }

    @Test("conditional expressions")
    func conditionals() throws {
        let harness = Harness([try wordsTable(.dictionary)])
        expect(
            harness, "SELECT CASE word WHEN 'ant' THEN 'a' WHEN 'bee' THEN 'b' ELSE word END FROM words",
            ["a", "b", "~", "a", "cat", "b"])
        expect(harness, "SELECT coalesce(word, 'none') FROM words WHERE id IN (2, 3)", ["bee", "none"])
        expect(harness, "SELECT coalesce(score, id) FROM words WHERE id IN (1, 2)", ["1.5", "2"])
        expect(harness, "SELECT nullif(word, 'bee') FROM words WHERE id < 3", ["ant", "~"])
        expect(
            harness, "SELECT greatest(id, 3), least(score, 1.0::float8) FROM words WHERE id < 5",
            ["3|1", "3|1", "3|1", "4|0.5"])
    }

    @Test("limits and offsets cut the rows in order")
    func limits() throws {
        let harness = Harness([try wordsTable(blockRows: 2)])
        expect(harness, "SELECT id FROM words LIMIT 3", ["1", "2", "3"])
        expect(harness, "SELECT id FROM words LIMIT 2 OFFSET 3", ["4", "5"])
        expect(harness, "SELECT id FROM words OFFSET 5", ["6"])
        expect(harness, "SELECT id FROM words LIMIT 0", [])
        expect(harness, "SELECT id FROM words LIMIT ALL OFFSET 5", ["6"])
        expect(harness, "SELECT id FROM words LIMIT 9223372036854775807 OFFSET 5", ["6"])
        #expect(harness.outcome("SELECT id FROM words LIMIT -1") == "2201W@-: LIMIT must not be negative")
    }

    @Test("queries without a table")
    func constants() throws {
        let harness = Harness()
        expect(harness, "SELECT 1, 'a', NULL, 2 + 3", ["1|a|~|5"])
        expect(harness, "SELECT 1 WHERE 1 = 2", [])
        expect(harness, "VALUES (1, 'a'), (2, NULL)", ["1|a", "2|~"])
        expect(harness, "SELECT column2 FROM (VALUES (1, 'a'), (2, 'b')) AS v WHERE column1 = 2", ["b"])
        expect(harness, "SELECT b FROM (VALUES (1, 'a'), (2, 'b')) AS v (a, b) ORDER BY a DESC", ["b", "a"])
        expect(harness, "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 1", ["1", "2", "1"])
        expect(harness, "SELECT 1 UNION SELECT 2 UNION SELECT 1 ORDER BY 1", ["1", "2"])
        expect(harness, "SELECT 1 AS a UNION ALL SELECT 2.5::float8 ORDER BY a DESC", ["2.5", "1"])
    }

    @Test("sub-queries, common tables and views are read in place")
    func nesting() throws {
        let view = ViewDefinition(
            name: "good", query: "SELECT id, word AS name, score FROM words WHERE score > 1",
            columns: ["id", "name", "score"])
        let harness = Harness([try wordsTable()], views: [view])
        expect(harness, "SELECT * FROM (SELECT id + 1 AS n FROM words) AS s WHERE n > 5", ["6", "7"])
        expect(
            harness, "WITH a AS (SELECT id FROM words), b (n) AS (SELECT id * 2 FROM a) SELECT n FROM b WHERE n > 9",
            ["10", "12"])
        expect(harness, "SELECT name, id FROM good WHERE id > 1", ["~|3", "cat|5"])
        expect(harness, "SELECT id FROM words WHERE id = (SELECT max(id) FROM words)", ["6"])
        expect(harness, "SELECT (SELECT id FROM words WHERE id > 100)", ["~"])
        expect(harness, "SELECT id FROM words WHERE id IN (SELECT id FROM good)", ["1", "3", "5"])
        expect(harness, "SELECT id FROM words WHERE id NOT IN (SELECT id FROM good)", ["2", "4", "6"])
        expect(harness, "SELECT 1 WHERE EXISTS (SELECT 1 FROM good)", ["1"])
        expect(harness, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM good)", [])
        #expect(
            harness.outcome("SELECT (SELECT id FROM words)")
                == "21000@-: more than one row returned by a subquery used as an expression")
    }

    @Test("a time window keeps the rows whose time is in")
    func timeWindow() throws {
        // The clock of the tests stands at 2023-11-14 22:13:20 UTC.
        let table = try MemoryTable(
            "trades",
            [
                TableColumn(name: "at", type: .timestamptz, isNullable: false),
                TableColumn(name: "n", type: .int4),
                TableColumn(name: "_arrived", type: .timestamptz, isHidden: true),
            ],
            [
                ["2023-11-14 20:00:00+00", "1", "2023-11-14 22:00:00+00"],
                ["2023-11-14 21:30:00+00", "2", "2023-11-14 20:00:00+00"],
                ["2023-11-14 22:13:20+00", "3", "2023-11-14 22:13:20+00"],
            ], eventTimeColumn: 0)
        let text = "SELECT n FROM trades"
        let hour: Int64 = 3_600_000_000
        let harness = Harness(
            [table],
            views: [
                ViewDefinition(
                    name: "event", query: text, columns: ["n"], window: TimeWindow(time: .event, length: hour)),
                ViewDefinition(
                    name: "arrival", query: text, columns: ["n"], window: TimeWindow(time: .arrival, length: hour)),
                ViewDefinition(
                    name: "short", query: text, columns: ["n"], window: TimeWindow(time: .event, length: 2_600_000_000)),
            ])
        expect(harness, "SELECT n FROM event", ["2", "3"])
        expect(harness, "SELECT n FROM arrival", ["1", "3"])
        // 43 min 20 s: the row at exactly now − length is out.
        expect(harness, "SELECT n FROM short", ["3"])
        expect(harness, "SELECT count(*) FROM event", ["2"])
    }
}

import EskerFormat
import EskerQuery
import Testing

@Suite("Aggregates")
struct AggregateTests {
    @Test("without GROUP BY there is one row, also for no rows", arguments: MemoryTable.Encoding.allCases)
    func single(encoding: MemoryTable.Encoding) throws {
        let harness = Harness([try wordsTable(encoding, blockRows: 2)])
        expect(harness, "SELECT count(*), count(word), count(score) FROM words", ["6|5|5"])
        expect(harness, "SELECT sum(id), min(id), max(id) FROM words", ["21|1|6"])
        expect(harness, "SELECT sum(score), avg(score), min(score), max(score) FROM words", ["7.5|1.5|-1|4"])
        expect(harness, "SELECT min(word), max(word), count(DISTINCT word) FROM words", ["ant|cat|3"])
        expect(harness, "SELECT count(*), sum(id), min(word) FROM words WHERE id > 100", ["0|~|~"])
        expect(harness, "SELECT bool_and(id > 0), bool_or(score > 3), every(score > 3) FROM words", ["true|true|false"])
        expect(harness, "SELECT count(*) FROM words HAVING count(*) > 100", [])
    }

    @Test("groups by a column in any encoding", arguments: MemoryTable.Encoding.allCases)
    func grouped(encoding: MemoryTable.Encoding) throws {
        let harness = Harness([try wordsTable(encoding, blockRows: 2)])
        expect(
            harness, "SELECT word, count(*), sum(score) FROM words GROUP BY word ORDER BY word",
            ["ant|2|2", "bee|2|-1", "cat|1|4", "~|1|2.5"])
        expect(
            harness, "SELECT word, count(*) AS c FROM words GROUP BY 1 ORDER BY c DESC, word LIMIT 2",
            ["ant|2", "bee|2"])
        expect(harness, "SELECT id % 2 AS odd, max(id) FROM words GROUP BY odd ORDER BY odd", ["0|6", "1|5"])
        expect(
            harness, "SELECT id % 2, word, count(*) FROM words GROUP BY id % 2, word ORDER BY 1, 2",
            ["0|ant|1", "0|bee|2", "1|ant|1", "1|cat|1", "1|~|1"])
        expect(harness, "SELECT word FROM words GROUP BY word HAVING count(*) > 1 ORDER BY word", ["ant", "bee"])
        expect(harness, "SELECT count(*) FROM words GROUP BY word ORDER BY max(id)", ["1", "2", "1", "2"])
        expect(harness, "SELECT DISTINCT word FROM words ORDER BY word NULLS FIRST", ["~", "ant", "bee", "cat"])
        expect(harness, "SELECT DISTINCT id / 4 FROM words ORDER BY 1", ["0", "1"])
    }

    @Test("FILTER and DISTINCT choose what is taken in")
    func choices() throws {
        let harness = Harness([try wordsTable(.dictionary, blockRows: 2)])
        expect(harness, "SELECT count(*) FILTER (WHERE id > 4), sum(id) FILTER (WHERE score > 1) FROM words", ["2|9"])
        expect(
            harness, "SELECT word, count(*) FILTER (WHERE score > 0) FROM words GROUP BY word ORDER BY word",
            ["ant|2", "bee|0", "cat|1", "~|1"])
        expect(harness, "SELECT sum(DISTINCT id % 2), count(DISTINCT id % 3) FROM words", ["1|3"])
        expect(
            harness, "SELECT id % 2, count(DISTINCT word), sum(DISTINCT id / 3) FROM words GROUP BY 1 ORDER BY 1",
            ["0|2|3", "1|2|1"])
    }

    @Test("results have PostgreSQL's types")
    func types() throws {
        let harness = Harness([try wordsTable()])
        let sql =
            "SELECT count(*), sum(id), sum(id::int8), avg(id), avg(score), sum(score::float4), max(word) FROM words"
        let types = try harness.stream(sql).columns.map(\.type.name)
        #expect(
            types == ["bigint", "bigint", "numeric", "numeric", "double precision", "real", "text"])
    }

    @Test("sums beyond 64 bits are exact")
    func exact() throws {
        let harness = Harness()
        let values = "(VALUES (9223372036854775807), (9223372036854775807), (1)) AS v (n)"
        expect(harness, "SELECT sum(n) FROM \(values)", ["18446744073709551615"])
        expect(harness, "SELECT avg(n) FROM \(values)", ["6148914691236517205"])
        expect(harness, "SELECT sum(n), avg(n) FROM (VALUES (1), (2)) AS v (n)", ["3|1.5000000000000000"])
    }

    @Test("equal values of different bytes are one group")
    func equalValues() throws {
        let harness = Harness()
        let zeros = "(VALUES ('0'::float8), ('-0'), ('NaN'), ('NaN')) AS v (x)"
        expect(harness, "SELECT x, count(*) FROM \(zeros) GROUP BY x ORDER BY x", ["0|2", "NaN|2"])
        let lengths = "(VALUES ('1 mon'::interval), ('30 days'), ('1 day')) AS v (x)"
        expect(harness, "SELECT count(*) FROM \(lengths) GROUP BY x ORDER BY x", ["1", "2"])
        let numbers = "(VALUES (1.0::numeric), (1.00), (2)) AS v (x)"
        expect(harness, "SELECT x, count(*) FROM \(numbers) GROUP BY x ORDER BY x DESC", ["2|1", "1.0|2"])
    }
}

import EskerFormat
import EskerQuery
import Testing

@Suite("ORDER BY")
struct SortTests {
    @Test("by expression, place, alias and hidden expression")
    func keys() throws {
        let harness = Harness([try wordsTable(.dictionary, blockRows: 2)])
        expect(harness, "SELECT id FROM words ORDER BY id DESC", ["6", "5", "4", "3", "2", "1"])
        expect(harness, "SELECT id, -id AS n FROM words ORDER BY 2 LIMIT 2", ["6|-6", "5|-5"])
        expect(harness, "SELECT id AS n FROM words ORDER BY n LIMIT 1 OFFSET 1", ["2"])
        expect(harness, "SELECT id FROM words ORDER BY id % 3, id DESC", ["6", "3", "4", "1", "5", "2"])
        expect(harness, "SELECT id FROM words ORDER BY score", ["6", "4", "1", "3", "5", "2"])
        expect(harness, "SELECT id FROM words ORDER BY score DESC", ["2", "5", "3", "1", "4", "6"])
        expect(harness, "SELECT id FROM words ORDER BY score NULLS FIRST LIMIT 2", ["2", "6"])
        expect(harness, "SELECT id FROM words ORDER BY score DESC NULLS LAST LIMIT 1", ["5"])
        expect(
            harness, "SELECT word, id FROM words ORDER BY word DESC, id",
            ["~|3", "cat|5", "bee|2", "bee|6", "ant|1", "ant|4"])
    }

    @Test("equal rows keep their order")
    func stability() throws {
        let rows = (0..<1_000).map { [String($0), String($0 % 3)] as [String?] }
        let table = try MemoryTable(
            "t", [TableColumn(name: "n", type: .int4), TableColumn(name: "k", type: .int4)], rows, blockRows: 64)
        let harness = Harness([table])
        let sorted = try harness.rows("SELECT n FROM t ORDER BY k")
        #expect(sorted == (0..<3).flatMap { k in stride(from: k, to: 1_000, by: 3).map(String.init) })
        #expect(try harness.rows("SELECT n FROM t ORDER BY k LIMIT 10") == Array(sorted[..<10]))
        #expect(try harness.rows("SELECT n FROM t ORDER BY k LIMIT 10 OFFSET 330") == Array(sorted[330..<340]))
    }

    @Test("extreme values of every sortable type")
    func extremes() throws {
        let harness = Harness()
        func check(_ type: String, _ values: [String]) {
            let rows = values.reversed().map { "('\($0)'::\(type))" }.joined(separator: ", ")
            expect(harness, "SELECT x FROM (VALUES \(rows)) AS v (x) ORDER BY x", values)
            expect(harness, "SELECT x FROM (VALUES \(rows), (NULL)) AS v (x) ORDER BY x", values + ["~"])
            expect(
                harness, "SELECT x FROM (VALUES \(rows), (NULL)) AS v (x) ORDER BY x DESC",
                ["~"] + values.reversed())
        }
        check("int2", ["-32768", "-1", "0", "32767"])
        check(
            "int8", ["-9223372036854775808", "-9223372036854775807", "0", "9223372036854775806", "9223372036854775807"])
        check("float8", ["-Infinity", "-1.5", "0", "1e-300", "Infinity", "NaN"])
        check("float4", ["-Infinity", "-1.5", "0", "Infinity", "NaN"])
        check(
            "numeric",
            ["-1000000000000000000000000000001", "-1000000000000000000000000000000", "0.1", "0.10001", "NaN"])
        check("text", ["", "A", "a", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaab", "b", "é"])
        check("date", ["2020-01-01", "2020-01-02"])
        check("interval", ["-1 days", "00:00:01", "29 days", "1 mon"])
        check(
            "uuid",
            [
                "00000000-0000-0000-0000-000000000001", "00000000-0000-0001-0000-000000000000",
                "ff000000-0000-0000-0000-000000000000",
            ])
        check("bool", ["false", "true"])
    }
}

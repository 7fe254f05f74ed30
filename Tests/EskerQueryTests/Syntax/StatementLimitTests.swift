import EskerQuery
import Testing

@Suite("A huge statement")
struct StatementLimitTests {
    @Test(
        "is parsed up to the limits",
        arguments: [
            Shape("operators in a chain", "select 1", "+1", 9_990),
            Shape("operators without spaces between signs", "select 1", "+-a", 4_900),
            Shape("terms of OR", "select a = 1", " or a = 1", 20_000),
            Shape("terms of AND", "select a = 1", " and a = 1", 20_000),
            Shape("values of IN", "select a in (1", ",1", 20_000, ")"),
            Shape("rows of VALUES", "insert into t values (1, 'a')", ", (1, 'a')", 20_000),
            Shape("columns", "select a", ", a + 1", 20_000),
            Shape("parentheses", "select ", "(", 1_000, "1", ")"),
            Shape("parentheses that end chains", "select ", "1 + (", 1_000, "1", ")"),
            Shape("parentheses that begin chains", "select ", "(", 900, "1", " + 1 + 1 + 1)"),
            Shape("sub-queries in FROM", "", "select * from (", 1_000, "select 1", ") a"),
            Shape("sub-queries as values", "", "select (", 1_000, "select 1", ")"),
            Shape("CASEs", "select ", "case when a then ", 1_000, "1", " end"),
            Shape("calls", "select ", "f(", 1_000, "1", ")"),
            Shape("arrays", "select ", "array[", 1_000, "1", "]"),
            Shape("NOTs", "select ", "not ", 9_000, "a"),
            Shape("signs", "select ", "- ", 9_000, "a"),
            Shape("casts", "select a", "::int", 9_000),
            Shape("IS NULLs", "select a", " is null", 9_000),
            Shape("UNIONs", "select 1", " union all select 1", 9_990),
            Shape("joins", "select * from t", " cross join t", 9_990),
            Shape("statements", "", "select 1 + 1;", 20_000),
            Shape("operators over many statements", "", "select a + a + a from t where a and a;", 5_000),
        ])
    func withinLimits(_ shape: Shape) throws {
        #expect(try parse(shape.sql).isEmpty == false)
    }

    @Test("of 16 MiB is parsed")
    func longest() throws {
        let sql = "select '" + repeated("0123456789abcdef", (16 << 16) - 1) + "'"
        #expect(sql.utf8.count == (16 << 20) - 7)
        #expect(try parse(sql).count == 1)
    }

    @Test("of more than 16 MiB is refused")
    func tooLong() {
        let error = #expect(throws: QueryError.self) { try parse(repeated("select 1;       ", 1 << 20) + " ") }
        #expect(error?.sqlState == .programLimitExceeded)
    }

    @Test(
        "is refused beyond the limits",
        arguments: [
            Shape("operators in a chain", "select 1", "+1", 200_000),
            Shape("operators on a column named by a keyword", "select set", "+set", 200_000),
            Shape("operators on qualified keywords", "select a.and", "+a.and", 200_000),
            Shape("operators after strings", "select e'\\''", "||e'\\''", 200_000),
            Shape("casts", "select a", "::int", 200_000),
            Shape("collations", "select a", " collate b", 200_000),
            Shape("time zones", "select a", " at time zone b", 200_000),
            Shape("IS NULLs", "select a", " is null", 200_000),
            Shape("NOTNULLs", "select a", " notnull", 200_000),
            Shape("NOTs", "select ", "not ", 200_000, "a"),
            Shape("signs", "select ", "- ", 200_000, "a"),
            Shape("named operators", "select a", " operator(pg_catalog.+) a", 200_000),
            Shape("UNIONs", "select 1", " union select 1", 200_000),
            Shape("joins", "select * from t", " natural join t", 200_000),
            Shape("parentheses", "select ", "(", 1_001, "1", ")"),
            Shape("brackets", "select ", "array[", 1_001, "1", "]"),
            Shape("CASEs", "select ", "case when a then ", 1_001, "1", " end"),
            Shape("chains begun by groups of chains", "select ", "(", 900, "1", "+1+1+1+1+1+1+1+1+1+1+1+1+1)"),
            Shape("CASEs that only seem to end", "select ", "case when a.end then ", 200_000),
            Shape("rows given to columns", "", "update t set (a,b,c,d) = (with x as (", 30, "select 1", ") select 1)"),
        ])
    func beyondLimits(_ shape: Shape) {
        let error = #expect(throws: QueryError.self) { try parse(shape.sql) }
        #expect(error?.sqlState == .statementTooComplex)
        #expect(error?.position != nil)
    }

    @Test("tells how deep its tree may be")
    func depth() throws {
        let depths = try parse("select 1 + 1 + 1 + 1 + 1").map(\.depth) + parse("select ((1) + 1)").map(\.depth)
        #expect(depths == [5, 4])
    }

    @Test("without brackets cannot hide its depth in strings, comments or quoted names")
    func hidden() throws {
        let hidden = repeated("((1+", 5_000)
        for sql in [
            "select '\(hidden)'", "select $a$\(hidden)$a$", "select 1 /* \(hidden) /* */ */", "select \"\(hidden)\"",
        ] {
            #expect(try parse(sql).first.map { $0.depth < 5 } == true)
        }
    }
}

private func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
}

/// A text with a repeated part, described by what is repeated.
struct Shape: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let sql: String

    /// `before`, `part` `count` times, `inner`, `close` `count` times.
    init(_ what: String, _ before: String, _ part: String, _ count: Int, _ inner: String = "", _ close: String = "") {
        testDescription = "\(count) \(what)"
        sql = before + repeated(part, count) + inner + repeated(close, count)
    }
}

import EskerQuery
import Testing

@Suite("A syntax error")
struct SyntaxErrorTests {
    @Test("has PostgreSQL's code, position and message", arguments: SyntaxScript(Self.script).cases)
    func postgres(_ example: SyntaxScript.Case) {
        let error = #expect(throws: QueryError.self) { try parse(example.sql) }
        #expect(error.map { "\($0.sqlState) at \($0.position ?? 0): \($0.message)" } == example.tree)
    }

    @Test(
        "at a reserved word says how to use it as a name",
        arguments: [
            ("select * from t where offset > 1", "offset"), ("select offset from t", "offset"),
            ("create table t (a int, END int)", "end"), ("create table t (user text)", "user"),
            ("select a from t order by order", "order"), ("select t.a, limit, b from t", "limit"),
        ])
    func reservedWord(sql: String, word: String) {
        let error = #expect(throws: QueryError.self) { try parse(sql) }
        #expect(error?.hint == "\"\(word)\" is a reserved word of SQL. To use it as a name, write it in double quotes.")
    }

    @Test(
        "elsewhere has no such hint", arguments: ["selct 1", "select 1 +", "select a from from t", "select (a, from t"])
    func noHint(sql: String) {
        let error = #expect(throws: QueryError.self) { try parse(sql) }
        #expect(error?.sqlState == .syntaxError && error?.hint == nil)
    }

    @Test(
        "is given for ASOF before JOIN, which PostgreSQL would take for an alias",
        arguments: [
            ("select * from a asof join b on true", 17), ("select * from a ASOF LEFT JOIN b using (x)", 17),
            ("select * from a, b asof /* c */ natural join c", 20),
        ])
    func asofJoin(sql: String, position: Int) {
        let error = #expect(throws: QueryError.self) { try parse(sql) }
        #expect(error?.sqlState == .syntaxError && error?.position == position)
        #expect(error?.hint?.contains("LATERAL") == true)
    }

    @Test(
        "is not given for other uses of the word asof",
        arguments: [
            "select * from a as asof join b on true", "select * from a \"asof\" join b on true",
            "select asof from t", "select * from a asof, b", "select * from asof.t join b on true",
        ])
    func otherAsof(sql: String) {
        #expect(throws: Never.self) { try parse(sql) }
    }

    /// SQL, then indented the code, position and message of PostgreSQL 15; see ``SyntaxScript``.
    private static let script = #"""
        selct 1
            42601 at 1: syntax error at or near "selct"

        select 1 +
            42601 at 11: syntax error at end of input

        select from where
            42601 at 13: syntax error at or near "where"

        select * from t where offset > 1
            42601 at 23: syntax error at or near "offset"

        select offset from t
            42601 at 15: syntax error at or near "from"

        select a, from t
            42601 at 11: syntax error at or near "from"

        select é, ü, from t
            42601 at 14: syntax error at or near "from"

        select 'abc
            42601 at 8: unterminated quoted string at or near "'abc"

        select "abc
            42601 at 8: unterminated quoted identifier at or near ""abc"

        select $$abc
            42601 at 8: unterminated dollar-quoted string at or near "$$abc"

        select /* abc
            42601 at 8: unterminated /* comment at or near "/* abc"

        select ""
            42601 at 8: zero-length delimited identifier at or near """"

        select 1a
            42601 at 8: trailing junk after numeric literal at or near "1a"

        select $1a
            42601 at 8: trailing junk after parameter at or near "$1a"

        select 1; selct 2
            42601 at 11: syntax error at or near "selct"

        select e'\u00zz'
            22025 at 10: invalid Unicode escape

        select e'\udddd'
            42601 at 10: invalid Unicode surrogate pair at or near "\udddd"

        select e'\xff'
            22021 at 0: invalid byte sequence for encoding "UTF8": 0xff

        select * from (select 1
            42601 at 24: syntax error at end of input

        select (1, 2
            42601 at 13: syntax error at end of input

        select 1)
            42601 at 9: syntax error at or near ")"

        select a b c
            42601 at 12: syntax error at or near "c"

        select * from t join u
            42601 at 23: syntax error at end of input

        select * from t natural join u on a
            42601 at 32: syntax error at or near "on"

        select * from t order by a limit 1 limit 2
            42601 at 36: syntax error at or near "limit"

        (select 1 order by 1) order by 1
            42601 at 32: multiple ORDER BY clauses not allowed

        select 1 fetch first 1 row with ties
            42601 at 0: WITH TIES cannot be specified without ORDER BY clause

        select sum(a) over (rows between unbounded following and current row) from t
            42P20 at 34: frame start cannot be UNBOUNDED FOLLOWING

        select sum(a) over (rows between current row and 1 preceding) from t
            42P20 at 50: frame starting from current row cannot have preceding rows

        select sum(a) over (rows unbounded following) from t
            42P20 at 26: frame start cannot be UNBOUNDED FOLLOWING

        select a = b = c
            42601 at 14: syntax error at or near "="

        select a between 1
            42601 at 19: syntax error at end of input

        select case when 1 end
            42601 at 20: syntax error at or near "end"

        select case end
            42601 at 13: syntax error at or near "end"

        select cast(a int)
            42601 at 15: syntax error at or near "int"

        select 1 as
            42601 at 12: syntax error at end of input

        select distinct on a
            42601 at 20: syntax error at or near "a"

        insert into t values
            42601 at 21: syntax error at end of input

        insert into t (a) value (1)
            42601 at 19: syntax error at or near "value"

        insert t values (1)
            42601 at 8: syntax error at or near "t"

        update t a = 1
            42601 at 12: syntax error at or near "="

        update t set
            42601 at 13: syntax error at end of input

        update t set (a, b) = 1, 2
            42601 at 26: syntax error at or near "2"

        delete t
            42601 at 8: syntax error at or near "t"

        create table t
            42601 at 15: syntax error at end of input

        create table t (a)
            42601 at 19: syntax error at end of input

        create table t (a int,)
            42601 at 23: syntax error at or near ")"

        create table t (a int, end int)
            42601 at 24: syntax error at or near "end"

        create table t (a int primary)
            42601 at 30: syntax error at or near ")"

        create table t (user text)
            42601 at 17: syntax error at or near "user"

        create tabel t (a int)
            42601 at 8: syntax error at or near "tabel"

        create view v
            42601 at 14: syntax error at end of input

        create index on t
            42601 at 18: syntax error at end of input

        drop t
            42601 at 6: syntax error at or near "t"

        drop table
            42601 at 11: syntax error at end of input

        drop table if exist t
            42601 at 15: syntax error at or near "exist"

        alter table t add
            42601 at 18: syntax error at end of input

        truncate
            42601 at 9: syntax error at end of input

        begin work now
            42601 at 12: syntax error at or near "now"

        set a
            42601 at 6: syntax error at end of input

        set a =
            42601 at 8: syntax error at end of input

        copy t
            42601 at 7: syntax error at end of input

        copy t from
            42601 at 12: syntax error at end of input

        explain
            42601 at 8: syntax error at end of input

        fetch
            42601 at 6: syntax error at end of input

        prepare p
            42601 at 10: syntax error at end of input

        execute
            42601 at 8: syntax error at end of input

        declare c cursor select 1
            42601 at 18: syntax error at or near "select"

        select interval '1' hour to year
            42601 at 29: syntax error at or near "year"

        select float(0)
            22023 at 14: precision for type float must be at least 1 bit

        select 1::float(54)
            22023 at 17: precision for type float must be less than 54 bits

        select 1::float(0)
            22023 at 17: precision for type float must be at least 1 bit

        select * from t tablesample
            42601 at 28: syntax error at end of input

        with a as select 1 select 2
            42601 at 11: syntax error at or near "select"

        with recursive select 1
            42601 at 16: syntax error at or near "select"

        select f(a => 1, 2
            42601 at 19: syntax error at end of input

        select f(,)
            42601 at 10: syntax error at or near ","

        select array[1,
            42601 at 16: syntax error at end of input

        select a[1
            42601 at 11: syntax error at end of input

        select a.
            42601 at 10: syntax error at end of input

        select a..b
            42601 at 9: syntax error at or near ".."

        select .
            42601 at 8: syntax error at or near "."

        select @
            42601 at 9: syntax error at end of input

        select 1 where
            42601 at 15: syntax error at end of input

        select * from t where a in ()
            42601 at 29: syntax error at or near ")"

        select * from t where a like
            42601 at 29: syntax error at end of input

        select * from t group by
            42601 at 25: syntax error at end of input

        select count(* from t
            42601 at 16: syntax error at or near "from"

        create table t (check (a) deferrable)
            0A000 at 0: CHECK constraints cannot be marked DEFERRABLE

        grant
            42601 at 6: syntax error at end of input

        select row(1,2).a
            42601 at 16: syntax error at or near "."

        select 1 union
            42601 at 15: syntax error at end of input

        values
            42601 at 7: syntax error at end of input

        values ()
            42601 at 9: syntax error at or near ")"

        values (1,)
            42601 at 11: syntax error at or near ")"

        select * from t for update of
            42601 at 30: syntax error at end of input
        """#
}

import EskerQuery
import Testing

@Suite("Parsing a query")
struct SelectParsingTests {
    @Test("gives the tree that is meant", arguments: SyntaxScript(Self.script).cases)
    func tree(_ example: SyntaxScript.Case) throws {
        #expect(try parse(example.sql).map(\.statement.description).joined(separator: "; ") == example.tree)
    }

    /// A statement, then indented the tree it gives; see ``SyntaxScript``.
    private static let script = #"""
        select a, t.b as x, t.*, * from s.t as t
            (select body: (select targets: [(value: a) (value: t.b alias: x) (value: t.*) (value: *)] from: [(table s.t
            alias: (name: t))]))

        select
            (select body: (select))

        values (1, 2), (3, default)
            (select body: (values [[1 2] [3 defaultValue]]))

        table t
            (select body: (select targets: [(value: *)] from: [(table t)]))

        select distinct a from t
            (select body: (select distinct: distinct targets: [(value: a)] from: [(table t)]))

        select distinct on (a, b) a from t order by a using <, b nulls first, c desc
            (select body: (select distinct: (on [a b]) targets: [(value: a)] from: [(table t)]) orderBy: [(value: a
            direction: (using <)) (value: b nulls: first) (value: c direction: descending)])

        select 1 union all select 2 intersect select 3 except select 4
            (select body: (setOperation kind: except left: (body: (setOperation kind: union keepsDuplicates: true left:
            (body: (select targets: [(value: 1)])) right: (body: (setOperation kind: intersect left: (body: (select
            targets: [(value: 2)])) right: (body: (select targets: [(value: 3)])))))) right: (body: (select targets:
            [(value: 4)]))))

        select a from t for update of t nowait for key share skip locked
            (select body: (select targets: [(value: a)] from: [(table t)]) locking: [(strength: update tables: [t] wait:
            noWait) (strength: keyShare wait: skipLocked)])

        select a from t order by a fetch first 3 rows with ties
            (select body: (select targets: [(value: a)] from: [(table t)]) orderBy: [(value: a)] limit: (count: 3
            withTies: true))

        select a from t limit 10 offset $1
            (select body: (select targets: [(value: a)] from: [(table t)]) limit: (count: 10) offset: $1)

        select a from t where b group by c, (d, e) having f
            (select body: (select targets: [(value: a)] from: [(table t)] filter: b groupBy: [(expression c) (expression
            (row [d e]))] having: f))

        select a from t group by distinct a, rollup (a, (b, c)), (), grouping sets ((a), cube (b))
            (select body: (select targets: [(value: a)] from: [(table t)] groupBy: [(expression a) (rollup [a (row [b
            c])]) (empty) (sets [(expression a) (cube [b])])] isGroupingDistinct: true))

        select a from t window w as (partition by b), v as (w order by c)
            (select body: (select targets: [(value: a)] from: [(table t)] windows: [(name: w partitionBy: [b]) (name: v
            base: w orderBy: [(value: c)])]))

        select * from a, b c, lateral (select 1) d (e)
            (select body: (select targets: [(value: *)] from: [(table a) (table b alias: (name: c)) (subquery (body:
            (select targets: [(value: 1)])) isLateral: true alias: (name: d columns: [e]))]))

        select * from a join b on c left join d using (e, f) natural full join g cross join h right join i
        on true
            (select body: (select targets: [(value: *)] from: [(join kind: right left: (join kind: inner left: (join
            kind: full left: (join kind: left left: (join kind: inner left: (table a) right: (table b) condition: (on
            c)) right: (table d) condition: (using [e f])) right: (table g) condition: natural) right: (table h)
            condition: none) right: (table i) condition: (on true))]))

        select * from (a join b using (x) as u) as j
            (select body: (select targets: [(value: *)] from: [(join kind: inner left: (table a) right: (table b)
            condition: (using [x] alias: (name: u)) alias: (name: j))]))

        select * from f(1) with ordinality as g (h), lateral pg_catalog.g()
            (select body: (select targets: [(value: *)] from: [(function items: [(call: (function name: [f] arguments:
            [(value: 1)]))] withOrdinality: true alias: (name: g columns: [h])) (function items: [(call: (function name:
            [pg_catalog g]))] isLateral: true)]))

        select * from rows from (f(1), g() as (a int, b text)) as x
            (select body: (select targets: [(value: *)] from: [(function items: [(call: (function name: [f] arguments:
            [(value: 1)])) (call: (function name: [g]) columns: [(name: a type: (names: [pg_catalog int4])) (name: b
            type: (names: [text]))])] isRowsFrom: true alias: (name: x))]))

        select * from f() as (a int, b text collate "C")
            (select body: (select targets: [(value: *)] from: [(function items: [(call: (function name: [f]) columns:
            [(name: a type: (names: [pg_catalog int4])) (name: b type: (names: [text]) collation: [C])])])]))

        select * from current_date as d
            (select body: (select targets: [(value: *)] from: [(function items: [(call: (sqlValue name: currentDate))]
            alias: (name: d))]))

        with a as (select 1), b (c) as not materialized (values (1)) select * from a
            (select with: (tables: [(name: a statement: (select body: (select targets: [(value: 1)]))) (name: b columns:
            [c] isMaterialized: false statement: (select body: (values [[1]])))]) body: (select targets: [(value: *)]
            from: [(table a)]))

        with recursive r (n) as materialized (select 1 union all select n + 1 from r where n < 9) select *
        from r
            (select with: (isRecursive: true tables: [(name: r columns: [n] isMaterialized: true statement: (select
            body: (setOperation kind: union keepsDuplicates: true left: (body: (select targets: [(value: 1)])) right:
            (body: (select targets: [(value: (binary + n 1))] from: [(table r)] filter: (binary < n 9))))))]) body:
            (select targets: [(value: *)] from: [(table r)]))

        with d as (delete from t returning a) select * from d
            (select with: (tables: [(name: d statement: (delete table: t returning: [(value: a)]))]) body: (select
            targets: [(value: *)] from: [(table d)]))

        (select 1 a union select 2) order by 1 limit all offset 2
            (select body: (setOperation kind: union left: (body: (select targets: [(value: 1 alias: a)])) right: (body:
            (select targets: [(value: 2)]))) orderBy: [(value: 1)] limit: (count: null) offset: 2)

        select all a c from only d.s.t as u (v, w)
            (select body: (select targets: [(value: a alias: c)] from: [(table d.s.t only: true alias: (name: u columns:
            [v w]))]))
        """#
}

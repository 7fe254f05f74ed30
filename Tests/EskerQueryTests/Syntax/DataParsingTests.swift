import EskerQuery
import Testing

@Suite("Parsing INSERT, UPDATE, DELETE and COPY")
struct DataParsingTests {
    @Test("gives the tree that is meant", arguments: SyntaxScript(Self.script).cases)
    func tree(_ example: SyntaxScript.Case) throws {
        #expect(try parse(example.sql).map(\.statement.description).joined(separator: "; ") == example.tree)
    }

    /// A statement, then indented the tree it gives; see ``SyntaxScript``.
    private static let script = #"""
        insert into t values (1, 'a'), (default, null)
            (insert table: t source: (query body: (values [[1 'a'] [defaultValue null]])))

        insert into s.t as u (a, b[1], c.d) overriding system value select * from v
            (insert table: s.t alias: u columns: [(column: a) (column: b indirection: [(index 1)]) (column: c
            indirection: [(field d)])] source: (query body: (select targets: [(value: *)] from: [(table v)]))
            overriding: systemValue)

        insert into t default values returning *, a as b
            (insert table: t source: defaultValues returning: [(value: *) (value: a alias: b)])

        insert into t values (1) on conflict do nothing
            (insert table: t source: (query body: (values [[1]])) onConflict: (action: nothing))

        insert into t values (1) on conflict (a, lower(b) collate "C" text_ops desc) where c do update set
        (a, b) = (1, excluded.b), d[2] = default where e
            (insert table: t source: (query body: (values [[1]])) onConflict: (arbiter: (columns [(subject: (column a))
            (subject: (expression (function name: [lower] arguments: [(value: b)])) collation: [C] operatorClass:
            [text_ops] isDescending: true)] filter: c) action: (update [(targets: [(column: a) (column: b)] value: (row
            [1 excluded.b])) (targets: [(column: d indirection: [(index 2)])] value: defaultValue)] filter: e)))

        insert into t values (1) on conflict on constraint k do nothing
            (insert table: t source: (query body: (values [[1]])) onConflict: (arbiter: (constraint k) action: nothing))

        with x as (select 1) insert into t table x
            (insert with: (tables: [(name: x statement: (select body: (select targets: [(value: 1)])))]) table: t
            source: (query body: (select targets: [(value: *)] from: [(table x)])))

        update t set a = 1
            (update table: t assignments: [(targets: [(column: a)] value: 1)])

        update only t as u set a = b + 1, (c, d) = (select 1, 2), (e, f) = row(3, 4) from v, w where u.x =
        v.x returning u.a
            (update table: t only: true alias: (name: u) assignments: [(targets: [(column: a)] value: (binary + b 1))
            (targets: [(column: c) (column: d)] value: (subquery use: scalar query: (body: (select targets: [(value: 1)
            (value: 2)])))) (targets: [(column: e) (column: f)] value: (row [3 4] isExplicit: true))] from: [(table v)
            (table w)] filter: (binary = u.x v.x) returning: [(value: u.a)])

        update t set a = 1 where current of c
            (update table: t assignments: [(targets: [(column: a)] value: 1)] filter: (currentOf cursor: c))

        delete from t
            (delete table: t)

        with x as (select 1) delete from only t u using v where a returning *
            (delete with: (tables: [(name: x statement: (select body: (select targets: [(value: 1)])))]) table: t only:
            true alias: (name: u) using: [(table v)] filter: a returning: [(value: *)])

        copy t from stdin
            (copy subject: (table t) direction: from channel: standard)

        copy t (a, b) from 'file' with (format csv, header, delimiter ',', force_null (a, b), force_quote *,
        null '') where a > 1
            (copy subject: (table t columns: [a b]) direction: from channel: (file file) options: [(name: format value:
            (string csv)) (name: header) (name: delimiter value: (string ",")) (name: force_null value: (list [(string
            a) (string b)])) (name: force_quote value: star) (name: null value: (string ""))] filter: (binary > a 1))

        copy (select 1) to stdout csv header quote '"'
            (copy subject: (query (select body: (select targets: [(value: 1)]))) direction: to channel: standard
            options: [(name: format value: (string csv)) (name: header value: (word true)) (name: quote value: (string
            """))])

        copy t to program 'cat'
            (copy subject: (table t) direction: to channel: (program cat))
        """#
}

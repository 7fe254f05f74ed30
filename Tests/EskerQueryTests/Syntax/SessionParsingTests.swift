import EskerQuery
import Testing

@Suite("Parsing a statement about the session")
struct SessionParsingTests {
    @Test("gives the tree that is meant", arguments: SyntaxScript(Self.script).cases)
    func tree(_ example: SyntaxScript.Case) throws {
        #expect(try parse(example.sql).map(\.statement.description).joined(separator: "; ") == example.tree)
    }

    /// A statement, then indented the tree it gives; see ``SyntaxScript``.
    private static let script = #"""
        explain select 1
            (explain statement: (select body: (select targets: [(value: 1)])))

        explain analyze verbose insert into t values (1)
            (explain options: [(name: analyze) (name: verbose)] statement: (insert table: t source: (query body: (values
            [[1]]))))

        explain (analyze, format json, costs off, n -3) select 1
            (explain options: [(name: analyze) (name: format value: (string json)) (name: costs value: (string off))
            (name: n value: (integer -3))] statement: (select body: (select targets: [(value: 1)])))

        set a = 1
            (set name: a action: (values [1]))

        set local s.a = 'x', y, -2, 1.5
            (set name: "s.a" action: (values ['x' 'y' -2 1.5n]) isLocal: true)

        set session a to default
            (set name: a action: reset)

        set time zone interval '1' hour to minute
            (set name: timezone action: (values [(cast '1' (names: [pg_catalog interval] modifiers: [3072]))]))

        set transaction isolation level serializable, read only
            (set name: TRANSACTION action: (transactionModes [(name: transaction_isolation value: (string serializable))
            (name: transaction_read_only value: (integer 1))]))

        set session characteristics as transaction read write
            (set name: "SESSION CHARACTERISTICS" action: (transactionModes [(name: transaction_read_only value: (integer
            0))]))

        reset a
            (set name: a action: reset)

        reset all
            (set name: "" action: resetAll)

        show a
            (show name: a)

        show all
            (show name: all)

        begin
            (transaction (begin))

        start transaction isolation level repeatable read, read only, not deferrable
            (transaction (begin modes: [(name: transaction_isolation value: (string "repeatable read")) (name:
            transaction_read_only value: (integer 1)) (name: transaction_deferrable value: (integer 0))]))

        commit and chain
            (transaction (commit chain: true))

        end
            (transaction (commit))

        rollback
            (transaction (rollback))

        savepoint a
            (transaction (savepoint a))

        release a
            (transaction (release a))

        rollback to savepoint a
            (transaction (rollbackTo a))

        prepare p as select $1
            (prepare name: p statement: (select body: (select targets: [(value: $1)])))

        prepare p (int, text[]) as delete from t
            (prepare name: p types: [(names: [pg_catalog int4]) (names: [text] arrayBounds: [nil])] statement: (delete
            table: t))

        execute p
            (execute name: p)

        execute p (1, 'x')
            (execute name: p arguments: [1 'x'])

        deallocate p
            (deallocate name: p)

        deallocate all
            (deallocate)

        declare c cursor for select 1
            (declareCursor name: c query: (body: (select targets: [(value: 1)])))

        declare c binary asensitive no scroll cursor with hold for select 1
            (declareCursor name: c isBinary: true isScrollable: false isHeld: true isInsensitive: false query: (body:
            (select targets: [(value: 1)])))

        declare c insensitive scroll cursor for select 1
            (declareCursor name: c isScrollable: true isInsensitive: true query: (body: (select targets: [(value: 1)])))

        fetch c
            (fetch direction: forward count: 1 cursor: c)

        fetch all from c
            (fetch direction: forward cursor: c)

        fetch backward 3 in c
            (fetch direction: backward count: 3 cursor: c)

        fetch absolute -1 from c
            (fetch direction: absolute count: -1 cursor: c)

        move relative -2 in c
            (fetch direction: relative count: -2 cursor: c isMove: true)

        close c
            (close cursor: c)

        close all
            (close)
        """#
}

import EskerQuery
import Testing

@Suite("A statement Esker does not carry out")
struct OtherStatementParsingTests {
    @Test("is named by its command words", arguments: SyntaxScript(Self.script).cases)
    func name(_ example: SyntaxScript.Case) throws {
        #expect(try parse(example.sql).map(\.statement.description).joined(separator: "; ") == example.tree)
    }

    /// A statement, then indented the tree it gives; see ``SyntaxScript``.
    private static let script = #"""
        grant select on t to x
            (other name: GRANT)

        revoke all on t from x
            (other name: REVOKE)

        create role x
            (other name: "CREATE ROLE")

        vacuum t
            (other name: VACUUM)

        analyze t
            (other name: ANALYZE)

        comment on table t is 'x'
            (other name: "COMMENT ON")

        create function f() returns int language sql as 'select 1'
            (other name: "CREATE FUNCTION")

        create aggregate f (int) (sfunc = g, stype = int)
            (other name: "CREATE AGGREGATE")

        create type x as enum ('a')
            (other name: "CREATE TYPE")

        create trigger x after insert on t execute function f()
            (other name: "CREATE TRIGGER")

        create sequence s
            (other name: "CREATE SEQUENCE")

        drop function f(int)
            (other name: "DROP FUNCTION")

        drop type x
            (other name: "DROP TYPE")

        listen x
            (other name: LISTEN)

        notify x
            (other name: NOTIFY)

        lock table t
            (other name: LOCK)

        merge into t using s on a = b when matched then delete
            (other name: MERGE)

        do 'x'
            (other name: DO)

        prepare transaction 'x'
            (other name: "PREPARE TRANSACTION")

        alter table t set schema s
            (other name: "ALTER … SET SCHEMA")

        alter function f() rename to g
            (other name: "ALTER FUNCTION RENAME")

        discard all
            (other name: DISCARD)

        create extension x
            (other name: "CREATE EXTENSION")

        create domain d as int
            (other name: "CREATE DOMAIN")

        call f()
            (other name: CALL)

        checkpoint
            (other name: CHECKPOINT)

        create schema s
            (other name: "CREATE SCHEMA")

        alter system set a = 1
            (other name: "ALTER SYSTEM")

        create database d
            (other name: "CREATE DATABASE")
        """#
}

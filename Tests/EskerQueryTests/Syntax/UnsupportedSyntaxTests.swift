import EskerQuery
import Testing

@Suite("Syntax Esker does not know")
struct UnsupportedSyntaxTests {
    @Test(
        "is refused by name and place, never dropped",
        arguments: [
            ("select * from t tablesample system (1)", "TABLESAMPLE", 29),
            ("select xmlelement(name a)", "XML expression", 8),
            ("select xmlserialize(content a as text)", "XMLSERIALIZE", 8),
            ("select * from xmltable('/a' passing b columns c int)", "XMLTABLE", 15),
            ("with recursive a as (select 1) search depth first by b set c select 1", "SEARCH in WITH RECURSIVE", 32),
            ("with recursive a as (select 1) cycle b set c using d select 1", "CYCLE in WITH RECURSIVE", 32),
            ("create table t (a int) inherits (u, v)", "INHERITS", 34),
            ("create table t partition of u default", "PARTITION OF", 31),
            ("create table t of u", "OF type", 19),
            ("create table t (like u)", "LIKE in CREATE TABLE", 22),
            ("create table t (a text compression lz4)", "COMPRESSION", 17),
            ("create table t (a int, exclude using gist (a with =))", "EXCLUDE constraint", 24),
            ("alter table t owner to bob", "ALTER TABLE command CHANGE OWNER", 13),
            ("alter table t add a int, alter b set storage plain", "ALTER TABLE command SET STORAGE", 13),
            ("alter table t add constraint c unique using index i", "USING INDEX", 19),
            ("explain execute p; create table t as execute p", "EXECUTE as a query", nil),
        ])
    func refusal(sql: String, construct: String, position: Int?) {
        let error = #expect(throws: QueryError.self) { try parse(sql) }
        #expect(error?.sqlState == .featureNotSupported)
        #expect(error?.message == "\(construct) is not supported")
        #expect(error?.position == position)
    }

    @Test(
        "without a name among our words is still refused",
        arguments: ["create table t (a int) tablespace x", "create table t (a int) using heap"])
    func noPlace(sql: String) {
        let error = #expect(throws: QueryError.self) { try parse(sql) }
        #expect(error?.sqlState == .featureNotSupported)
    }

    @Test("such as INTO inside a query is PostgreSQL's error")
    func intoInside() {
        let error = #expect(throws: QueryError.self) { try parse("select (select 1 into t)") }
        #expect(error?.sqlState == .syntaxError && error?.position == 23)
        #expect(error?.message == "SELECT ... INTO is not allowed here")
    }
}

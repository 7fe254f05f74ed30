import EskerFormat
import EskerQuery
import Testing

@Suite("Wrong statements")
struct BindingErrorTests {
    /// The text of the statement with `^` before the place that the error has to name, and the error.
    static let cases: [(String, String)] = [
        ("SELECT ^nope FROM words", "42703: column \"nope\" does not exist"),
        ("SELECT ^words.nope FROM words", "42703: column words.nope does not exist"),
        ("SELECT ^w.id FROM words", "42P01: missing FROM-clause entry for table \"w\""),
        ("SELECT * FROM ^nowhere", "42P01: relation \"nowhere\" does not exist"),
        ("SELECT * FROM ^other.words", "42P01: relation \"other.words\" does not exist"),
        ("SELECT ^nope(id) FROM words", "42883: function nope(integer) does not exist"),
        ("SELECT id ^+ true FROM words", "42883: operator does not exist: integer + boolean"),
        ("SELECT id FROM words WHERE ^id", "42804: argument of WHERE must be type boolean, not type integer"),
        ("SELECT id FROM words WHERE NOT ^id", "42804: argument of NOT must be type boolean, not type integer"),
        (
            "SELECT ^id, count(*) FROM words",
            "42803: column \"words.id\" must appear in the GROUP BY clause or be used in an aggregate function"
        ),
        (
            "SELECT w.word, ^w.id FROM words AS w GROUP BY w.word",
            "42803: column \"w.id\" must appear in the GROUP BY clause or be used in an aggregate function"
        ),
        ("SELECT id FROM words WHERE ^count(*) > 1", "42803: aggregate functions are not allowed in WHERE"),
        ("SELECT 1 FROM words GROUP BY ^count(*)", "42803: aggregate functions are not allowed in GROUP BY"),
        ("SELECT sum(^count(*)) FROM words", "42803: aggregate function calls cannot be nested"),
        ("SELECT ^sum(word) FROM words", "42883: function sum(text) does not exist"),
        ("SELECT ^count() FROM words", "42809: count(*) must be used to call a parameterless aggregate function"),
        ("SELECT id FROM words ORDER BY ^2", "42P10: ORDER BY position 2 is not in select list"),
        ("SELECT id FROM words GROUP BY ^7", "42P10: GROUP BY position 7 is not in select list"),
        (
            "SELECT DISTINCT word FROM words ORDER BY ^id",
            "42P10: for SELECT DISTINCT, ORDER BY expressions must appear in select list"
        ),
        ("SELECT ^'x'::int4", "22P02: invalid input syntax for type integer: \"x\""),
        ("SELECT id FROM words WHERE id = ^'x'", "22P02: invalid input syntax for type integer: \"x\""),
        ("SELECT true^::date", "42846: cannot cast type boolean to date"),
        ("SELECT 1::^nosuch", "42704: type \"nosuch\" does not exist"),
        ("SELECT CASE WHEN true THEN ^1 ELSE true END", "42804: CASE types boolean and integer cannot be matched"),
        ("SELECT CASE WHEN ^1 THEN 1 END", "42804: argument of CASE/WHEN must be type boolean, not type integer"),
        ("SELECT ^$1", "42P02: there is no parameter $1"),
        ("SELECT id, id FROM words ORDER BY ^1.5", "42601: non-integer constant in ORDER BY"),
        ("SELECT 1 LIMIT ^true", "42804: argument of LIMIT must be type bigint, not type boolean"),
        ("INSERT INTO words (^nope) VALUES (1)", "42703: column \"nope\" of relation \"words\" does not exist"),
        ("INSERT INTO words (id, ^id) VALUES (1, 2)", "42701: column \"id\" specified more than once"),
        ("INSERT INTO words (id) VALUES (1, ^2)", "42601: INSERT has more expressions than target columns"),
        ("INSERT INTO words (id, ^word) VALUES (1)", "42601: INSERT has more target columns than expressions"),
        (
            "INSERT INTO words (id) VALUES (^true)",
            "42804: column \"id\" is of type integer but expression is of type boolean"
        ),
        ("INSERT INTO words (id) VALUES (^'x')", "22P02: invalid input syntax for type integer: \"x\""),
        ("INSERT INTO ^nowhere VALUES (1)", "42P01: relation \"nowhere\" does not exist"),
        ("CREATE TABLE ^words (a int)", "42P07: relation \"words\" already exists"),
        ("CREATE TABLE t (a int, ^a int)", "42701: column \"a\" specified more than once"),
        ("CREATE TABLE t (^_offset int)", "42701: column name \"_offset\" conflicts with a system column name"),
        ("CREATE TABLE t (a int ^CHECK (a > 1))", "0A000: CHECK is not supported"),
        ("CREATE TABLE t (a int ^DEFAULT 1)", "0A000: DEFAULT is not supported"),
        ("CREATE TABLE t (a int ^REFERENCES words)", "0A000: a foreign key is not supported"),
        ("SELECT ^row_number() OVER () FROM words", "0A000: a window function is not supported"),
        ("SELECT 1 FROM words, ^words AS w", "0A000: a join is not supported"),
        ("^WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a", "0A000: WITH RECURSIVE is not supported"),
    ]

    @Test("have PostgreSQL's code, words and place", arguments: cases)
    func errors(marked: String, message: String) throws {
        var sql = marked
        var expected = message
        if let mark = marked.firstIndex(of: "^") {
            sql.remove(at: mark)
            let place = marked.distance(from: marked.startIndex, to: mark) + 1
            let code = message.prefix(5)
            expected = "\(code)@\(place)\(message.dropFirst(5))"
        }
        let harness = Harness([try wordsTable()])
        #expect(harness.outcome(sql) == expected, "\(sql)")
    }

    @Test("an unknown function comes with a hint")
    func hint() throws {
        let harness = Harness([try wordsTable()])
        do {
            _ = try harness.bind("SELECT nope(id) FROM words")
            Issue.record("no error")
        } catch let error as QueryError {
            #expect(
                error.hint
                    == "No function matches the given name and argument types. You might need to add explicit type casts."
            )
        }
    }
}

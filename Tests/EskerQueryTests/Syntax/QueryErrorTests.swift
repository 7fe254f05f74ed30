import EskerQuery
import Testing

@Suite("A query error")
struct QueryErrorTests {
    @Test("counts its position in characters, not bytes")
    func positionInCharacters() {
        let sql = "select 'é𝄞', nope"
        let offset = Array(sql.utf8).firstIndex(of: UInt8(ascii: "n"))!
        let error = QueryError(.undefinedColumn, "column \"nope\" does not exist", at: offset).located(in: sql)
        #expect(error.position == 14)
    }

    @Test("without a place has no position")
    func noPlace() {
        #expect(QueryError(.outOfMemory, "out of memory", at: -1).located(in: "select 1").position == nil)
    }

    @Test("points at its place in the line, as psql does")
    func caret() {
        let sql = "select a,\n\té + nope\nfrom t"
        let error = QueryError(.undefinedColumn, "column \"nope\" does not exist", at: 16)
        #expect(error.caret(in: sql) == "LINE 2:  é + nope\n             ^")
    }

    @Test("shows a part of a long line")
    func longLine() {
        let sql = "select " + String(repeating: "a", count: 60) + ", b c d from " + String(repeating: "t", count: 60)
        let error = QueryError(sqlState: .syntaxError, message: "syntax error at or near \"d\"", position: 74)
        let shown = String(repeating: "a", count: 44) + ", b c d from ttt"
        #expect(error.caret(in: sql) == "LINE 1: ...\(shown)...\n" + String(repeating: " ", count: 61) + "^")
    }

    @Test("at the end of the text points behind it")
    func endOfText() {
        let error = QueryError(sqlState: .syntaxError, message: "syntax error at end of input", position: 9)
        #expect(error.caret(in: "select +") == "LINE 1: select +\n                ^")
        #expect(error.caret(in: "") == "LINE 1: \n        ^")
    }
}

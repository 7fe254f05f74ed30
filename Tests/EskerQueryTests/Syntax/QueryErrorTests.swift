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
}

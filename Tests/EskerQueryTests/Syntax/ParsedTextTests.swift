import EskerQuery
import Testing

@Suite("Parsed text")
struct ParsedTextTests {
    @Test("gives each statement its place")
    func places() throws {
        let sql = " select 1 ;; -- one\n /* two */ select 'é;' ; select 3"
        let texts = try parse(sql).map { statement in
            String(decoding: Array(sql.utf8)[statement.location..<statement.location + statement.length], as: UTF8.self)
        }
        #expect(texts == ["select 1 ", "select 'é;' ", "select 3"])
    }

    @Test("without statements gives none", arguments: ["", " ", ";;", "-- x", "/* x */ ; "])
    func empty(sql: String) throws {
        #expect(try parse(sql).isEmpty)
    }

    @Test("gives expressions the place of the token PostgreSQL blames")
    func expressionPlaces() throws {
        let text = "'é' || b + count(c) :: int"
        let value = try parseExpression(text)
        guard case .binary(let name, let left, let right) = value.kind else {
            Issue.record("\(value)")
            return
        }
        #expect(name.name == "||" && value.location == 5)
        #expect(left.location == 0)
        guard case .binary(_, let column, let cast) = right.kind, case .cast(let call, let type) = cast.kind else {
            Issue.record("\(right)")
            return
        }
        #expect([right.location, column.location, call.location, cast.location, type.location] == [10, 8, 12, 21, 24])
    }

    @Test(
        "of an expression must be one expression",
        arguments: [
            ("", 1), ("a +", 4), ("a)", 2), ("1) + (2", 2), ("a, b", 2), ("a b", 3), ("a; b", 4), ("a; select 1", 2),
            ("select 1", 1),
            ("a) from t where (b", 2), ("a as b", 3), ("values (1)", 8), ("a -- )", nil), ("1 /* ", 3), ("*", 1),
        ])
    func oneExpression(text: String, position: Int?) {
        guard let position else {
            #expect(throws: Never.self) { try parseExpression(text) }
            return
        }
        let error = #expect(throws: QueryError.self) { try parseExpression(text) }
        #expect(error?.sqlState == .syntaxError)
        #expect(error?.position == position, "\(error?.message ?? "")")
    }

    @Test("of an expression may be a row or a sub-query in parentheses")
    func parenthesised() throws {
        #expect(try parseExpression("(a, b)").description == "(row [a b])")
        #expect(try parseExpression("(select 1) ").description.hasPrefix("(subquery use: scalar"))
    }

    @Test("with a NUL or with bytes that are not UTF-8 is refused")
    func badBytes() {
        let nul = #expect(throws: QueryError.self) { try parse("select 'é\0'") }
        #expect(nul?.sqlState == .characterNotInRepertoire && nul?.position == 10)
        let latin1 = #expect(throws: QueryError.self) { try parse(utf8: [0x73, 0xE9, 0x20]) }
        #expect(latin1?.sqlState == .characterNotInRepertoire)
    }

    @Test("keeps names as PostgreSQL does: lower case unless quoted, 63 bytes at most")
    func names() throws {
        #expect(try parseExpression("Ab.\"Cd\".ÉE").description == "ab.Cd.Ée")
        let long = String(repeating: "x", count: 70)
        #expect(try parseExpression(long).description == String(repeating: "x", count: 63))
    }
}

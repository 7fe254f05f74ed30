import EskerQuery
import Testing

@Suite("Garbage as SQL")
struct GarbageTests {
    /// Pieces that reach far into the grammar, and ones that break it.
    private static let pieces = [
        "select", "from", "where", "group by", "order by", "limit", "offset", "union", "all", "join", "left", "on",
        "using", "as", "and", "or", "not", "in", "is", "null", "like", "between", "case", "when", "then", "else", "end",
        "insert into", "values", "update", "set", "delete", "create table", "create view", "alter table", "drop",
        "with",
        "over", "partition by", "filter", "array", "row", "exists", "any", "cast", "int", "text", "interval", "a", "b",
        "t", "f", "count", "(", ")", "[", "]", ",", ";", ".", "*", "+", "-", "::", "=", "<>", "||", "'x'", "e'\\''",
        "'",
        "\"c\"", "\"", "$1", "$$", "$x$", "--", "/*", "*/", "1", "1.5", "1e9", "é", "\u{1F600}", "\n", "asof",
        "default",
    ]

    @Test("is parsed or refused, but never crashes")
    func neverCrashes() {
        let seed = UInt64.random(in: .min ... .max)
        print("garbage seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3_000 {
            expectAnswer(to: soup(&random))
            expectAnswer(to: bytes(&random))
        }
    }

    /// A parse gives statements within the text, or an error with a code and a position within the text.
    private func expectAnswer(to sql: [UInt8]) {
        do throws(QueryError) {
            for statement in try parse(utf8: sql) {
                #expect(statement.location + statement.length <= sql.count)
                #expect(!statement.statement.description.isEmpty)
            }
        } catch {
            #expect(error.sqlState != .internalError, "\(sql)")
            #expect((error.position ?? 1) <= sql.count + 1, "\(sql)")
            #expect(!error.caret(in: String(decoding: sql, as: UTF8.self)).isEmpty || error.position == nil)
        }
    }

    private func soup(_ random: inout SeededGenerator) -> [UInt8] {
        let count = Int.random(in: 1...24, using: &random)
        let words = (0..<count).map { _ in Self.pieces.randomElement(using: &random)! }
        return Array(words.joined(separator: Bool.random(using: &random) ? " " : "").utf8)
    }

    private func bytes(_ random: inout SeededGenerator) -> [UInt8] {
        let isText = Bool.random(using: &random)
        let count = Int.random(in: 0...64, using: &random)
        return (0..<count).map { _ in UInt8.random(in: isText ? 0x20...0x7E : 0...255, using: &random) }
    }
}

/// SplitMix64: small and good enough to spread test cases.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

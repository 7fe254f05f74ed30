import Esker
import EskerFormat
import Testing

/// Queries that statistics or dictionaries of sealed blocks answer, against the same over expressions, which read rows.
@Suite("Queries over sealed blocks")
struct SealedStatisticsTests {
    private static let pairs = [
        (
            """
            SELECT count(*), count(x), count(w), min(k), max(k), min(x), max(x), min(w), max(w), min(s), max(s) FROM m
            """,
            """
            SELECT sum(1), sum(CASE WHEN x IS NULL THEN 0 ELSE 1 END), sum(CASE WHEN w IS NULL THEN 0 ELSE 1 END),
              min(k + 0), max(k + 0), min(x + 0), max(x + 0), min(w || ''), max(w || ''), min(s * 1), max(s * 1) FROM m
            """
        ),
        ("SELECT count(*), max(w) FROM m WHERE k > 40", "SELECT sum(1), max(w || '') FROM m WHERE k + 0 > 40"),
        ("SELECT count(*) FROM m WHERE x > 1.5", "SELECT sum(1) FROM m WHERE x + 0 > 1.5"),
        ("SELECT count(*) FROM m WHERE w LIKE 'a%'", "SELECT sum(1) FROM m WHERE w || '' LIKE 'a%'"),
        ("SELECT count(*) FROM m WHERE s >= 2::bigint", "SELECT sum(1) FROM m WHERE s * 1 >= 2::bigint"),
        (
            "SELECT w, count(*), sum(x) FROM m WHERE x < 100 GROUP BY w ORDER BY w",
            "SELECT w || '', sum(1), sum(x + 0) FROM m WHERE x < 100 GROUP BY w || '' ORDER BY w || ''"
        ),
    ]

    private static func value(_ number: UInt64) -> String {
        let words = ["'a'", "'ab'", "'a text of more than fifteen bytes'", "'zz'", "NULL", "''"]
        let numbers = ["1.5", "-2.25", "'NaN'", "'-0'", "0", "'Infinity'", "NULL", "7"]
        let word = words[Int(number % 6)]
        let float = numbers[Int(number >> 8 % 8)]
        return "(\(number >> 16 % 90), \(float), \(word), \(Int(number >> 24 % 7) - 3))"
    }

    @Test("statistics and dictionaries of blocks change no result, in the tail, sealed and compacted")
    func sameResults() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("sealed statistics: seed \(seed)")
        var state = seed
        let store = try SessionTests.store()
        try await store.execute("CREATE TABLE m (k int, x double precision, w text, s smallint)")
        for round in 0..<4 {
            let rows = (0..<60).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Self.value(state >> 20)
            }
            try await store.execute("INSERT INTO m VALUES \(rows.joined(separator: ", "))")
            try await Self.compare(store, "round \(round) in the tail, seed \(seed)")
            try await store.seal()
            try await Self.compare(store, "round \(round) sealed, seed \(seed)")
        }
        _ = try await store.compact()
        try await Self.compare(store, "compacted, seed \(seed)")
        await store.close()
    }

    private static func compare(_ store: Store, _ state: String) async throws {
        for (fast, slow) in pairs {
            let found = try await SessionTests.rows(store, fast)
            let expected = try await SessionTests.rows(store, slow).map { $0 == "∅" ? "0" : $0 }
            #expect(found == expected, "\(fast): \(state)")
        }
    }
}

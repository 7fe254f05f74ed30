import Esker
import EskerFiles
import EskerFormat
import EskerLog
import EskerQuery
import Testing

@Suite("SQL over a store")
struct SessionTests {
    static func store(_ files: any FileSystem = MemoryFileSystem(), clock: ManualClock = ManualClock()) throws -> Store
    {
        var options = LogOptions()
        options.firstJournalFileLength = 256 << 10
        options.sealsInBackground = false
        return try Store.open(at: "/store", files: files, options: options, clock: clock)
    }

    /// Rows as texts, values of a row joined by "|".
    static func rows(_ store: Store, _ sql: String) async throws -> [String] {
        try await store.query(sql).values().map { row in
            row.map { $0 == .null ? "∅" : $0.text() }.joined(separator: "|")
        }
    }

    @Test("a table is made, filled and asked, in the tail and sealed, and is there after reopening")
    func endToEnd() async throws {
        let disk = MemoryFileSystem()
        var store = try Self.store(disk)
        try await store.execute(
            """
            CREATE TABLE trades (ts timestamptz NOT NULL, symbol text NOT NULL, price double precision, qty int)
              PARTITION BY HASH (symbol) WITH (partitions = 4, event_time = 'ts', retain_time = '7 days');
            INSERT INTO trades VALUES ('2026-01-01 10:00+00', 'AAA', 1.5, 10), ('2026-01-01 10:01+00', 'BBB', 2.5, NULL),
              ('2026-01-01 10:02+00', 'AAA', 3.5, 30);
            """)
        let query = "SELECT symbol, count(*), sum(price), max(qty) FROM trades GROUP BY symbol ORDER BY symbol"
        #expect(try await Self.rows(store, query) == ["AAA|2|5|30", "BBB|1|2.5|∅"])
        try await store.seal()
        #expect(try await Self.rows(store, query) == ["AAA|2|5|30", "BBB|1|2.5|∅"])
        try await store.execute("INSERT INTO trades (symbol, ts) SELECT symbol, ts FROM trades WHERE price > 2")
        #expect(try await Self.rows(store, "SELECT count(*), count(price) FROM trades") == ["5|3"])
        await store.close()
        store = try Self.store(disk)
        #expect(try await Self.rows(store, "SELECT count(*), count(price) FROM trades") == ["5|3"])
        #expect(
            try await Self.rows(store, "SELECT DISTINCT _partition >= 0, _offset >= 0 FROM trades") == ["t|t"])
        await store.close()
    }

    @Test("a time window hides rows when their time is over, by arrival and by event")
    func timeWindows() async throws {
        let clock = ManualClock(1_767_225_600_000_000)
        let store = try Self.store(clock: clock)
        try await store.execute(
            """
            CREATE TABLE words (word text, ts timestamptz) WITH (event_time = 'ts');
            CREATE VIEW arrived WITH (window = 'time', length = '1 minute', "on" = 'arrival') AS SELECT * FROM words;
            CREATE VIEW happened WITH (window = 'time', length = '2 hours') AS SELECT * FROM words;
            """)
        try await store.execute(
            "INSERT INTO words VALUES ('old', '2025-12-31 21:00+00'), ('new', '2025-12-31 23:00+00')")
        #expect(try await Self.rows(store, "SELECT word FROM arrived ORDER BY word") == ["new", "old"])
        #expect(try await Self.rows(store, "SELECT word FROM happened") == ["new"])
        clock.advance(by: 59_999_999)
        #expect(try await Self.rows(store, "SELECT count(*) FROM arrived") == ["2"])
        clock.advance(by: 1)
        #expect(try await Self.rows(store, "SELECT count(*) FROM arrived") == ["0"])
        await store.close()
    }

    @Test(
        "wrong statements give PostgreSQL's code and place",
        arguments: [
            ("SELECT 1 FROM nothing", "42P01", 15), ("SELECT nothing FROM t", "42703", 8), ("SELEC 1", "42601", 1),
            ("SELECT 1/0", "22012", 0), ("INSERT INTO t VALUES (NULL)", "23502", 0),
            ("CREATE TABLE t (a int)", "42P07", 0), ("CREATE TABLE u (a int) WITH (nonsense = 1)", "22023", 0),
            ("SET nonsense = 1", "42704", 0), ("BEGIN", "0A000", 0),
        ])
    func errors(sql: String, state: String, position: Int) async throws {
        let store = try Self.store()
        try await store.execute("CREATE TABLE t (a int NOT NULL)")
        do {
            for result in try await store.execute(sql) { _ = try await result.rows?.values() }
            Issue.record("\(sql) was carried out")
        } catch let error as QueryError {
            #expect(error.sqlState.code == state)
            if position > 0 { #expect(error.position == position) }
        }
        await store.close()
    }
}

extension SessionTests {
    @Test("DISTINCT ON keeps the first row of each kind in the order asked for")
    func distinctOn() async throws {
        let store = try Self.store()
        try await store.execute(
            "CREATE TABLE t (k int, v int, n text); INSERT INTO t VALUES (1, 5, 'a'), (2, 1, 'b'), (1, 9, 'c'), "
                + "(NULL, 3, 'd'), (2, 7, NULL), (NULL, 4, 'e')")
        let newest = "SELECT DISTINCT ON (k) k, n FROM t ORDER BY k, v DESC"
        #expect(try await Self.rows(store, newest) == ["1|c", "2|∅", "∅|e"])
        #expect(try await Self.rows(store, "SELECT DISTINCT ON (k) n FROM t ORDER BY k DESC, v") == ["d", "b", "a"])
        #expect(try await Self.rows(store, "SELECT count(*) FROM (SELECT DISTINCT ON (k, v) * FROM t) s") == ["6"])
        #expect(try await Self.rows(store, "SELECT * FROM (\(newest)) s WHERE n <> 'c'") == ["∅|e"])
        await #expect {
            try await Self.rows(store, "SELECT DISTINCT ON (k) n FROM t ORDER BY v")
        } throws: {
            ($0 as? QueryError)?.sqlState.code == "42P10"
        }
        await store.close()
    }

    @Test("rows of a query are read as Swift values by their names")
    func decodes() async throws {
        struct Top: Decodable, Equatable {
            var word: String
            var n: Int
        }
        let store = try Self.store()
        try await store.execute("CREATE TABLE w (word text); INSERT INTO w VALUES ('a'), ('b'), ('a')")
        let rows = try await store.query("SELECT word, count(*) AS n FROM w GROUP BY word ORDER BY n DESC")
        #expect(try await rows.rows(as: Top.self) == [Top(word: "a", n: 2), Top(word: "b", n: 1)])
        await store.close()
    }
}

import EskerFormat
import EskerQuery
import Testing

@Suite("Statements other than SELECT")
struct StatementTests {
    private func insert(_ harness: Harness, _ sql: String) throws -> BoundInsert {
        guard case .insert(let insert) = try harness.bind(sql) else { throw QueryError(.internalError, "no INSERT") }
        return insert
    }

    private func rows(_ harness: Harness, _ insert: BoundInsert) throws -> [String] {
        let stream = harness.engine.execute(insert.source, context: QueryContext(Harness.evaluation))
        return try Harness.rows(of: stream)
    }

    @Test("INSERT gives a row of all visible columns, cast as assignments")
    func insertRows() throws {
        let harness = Harness([try wordsTable()])
        func check(_ sql: String, _ expected: [String]) throws {
            let bound = try insert(harness, sql)
            #expect(bound.columns == [0, 1, 2])
            #expect(try rows(harness, bound) == expected, "\(sql)")
        }
        try check("INSERT INTO words VALUES (7, 'dog', 1.5::float8)", ["7|dog|1.5"])
        try check("INSERT INTO words VALUES ('7', NULL, '2'), (8, 'x', DEFAULT)", ["7|~|2", "8|x|~"])
        try check("INSERT INTO words (score, id) VALUES (3, 9)", ["9|~|3"])
        try check(
            "INSERT INTO words (word, id) SELECT word, id + 10 FROM words WHERE id < 3", ["11|ant|~", "12|bee|~"])
        try check("INSERT INTO words (id, word) SELECT '5', 6", ["5|6|~"])
        try check("INSERT INTO words (id) VALUES (12.4::float8)", ["12|~|~"])
    }

    @Test("a missing value of a NOT NULL column is found")
    func notNull() throws {
        let harness = Harness([try wordsTable()])
        let bound = try insert(harness, "INSERT INTO words (word) VALUES ('x')")
        let stream = harness.engine.execute(bound.source, context: QueryContext(Harness.evaluation))
        let batch = try #require(try stream.next())
        do {
            try bound.check(batch)
            Issue.record("no error")
        } catch {
            #expect(error.sqlState == .notNullViolation)
            #expect(
                error.message == "null value in column \"id\" of relation \"words\" violates not-null constraint")
        }
    }

    @Test("CREATE TABLE keeps types, keys and options")
    func createTable() throws {
        let sql = """
            CREATE TABLE trades (ts timestamptz NOT NULL, symbol text, price double precision, qty numeric(10,2)[],
                note varchar(20), PRIMARY KEY (symbol, ts))
            PARTITION BY HASH (symbol) WITH (partitions = 4, event_time = 'ts', retain_time = '7 days')
            """
        guard case .createTable(let table) = try Harness().bind(sql) else { throw QueryError(.internalError, "?") }
        #expect(table.columns.map(\.name) == ["ts", "symbol", "price", "qty", "note"])
        #expect(
            table.columns.map(\.type) == [
                .timestamptz, .text, .float8, .array(of: .numeric(precision: 10, scale: 2)), .varchar(length: 20),
            ])
        #expect(table.columns.map(\.isNullable) == [false, false, true, true, true])
        #expect(table.primaryKey == ["symbol", "ts"])
        #expect(table.partitionKey == ["symbol"])
        #expect(table.options.map(\.name) == ["partitions", "event_time", "retain_time"])
        #expect(table.options.map(\.value) == ["4", "ts", "7 days"])
    }

    @Test("CREATE VIEW keeps its query's text, columns and window")
    func createView() throws {
        let harness = Harness([try wordsTable()])
        let sql = "CREATE VIEW v (a, \"as\") AS SELECT id, word AS w FROM words -- end\n;"
        guard case .createView(let view) = try harness.bind(sql) else { throw QueryError(.internalError, "?") }
        #expect(view.view.query.hasPrefix("SELECT id, word AS w FROM words"))
        #expect(view.view.columns == ["a", "as"])
        #expect(view.types == [.int4, .text])
        #expect(view.view.window == nil)
    }

    @Test("a time window's length and time are read")
    func window() throws {
        let table = try MemoryTable(
            "t",
            [
                TableColumn(name: "at", type: .timestamptz),
                TableColumn(name: "_arrived", type: .timestamptz, isHidden: true),
            ],
            [], eventTimeColumn: 0)
        let harness = Harness([table])
        func window(_ options: String) throws -> TimeWindow? {
            let bound = try harness.bind("CREATE VIEW v WITH (\(options)) AS SELECT * FROM t")
            guard case .createView(let view) = bound else { throw QueryError(.internalError, "?") }
            return view.view.window
        }
        #expect(try window("window = 'time', length = '2 hours'") == TimeWindow(time: .event, length: 7_200_000_000))
        #expect(
            try window("window = 'time', length = '1 day', \"on\" = 'arrival'")
                == TimeWindow(time: .arrival, length: 86_400_000_000))
        #expect(throws: QueryError.self) { try window("window = 'time'") }
        #expect(throws: QueryError.self) { try window("window = 'time', length = '1 month'") }
        #expect(throws: QueryError.self) { try window("window = 'rows', length = 10") }
        #expect(throws: QueryError.self) { try window("length = 10") }
    }

    @Test("DROP names what is there")
    func drop() throws {
        let harness = Harness(
            [try wordsTable()], views: [ViewDefinition(name: "v", query: "SELECT 1", columns: ["a"])])
        guard case .dropTable(let tables) = try harness.bind("DROP TABLE IF EXISTS words, nowhere") else {
            throw QueryError(.internalError, "?")
        }
        #expect(tables.names.map(\.name) == ["words"])
        #expect(tables.missing.map(\.name) == ["nowhere"])
        #expect(harness.outcome("DROP TABLE nowhere") == "42P01@-: table \"nowhere\" does not exist")
        #expect(harness.outcome("DROP TABLE v") == "42809@-: \"v\" is not a table")
        #expect(harness.outcome("DROP VIEW words") == "42809@-: \"words\" is not a view")
    }

    @Test("EXPLAIN shows what is pushed down and left out")
    func explain() throws {
        let harness = Harness([try wordsTable()])
        let sql =
            "EXPLAIN SELECT s.id FROM (SELECT id, score, id + 1 AS n FROM words) AS s WHERE n > 2 ORDER BY id LIMIT 3"
        guard case .explain(let explain) = try harness.bind(sql) else { throw QueryError(.internalError, "?") }
        let lines = try #require(explain.lines)
        #expect(
            lines.joined(separator: "\n") == """
                Limit
                  Rows: 3
                  ->  Top-N Sort (3 rows)
                        Sort Key: id
                        ->  Project
                              Output: id
                              ->  Project
                                    Output: id
                                    ->  Seq Scan on words
                                          Columns: id
                                          Filter: ((id + 1) > 2)
                """)
    }

    @Test("SET, SHOW and transactions are handed on")
    func session() throws {
        let harness = Harness()
        guard case .set(let change) = try harness.bind("SET esker.as_of TO 'x', y") else {
            throw QueryError(.internalError, "?")
        }
        #expect(change.name == "esker.as_of" && change.value == "x, y" && !change.isLocal)
        guard case .show("timezone") = try harness.bind("SHOW timezone") else { throw QueryError(.internalError, "?") }
        guard case .transaction(.commit(chain: false)) = try harness.bind("COMMIT") else {
            throw QueryError(.internalError, "?")
        }
    }
}

import EskerFormat
import EskerQuery
import Testing

@Suite("Time, threads and depth")
struct ResourceTests {
    private func manyBlocks() throws -> MemoryTable {
        let rows = (0..<2_000).map { [String($0)] as [String?] }
        return try MemoryTable("t", [TableColumn(name: "n", type: .int4)], rows, blockRows: 10)
    }

    private func stream(_ sql: String, _ context: QueryContext) throws -> ResultStream {
        let harness = Harness([try manyBlocks()])
        guard case .select(let plan) = try harness.bind(sql) else { throw QueryError(.internalError, "no SELECT") }
        return harness.engine.execute(plan, context: context)
    }

    @Test("a cancelled query ends with 57014")
    func cancel() throws {
        let context = QueryContext(Harness.evaluation)
        let stream = try stream("SELECT n FROM t", context)
        #expect(try stream.next() != nil)
        context.cancel()
        #expect(throws: QueryError(.queryCanceled, "canceling statement due to user request")) {
            while try stream.next() != nil {}
        }
    }

    @Test("a query past its time ends with 57014")
    func timeout() throws {
        let context = QueryContext(Harness.evaluation, timeoutMilliseconds: 0)
        #expect(throws: QueryError(.queryCanceled, "canceling statement due to statement timeout")) {
            _ = try stream("SELECT sum(n) FROM t", context).next()
        }
    }

    @Test("an error in one of many parts reaches the reader")
    func failure() throws {
        let stream = try stream("SELECT count(*) FROM t WHERE 1 / (n - 1500) > 2", QueryContext(Harness.evaluation))
        do {
            _ = try stream.next()
            Issue.record("no error")
        } catch let error as QueryError {
            #expect(error.sqlState == .divisionByZero)
        }
    }

    @Test("rows can be awaited, and come in order")
    func awaited() async throws {
        let stream = try stream("SELECT n FROM t WHERE n % 2 = 0", QueryContext(Harness.evaluation))
        var rows: [String] = []
        while let batch = try await stream.nextBatch() { rows += Harness.text(batch) }
        #expect(rows == stride(from: 0, to: 2_000, by: 2).map(String.init))
    }

    @Test("several queries share the threads")
    func concurrent() async throws {
        let table = try manyBlocks()
        let harness = Harness([table], threads: 2)
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<16 {
                group.addTask {
                    let stream = try harness.stream("SELECT count(*), sum(n) FROM t WHERE n >= \(index)")
                    var rows: [String] = []
                    while let batch = try await stream.nextBatch() { rows += Harness.text(batch) }
                    return rows[0]
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(answers.count == 16)
    }

    @Test("a deeply nested expression is computed")
    func deep() throws {
        let harness = Harness()
        let sql = "SELECT " + String(repeating: "(1 + ", count: 900) + "0" + String(repeating: ")", count: 900)
        let parsed = try parse(sql)[0]
        let binder = Binder(catalog: harness.catalog, context: QueryContext(Harness.evaluation))
        guard case .select(let plan) = try binder.bind(parsed, in: sql) else { throw QueryError(.internalError, "?") }
        let stream = harness.engine.execute(plan, context: QueryContext(Harness.evaluation), depth: parsed.depth)
        #expect(try Harness.rows(of: stream) == ["900"])
    }
}

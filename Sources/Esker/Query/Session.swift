package import EskerFormat
import EskerLog
import EskerQuery
import Synchronization

/// A conversation in SQL with a store: statements one after another, with settings of their own.
///
/// Each statement sees the store at one cut. Safe to share, though settings are then shared as well.
public final class Session: Sendable {
    private let access: any StoreAccess
    private let engine: QueryEngine
    private let settings = Mutex(SessionSettings())

    init(_ access: any StoreAccess, engine: QueryEngine) {
        self.access = access
        self.engine = engine
    }

    /// The time zone that timestamps are shown in.
    package var timeZone: Zone { settings.withLock { $0.timeZone } }

    /// Carries out the statements of a text, up to the first that fails.
    ///
    /// - Throws: ``QueryError`` with SQLSTATE and position in the text, ``StoreError``, ``RowsRejected``.
    public func execute(_ sql: String) async throws -> [StatementResult] {
        let statements = try parse(sql)
        var results: [StatementResult] = []
        for statement in statements { results.append(try await execute(statement, in: sql)) }
        return results
    }

    /// Carries out a text of one query and gives its rows.
    ///
    /// - Throws: as ``execute(_:)``; ``QueryError`` 42601 when the text is not one statement with rows.
    public func query(_ sql: String) async throws -> ResultRows {
        let results = try await execute(sql)
        guard results.count == 1, let rows = results[0].rows else {
            throw QueryError(sqlState: .syntaxError, message: "the text is not one statement that gives rows")
        }
        return rows
    }

    private func execute(_ statement: ParsedStatement, in sql: String) async throws -> StatementResult {
        let snapshot = try access.snapshots()
        let current = settings.withLock { $0 }
        let context = QueryContext(
            EvaluationContext(now: snapshot.time, timeZone: current.timeZone),
            timeoutMilliseconds: current.timeoutMilliseconds)
        let binder = Binder(catalog: StoreCatalog(snapshot: snapshot), context: context)
        let bound = try binder.bind(statement, in: sql)
        do {
            return try await carryOut(bound, context)
        } catch let error as QueryError {
            throw error.located(in: sql)
        }
    }

    private func carryOut(_ statement: BoundStatement, _ context: QueryContext) async throws -> StatementResult {
        switch statement {
        case .select(let plan):
            return StatementResult(tag: "SELECT", rows: ResultRows(engine.execute(plan, context: context)))
        case .insert(let insert): return try await carryOut(insert, context)
        case .createTable(let definition): return try await create(definition)
        case .dropTable(let request):
            let log = try access.writable()
            try await BlockingWork.run { for name in request.names { try log.dropStream(named: name.name) } }
            return StatementResult(tag: "DROP TABLE", notices: Self.notices(request, "table"))
        case .createView(let request):
            let log = try access.writable()
            try await BlockingWork.run {
                try Self.translating(.duplicateTable) {
                    try log.createView(StoredView.record(request), replacing: request.orReplace)
                }
            }
            return StatementResult(tag: "CREATE VIEW")
        case .dropView(let request):
            let log = try access.writable()
            try await BlockingWork.run { for name in request.names { try log.dropView(named: name.name) } }
            return StatementResult(tag: "DROP VIEW", notices: Self.notices(request, "view"))
        case .explain(let explain):
            return StatementResult(tag: "EXPLAIN", rows: ResultRows("QUERY PLAN", lines: Self.lines(explain.statement)))
        case .set(let change):
            try settings.withLock { (settings) throws(QueryError) in try settings.apply(change) }
            return StatementResult(tag: change.value == nil ? "RESET" : "SET")
        case .show(let name):
            let value = try settings.withLock { (settings) throws(QueryError) in try settings.value(of: name) }
            return StatementResult(tag: "SHOW", rows: ResultRows(name, lines: [value]))
        case .transaction: throw QueryError.unsupported("a transaction of several statements")
        }
    }

    // MARK: Rows

    private func carryOut(_ insert: BoundInsert, _ context: QueryContext) async throws -> StatementResult {
        let log = try access.writable()
        guard let table = insert.table as? StreamTable else {
            throw QueryError.unsupported("INSERT into \(insert.table.name)")
        }
        let schema = table.snapshot.record.schema
        let rows = ResultRows(engine.execute(insert.source, context: context))
        var batches: [Batch] = []
        for try await batch in rows {
            try insert.check(batch)
            batches.append(try Self.arrange(batch, insert.columns, schema))
        }
        let count = batches.reduce(0) { $0 + $1.count }
        if count > 0 {
            let stream = Stream(table.snapshot.record, log: log)
            let rows = Batch.concatenate(batches, schema: schema)
            try await stream.append(rows)
        }
        return StatementResult(tag: "INSERT 0 \(count)")
    }

    /// The rows with the stream's columns in their order.
    private static func arrange(_ batch: Batch, _ places: [Int], _ schema: Schema) throws -> Batch {
        var columns = [Column?](repeating: nil, count: schema.columns.count)
        for (source, place) in places.enumerated() { columns[place] = batch.columns[source] }
        let arranged = zip(columns, schema.columns).map { column, definition in
            (column ?? Column.empty(definition.type, rows: batch.count)).retyped(definition.type)
        }
        return Batch(schema: schema, columns: arranged, count: batch.count)
    }

    // MARK: Definitions

    private func create(_ definition: TableDefinition) async throws -> StatementResult {
        let log = try access.writable()
        let options = try TableOptions(definition)
        let exists = (log.streams.map(\.name) + log.views.map(\.name)).contains(definition.name)
        if exists, definition.ifNotExists {
            let notice = "relation \"\(definition.name)\" already exists, skipping"
            return StatementResult(tag: "CREATE TABLE", notices: [notice])
        }
        try await BlockingWork.run {
            try Self.translating(.duplicateTable) {
                _ = try log.createStream(
                    named: definition.name, columns: definition.columns.map { ($0.name, $0.type, $0.isNullable) },
                    partitionCount: options.partitions, partitionKey: definition.partitionKey,
                    eventTime: options.eventTime, options: options.stored)
            }
        }
        return StatementResult(tag: "CREATE TABLE")
    }

    /// Tells "exists already" and "rejected" in SQL's words.
    private static func translating<T>(_ existing: SQLState, _ body: () throws -> T) throws -> T {
        do { return try body() } catch let error as StoreError {
            switch error.code {
            case .exists: throw QueryError(sqlState: existing, message: "relation \(error.message)")
            case .rejected: throw QueryError(sqlState: .invalidParameterValue, message: error.message)
            default: throw error
            }
        }
    }

    private static func notices(_ request: DropRequest, _ kind: String) -> [String] {
        request.missing.map { "\(kind) \"\($0.name)\" does not exist, skipping" }
    }

    private static func lines(_ statement: BoundStatement) -> [String] {
        switch statement {
        case .select(let plan): PlanText.lines(plan)
        case .insert(let insert): ["Insert on \(insert.table.name)"] + PlanText.lines(insert.source).map { "  " + $0 }
        default: ["Utility statement"]
        }
    }
}

/// What a session may do with the store behind it.
protocol StoreAccess: Sendable {
    /// All streams and views at one cut.
    func snapshots() throws -> StoreSnapshot
    /// The log to write to. Throws `.readOnly` when the store was opened for reading.
    func writable() throws -> StoreLog
}

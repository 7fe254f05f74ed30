// Unsafe: reads the bytes of a value while its column lives.
import EskerFormat
import EskerQuery
import Testing

/// Tables and views by name.
struct MemoryCatalog: Catalog {
    var tables: [MemoryTable] = []
    var views: [ViewDefinition] = []
    var searchPath: [String] { ["public"] }

    func relation(schema: String?, name: String) -> CatalogRelation? {
        if let schema, schema != "public" { return nil }
        if let table = tables.first(where: { $0.name == name }) { return .table(table) }
        return views.first { $0.name == name }.map { .view($0) }
    }
}

/// Runs statements against tables in memory and shows results as text.
struct Harness {
    static let evaluation = EvaluationContext(now: 1_700_000_000_000_000)

    var catalog: MemoryCatalog
    let engine: QueryEngine

    init(_ tables: [MemoryTable] = [], views: [ViewDefinition] = [], threads: Int = 2) {
        catalog = MemoryCatalog(tables: tables, views: views)
        engine = QueryEngine(threads: threads)
    }

    func bind(_ sql: String) throws -> BoundStatement {
        let binder = Binder(catalog: catalog, context: QueryContext(Self.evaluation))
        return try binder.bind(try parse(sql)[0], in: sql)
    }

    func stream(_ sql: String) throws -> ResultStream {
        guard case .select(let plan) = try bind(sql) else { throw QueryError(.internalError, "no SELECT") }
        return engine.execute(plan, context: QueryContext(Self.evaluation))
    }

    /// Rows as text, columns separated by `|`, NULL as `~`.
    func rows(_ sql: String) throws -> [String] { try Self.rows(of: try stream(sql)) }

    static func rows(of stream: ResultStream) throws -> [String] {
        var rows: [String] = []
        while let batch = try stream.next() { rows += text(batch) }
        return rows
    }

    static func text(_ batch: Batch) -> [String] {
        let columns = batch.columns.map { text($0) }
        return (0..<batch.count).map { row in columns.map { $0[row] ?? "~" }.joined(separator: "|") }
    }

    /// Each value by PostgreSQL's output function.
    static func text(_ column: Column) -> [String?] {
        do {
            var column = column.plain
            if let cast = try FunctionRegistry.builtin.cast(from: column.type, to: .text, context: .explicit) {
                column = try cast.evaluate([column], column.count, evaluation).plain
            }
            return (0..<column.count).map { row in
                column.isValid(row) ? unsafe String(decoding: column.bytes(at: row), as: UTF8.self) : nil
            }
        } catch {
            return Array(repeating: "\(error)", count: column.count)
        }
    }

    /// `code@position: message`, or the rows where there is no error.
    func outcome(_ sql: String) -> String {
        do {
            switch try bind(sql) {
            case .select: return try rows(sql).joined(separator: "\n")
            case let other: return "\(other)"
            }
        } catch let error as QueryError {
            let located = error.located(in: sql)
            return "\(located.sqlState)@\(located.position.map(String.init) ?? "-"): \(located.message)"
        } catch {
            return "\(error)"
        }
    }
}

/// Runs a query and compares its rows.
func expect(
    _ harness: Harness, _ sql: String, _ expected: [String], sourceLocation: SourceLocation = #_sourceLocation
) {
    let rows: [String]
    do { rows = try harness.rows(sql) } catch { rows = ["\(error)"] }
    #expect(rows == expected, "\(sql)", sourceLocation: sourceLocation)
}

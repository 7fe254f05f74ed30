import EskerFormat
import EskerQuery
import Synchronization
import Testing

@Suite("Skipping blocks")
struct PruningTests {
    /// Counts how often each block was loaded.
    private final class Loads: Sendable {
        private let counter = Mutex(0)
        func count() { counter.withLock { $0 += 1 } }
        var total: Int { counter.withLock { $0 } }
    }

    private struct Block: Morsel {
        let column: Column
        let loads: Loads
        var rowCount: Int { column.count }

        func statistics(column: Int) -> MorselStatistics? {
            let measured = ColumnStatistics.measure(self.column, includingVariable: true)
            return MorselStatistics(measured, type: self.column.type, nullCount: self.column.nullCount)
        }

        func load(columns: [Int]) -> [Column] {
            loads.count()
            return columns.map { _ in column }
        }
    }

    private struct Table: TableSource {
        let name = "t"
        let columns: [TableColumn]
        let blocks: [Block]
        var estimatedRows: Int { 0 }
        func morsels() -> [any Morsel] { blocks }
    }

    private struct OneTable: Catalog {
        let table: Table
        var searchPath: [String] { ["public"] }
        func relation(schema: String?, name: String) -> CatalogRelation? { name == "t" ? .table(table) : nil }
    }

    /// Rows that a condition keeps, and how many of the blocks were loaded for it.
    private func run(_ condition: String, _ type: DataType, _ blocks: [[String?]]) throws -> (rows: Int, loaded: Int) {
        let loads = Loads()
        let table = Table(
            columns: [TableColumn(name: "v", type: type)],
            blocks: try blocks.map { Block(column: try MemoryTable.column($0, type), loads: loads) })
        let context = QueryContext(Harness.evaluation)
        let sql = "SELECT count(*), count(DISTINCT v) FROM t WHERE \(condition)"
        let binder = Binder(catalog: OneTable(table: table), context: context)
        guard case .select(let plan) = try binder.bind(try parse(sql)[0], in: sql) else { return (-1, -1) }
        let rows = try Harness.rows(of: QueryEngine(threads: 1).execute(plan, context: context))
        return (Int(rows[0].prefix { $0 != "|" }) ?? -1, loads.total)
    }

    @Test("a block whose bounds rule a condition out is not loaded")
    func numbers() throws {
        let blocks: [[String?]] = [["1", "5"], ["6", nil], ["9", "12"], [nil, nil]]
        func check(_ condition: String, _ rows: Int, _ loaded: Int) throws {
            let (found, read) = try run(condition, .int8, blocks)
            #expect(found == rows && read == loaded, "\(condition): \(found) rows, \(read) loads")
        }
        // Each block that is read is loaded once, as filter and result need the same column.
        try check("v = 5", 1, 1)
        try check("v > 6", 2, 1)
        try check("v >= 6", 3, 2)
        try check("5 > v", 1, 1)
        try check("v IN (1, 12)", 2, 2)
        try check("v BETWEEN 6 AND 8", 1, 1)
        try check("v IS NULL", 3, 2)
        try check("v IS NOT NULL", 5, 3)
        try check("v = 5 OR v = 9", 2, 2)
        try check("v < 100", 5, 3)
    }

    @Test("texts longer than their statistics are found")
    func texts() throws {
        let long = "a text of more than fifteen bytes"
        let blocks: [[String?]] = [["a", long], ["b"]]
        #expect(try run("v = '\(long)'", .text, blocks) == (1, 1))
        #expect(try run("v > 'a text of more than e'", .text, blocks) == (2, 2))
        #expect(try run("v = 'b'", .text, blocks) == (1, 1))
        #expect(try run("v = 'abc'", .char(length: 10), [["abc"], ["b"]]).rows == 1)
    }
}

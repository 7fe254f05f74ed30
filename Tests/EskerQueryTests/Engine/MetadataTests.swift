import EskerFormat
import EskerQuery
import Synchronization
import Testing

@Suite("Answers from statistics")
struct MetadataTests {
    private final class Loads: Sendable {
        let total = Atomic(0)
    }

    /// A block that counts how often it is read, and may say that its bounds are no values.
    private struct Block: Morsel {
        let block: MemoryMorsel
        let isExact: Bool
        let loads: Loads
        var rowCount: Int { block.rowCount }

        func statistics(column: Int) -> MorselStatistics? {
            var statistics = block.statistics(column: column)
            if !isExact { statistics?.isExact = false }
            return statistics
        }

        func load(columns: [Int]) -> [Column] {
            loads.total.add(1, ordering: .relaxed)
            return block.load(columns: columns)
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

    /// The only row of a query's result and how many blocks were read for it.
    private func run(_ sql: String, isExact: Bool = true) throws -> (row: String, loads: Int) {
        let columns = [TableColumn(name: "v", type: .int4), TableColumn(name: "w", type: .text)]
        let loads = Loads()
        let parts: [[[String?]]] = [
            [["1", "b"], ["5", "d"]], [["6", "a"], [nil, "c"]], [["9", nil], ["12", "e"]], [[nil, nil]],
        ]
        let blocks = try parts.map { rows in
            let held = try columns.indices.map { index in
                try MemoryTable.column(rows.map { $0[index] }, columns[index].type)
            }
            let block = MemoryMorsel(columns: held, rowCount: rows.count, hasStatistics: true)
            return Block(block: block, isExact: isExact, loads: loads)
        }
        let context = QueryContext(Harness.evaluation)
        let binder = Binder(catalog: OneTable(table: Table(columns: columns, blocks: blocks)), context: context)
        guard case .select(let plan) = try binder.bind(try parse(sql)[0], in: sql) else { return ("", -1) }
        let rows = try Harness.rows(of: QueryEngine(threads: 1).execute(plan, context: context))
        return (rows.joined(separator: ";"), loads.total.load(ordering: .relaxed))
    }

    @Test("counts and extremes of whole blocks read no block")
    func whole() throws {
        func check(_ sql: String, _ row: String, _ loads: Int) throws {
            let found = try run(sql)
            #expect(found.row == row && found.loads == loads, "\(sql): \(found)")
        }
        try check("SELECT count(*), count(v), min(v), max(v), min(w), max(w) FROM t", "7|5|1|12|a|e", 0)
        // One block is decided by its bounds, one is not, one is ruled out; NULL leaves a block open.
        try check("SELECT count(*), max(v) FROM t WHERE v < 10", "4|9", 2)
        try check("SELECT count(*) FROM t WHERE v >= 1 AND v < 6", "2", 0)
        try check("SELECT count(*) FROM t WHERE 9 <= v::bigint", "2", 4)
        try check("SELECT count(*) FROM t WHERE v >= 9::bigint", "2", 0)
        try check("SELECT count(*) FROM t WHERE v IS NULL", "2", 1)
        try check("SELECT count(*) FROM t WHERE v IS NOT NULL", "5", 1)
        try check("SELECT sum(v) FROM t WHERE v > 8", "21", 1)
        try check("SELECT count(*), min(v) FROM t WHERE v > 100", "0|~", 0)
    }

    @Test("bounds that need not occur are not taken for extremes")
    func looseBounds() throws {
        #expect(try run("SELECT min(v), max(w) FROM t", isExact: false) == ("1|e", 3))
        #expect(try run("SELECT count(*), count(w) FROM t", isExact: false) == ("7|5", 0))
    }
}

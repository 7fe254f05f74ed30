import EskerFormat

/// Reads a table block by block: skips blocks by their statistics, loads the columns of the filter first, and the
/// others only for the rows that are left.
struct ScanSource: PartSource {
    /// A condition with the few columns it reads.
    struct Filter {
        /// Places in the scan's output.
        let columns: [Int]
        /// Over `columns`.
        let condition: BoundExpression
    }

    /// A block with the places in ``filters`` of those that its statistics leave open.
    private struct Part {
        let morsel: any Morsel
        let open: [Int]
    }

    private let parts: [Part]
    /// Places in the table: the output, then what only filters read.
    private let tableColumns: [Int]
    private let outputCount: Int
    private let filters: [Filter]
    private let evaluator: ExpressionEvaluator

    init(_ scan: LogicalPlan.Scan, evaluator: ExpressionEvaluator) throws {
        let pruner = BlockPruner(scan.filters, tableColumns: scan.columns, evaluator: evaluator)
        let all = try scan.table.morsels()
        self.init(scan, of: try all.filter { try pruner.mayHold($0) }, evaluator: evaluator)
    }

    /// Reads some blocks of the table.
    init(_ scan: LogicalPlan.Scan, of morsels: [any Morsel], evaluator: ExpressionEvaluator) {
        let pruner = BlockPruner(scan.filters, tableColumns: scan.columns, evaluator: evaluator)
        parts = morsels.map { morsel in
            Part(morsel: morsel, open: scan.filters.indices.filter { !pruner.mustHold(scan.filters[$0], morsel) })
        }
        tableColumns = scan.columns
        outputCount = scan.outputCount
        filters = scan.filters.map { condition in
            let needed = condition.columns.sorted()
            var place: [Int: Int] = [:]
            for (index, column) in needed.enumerated() { place[column] = index }
            let local = condition.mapColumns { column, node in
                BoundExpression(.column(place[column]!), type: node.type, location: node.location)
            }
            return Filter(columns: needed, condition: local)
        }
        self.evaluator = evaluator
    }

    var partCount: Int { parts.count }

    func produce(_ part: Int, into consume: (Chunk) throws -> Bool) throws {
        let (morsel, open) = (parts[part].morsel, parts[part].open)
        if morsel.rowCount == 0 { return }
        var loaded = LoadedColumns(morsel: morsel, tableColumns: tableColumns)
        for index in open {
            let filter = filters[index]
            let chunk = try loaded.chunk(of: filter.columns)
            if outputCount == 0 && index == open.last {
                // Nobody looks at the rows: their number will do.
                let count = try evaluator.count(filter.condition, chunk)
                if count > 0 { _ = try consume(Chunk(columns: [], count: count)) }
                return
            }
            let rows = try evaluator.select(filter.condition, chunk)
            if rows.isEmpty { return }
            if rows.count < chunk.count { loaded.narrow(to: rows) }
        }
        _ = try consume(try loaded.chunk(of: Array(0..<outputCount)))
    }
}

/// The columns of one block that were needed so far, and the rows that are left.
private struct LoadedColumns {
    private let morsel: any Morsel
    private let tableColumns: [Int]
    /// Whole columns as they were loaded.
    private var whole: [Column?]
    /// The rows that are left of them; emptied when rows are dropped.
    private var narrowed: [Column?]
    private var rows: [UInt32]?

    init(morsel: any Morsel, tableColumns: [Int]) {
        self.morsel = morsel
        self.tableColumns = tableColumns
        self.whole = Array(repeating: nil, count: tableColumns.count)
        self.narrowed = whole
    }

    /// The rows that are left, with the columns at `places`.
    mutating func chunk(of places: [Int]) throws -> Chunk {
        let missing = places.filter { whole[$0] == nil }
        if !missing.isEmpty {
            let columns = try morsel.load(columns: missing.map { tableColumns[$0] })
            precondition(columns.count == missing.count, "a morsel gives the columns it was asked for")
            for (place, column) in zip(missing, columns) {
                precondition(column.count == morsel.rowCount, "a morsel gives all its rows")
                whole[place] = column
            }
        }
        guard let rows else { return Chunk(columns: places.map { whole[$0]! }, count: morsel.rowCount) }
        for place in places where narrowed[place] == nil { narrowed[place] = whole[place]!.gather(rows.span) }
        return Chunk(columns: places.map { narrowed[$0]! }, count: rows.count)
    }

    /// Drops all rows but those at `selected`, counted in the rows that were left.
    mutating func narrow(to selected: [UInt32]) {
        if let rows {
            self.rows = selected.map { rows[Int($0)] }
            for place in narrowed.indices { narrowed[place] = narrowed[place]?.gather(selected.span) }
        } else {
            rows = selected
        }
    }
}

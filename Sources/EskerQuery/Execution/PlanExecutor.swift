import EskerFormat

/// Turns a plan into a source of rows, running to the end whatever needs all rows first.
struct PlanExecutor: Sendable {
    let pool: WorkerPool
    let context: QueryContext

    private var evaluator: ExpressionEvaluator { ExpressionEvaluator(context: context) }

    /// The rows of a plan.
    func open(_ plan: LogicalPlan) throws -> any PartSource {
        try context.checkCancellation()
        switch plan {
        case .scan(let scan):
            return try ScanSource(try resolve(scan), evaluator: evaluator)
        case .values(let values): return try rows(of: values)
        case .filter(let input, let conditions):
            let resolved = try resolve(conditions)
            if resolved.isEmpty { return try open(input) }
            let condition = resolved.count == 1 ? resolved[0] : BoundExpression(.and(resolved), type: .bool)
            return FilterSource(input: try open(input), condition: condition, evaluator: evaluator)
        case .project(let input, let outputs):
            let expressions = try resolve(outputs.map(\.expression))
            return ProjectSource(input: try open(input), expressions: expressions, evaluator: evaluator)
        case .aggregate(let aggregate): return try open(aggregate)
        case .sort(let sort):
            let keys = try sort.keys.map { key in
                var key = key
                key.expression = try resolve(key.expression)
                return key
            }
            let runner = SortRunner(
                keys: keys, limit: sort.limit, types: sort.input.columns.map(\.type), evaluator: evaluator)
            return try runner.run(try open(sort.input), on: pool)
        case .limit(let input, let count, let offset):
            let rows = LimitedRows(
                skip: try rowCount(offset, isOffset: true) ?? 0, count: try rowCount(count, isOffset: false))
            return try rows.run(try open(input), on: pool, context: context)
        case .distinct(let input):
            let columns = input.columns
            let keys = columns.enumerated().map { BoundExpression(.column($0), type: $1.type) }
            let runner = AggregateRunner(keys: keys, calls: [], evaluator: evaluator)
            return try runner.run(try open(input), on: pool)
        case .firstOfEach(let input, let keys):
            let types = input.columns.map(\.type)
            return try FirstRows(keys: keys, types: keys.map { types[$0] }).run(try open(input), context: context)
        case .unionAll(let inputs): return UnionSource(inputs: try inputs.map { try open($0) })
        }
    }

    private func open(_ aggregate: LogicalPlan.Aggregate) throws -> any PartSource {
        var aggregate = aggregate
        aggregate.calls = try aggregate.calls.map { call in
            var call = call
            call.argument = try call.argument.map { try resolve($0) }
            call.filter = try call.filter.map { try resolve($0) }
            return call
        }
        let keys = try resolve(aggregate.keys.map(\.expression))
        let runner = AggregateRunner(keys: keys, calls: aggregate.calls, evaluator: evaluator)
        guard case .scan(let scan) = aggregate.input else {
            return try runner.run(try open(aggregate.input), on: pool)
        }
        let resolved = try resolve(scan)
        aggregate.input = .scan(resolved)
        guard let metadata = MetadataAnswer(aggregate, evaluator: evaluator) else {
            return try runner.run(try ScanSource(resolved, evaluator: evaluator), on: pool)
        }
        let (settled, rest) = try metadata.answer()
        return try runner.run(ScanSource(resolved, of: rest, evaluator: evaluator), on: pool, settled: settled)
    }

    private func rows(of values: LogicalPlan.Values) throws -> StoredChunks {
        let columns = try values.columns.enumerated().map { index, column in
            let builder = ColumnBuilder(column.type, capacity: values.rows.count)
            for row in values.rows {
                try context.checkCancellation()
                builder.appendRow(0, of: try evaluator.constant(try resolve(row[index])))
            }
            return builder.finish()
        }
        return StoredChunks(chunks: [Chunk(columns: columns, count: values.rows.count)])
    }

    /// The value of LIMIT or OFFSET; nil for none.
    private func rowCount(_ expression: BoundExpression?, isOffset: Bool) throws -> Int? {
        guard let expression else { return nil }
        let value = try evaluator.constant(try resolve(expression))
        if value.nullCount > 0 { return nil }
        let count = value.value(at: 0, as: Int64.self)
        if count < 0 {
            throw isOffset
                ? QueryError(.invalidRowCountInOffset, "OFFSET must not be negative")
                : QueryError(.invalidRowCountInLimit, "LIMIT must not be negative")
        }
        return Int(count)
    }
}

// MARK: What does not depend on rows

extension PlanExecutor {
    private func resolve(_ scan: LogicalPlan.Scan) throws -> LogicalPlan.Scan {
        var scan = scan
        scan.filters = try resolve(scan.filters)
        return scan
    }

    private func resolve(_ expressions: [BoundExpression]) throws -> [BoundExpression] {
        try expressions.map { try resolve($0) }
    }

    /// Replaces sub-queries by their results, and calls that are the same for every row by their values, so that
    /// `ts > now() - interval '1 hour'` can skip blocks.
    private func resolve(_ expression: BoundExpression) throws -> BoundExpression {
        switch expression.kind {
        case .scalarSubquery(let plan):
            return shared(try scalar(plan, type: expression.type), expression)
        case .existsSubquery(let plan):
            let rows = try LimitedRows(skip: 0, count: 1).run(try open(plan), on: pool, context: context)
            return boolean(rows.partCount > 0, at: expression.location)
        case .inSubquery(let value, let plan, let negated, let equality):
            return try membership(resolve(value), plan, negated: negated, equality, at: expression.location)
        case .constant(let value): return shared(value, expression)
        default: break
        }
        let parts = expression.children
        if parts.isEmpty { return try folded(expression) }
        return try folded(expression.replacingChildren(try resolve(parts)))
    }

    /// A call whose arguments are constants becomes its value, unless that fails: then it fails for the first row,
    /// if there is one.
    private func folded(_ expression: BoundExpression) throws -> BoundExpression {
        guard case .call(let function, let arguments) = expression.kind, function.volatility != .volatile,
            arguments.allSatisfy({ if case .constant = $0.kind { true } else { false } }),
            let value = try? evaluator.constant(expression)
        else { return expression }
        return shared(value, expression)
    }

    /// A constant that is the same object for every chunk: results for dictionaries are kept by it.
    private func shared(_ value: Column, _ expression: BoundExpression) -> BoundExpression {
        BoundExpression(.constant(value.repeated(1)), type: expression.type, location: expression.location)
    }

    private func boolean(_ value: Bool, at location: Int) -> BoundExpression {
        let column = Column.booleans(count: 1) { _ in value }
        return BoundExpression(.constant(column), type: .bool, location: location)
    }

    private func scalar(_ plan: LogicalPlan, type: DataType) throws -> Column {
        let rows = try LimitedRows(skip: 0, count: 2).run(try open(plan), on: pool, context: context)
        let count = rows.chunks.reduce(0) { $0 + $1.count }
        if count > 1 {
            throw QueryError(.cardinalityViolation, "more than one row returned by a subquery used as an expression")
        }
        if count == 0 { return .constantNull(type, rows: 1) }
        return rows.chunks[0].columns[0].plain
    }

    /// `value IN (query)` as a list of the query's distinct values.
    private func membership(
        _ value: BoundExpression, _ plan: LogicalPlan, negated: Bool, _ equality: ResolvedFunction, at location: Int
    ) throws -> BoundExpression {
        let rows = try open(.distinct(plan))
        let chunks = try PartCollector.collect(rows, parts: 0..<rows.partCount, pool, context).flatMap { $0 }
        var items: [BoundExpression] = []
        for chunk in chunks {
            for row in 0..<chunk.count {
                let one = chunk.columns[0].slice(row..<(row + 1)).plain
                items.append(BoundExpression(.constant(one.repeated(1)), type: one.type, location: location))
            }
        }
        return BoundExpression(
            .inList(value, items, negated: negated, equality: equality), type: .bool, location: location)
    }
}

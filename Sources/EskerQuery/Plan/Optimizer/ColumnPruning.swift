/// Leaves out columns that nothing above reads.
struct ColumnPruning {
    /// A plan with fewer columns, and where the columns that were asked for are in it.
    struct Pruned {
        var plan: LogicalPlan
        var places: [Int: Int]
    }

    /// - Parameter needed: places in the output of `plan`; when that is all of them, they keep their places.
    func prune(_ plan: LogicalPlan, _ needed: Set<Int>) -> Pruned {
        switch plan {
        case .scan(let scan): return prune(scan, needed)
        case .values(let values):
            return Pruned(plan: plan, places: identity(values.columns.count))
        case .filter(let input, let conditions):
            let below = prune(input, conditions.reduce(into: needed) { $1.collectColumns(into: &$0) })
            return Pruned(plan: .filter(below.plan, conditions.map { moved($0, below) }), places: below.places)
        case .project(let input, let outputs): return prune(project: input, outputs, needed)
        case .aggregate(let aggregate): return prune(aggregate, needed)
        case .sort(var sort):
            let below = prune(sort.input, sort.keys.reduce(into: needed) { $1.expression.collectColumns(into: &$0) })
            sort.input = below.plan
            for index in sort.keys.indices { sort.keys[index].expression = moved(sort.keys[index].expression, below) }
            return Pruned(plan: .sort(sort), places: below.places)
        case .limit(let input, let count, let offset):
            let below = prune(input, needed)
            return Pruned(plan: .limit(below.plan, count: count, offset: offset), places: below.places)
        case .distinct(let input):
            // Every column takes part in telling rows apart.
            let count = input.columns.count
            return Pruned(plan: .distinct(exactly(input, Array(0..<count))), places: identity(count))
        case .firstOfEach(let input, let keys):
            let below = prune(input, needed.union(keys))
            return Pruned(
                plan: .firstOfEach(below.plan, keys: keys.map { below.places[$0]! }), places: below.places)
        case .unionAll(let inputs):
            let kept = needed.sorted()
            return Pruned(plan: .unionAll(inputs.map { exactly($0, kept) }), places: places(of: kept))
        }
    }

    /// The plan pruned to just these columns, in this order.
    private func exactly(_ plan: LogicalPlan, _ kept: [Int]) -> LogicalPlan {
        let columns = plan.columns
        let below = prune(plan, Set(kept))
        if below.plan.columns.count == kept.count && kept.enumerated().allSatisfy({ below.places[$1] == $0 }) {
            return below.plan
        }
        return .project(
            below.plan,
            kept.map { place in
                let column = BoundExpression(.column(place), type: columns[place].type)
                return LogicalPlan.ProjectedColumn(name: columns[place].name, expression: moved(column, below))
            })
    }

    private func prune(_ scan: LogicalPlan.Scan, _ needed: Set<Int>) -> Pruned {
        let outputs = needed.sorted()
        let filterOnly = scan.filters.reduce(into: Set<Int>()) { $1.collectColumns(into: &$0) }.subtracting(needed)
        let kept = outputs + filterOnly.sorted()
        let all = Pruned(plan: .scan(scan), places: places(of: kept))
        let pruned = LogicalPlan.Scan(
            table: scan.table, columns: kept.map { scan.columns[$0] }, outputCount: outputs.count,
            filters: scan.filters.map { moved($0, all) })
        return Pruned(plan: .scan(pruned), places: places(of: outputs))
    }

    private func prune(
        project input: LogicalPlan, _ outputs: [LogicalPlan.ProjectedColumn], _ needed: Set<Int>
    ) -> Pruned {
        let kept = needed.sorted()
        let below = prune(input, kept.reduce(into: []) { outputs[$1].expression.collectColumns(into: &$0) })
        let projected = kept.map { place in
            LogicalPlan.ProjectedColumn(
                name: outputs[place].name, expression: moved(outputs[place].expression, below))
        }
        return Pruned(plan: .project(below.plan, projected), places: places(of: kept))
    }

    private func prune(_ aggregate: LogicalPlan.Aggregate, _ needed: Set<Int>) -> Pruned {
        var aggregate = aggregate
        let keyCount = aggregate.keys.count
        let calls = aggregate.calls.indices.filter { needed.contains(keyCount + $0) }
        aggregate.calls = calls.map { aggregate.calls[$0] }
        var read: Set<Int> = []
        for key in aggregate.keys { key.expression.collectColumns(into: &read) }
        for call in aggregate.calls {
            call.argument?.collectColumns(into: &read)
            call.filter?.collectColumns(into: &read)
        }
        let below = prune(aggregate.input, read)
        aggregate.input = below.plan
        for index in aggregate.keys.indices {
            aggregate.keys[index].expression = moved(aggregate.keys[index].expression, below)
        }
        for index in aggregate.calls.indices {
            aggregate.calls[index].argument = aggregate.calls[index].argument.map { moved($0, below) }
            aggregate.calls[index].filter = aggregate.calls[index].filter.map { moved($0, below) }
        }
        return Pruned(
            plan: .aggregate(aggregate), places: places(of: Array(0..<keyCount) + calls.map { keyCount + $0 }))
    }

    private func moved(_ expression: BoundExpression, _ below: Pruned) -> BoundExpression {
        expression.mapColumns { place, column in
            guard let moved = below.places[place] else { preconditionFailure("a column was pruned that is read") }
            var column = column
            column.kind = .column(moved)
            return column
        }
    }

    private func identity(_ count: Int) -> [Int: Int] { places(of: Array(0..<count)) }

    private func places(of kept: [Int]) -> [Int: Int] {
        Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    }
}

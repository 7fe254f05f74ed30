import EskerFormat

/// Rewrites a plan into one that gives the same rows for less work.
///
/// Conditions move down to the scans, where they skip blocks; columns that nothing reads are not loaded; a sort under
/// a limit keeps only the rows that can be among the first.
struct Optimizer {
    func optimize(_ plan: LogicalPlan) -> LogicalPlan {
        let filtered = FilterPushDown().push(plan, [])
        let pruned = ColumnPruning().prune(filtered, Set(filtered.columns.indices)).plan
        return limitSorts(pruned)
    }

    /// Sorts of more rows than this are not worth a heap.
    private static let maximumTopRows = 1 << 20

    private func limitSorts(_ plan: LogicalPlan) -> LogicalPlan {
        switch plan {
        case .scan, .values: return plan
        case .filter(let input, let conditions): return .filter(limitSorts(input), conditions)
        case .project(let input, let outputs): return .project(limitSorts(input), outputs)
        case .aggregate(var aggregate):
            aggregate.input = limitSorts(aggregate.input)
            return .aggregate(aggregate)
        case .sort(var sort):
            sort.input = limitSorts(sort.input)
            return .sort(sort)
        case .distinct(let input): return .distinct(limitSorts(input))
        case .firstOfEach(let input, let keys): return .firstOfEach(limitSorts(input), keys: keys)
        case .unionAll(let inputs): return .unionAll(inputs.map { limitSorts($0) })
        case .limit(let input, let count, let offset):
            var input = limitSorts(input)
            if let rows = topRows(count, offset) { input = limited(input, rows) }
            return .limit(input, count: count, offset: offset)
        }
    }

    private func limited(_ plan: LogicalPlan, _ rows: Int) -> LogicalPlan {
        switch plan {
        case .sort(var sort):
            sort.limit = min(rows, sort.limit ?? rows)
            return .sort(sort)
        case .project(let input, let outputs): return .project(limited(input, rows), outputs)
        default: return plan
        }
    }

    private func topRows(_ count: BoundExpression?, _ offset: BoundExpression?) -> Int? {
        func constant(_ expression: BoundExpression?) -> Int? {
            guard let expression else { return 0 }
            guard case .constant(let value) = expression.kind, value.nullCount == 0, value.type == .int8 else {
                return nil
            }
            return Int(value.value(at: 0, as: Int64.self))
        }
        guard let count, let rows = constant(count), let skipped = constant(offset) else { return nil }
        let (total, overflow) = rows.addingReportingOverflow(skipped)
        return overflow || rows < 0 || skipped < 0 || total > Self.maximumTopRows ? nil : total
    }
}

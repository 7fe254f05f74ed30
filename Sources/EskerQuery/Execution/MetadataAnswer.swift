import EskerFormat

/// Answers `count(*)`, `count(x)`, `min(x)` and `max(x)` from what is known of blocks without reading them.
///
/// A block counts as read when every condition of the scan holds for all its rows by its bounds, and its statistics
/// name values that occur; the others are left to a scan.
struct MetadataAnswer {
    private let calls: [AggregateCall]
    /// Places of the calls' arguments in the table; nil for `count(*)`.
    private let arguments: [Int?]
    private let scan: LogicalPlan.Scan
    private let pruner: BlockPruner

    /// - Parameter aggregate: its expressions resolved.
    /// - Returns: nil when rows must be looked at.
    init?(_ aggregate: LogicalPlan.Aggregate, evaluator: ExpressionEvaluator) {
        guard aggregate.keys.isEmpty, case .scan(let scan) = aggregate.input, !aggregate.calls.isEmpty else {
            return nil
        }
        var arguments: [Int?] = []
        for call in aggregate.calls {
            guard call.filter == nil else { return nil }
            switch (call.function, call.argument?.kind) {
            case (.countRows, nil): arguments.append(nil)
            case (.count, .column(let place)?) where !call.isDistinct: arguments.append(scan.columns[place])
            case (.min, .column(let place)?), (.max, .column(let place)?): arguments.append(scan.columns[place])
            default: return nil
            }
        }
        calls = aggregate.calls
        self.arguments = arguments
        self.scan = scan
        pruner = BlockPruner(scan.filters, tableColumns: scan.columns, evaluator: evaluator)
    }

    /// What the blocks that need not be read add up to, one accumulator a call, and the blocks that are left.
    func answer() throws -> (accumulators: [any Accumulator], rest: [any Morsel]) {
        let accumulators = try calls.map { try $0.makeAccumulator() }
        var rest: [any Morsel] = []
        for morsel in try scan.table.morsels() where try pruner.mayHold(morsel) {
            guard pruner.mustHold(morsel), let facts = facts(of: morsel) else {
                rest.append(morsel)
                continue
            }
            for (accumulator, fact) in zip(accumulators, facts) {
                try accumulator.add(fact.column, RowGroups(ids: nil, rowCount: fact.rows, groupCount: 1))
            }
        }
        return (accumulators, rest)
    }

    /// For each call rows that give the same result as the block's.
    private func facts(of morsel: any Morsel) -> [(column: Column?, rows: Int)]? {
        var facts: [(Column?, Int)] = []
        for (call, argument) in zip(calls, arguments) {
            guard let argument else {
                facts.append((nil, morsel.rowCount))
                continue
            }
            guard let statistics = morsel.statistics(column: argument), let nulls = statistics.nullCount else {
                return nil
            }
            if call.function == .count {
                facts.append((nil, morsel.rowCount - nulls))
            } else if nulls == morsel.rowCount {
                facts.append((nil, 0))
            } else if let bounds = statistics.bounds, statistics.isExact {
                facts.append((bounds, 2))
            } else {
                return nil
            }
        }
        return facts
    }
}

import EskerFormat

/// Tells from a block's statistics that no row of it can satisfy a scan's conditions, or that every row does.
struct BlockPruner {
    private let conditions: [BoundExpression]
    private let tableColumns: [Int]
    private let evaluator: ExpressionEvaluator

    init(_ conditions: [BoundExpression], tableColumns: [Int], evaluator: ExpressionEvaluator) {
        self.conditions = conditions
        self.tableColumns = tableColumns
        self.evaluator = evaluator
    }

    /// Whether some row may satisfy all conditions. Looks at statistics only.
    func mayHold(_ morsel: any Morsel) throws -> Bool {
        if morsel.rowCount == 0 { return false }
        return try conditions.allSatisfy { try mayHold($0, morsel) }
    }

    private func mayHold(_ condition: BoundExpression, _ morsel: any Morsel) throws -> Bool {
        switch condition.kind {
        case .and(let parts): return try parts.allSatisfy { try mayHold($0, morsel) }
        case .or(let parts): return try parts.contains { try mayHold($0, morsel) }
        case .call:
            guard let (operation, left, right) = condition.comparison else { return true }
            if case .column(let place) = left.kind, let constant = value(right) {
                return mayHold(operation, place, constant, morsel)
            }
            if case .column(let place) = right.kind, let constant = value(left) {
                return mayHold(operation.swapped, place, constant, morsel)
            }
            return true
        case .inList(let value, let items, negated: false, _):
            guard case .column(let place) = value.kind else { return true }
            return items.contains { item in
                guard let constant = self.value(item) else { return true }
                return mayHold(.equal, place, constant, morsel)
            }
        case .isNull(let value, let negated):
            guard case .column(let place) = value.kind,
                let nulls = morsel.statistics(column: tableColumns[place])?.nullCount
            else { return true }
            return negated ? nulls < morsel.rowCount : nulls > 0
        case .constant(let column): return column.nullCount == 0 && column.bool(at: 0)
        default: return true
        }
    }

    private func value(_ expression: BoundExpression) -> Column? {
        if case .constant(let column) = expression.kind { return column }
        return nil
    }

    private func mayHold(_ operation: ComparisonOperator, _ place: Int, _ constant: Column, _ morsel: any Morsel)
        -> Bool
    {
        if constant.nullCount > 0 { return false }
        guard let statistics = morsel.statistics(column: tableColumns[place]) else { return true }
        if statistics.nullCount == morsel.rowCount { return false }
        // Both must be in one order; blanks at the end of char(n) make its bounds no bounds of text.
        guard let bounds = statistics.bounds, let order = ValueOrder(constant.type),
            ValueOrder(bounds.type) == order, order != .blankPadded
        else { return true }
        let least = order.compare(bounds, 0, constant, 0)
        let greatest = order.compare(bounds, 1, constant, 0)
        switch operation {
        case .equal: return least <= 0 && greatest >= 0
        case .notEqual: return !(least == 0 && greatest == 0)
        case .less: return least < 0
        case .lessOrEqual: return least <= 0
        case .greater: return greatest > 0
        case .greaterOrEqual: return greatest >= 0
        }
    }

    // MARK: Conditions that hold for every row

    /// Whether every row satisfies all conditions. Looks at statistics only.
    func mustHold(_ morsel: any Morsel) -> Bool { conditions.allSatisfy { mustHold($0, morsel) } }

    /// Whether every row satisfies one condition; `false` when statistics do not tell.
    func mustHold(_ condition: BoundExpression, _ morsel: any Morsel) -> Bool {
        switch condition.kind {
        case .and(let parts): return parts.allSatisfy { mustHold($0, morsel) }
        case .call:
            guard let (operation, left, right) = condition.comparison else { return false }
            if case .column(let place) = left.kind, let constant = value(right) {
                return mustHold(operation, place, constant, morsel)
            }
            if case .column(let place) = right.kind, let constant = value(left) {
                return mustHold(operation.swapped, place, constant, morsel)
            }
            return false
        case .isNull(let value, let negated):
            guard case .column(let place) = value.kind,
                let nulls = morsel.statistics(column: tableColumns[place])?.nullCount
            else { return false }
            return nulls == (negated ? 0 : morsel.rowCount)
        case .constant(let column): return column.nullCount == 0 && column.bool(at: 0)
        default: return false
        }
    }

    private func mustHold(_ operation: ComparisonOperator, _ place: Int, _ constant: Column, _ morsel: any Morsel)
        -> Bool
    {
        guard constant.nullCount == 0, let statistics = morsel.statistics(column: tableColumns[place]),
            statistics.nullCount == 0, let bounds = statistics.bounds, let order = ValueOrder(constant.type),
            ValueOrder(bounds.type) == order, order != .blankPadded
        else { return false }
        let least = order.compare(bounds, 0, constant, 0)
        let greatest = order.compare(bounds, 1, constant, 0)
        switch operation {
        case .equal: return least == 0 && greatest == 0
        case .notEqual: return least > 0 || greatest < 0
        case .less: return greatest < 0
        case .lessOrEqual: return greatest <= 0
        case .greater: return least > 0
        case .greaterOrEqual: return least >= 0
        }
    }
}

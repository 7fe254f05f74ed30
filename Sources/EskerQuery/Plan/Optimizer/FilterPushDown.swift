/// Moves conditions as far down as they mean the same.
struct FilterPushDown {
    /// `plan` with `conditions` over its output applied.
    func push(_ plan: LogicalPlan, _ conditions: [BoundExpression]) -> LogicalPlan {
        switch plan {
        case .scan(var scan):
            scan.filters += conditions
            return .scan(scan)
        case .values: return kept(plan, conditions)
        case .filter(let input, let own): return push(input, own + conditions)
        case .project(let input, let outputs):
            let (movable, fixed) = split(conditions) { condition in
                condition.columns.allSatisfy { outputs[$0].expression.volatility != .volatile }
            }
            let below = movable.map { condition in
                condition.mapColumns { place, _ in outputs[place].expression }
            }
            return kept(.project(push(input, below), outputs), fixed)
        case .aggregate(var aggregate):
            let keys = aggregate.keys
            let (movable, fixed) = split(conditions) { condition in
                !keys.isEmpty && condition.columns.allSatisfy { $0 < keys.count }
                    && condition.columns.allSatisfy { keys[$0].expression.volatility != .volatile }
            }
            let below = movable.map { condition in condition.mapColumns { place, _ in keys[place].expression } }
            aggregate.input = push(aggregate.input, below)
            return kept(.aggregate(aggregate), fixed)
        case .sort(var sort) where sort.limit == nil:
            sort.input = push(sort.input, conditions)
            return .sort(sort)
        case .sort(var sort):
            sort.input = push(sort.input, [])
            return kept(.sort(sort), conditions)
        case .limit(let input, let count, let offset):
            return kept(.limit(push(input, []), count: count, offset: offset), conditions)
        case .distinct(let input): return .distinct(push(input, conditions))
        case .firstOfEach(let input, let keys):
            // A condition from above looks at the rows that were chosen, not at those to choose from.
            return kept(.firstOfEach(push(input, []), keys: keys), conditions)
        case .unionAll(let inputs): return .unionAll(inputs.map { push($0, conditions) })
        }
    }

    private func kept(_ plan: LogicalPlan, _ conditions: [BoundExpression]) -> LogicalPlan {
        conditions.isEmpty ? plan : .filter(plan, conditions)
    }

    /// Volatile conditions stay where they were written.
    private func split(
        _ conditions: [BoundExpression], _ isMovable: (BoundExpression) -> Bool
    ) -> (movable: [BoundExpression], fixed: [BoundExpression]) {
        var result: (movable: [BoundExpression], fixed: [BoundExpression]) = ([], [])
        for condition in conditions {
            if condition.volatility != .volatile && isMovable(condition) {
                result.movable.append(condition)
            } else {
                result.fixed.append(condition)
            }
        }
        return result
    }
}

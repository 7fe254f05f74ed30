import EskerFormat

/// Rewrites expressions over a grouped input: a key stands for its column of the grouping's output, an aggregate for
/// the column behind the keys.
struct Grouping {
    let keys: [BoundExpression]
    let scope: Scope

    func rewrite(_ expression: BoundExpression) throws(QueryError) -> BoundExpression {
        if let key = keys.firstIndex(where: { $0.isSame(as: expression) }) {
            return BoundExpression(.column(key), type: expression.type, location: expression.location)
        }
        if case .column(let place) = expression.kind {
            guard place >= ExpressionBinder.aggregatePlace else {
                throw QueryError(
                    .groupingError,
                    "column \"\(scope.describe(place))\" must appear in the GROUP BY clause or be used in an "
                        + "aggregate function", at: expression.location)
            }
            var output = expression
            output.kind = .column(keys.count + place - ExpressionBinder.aggregatePlace)
            return output
        }
        var parts: [BoundExpression] = []
        for child in expression.children { parts.append(try rewrite(child)) }
        return parts.isEmpty ? expression : expression.replacingChildren(parts)
    }
}

/// The name of a result column that has no alias; PostgreSQL's rules.
enum OutputName {
    static func of(_ expression: Expression) -> String { known(expression) ?? "?column?" }

    private static func known(_ expression: Expression) -> String? {
        switch expression.kind {
        case .column(let parts): return parts.last
        case .function(let call): return call.name.last
        case .cast(let value, let type): return known(value) ?? type.name
        case .collate(let value, _): return known(value)
        case .caseWhen(let value): return value.otherwise.flatMap { strong($0) } ?? "case"
        case .coalesce: return "coalesce"
        case .greatest: return "greatest"
        case .least: return "least"
        case .nullIf: return "nullif"
        case .array: return "array"
        case .row: return "row"
        case .sqlValue(let value): return value.name.rawValue
        case .grouping: return "grouping"
        case .indirection(let value, let steps):
            for step in steps.reversed() { if case .field(let name) = step { return name } }
            return known(value)
        case .subquery(let subquery):
            switch subquery.use {
            case .exists: return "exists"
            case .array: return "array"
            case .scalar:
                guard case .select(let core) = subquery.query.body, let target = core.targets.first else { return nil }
                return target.alias ?? known(target.value)
            case .quantified: return nil
            }
        default: return nil
        }
    }

    /// A name that is more than the name of a type.
    private static func strong(_ expression: Expression) -> String? {
        switch expression.kind {
        case .column, .function: known(expression)
        default: nil
        }
    }
}

package import EskerFormat

/// A value expression whose names are places and whose types are settled.
///
/// Constants are columns of one row, so that whatever evaluates columns evaluates them too.
package struct BoundExpression: Sendable {
    package indirect enum Kind: Sendable {
        /// The input's column at that place.
        case column(Int)
        /// One row.
        case constant(Column)
        case call(ResolvedFunction, [BoundExpression])
        /// Never NULL. Both sides have the type that the operator compares.
        case distinctFrom(BoundExpression, BoundExpression, negated: Bool, equality: ResolvedFunction)
        case and([BoundExpression])
        case or([BoundExpression])
        case not(BoundExpression)
        case isNull(BoundExpression, negated: Bool)
        /// `IS [NOT] TRUE` and `IS [NOT] FALSE`; UNKNOWN is `isNull`.
        case isTruth(BoundExpression, Bool, negated: Bool)
        /// All of the type that the operator compares.
        case inList(BoundExpression, [BoundExpression], negated: Bool, equality: ResolvedFunction)
        case caseWhen([CaseBranch], otherwise: BoundExpression?)
        case coalesce([BoundExpression])
        /// GREATEST or LEAST: by the operator `<` of their type.
        case extremum([BoundExpression], greatest: Bool, less: ResolvedFunction)
        /// The one value of a query that does not depend on the row: run once, before the rows.
        case scalarSubquery(LogicalPlan)
        case existsSubquery(LogicalPlan)
        /// `value = ANY (query)` of one column.
        case inSubquery(BoundExpression, LogicalPlan, negated: Bool, equality: ResolvedFunction)
    }

    package struct CaseBranch: Sendable {
        package var condition: BoundExpression
        package var result: BoundExpression

        package init(condition: BoundExpression, result: BoundExpression) {
            self.condition = condition
            self.result = result
        }
    }

    package var kind: Kind
    package var type: DataType
    /// Byte offset in the statement's text; -1 when it has no place of its own.
    package var location: Int

    package init(_ kind: Kind, type: DataType, location: Int = -1) {
        self.kind = kind
        self.type = type
        self.location = location
    }
}

extension BoundExpression {
    /// Direct parts.
    package var children: [BoundExpression] {
        switch kind {
        case .column, .constant, .scalarSubquery, .existsSubquery: []
        case .call(_, let arguments), .and(let arguments), .or(let arguments), .coalesce(let arguments): arguments
        case .extremum(let arguments, _, _): arguments
        case .distinctFrom(let left, let right, _, _): [left, right]
        case .not(let value), .isNull(let value, _), .isTruth(let value, _, _), .inSubquery(let value, _, _, _): [value]
        case .inList(let value, let items, _, _): [value] + items
        case .caseWhen(let branches, let otherwise):
            branches.flatMap { [$0.condition, $0.result] } + (otherwise.map { [$0] } ?? [])
        }
    }

    /// The same node over other parts, given in the order of ``children``.
    package func replacingChildren(_ parts: [BoundExpression]) -> BoundExpression {
        var copy = self
        switch kind {
        case .column, .constant, .scalarSubquery, .existsSubquery: break
        case .call(let function, _): copy.kind = .call(function, parts)
        case .and: copy.kind = .and(parts)
        case .or: copy.kind = .or(parts)
        case .coalesce: copy.kind = .coalesce(parts)
        case .extremum(_, let greatest, let less): copy.kind = .extremum(parts, greatest: greatest, less: less)
        case .distinctFrom(_, _, let negated, let equality):
            copy.kind = .distinctFrom(parts[0], parts[1], negated: negated, equality: equality)
        case .not: copy.kind = .not(parts[0])
        case .isNull(_, let negated): copy.kind = .isNull(parts[0], negated: negated)
        case .isTruth(_, let truth, let negated): copy.kind = .isTruth(parts[0], truth, negated: negated)
        case .inSubquery(_, let plan, let negated, let equality):
            copy.kind = .inSubquery(parts[0], plan, negated: negated, equality: equality)
        case .inList(_, _, let negated, let equality):
            copy.kind = .inList(parts[0], Array(parts.dropFirst()), negated: negated, equality: equality)
        case .caseWhen(let branches, let otherwise):
            let rebuilt = branches.indices.map { CaseBranch(condition: parts[2 * $0], result: parts[2 * $0 + 1]) }
            copy.kind = .caseWhen(rebuilt, otherwise: otherwise == nil ? nil : parts.last)
        }
        return copy
    }

    /// The expression with every column reference replaced.
    package func mapColumns(_ replace: (Int, BoundExpression) -> BoundExpression) -> BoundExpression {
        if case .column(let index) = kind { return replace(index, self) }
        let parts = children
        return parts.isEmpty ? self : replacingChildren(parts.map { $0.mapColumns(replace) })
    }

    /// Adds the places of all columns it reads.
    package func collectColumns(into set: inout Set<Int>) {
        if case .column(let index) = kind { set.insert(index) }
        for child in children { child.collectColumns(into: &set) }
    }

    /// The places of all columns it reads.
    package var columns: Set<Int> {
        var set: Set<Int> = []
        collectColumns(into: &set)
        return set
    }

    /// The least trustworthy degree among its functions.
    package var volatility: Volatility {
        var worst = Volatility.immutable
        switch kind {
        case .call(let function, _): worst = function.volatility
        case .scalarSubquery, .existsSubquery, .inSubquery: worst = .stable
        default: break
        }
        for child in children {
            switch child.volatility {
            case .volatile: return .volatile
            case .stable: if worst == .immutable { worst = .stable }
            case .immutable: break
            }
        }
        return worst
    }

    /// Whether evaluating it cannot fail, whatever the values: it may run on rows that a filter would drop.
    package var cannotFail: Bool {
        if case .call(let function, _) = kind, function.comparison == nil { return false }
        if case .scalarSubquery = kind { return false }
        return children.allSatisfy(\.cannotFail)
    }

    /// The sides of a comparison of two values of one type; nil for anything else.
    package var comparison: (operation: ComparisonOperator, left: BoundExpression, right: BoundExpression)? {
        guard case .call(let function, let sides) = kind, let operation = function.comparison, sides.count == 2 else {
            return nil
        }
        return (operation, sides[0], sides[1])
    }

    /// The parts of a conjunction; itself when it is none.
    package var conjuncts: [BoundExpression] {
        if case .and(let parts) = kind { return parts.flatMap(\.conjuncts) }
        return [self]
    }
}

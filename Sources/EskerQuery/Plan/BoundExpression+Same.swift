// Unsafe: compares the bytes of constants.

import EskerFormat

extension BoundExpression {
    /// Whether both compute the same by construction: same shape, columns, functions and constants. Places in the
    /// text do not matter. Volatile calls are never the same.
    func isSame(as other: BoundExpression) -> Bool {
        guard type == other.type else { return false }
        switch (kind, other.kind) {
        case (.column(let first), .column(let second)): return first == second
        case (.constant(let first), .constant(let second)): return first.hasSameRow(as: second)
        case (.call(let first, _), .call(let second, _)):
            guard first.isSame(as: second) else { return false }
        case (.distinctFrom(_, _, let first, let one), .distinctFrom(_, _, let second, let two)),
            (.inList(_, _, let first, let one), .inList(_, _, let second, let two)):
            guard first == second && one.isSame(as: two) else { return false }
        case (.isNull(_, let first), .isNull(_, let second)): guard first == second else { return false }
        case (.isTruth(_, let first, let negated), .isTruth(_, let second, let otherNegated)):
            guard first == second && negated == otherNegated else { return false }
        case (.extremum(_, let first, _), .extremum(_, let second, _)): guard first == second else { return false }
        case (.caseWhen(let first, let last), .caseWhen(let second, let otherLast)):
            guard first.count == second.count && (last == nil) == (otherLast == nil) else { return false }
        case (.and, .and), (.or, .or), (.not, .not), (.coalesce, .coalesce): break
        default: return false
        }
        let (mine, theirs) = (children, other.children)
        return mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.isSame(as: $1) }
    }
}

extension ResolvedFunction {
    fileprivate func isSame(as other: ResolvedFunction) -> Bool {
        name == other.name && argumentTypes == other.argumentTypes && resultType == other.resultType
            && volatility != .volatile
    }
}

extension AggregateCall {
    func isSame(as other: AggregateCall) -> Bool {
        func same(_ first: BoundExpression?, _ second: BoundExpression?) -> Bool {
            guard let first, let second else { return first == nil && second == nil }
            return first.isSame(as: second)
        }
        return function == other.function && isDistinct == other.isDistinct && resultType == other.resultType
            && same(argument, other.argument) && same(filter, other.filter)
    }
}

extension Column {
    /// Whether the one row of both has the same bytes.
    fileprivate func hasSameRow(as other: Column) -> Bool {
        guard type == other.type, isValid(0) == other.isValid(0) else { return false }
        if !isValid(0) { return true }
        switch type.layout {
        case .bits: return bool(at: 0) == other.bool(at: 0)
        case .fixed(2): return value(at: 0, as: UInt16.self) == other.value(at: 0, as: UInt16.self)
        case .fixed(4): return value(at: 0, as: UInt32.self) == other.value(at: 0, as: UInt32.self)
        case .fixed(8): return value(at: 0, as: UInt64.self) == other.value(at: 0, as: UInt64.self)
        case .fixed: return value(at: 0, as: SIMD2<UInt64>.self) == other.value(at: 0, as: SIMD2<UInt64>.self)
        case .variable: return unsafe compareBytes(bytes(at: 0), other.bytes(at: 0)) == 0
        }
    }
}

internal import EskerFormat

/// Comparisons of strings by their bytes (collation C).
enum TextComparison {
    static func kernel(_ comparison: ComparisonOperator) -> Kernel {
        switch comparison {
        case .equal: { (call) throws(QueryError) in equality(call, isNegated: false) }
        case .notEqual: { (call) throws(QueryError) in equality(call, isNegated: true) }
        case .less: { (call) throws(QueryError) in ordered(call) { $0 < 0 } }
        case .lessOrEqual: { (call) throws(QueryError) in ordered(call) { $0 <= 0 } }
        case .greater: { (call) throws(QueryError) in ordered(call) { $0 > 0 } }
        case .greaterOrEqual: { (call) throws(QueryError) in ordered(call) { $0 >= 0 } }
        }
    }

    /// As ``kernel(_:)`` without the blanks at the ends: `char(n)`.
    static func trimmed(_ comparison: ComparisonOperator) -> Kernel {
        { (call) throws(QueryError) in
            let left = call.bytes(0)
            let right = call.bytes(1)
            return try call.writeBits { row in
                let a = TextTrim.withoutTrailingBlanks(left[row])
                return comparison.holds(a.compared(to: TextTrim.withoutTrailingBlanks(right[row])))
            }
        }
    }

    private static func equality(_ call: VectorCall, isNegated: Bool) -> Column {
        let (left, right) = (call.bytes(0), call.bytes(1))
        let (yes, no): (UInt8, UInt8) = isNegated ? (0, 1) : (1, 0)
        let bits = Bitmap.packed(count: call.count) { left[$0].isEqual(to: right[$0]) ? yes : no }
        return Column(type: .bool, count: call.count, validity: nil, values: .bits(bits))
    }

    @inline(__always)
    private static func ordered(_ call: VectorCall, _ holds: (Int) -> Bool) -> Column {
        let (left, right) = (call.bytes(0), call.bytes(1))
        let bits = Bitmap.packed(count: call.count) { holds(left[$0].compared(to: right[$0])) ? 1 : 0 }
        return Column(type: .bool, count: call.count, validity: nil, values: .bits(bits))
    }
}

extension ComparisonOperator {
    /// Whether the comparison holds for operands whose order is negative, zero or positive.
    @inline(__always)
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}

extension FunctionList {
    mutating func addTextComparisons() {
        for comparison in ComparisonOperator.allCases {
            let kernel = TextComparison.kernel(comparison)
            addComparison(comparison, .text, kernel)
            addComparison(comparison, .bytea, kernel)
            addComparison(comparison, .char, TextComparison.trimmed(comparison))
        }
    }
}

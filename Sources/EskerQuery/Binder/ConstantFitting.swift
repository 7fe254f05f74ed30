import EskerFormat

/// Makes comparisons of integers of two widths ones of the narrower, where the wider side is a constant that fits it.
///
/// `qty >= 2::bigint` would turn the whole column `qty` into bigint, and statistics of integers could not skip blocks.
enum ConstantFitting {
    /// The operands of an operator, a constant narrowed to the other's type where that cannot change the result.
    static func sides(_ name: String, _ left: Operand, _ right: Operand) -> (Operand, Operand) {
        guard ComparisonOperator(rawValue: name) != nil, let first = left.type, let second = right.type else {
            return (left, right)
        }
        if let constant = narrowed(right, to: first) { return (left, constant) }
        if let constant = narrowed(left, to: second) { return (constant, right) }
        return (left, right)
    }

    /// nil unless the operand is an integer constant of a wider type whose value the type holds.
    private static func narrowed(_ operand: Operand, to type: DataType) -> Operand? {
        guard case .constant(let value) = operand.expression.kind, !operand.isUnknown, value.nullCount == 0 else {
            return nil
        }
        let number: Int64
        switch operand.expression.type {
        case .int4: number = Int64(value.value(at: 0, as: Int32.self))
        case .int8: number = value.value(at: 0, as: Int64.self)
        default: return nil
        }
        let builder = ColumnBuilder(type, capacity: 1)
        switch (operand.expression.type, type) {
        case (.int4, .int2), (.int8, .int2):
            guard let narrow = Int16(exactly: number) else { return nil }
            builder.append(fixed: narrow)
        case (.int8, .int4):
            guard let narrow = Int32(exactly: number) else { return nil }
            builder.append(fixed: narrow)
        default: return nil
        }
        return Operand(BoundExpression(.constant(builder.finish()), type: type, location: operand.expression.location))
    }
}

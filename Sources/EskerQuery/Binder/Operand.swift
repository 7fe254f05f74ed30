import EskerFormat

/// A bound expression that may still be of no type: a string literal or NULL takes the type its place asks for.
struct Operand {
    var expression: BoundExpression
    /// The expression is then a constant of type text.
    var isUnknown: Bool

    init(_ expression: BoundExpression, isUnknown: Bool = false) {
        self.expression = expression
        self.isUnknown = isUnknown
    }

    /// nil: unknown.
    var type: DataType? { isUnknown ? nil : expression.type }

    /// The type's name in messages.
    var typeName: String { type?.bareName ?? "unknown" }
}

/// Why a value changes its type, which decides how an impossible change is reported.
enum Coercion {
    /// To fit an operator, a function, or its neighbours in CASE and VALUES.
    case implicit
    /// To be stored in the column of that name.
    case assignment(column: String)
    /// By CAST or `::`.
    case explicit

    var context: CastContext {
        switch self {
        case .implicit: .implicit
        case .assignment: .assignment
        case .explicit: .explicit
        }
    }
}

extension Binder {
    /// The operand as a value of a type.
    func coerce(
        _ operand: Operand, to type: DataType, _ coercion: Coercion = .implicit, at location: Int? = nil
    ) throws(QueryError) -> BoundExpression {
        let expression = operand.expression
        if operand.isUnknown { return try literal(operand, as: type) }
        if expression.type == type { return expression }
        let function: ResolvedFunction?
        do {
            function = try functions.cast(from: expression.type, to: type, context: coercion.context)
        } catch {
            if case .assignment(let column) = coercion {
                throw QueryError(
                    .datatypeMismatch,
                    "column \"\(column)\" is of type \(type.bareName) but expression is of type "
                        + expression.type.bareName,
                    at: expression.location, hint: "You will need to rewrite or cast the expression.")
            }
            throw error.placed(at: location ?? expression.location)
        }
        guard let function else {
            var relabelled = expression
            if case .constant(let value) = expression.kind {
                relabelled.kind = .constant(value.retyped(type))
                relabelled.type = type
                return relabelled
            }
            return BoundExpression(
                .call(Cast.relabel(from: expression.type, to: type), [expression]), type: type,
                location: location ?? expression.location)
        }
        return folded(
            BoundExpression(.call(function, [expression]), type: type, location: location ?? expression.location))
    }

    /// The value of an immutable call of constants; the call itself where it fails, to fail when it is reached.
    func folded(_ call: BoundExpression) -> BoundExpression {
        guard case .call(let function, let arguments) = call.kind, function.volatility == .immutable,
            arguments.allSatisfy({ if case .constant = $0.kind { true } else { false } }),
            let value = try? ExpressionEvaluator(context: context).constant(call)
        else { return call }
        return BoundExpression(.constant(value), type: call.type, location: call.location)
    }

    /// A literal of no type yet, read by the type's input function, as PostgreSQL does while it parses.
    private func literal(_ operand: Operand, as type: DataType) throws(QueryError) -> BoundExpression {
        let location = operand.expression.location
        guard case .constant(let text) = operand.expression.kind, text.nullCount == 0 else {
            return BoundExpression(.constant(.constantNull(type, rows: 1)), type: type, location: location)
        }
        if type == .text { return operand.expression }
        do {
            guard let input = try functions.cast(from: .text, to: type, context: .explicit) else {
                return BoundExpression(.constant(text.retyped(type)), type: type, location: location)
            }
            let value = try input.evaluate([text], 1, context.evaluation)
            return BoundExpression(.constant(value.plain), type: type, location: location)
        } catch {
            throw error.placed(at: location)
        }
    }

    /// A condition; `place` names it in the error: `WHERE`, `CASE/WHEN`.
    func condition(_ operand: Operand, _ place: String) throws(QueryError) -> BoundExpression {
        if operand.isUnknown || operand.expression.type == .bool { return try coerce(operand, to: .bool) }
        throw QueryError(
            .datatypeMismatch, "argument of \(place) must be type boolean, not type \(operand.typeName)",
            at: operand.expression.location)
    }

    /// The operand with text where the type is still unknown.
    func settled(_ operand: Operand) -> BoundExpression { operand.expression }

    /// The one type that all operands can become; PostgreSQL's rule for UNION, CASE and their kin.
    ///
    /// - Parameter place: how the error names the construct: `CASE`, `UNION`, `VALUES`.
    func commonType(_ operands: [Operand], _ place: String) throws(QueryError) -> DataType {
        guard let first = operands.first(where: { !$0.isUnknown }) else { return .text }
        if operands.allSatisfy({ $0.isUnknown || $0.expression.type == first.expression.type }) {
            return first.expression.type
        }
        var chosen = first.expression.type.withoutModifier
        for operand in operands where !operand.isUnknown {
            let type = operand.expression.type.withoutModifier
            if type == chosen { continue }
            if type.kind.category != chosen.kind.category {
                throw QueryError(
                    .datatypeMismatch, "\(place) types \(chosen.bareName) and \(type.bareName) cannot be matched",
                    at: operand.expression.location)
            }
            if !chosen.kind.isPreferred, CastContext.required(from: chosen, to: type) == .implicit,
                CastContext.required(from: type, to: chosen) != .implicit
            {
                chosen = type
            }
        }
        return chosen
    }
}

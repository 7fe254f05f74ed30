import EskerFormat

/// Binds the expressions of one clause.
final class ExpressionBinder {
    /// Where the expression stands; the raw value is its name in errors.
    enum Clause: String {
        case select = "SELECT"
        case from = "FROM"
        case filter = "WHERE"
        case groupBy = "GROUP BY"
        case having = "HAVING"
        case orderBy = "ORDER BY"
        case values = "VALUES"
        case limit = "LIMIT"
        case offset = "OFFSET"
        case aggregate = "aggregate function"
        case aggregateFilter = "FILTER"

        var allowsAggregates: Bool { self == .select || self == .having || self == .orderBy }
    }

    let binder: Binder
    let scope: Scope
    let environment: BindingEnvironment
    var clause: Clause
    /// Aggregate calls met so far, shared by the clauses of one SELECT. A call stands in expressions as the column
    /// ``aggregatePlace`` + its place here, until the grouping is known.
    var aggregates: [AggregateCall] = []

    /// Above every column of a real input.
    static let aggregatePlace = 1 << 32

    init(_ binder: Binder, _ scope: Scope, _ environment: BindingEnvironment, clause: Clause) {
        self.binder = binder
        self.scope = scope
        self.environment = environment
        self.clause = clause
    }

    /// The expression with text for literals of no type.
    func bindSettled(_ expression: Expression) throws -> BoundExpression { try bind(expression).expression }

    func bind(_ expression: Expression) throws -> Operand {
        let location = expression.location
        switch expression.kind {
        case .constant(let constant): return try literal(constant, at: location)
        case .column(let parts): return Operand(try scope.column(parts, at: location))
        case .and(let parts): return try junction(parts, "AND", location) { .and($0) }
        case .or(let parts): return try junction(parts, "OR", location) { .or($0) }
        case .not(let value):
            return boolean(.not(try binder.condition(try bind(value), "NOT")), location)
        case .unary(let name, let value): return try unary(name, value, at: location)
        case .binary(let name, let left, let right):
            return try binary(name, try bind(left), try bind(right), at: location)
        case .isNull(let value, let negated):
            return boolean(.isNull(try bindSettled(value), negated: negated), location)
        case .booleanTest(let value, let test, let negated): return try truthTest(value, test, negated, location)
        case .distinctFrom(let left, let right, let negated):
            let (equality, sides) = try comparison("=", try bind(left), try bind(right), at: location)
            return boolean(.distinctFrom(sides[0], sides[1], negated: negated, equality: equality), location)
        case .between: return try between(expression)
        case .inList(let value, let items, let negated): return try inList(value, items, negated, location)
        case .match(let match): return try pattern(match, at: location)
        case .nullIf(let left, let right): return try nullIf(left, right, at: location)
        case .quantified(let value, let name, let quantifier, let array):
            return try quantified(value, name, quantifier, array, at: location)
        case .subquery(let subquery): return try self.subquery(subquery, at: location)
        case .caseWhen(let expression): return try caseWhen(expression, at: location)
        case .cast(let value, let name): return try cast(value, name, at: location)
        case .collate(let value, let collation):
            if collation.last == "C" || collation.last == "default" || collation.last == "POSIX" {
                return try bind(value)
            }
            throw QueryError.unsupported("collation \"\(collation.joined(separator: "."))\"", at: location)
        case .function(let call): return try function(call, at: location)
        case .coalesce(let arguments):
            let (type, values) = try unified(arguments, "COALESCE")
            return Operand(BoundExpression(.coalesce(values), type: type, location: location))
        case .greatest(let arguments): return try extremum(arguments, greatest: true, at: location)
        case .least(let arguments): return try extremum(arguments, greatest: false, at: location)
        case .sqlValue(let value): return try sqlValue(value, at: location)
        case .star: throw QueryError(.syntaxError, "row expansion via \"*\" is not supported here", at: location)
        case .defaultValue: throw QueryError(.syntaxError, "DEFAULT is not allowed in this context", at: location)
        case .parameter(let number):
            throw QueryError(.undefinedParameter, "there is no parameter $\(number)", at: location)
        case .array: throw QueryError.unsupported("ARRAY", at: location)
        case .row: throw QueryError.unsupported("ROW", at: location)
        case .indirection: throw QueryError.unsupported("a subscript or field selection", at: location)
        case .grouping: throw QueryError.unsupported("GROUPING", at: location)
        case .currentOf: throw QueryError.unsupported("CURRENT OF", at: location)
        }
    }

    func boolean(_ kind: BoundExpression.Kind, _ location: Int) -> Operand {
        Operand(BoundExpression(kind, type: .bool, location: location))
    }

    // MARK: Literals

    private func literal(_ constant: Constant, at location: Int) throws -> Operand {
        func one(_ type: DataType, _ fill: (ColumnBuilder) -> Void) -> Operand {
            let builder = ColumnBuilder(type, capacity: 1)
            fill(builder)
            return Operand(BoundExpression(.constant(builder.finish()), type: type, location: location))
        }
        switch constant {
        case .null:
            let null = BoundExpression(.constant(.constantNull(.text, rows: 1)), type: .text, location: location)
            return Operand(null, isUnknown: true)
        case .boolean(let value): return one(.bool) { $0.append(bool: value) }
        case .integer(let value): return one(.int4) { $0.append(fixed: value) }
        case .string(let text):
            var operand = one(.text) { $0.append(text) }
            operand.isUnknown = true
            return operand
        case .numeric(let digits):
            if let value = Int64(digits) { return one(.int8) { $0.append(fixed: value) } }
            var text = one(.text) { $0.append(digits) }
            text.isUnknown = true
            return Operand(try binder.coerce(text, to: .numeric(precision: nil, scale: 0)))
        case .bitString: throw QueryError.unsupported("a bit string", at: location)
        }
    }

    // MARK: Operators

    private func junction(
        _ parts: [Expression], _ name: String, _ location: Int,
        _ kind: ([BoundExpression]) -> BoundExpression.Kind
    ) throws -> Operand {
        boolean(kind(try parts.map { try binder.condition(try bind($0), name) }), location)
    }

    private func unary(_ name: OperatorName, _ value: Expression, at location: Int) throws -> Operand {
        // A sign before a literal belongs to it: -2147483648 is an integer.
        if name.name == "-", case .constant(.numeric(let digits)) = value.kind, let number = Int64("-" + digits) {
            let negative = Expression(kind: .constant(.numeric("-" + digits)), location: location)
            if number < Int64(Int32.min) { return try bind(negative) }
        }
        let operand = try bind(value)
        do {
            let function = try binder.functions.resolvePrefixOperator(name: name.name, operand: operand.type)
            return try apply(function, [operand], at: location)
        } catch let error as QueryError {
            throw error.placed(at: location)
        }
    }

    func binary(_ name: OperatorName, _ left: Operand, _ right: Operand, at location: Int) throws -> Operand {
        do {
            let (left, right) = ConstantFitting.sides(name.name, left, right)
            let function = try binder.functions.resolveOperator(name: name.name, left: left.type, right: right.type)
            return try apply(function, [left, right], at: location)
        } catch let error as QueryError {
            throw error.placed(at: location)
        }
    }

    /// A comparison operator and its sides, both of the type that it compares.
    func comparison(
        _ name: String, _ left: Operand, _ right: Operand, at location: Int
    ) throws -> (ResolvedFunction, [BoundExpression]) {
        do {
            let (left, right) = ConstantFitting.sides(name, left, right)
            let function = try binder.functions.resolveOperator(name: name, left: left.type, right: right.type)
            let sides = [
                try binder.coerce(left, to: function.argumentTypes[0]),
                try binder.coerce(right, to: function.argumentTypes[1]),
            ]
            return (function, sides)
        } catch {
            throw error.placed(at: location)
        }
    }

    func apply(_ function: ResolvedFunction, _ operands: [Operand], at location: Int) throws -> Operand {
        var arguments: [BoundExpression] = []
        for (operand, type) in zip(operands, function.argumentTypes) {
            arguments.append(try binder.coerce(operand, to: type))
        }
        let call = BoundExpression(.call(function, arguments), type: function.resultType, location: location)
        return Operand(binder.folded(call))
    }

    private func truthTest(
        _ value: Expression, _ test: BooleanTest, _ negated: Bool, _ location: Int
    ) throws -> Operand {
        let word: String
        switch test {
        case .isTrue: word = "TRUE"
        case .isFalse: word = "FALSE"
        case .isUnknown: word = "UNKNOWN"
        }
        let operand = try binder.condition(try bind(value), negated ? "IS NOT \(word)" : "IS \(word)")
        switch test {
        case .isTrue: return boolean(.isTruth(operand, true, negated: negated), location)
        case .isFalse: return boolean(.isTruth(operand, false, negated: negated), location)
        case .isUnknown: return boolean(.isNull(operand, negated: negated), location)
        }
    }

    private func between(_ expression: Expression) throws -> Operand {
        guard case .between(let value, let low, let high, let symmetric, let negated) = expression.kind else {
            preconditionFailure("called for BETWEEN only")
        }
        let location = expression.location
        func range(_ low: Expression, _ high: Expression) throws -> Operand {
            let (first, second) = negated ? ("<", ">") : (">=", "<=")
            let lower = try binary(
                OperatorName(schema: nil, name: first), try bind(value), try bind(low), at: location)
            let upper = try binary(
                OperatorName(schema: nil, name: second), try bind(value), try bind(high), at: location)
            let parts = [lower.expression, upper.expression]
            return boolean(negated ? .or(parts) : .and(parts), location)
        }
        let straight = try range(low, high)
        if !symmetric { return straight }
        let parts = [straight.expression, try range(high, low).expression]
        return boolean(negated ? .and(parts) : .or(parts), location)
    }

    private func inList(
        _ value: Expression, _ items: [Expression], _ negated: Bool, _ location: Int
    ) throws -> Operand {
        let operand = try bind(value)
        let bound = try items.map { try bind($0) }
        if let type = try? binder.commonType([operand] + bound, "IN") {
            let values = try bound.map { try binder.coerce($0, to: type) }
            let (equality, _) = try comparison(
                "=", Operand(try binder.coerce(operand, to: type)), Operand(values[0]), at: location)
            let kind = equality.argumentTypes[0]
            let list = try values.map { try binder.coerce(Operand($0), to: kind) }
            let left = try binder.coerce(Operand(try binder.coerce(operand, to: type)), to: kind)
            return boolean(.inList(left, list, negated: negated, equality: equality), location)
        }
        let parts = try bound.map { item in
            try binary(OperatorName(schema: nil, name: negated ? "<>" : "="), operand, item, at: location).expression
        }
        return boolean(negated ? .and(parts) : .or(parts), location)
    }

    private func quantified(
        _ value: Expression, _ name: OperatorName, _ quantifier: Quantifier, _ array: Expression, at location: Int
    ) throws -> Operand {
        guard case .array(let items) = array.kind else {
            throw QueryError.unsupported("ANY or ALL of an array that is not written out", at: location)
        }
        let operand = try bind(value)
        let parts = try items.map { try binary(name, operand, try bind($0), at: location).expression }
        return boolean(quantifier == .any ? .or(parts) : .and(parts), location)
    }

    private func pattern(_ match: PatternMatch, at location: Int) throws -> Operand {
        let value = try bind(match.value)
        var pattern = try bind(match.pattern)
        if let escape = match.escape {
            let name = match.syntax == .similar ? "similar_to_escape" : "like_escape"
            pattern = try call(name, [pattern, try bind(escape)], at: location)
        } else if match.syntax == .similar {
            pattern = try call("similar_to_escape", [pattern], at: location)
        }
        let name: String
        switch match.syntax {
        case .like: name = match.negated ? "!~~" : "~~"
        case .caseInsensitiveLike: name = match.negated ? "!~~*" : "~~*"
        case .similar: name = match.negated ? "!~" : "~"
        }
        return try binary(OperatorName(schema: nil, name: name), value, pattern, at: location)
    }
}

import EskerFormat

/// CASE and its kin, casts, function calls and sub-queries.
extension ExpressionBinder {
    /// The arguments, all of their common type.
    func unified(_ arguments: [Expression], _ place: String) throws -> (DataType, [BoundExpression]) {
        let operands = try arguments.map { try bind($0) }
        let type = try binder.commonType(operands, place)
        return (type, try operands.map { try binder.coerce($0, to: type) })
    }

    func extremum(_ arguments: [Expression], greatest: Bool, at location: Int) throws -> Operand {
        let (type, values) = try unified(arguments, greatest ? "GREATEST" : "LEAST")
        let (less, _) = try comparison("<", Operand(values[0]), Operand(values[0]), at: location)
        return Operand(
            BoundExpression(.extremum(values, greatest: greatest, less: less), type: type, location: location))
    }

    func nullIf(_ left: Expression, _ right: Expression, at location: Int) throws -> Operand {
        let first = try bind(left)
        let (equality, sides) = try comparison("=", first, try bind(right), at: location)
        let value = first.isUnknown ? sides[0] : first.expression
        let null = BoundExpression(.constant(.constantNull(value.type, rows: 1)), type: value.type)
        let equal = BoundExpression(.call(equality, sides), type: .bool, location: location)
        let branch = BoundExpression.CaseBranch(condition: equal, result: null)
        return Operand(BoundExpression(.caseWhen([branch], otherwise: value), type: value.type, location: location))
    }

    func caseWhen(_ expression: CaseExpression, at location: Int) throws -> Operand {
        let subject = try expression.operand.map { try bind($0) }
        var conditions: [BoundExpression] = []
        var results: [Operand] = []
        for branch in expression.branches {
            let when = try bind(branch.when)
            if let subject {
                conditions.append(
                    try binary(OperatorName(schema: nil, name: "="), subject, when, at: branch.location).expression)
            } else {
                conditions.append(try binder.condition(when, "CASE/WHEN"))
            }
            results.append(try bind(branch.then))
        }
        // PostgreSQL looks at ELSE first when it chooses the type.
        let otherwise = try expression.otherwise.map { try bind($0) }
        let type = try binder.commonType((otherwise.map { [$0] } ?? []) + results, "CASE")
        let branches = try zip(conditions, results).map { condition, result in
            BoundExpression.CaseBranch(condition: condition, result: try binder.coerce(result, to: type))
        }
        let last = try otherwise.map { try binder.coerce($0, to: type) }
        return Operand(BoundExpression(.caseWhen(branches, otherwise: last), type: type, location: location))
    }

    func cast(_ value: Expression, _ name: TypeName, at location: Int) throws -> Operand {
        let type = try binder.type(name)
        return Operand(try binder.coerce(try bind(value), to: type, .explicit, at: location))
    }

    func sqlValue(_ value: SQLValue, at location: Int) throws -> Operand {
        if value.precision != nil { throw QueryError.unsupported("precision of \(value.name.rawValue)", at: location) }
        func now(as type: DataType) throws -> Operand {
            let now = try call("now", [], at: location)
            return Operand(try binder.coerce(now, to: type, .explicit, at: location))
        }
        switch value.name {
        case .currentDate: return try now(as: .date)
        case .currentTime: return try now(as: .timetz)
        case .currentTimestamp: return try now(as: .timestamptz)
        case .localTime: return try now(as: .time)
        case .localTimestamp: return try now(as: .timestamp)
        case .currentRole, .currentUser, .user, .sessionUser: return try call("current_user", [], at: location)
        case .currentCatalog: return try call("current_database", [], at: location)
        case .currentSchema: return try call("current_schema", [], at: location)
        }
    }

    // MARK: Calls

    func call(_ name: String, _ operands: [Operand], at location: Int) throws -> Operand {
        do {
            let function = try binder.functions.resolve(name: name, argumentTypes: operands.map(\.type))
            return try apply(function, operands, at: location)
        } catch let error as QueryError {
            throw error.placed(at: location)
        }
    }

    func function(_ call: FunctionCall, at location: Int) throws -> Operand {
        let name = call.name.last ?? ""
        if call.name.count > 1, call.name[0] != "pg_catalog" {
            throw QueryError(
                .undefinedFunction, "function \(call.name.joined(separator: ".")) does not exist", at: location)
        }
        if call.over != nil { throw QueryError.unsupported("a window function", at: location) }
        if call.isVariadic { throw QueryError.unsupported("VARIADIC", at: location) }
        if let argument = call.arguments.first(where: { $0.name != nil }) {
            throw QueryError.unsupported("named argument notation", at: argument.location)
        }
        if let function = Self.aggregateFunction(name) { return try aggregate(function, call, at: location) }
        if call.isStar || call.isDistinct || call.filter != nil || !call.orderBy.isEmpty {
            guard binder.functions.hasFunction(named: name) else {
                throw QueryError(
                    .undefinedFunction, "function \(name)() does not exist", at: location,
                    hint: "No function matches the given name and argument types. "
                        + "You might need to add explicit type casts.")
            }
            let word = call.isDistinct ? "DISTINCT" : call.filter != nil ? "FILTER" : call.isStar ? "(*)" : "ORDER BY"
            throw QueryError(
                .wrongObjectType, "\(word) specified, but \(name) is not an aggregate function", at: location)
        }
        return try self.call(name, try call.arguments.map { try bind($0.value) }, at: location)
    }

    private static func aggregateFunction(_ name: String) -> AggregateCall.Function? {
        switch name {
        case "every": .boolAnd
        case "countRows": nil
        default: AggregateCall.Function(rawValue: name)
        }
    }

    private func aggregate(
        _ function: AggregateCall.Function, _ call: FunctionCall, at location: Int
    ) throws -> Operand {
        if clause == .aggregate {
            throw QueryError(.groupingError, "aggregate function calls cannot be nested", at: location)
        }
        if !clause.allowsAggregates {
            throw QueryError(
                .groupingError, "aggregate functions are not allowed in \(clause.rawValue)", at: location)
        }
        if call.isWithinGroup { throw QueryError.unsupported("WITHIN GROUP", at: location) }
        let outside = clause
        defer { clause = outside }
        clause = .aggregate
        // The order within an aggregate matters for none of these functions.
        for item in call.orderBy { _ = try bind(item.value) }
        let operands = try call.arguments.map { try bind($0.value) }
        clause = .aggregateFilter
        let filter = try call.filter.map { try binder.condition(try bind($0), "FILTER") }
        let bound = try resolve(function, call, operands, filter, at: location)
        // The same call in SELECT and ORDER BY is computed once.
        let place = aggregates.firstIndex { $0.isSame(as: bound) } ?? aggregates.count
        if place == aggregates.count { aggregates.append(bound) }
        return Operand(
            BoundExpression(.column(Self.aggregatePlace + place), type: bound.resultType, location: location))
    }

    private func resolve(
        _ function: AggregateCall.Function, _ call: FunctionCall, _ operands: [Operand], _ filter: BoundExpression?,
        at location: Int
    ) throws -> AggregateCall {
        if function == .count && call.isStar {
            return AggregateCall(function: .countRows, argument: nil, filter: filter, resultType: .int8)
        }
        let undefined = QueryError(
            .undefinedFunction,
            "function \(call.name.last ?? "")(\(operands.map(\.typeName).joined(separator: ", "))) does not exist",
            at: location,
            hint: "No function matches the given name and argument types. You might need to add explicit type casts.")
        if function == .count && operands.isEmpty {
            throw QueryError(
                .wrongObjectType, "count(*) must be used to call a parameterless aggregate function", at: location)
        }
        guard operands.count == 1 else { throw undefined }
        guard let (argumentType, resultType) = Self.signature(function, operands[0].type) else { throw undefined }
        let argument = try binder.coerce(operands[0], to: argumentType)
        return AggregateCall(
            function: function, argument: argument, isDistinct: call.isDistinct, filter: filter,
            resultType: resultType)
    }

    /// What an aggregate takes and gives for an argument of a type; PostgreSQL's table.
    private static func signature(
        _ function: AggregateCall.Function, _ type: DataType?
    ) -> (argument: DataType, result: DataType)? {
        let numeric = DataType.numeric(precision: nil, scale: 0)
        let type = (type ?? .text).withoutModifier
        switch (function, type) {
        case (.count, _): return (type, .int8)
        case (.sum, .int2), (.sum, .int4): return (type, .int8)
        case (.sum, .int8): return (type, numeric)
        case (.sum, .float4), (.sum, .float8), (.sum, .numeric), (.sum, .interval): return (type, type)
        case (.sum, .time): return (.interval, .interval)
        case (.avg, .int2), (.avg, .int4), (.avg, .int8), (.avg, .numeric): return (type, numeric)
        case (.avg, .float4), (.avg, .float8): return (type, .float8)
        case (.avg, .interval): return (type, type)
        case (.min, .bool), (.max, .bool), (.min, .json), (.max, .json), (.min, .jsonb), (.max, .jsonb): return nil
        case (.min, .bytea), (.max, .bytea), (.min, .uuid), (.max, .uuid): return nil
        case (.min, .varchar), (.max, .varchar): return (.text, .text)
        case (.min, _), (.max, _): return (type, type)
        case (.boolAnd, .bool), (.boolOr, .bool): return (.bool, .bool)
        default: return nil
        }
    }

    // MARK: Sub-queries

    func subquery(_ subquery: Subquery, at location: Int) throws -> Operand {
        let plan = try binder.bind(subquery.query, environment.nested(outer: scope))
        switch subquery.use {
        case .scalar:
            guard plan.columns.count == 1 else { throw tooManyColumns(plan, location) }
            return Operand(BoundExpression(.scalarSubquery(plan), type: plan.columns[0].type, location: location))
        case .exists: return boolean(.existsSubquery(plan), location)
        case .array: throw QueryError.unsupported("ARRAY (SELECT …)", at: location)
        case .quantified(let value, let name, let quantifier):
            let isIn = (name == nil || name?.name == "=") && quantifier == .any
            let isNotIn = name?.name == "<>" && quantifier == .all
            guard isIn || isNotIn else {
                throw QueryError.unsupported("ANY or ALL of a sub-query with this operator", at: location)
            }
            guard plan.columns.count == 1 else {
                throw QueryError(.syntaxError, "subquery has too many columns", at: location)
            }
            let right = Operand(BoundExpression(.column(0), type: plan.columns[0].type, location: location))
            let (equality, sides) = try comparison("=", try bind(value), right, at: location)
            let output = LogicalPlan.ProjectedColumn(name: plan.columns[0].name, expression: sides[1])
            return boolean(
                .inSubquery(sides[0], .project(plan, [output]), negated: isNotIn, equality: equality), location)
        }
    }

    private func tooManyColumns(_ plan: LogicalPlan, _ location: Int) -> QueryError {
        QueryError(.syntaxError, "subquery must return only one column", at: location)
    }
}

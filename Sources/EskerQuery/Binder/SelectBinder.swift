import EskerFormat

/// Binds one SELECT … FROM … WHERE … GROUP BY … HAVING … with its ORDER BY and LIMIT.
struct SelectBinder {
    let binder: Binder
    let environment: BindingEnvironment

    init(_ binder: Binder, _ environment: BindingEnvironment) {
        self.binder = binder
        self.environment = environment
    }

    /// One output column before grouping is known.
    private struct Output {
        var name: String
        var expression: BoundExpression
    }

    func bind(_ core: SelectCore, orderBy: [OrderBy], _ limit: Binder.RowLimit) throws -> LogicalPlan {
        if !core.windows.isEmpty { throw QueryError.unsupported("WINDOW", at: core.windows[0].location) }
        let (input, scope) = try FromBinder(binder: binder, environment: environment).bind(core.from)
        var plan = input
        let expressions = ExpressionBinder(binder, scope, environment, clause: .filter)
        if let filter = core.filter {
            let condition = try binder.condition(try expressions.bind(filter), "WHERE")
            plan = .filter(plan, condition.conjuncts)
        }
        expressions.clause = .select
        var outputs = try self.outputs(core.targets, expressions)
        let keys = try groupingKeys(core.groupBy, core.targets, outputs, expressions)
        expressions.clause = .having
        var having = try core.having.map { try binder.condition(try expressions.bind($0), "HAVING") }
        expressions.clause = .orderBy
        let visible = outputs.count
        var order = try ordering(
            orderBy, core.targets, &outputs, expressions, isDistinct: core.distinct == .distinct)
        var firstOf: [Int]?
        if case .on(let items) = core.distinct {
            firstOf = try firstOfEach(items, core.targets, &outputs, expressions, &order)
        }
        if !keys.isEmpty || !expressions.aggregates.isEmpty || core.having != nil || !core.groupBy.isEmpty {
            let grouping = Grouping(keys: keys, scope: scope)
            for index in outputs.indices {
                outputs[index].expression = try grouping.rewrite(outputs[index].expression)
            }
            having = try having.map { try grouping.rewrite($0) }
            plan = .aggregate(
                LogicalPlan.Aggregate(
                    input: plan,
                    keys: keys.map { LogicalPlan.ProjectedColumn(name: "key", expression: $0) },
                    calls: expressions.aggregates))
        }
        if let having { plan = .filter(plan, having.conjuncts) }
        plan = .project(
            plan, outputs.map { LogicalPlan.ProjectedColumn(name: $0.name, expression: $0.expression) })
        if core.distinct == .distinct { plan = .distinct(plan) }
        for index in order.indices {
            guard case .column(let place) = order[index].expression.kind else { continue }
            order[index].expression.type = outputs[place].expression.type
        }
        if !order.isEmpty { plan = .sort(LogicalPlan.Sort(input: plan, keys: order)) }
        if let firstOf { plan = .firstOfEach(plan, keys: firstOf) }
        plan = limit.apply(to: plan)
        if outputs.count > visible {
            let kept = outputs[..<visible].enumerated().map { index, output in
                LogicalPlan.ProjectedColumn(
                    name: output.name, expression: BoundExpression(.column(index), type: output.expression.type))
            }
            plan = .project(plan, kept)
        }
        return plan
    }

    // MARK: SELECT list

    private func outputs(_ targets: [Target], _ expressions: ExpressionBinder) throws -> [Output] {
        var outputs: [Output] = []
        for target in targets {
            if case .star(let qualifier) = target.value.kind {
                let columns = try expressions.scope.expandStar(qualifier, at: target.value.location)
                outputs += columns.map { Output(name: $0.0, expression: $0.1) }
                continue
            }
            let operand = try expressions.bind(target.value)
            var expression = operand.expression
            if operand.isUnknown, outputs.count < environment.literalTypes.count {
                expression = try binder.coerce(operand, to: environment.literalTypes[outputs.count])
            }
            outputs.append(Output(name: target.alias ?? OutputName.of(target.value), expression: expression))
        }
        return outputs
    }

    /// The place of a target in the outputs, `*` having been spread out.
    private func place(of index: Int, _ targets: [Target], _ outputs: [Output]) -> Int {
        if targets[..<index].allSatisfy({ if case .star = $0.value.kind { false } else { true } }) { return index }
        // Targets after a star are counted from the end as far as they are plain.
        return outputs.count - (targets.count - index)
    }

    // MARK: GROUP BY

    private func groupingKeys(
        _ elements: [GroupingElement], _ targets: [Target], _ outputs: [Output], _ expressions: ExpressionBinder
    ) throws -> [BoundExpression] {
        var keys: [BoundExpression] = []
        for element in elements {
            switch element {
            case .expression(let expression):
                let key = try groupingKey(expression, targets, outputs, expressions)
                if !keys.contains(where: { $0.isSame(as: key) }) { keys.append(key) }
            case .empty: break
            case .rollup(_, let location): throw QueryError.unsupported("ROLLUP", at: location)
            case .cube(_, let location): throw QueryError.unsupported("CUBE", at: location)
            case .sets(_, let location): throw QueryError.unsupported("GROUPING SETS", at: location)
            }
        }
        return keys
    }

    /// A number is a place in the SELECT list; a name is a column of the input, or else an output's alias.
    private func groupingKey(
        _ expression: Expression, _ targets: [Target], _ outputs: [Output], _ expressions: ExpressionBinder
    ) throws -> BoundExpression {
        var chosen: Int?
        if case .constant(.integer(let number)) = expression.kind {
            guard number >= 1 && number <= outputs.count else {
                throw QueryError(
                    .invalidColumnReference, "GROUP BY position \(number) is not in select list",
                    at: expression.location)
            }
            chosen = Int(number) - 1
        } else if case .column(let parts) = expression.kind, parts.count == 1,
            !expressions.scope.contains(parts[0])
        {
            chosen = try output(named: parts[0], "GROUP BY", outputs, at: expression.location)
        }
        if let chosen {
            let key = outputs[chosen].expression
            if key.containsAggregate {
                throw QueryError(
                    .groupingError, "aggregate functions are not allowed in GROUP BY", at: key.location)
            }
            return key
        }
        expressions.clause = .groupBy
        return try expressions.bindSettled(expression)
    }

    private func output(
        named name: String, _ clause: String, _ outputs: [Output], at location: Int
    ) throws(QueryError) -> Int? {
        let matches = outputs.indices.filter { outputs[$0].name == name }
        guard let first = matches.first else { return nil }
        if matches.contains(where: { !outputs[$0].expression.isSame(as: outputs[first].expression) }) {
            throw QueryError(.ambiguousColumn, "\(clause) \"\(name)\" is ambiguous", at: location)
        }
        return first
    }

    // MARK: ORDER BY

    /// Sort keys as places in the outputs; expressions that are no output yet are added behind them.
    private func ordering(
        _ items: [OrderBy], _ targets: [Target], _ outputs: inout [Output], _ expressions: ExpressionBinder,
        isDistinct: Bool, clause: String = "ORDER BY"
    ) throws -> [SortKey] {
        let visible = outputs.count
        return try items.map { item in
            let place: Int
            let location = item.value.location
            if case .constant(let constant) = item.value.kind {
                guard case .integer(let number) = constant else {
                    throw QueryError(.syntaxError, "non-integer constant in \(clause)", at: location)
                }
                guard number >= 1 && number <= visible else {
                    throw QueryError(
                        .invalidColumnReference, "\(clause) position \(number) is not in select list", at: location)
                }
                place = Int(number) - 1
            } else if case .column(let parts) = item.value.kind, parts.count == 1,
                let named = try output(named: parts[0], clause, Array(outputs[..<visible]), at: location)
            {
                place = named
            } else {
                let expression = try expressions.bindSettled(item.value)
                if let same = outputs.firstIndex(where: { $0.expression.isSame(as: expression) }) {
                    place = same
                } else {
                    if isDistinct {
                        throw QueryError(
                            .invalidColumnReference,
                            "for SELECT DISTINCT, ORDER BY expressions must appear in select list", at: location)
                    }
                    place = outputs.count
                    outputs.append(Output(name: "?column?", expression: expression))
                }
            }
            let column = BoundExpression(.column(place), type: outputs[place].expression.type, location: location)
            return try binder.sortKey(item, column)
        }
    }

    // MARK: DISTINCT ON

    /// Places of the DISTINCT ON expressions; those that ORDER BY does not name are added to the order.
    private func firstOfEach(
        _ items: [Expression], _ targets: [Target], _ outputs: inout [Output], _ expressions: ExpressionBinder,
        _ order: inout [SortKey]
    ) throws -> [Int] {
        let wanted = items.map { OrderBy(value: $0, location: $0.location) }
        let keys = try ordering(
            wanted, targets, &outputs, expressions, isDistinct: false, clause: "SELECT DISTINCT ON")
        let places = keys.compactMap(Self.place)
        let ordered = order.map { Self.place($0) ?? -1 }
        let leading = ordered.prefix { places.contains($0) }
        guard leading.count == ordered.count || Set(leading) == Set(places) else {
            throw QueryError(
                .invalidColumnReference,
                "SELECT DISTINCT ON expressions must match initial ORDER BY expressions",
                at: items.first?.location)
        }
        var seen = Set(leading)
        for key in keys {
            if let place = Self.place(key), seen.insert(place).inserted { order.append(key) }
        }
        return places
    }

    private static func place(_ key: SortKey) -> Int? {
        if case .column(let place) = key.expression.kind { place } else { nil }
    }
}

extension Scope {
    /// Whether a column of that name is in sight.
    func contains(_ name: String) -> Bool { tables.contains { $0.columns.contains { $0.name == name } } }
}

extension BoundExpression {
    /// Whether an aggregate call is part of it, before grouping is applied.
    var containsAggregate: Bool {
        if case .column(let place) = kind, place >= ExpressionBinder.aggregatePlace { return true }
        return children.contains { $0.containsAggregate }
    }
}

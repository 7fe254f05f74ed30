package import EskerFormat

/// Binds INSERT: the source's columns are cast to the table's, as assignments.
struct InsertBinder {
    let binder: Binder

    /// One column that is inserted into.
    private struct Target {
        /// Place among the table's visible columns.
        var place: Int
        var name: String
        var type: DataType
        var location: Int
    }

    func bind(_ insert: InsertStatement) throws -> BoundInsert {
        if insert.with != nil { throw QueryError.unsupported("WITH before INSERT") }
        if insert.overriding != .none { throw QueryError.unsupported("OVERRIDING", at: insert.table.location) }
        if let first = insert.returning.first { throw QueryError.unsupported("RETURNING", at: first.location) }
        let table = try table(insert.table)
        let visible = table.columns.indices.filter { !table.columns[$0].isHidden }
        let targets = try targets(insert.columns, table, visible)
        let source: LogicalPlan
        switch insert.source {
        case .defaultValues:
            source = .values(LogicalPlan.Values(columns: [], rows: [[]]))
            return try result(insert, table, visible, targets: [], source)
        case .query(let query):
            if case .values(let rows) = query.body, query.orderBy.isEmpty, query.limit == nil, query.offset == nil,
                query.with == nil
            {
                return try bind(rows, insert, table, visible, targets)
            }
            var environment = BindingEnvironment()
            environment.literalTypes = targets.map(\.type)
            source = try binder.bind(query, environment)
        }
        let columns = source.columns
        let used = try checkedTargets(targets, columns.count, isExplicit: !insert.columns.isEmpty)
        let outputs = try zip(used, columns.indices).map { target, index in
            let column = Operand(
                BoundExpression(.column(index), type: columns[index].type, location: target.location))
            return LogicalPlan.ProjectedColumn(
                name: target.name,
                expression: try binder.coerce(column, to: target.type, .assignment(column: target.name)))
        }
        return try result(insert, table, visible, targets: used, .project(source, outputs))
    }

    private func table(_ name: TableName) throws -> any TableSource {
        switch try binder.catalog.relation(schema: name.schema, name: name.name) {
        case .table(let table): return table
        case .view:
            throw QueryError(
                .objectNotInPrerequisiteState, "cannot insert into view \"\(name.name)\"", at: name.location,
                hint: "Insert into the table that the view reads.")
        case nil:
            throw QueryError(.undefinedTable, "relation \"\(name.name)\" does not exist", at: name.location)
        }
    }

    private func targets(
        _ written: [AssignmentTarget], _ table: any TableSource, _ visible: [Int]
    ) throws(QueryError) -> [Target] {
        if written.isEmpty {
            return visible.enumerated().map { place, column in
                Target(place: place, name: table.columns[column].name, type: table.columns[column].type, location: -1)
            }
        }
        var targets: [Target] = []
        for item in written {
            if !item.indirection.isEmpty {
                throw QueryError.unsupported("assignment to a part of a column", at: item.location)
            }
            guard let place = visible.firstIndex(where: { table.columns[$0].name == item.column }) else {
                throw QueryError(
                    .undefinedColumn, "column \"\(item.column)\" of relation \"\(table.name)\" does not exist",
                    at: item.location)
            }
            if targets.contains(where: { $0.place == place }) {
                throw QueryError(
                    .duplicateColumn, "column \"\(item.column)\" specified more than once", at: item.location)
            }
            let column = table.columns[visible[place]]
            targets.append(Target(place: place, name: column.name, type: column.type, location: item.location))
        }
        return targets
    }

    /// The targets that `count` expressions go to; fewer than the table's columns are allowed without a list.
    private func checkedTargets(
        _ targets: [Target], _ count: Int, isExplicit: Bool, at location: Int? = nil
    ) throws(QueryError) -> [Target] {
        if count > targets.count {
            throw QueryError(.syntaxError, "INSERT has more expressions than target columns", at: location)
        }
        if isExplicit && count < targets.count {
            throw QueryError(
                .syntaxError, "INSERT has more target columns than expressions", at: targets[count].location)
        }
        return Array(targets[..<count])
    }

    /// VALUES: every literal takes the type of its column by itself.
    private func bind(
        _ rows: [[Expression]], _ insert: InsertStatement, _ table: any TableSource, _ visible: [Int],
        _ targets: [Target]
    ) throws -> BoundInsert {
        let expressions = ExpressionBinder(binder, Scope(), BindingEnvironment(), clause: .values)
        let width = rows[0].count
        let extra = width > targets.count ? rows[0][targets.count].location : nil
        let used = try checkedTargets(targets, width, isExplicit: !insert.columns.isEmpty, at: extra)
        let bound = try rows.map { row in
            guard row.count == width else {
                throw QueryError(
                    .syntaxError, "VALUES lists must all be the same length", at: row.first?.location)
            }
            return try zip(row, used).map { expression, target in
                if case .defaultValue = expression.kind { return null(target.type) }
                return try binder.coerce(
                    try expressions.bind(expression), to: target.type, .assignment(column: target.name))
            }
        }
        let columns = used.map { PlanColumn(name: $0.name, type: $0.type) }
        let values = LogicalPlan.values(LogicalPlan.Values(columns: columns, rows: bound))
        return try result(insert, table, visible, targets: used, values)
    }

    private func null(_ type: DataType) -> BoundExpression {
        BoundExpression(.constant(.constantNull(type, rows: 1)), type: type)
    }

    /// Spreads the source's columns over all visible ones.
    private func result(
        _ insert: InsertStatement, _ table: any TableSource, _ visible: [Int], targets: [Target],
        _ source: LogicalPlan
    ) throws -> BoundInsert {
        let outputs = visible.enumerated().map { place, column in
            let definition = table.columns[column]
            guard let index = targets.firstIndex(where: { $0.place == place }) else {
                return LogicalPlan.ProjectedColumn(name: definition.name, expression: null(definition.type))
            }
            return LogicalPlan.ProjectedColumn(
                name: definition.name, expression: BoundExpression(.column(index), type: definition.type))
        }
        var ignoresConflicts = false
        if let conflict = insert.onConflict {
            guard case .nothing = conflict.action else {
                throw QueryError.unsupported("ON CONFLICT DO UPDATE", at: conflict.location)
            }
            ignoresConflicts = true
        }
        return BoundInsert(
            schema: insert.table.schema, table: table, columns: visible,
            source: Optimizer().optimize(.project(source, outputs)), ignoresConflicts: ignoresConflicts)
    }
}

extension BoundInsert {
    /// Throws 23502 for a row that lacks a value where the table demands one.
    ///
    /// - Parameter batch: rows of ``source``.
    package func check(_ batch: Batch) throws(QueryError) {
        for (place, column) in columns.enumerated() where !table.columns[column].isNullable {
            if batch.columns[place].nullCount == 0 { continue }
            throw QueryError(
                .notNullViolation,
                "null value in column \"\(table.columns[column].name)\" of relation \"\(table.name)\" violates "
                    + "not-null constraint")
        }
    }
}

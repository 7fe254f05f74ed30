import EskerFormat

/// Binds FROM: tables, views, common tables and sub-queries.
struct FromBinder {
    let binder: Binder
    let environment: BindingEnvironment

    /// The plan of a FROM clause, and what its columns are called. No FROM: one row of no columns.
    func bind(_ items: [TableReference]) throws -> (LogicalPlan, Scope) {
        let scope = Scope(outer: environment.outer)
        guard let first = items.first else {
            return (.values(LogicalPlan.Values(columns: [], rows: [[]])), scope)
        }
        if items.count > 1 { throw QueryError.unsupported("a join", at: Self.location(of: items[1])) }
        return (try bind(first, into: scope), scope)
    }

    private func bind(_ item: TableReference, into scope: Scope) throws -> LogicalPlan {
        switch item {
        case .table(let name, _, let alias):
            let (plan, columns, schema) = try relation(name)
            try add(columns, as: alias, named: name.name, schema: schema, to: scope, at: name.location)
            return try windowed(plan, columns)
        case .subquery(let query, _, let alias):
            if environment.window != nil { throw unsuitableForWindow() }
            let plan = try binder.bind(query, environment.nested(outer: nil))
            if alias == nil {
                throw QueryError(
                    .syntaxError, "subquery in FROM must have an alias",
                    hint: "For example, FROM (SELECT ...) [AS] foo.")
            }
            let columns = plan.columns.map { Scope.Column(name: $0.name, type: $0.type, isHidden: false) }
            try add(columns, as: alias, named: "", schema: nil, to: scope, at: -1)
            return plan
        case .function(let function):
            throw QueryError.unsupported("a function in FROM", at: function.items.first?.call.location)
        case .join: throw QueryError.unsupported("a join", at: Self.location(of: item))
        }
    }

    private static func location(of item: TableReference) -> Int? {
        switch item {
        case .table(let name, _, _): name.location
        case .subquery: nil
        case .function(let function): function.items.first?.call.location
        case .join(let join): location(of: join.right)
        }
    }

    private func add(
        _ columns: [Scope.Column], as alias: TableAlias?, named name: String, schema: String?, to scope: Scope,
        at location: Int
    ) throws {
        var columns = columns
        if let names = alias?.columns, !names.isEmpty {
            let visible = columns.indices.filter { !columns[$0].isHidden }
            if names.count > visible.count {
                throw QueryError(
                    .invalidColumnReference,
                    "table \"\(alias?.name ?? name)\" has \(visible.count) columns available but \(names.count) "
                        + "columns specified", at: location)
            }
            for (index, name) in zip(visible, names) { columns[index].name = name }
        }
        scope.add(
            Scope.Table(alias: alias?.name ?? name, schema: alias == nil ? schema : nil, columns: columns, offset: 0))
    }

    // MARK: Names

    private func relation(_ name: TableName) throws -> (LogicalPlan, [Scope.Column], String?) {
        if name.schema == nil, let table = environment.commonTables.first(where: { $0.name == name.name }) {
            return try commonTable(table)
        }
        guard let relation = try binder.catalog.relation(schema: name.schema, name: name.name) else {
            let written = name.schema.map { "\($0).\(name.name)" } ?? name.name
            throw QueryError(.undefinedTable, "relation \"\(written)\" does not exist", at: name.location)
        }
        switch relation {
        case .table(let table):
            let columns = table.columns.map { Scope.Column(name: $0.name, type: $0.type, isHidden: $0.isHidden) }
            let scan = LogicalPlan.Scan(table: table, columns: Array(table.columns.indices))
            return (.scan(scan), columns, name.schema ?? binder.catalog.searchPath.first)
        case .view(let view): return try expand(view)
        }
    }

    private func commonTable(
        _ table: BindingEnvironment.CommonTable
    ) throws -> (LogicalPlan, [Scope.Column], String?) {
        if environment.window != nil { throw unsuitableForWindow() }
        var inner = environment.nested(outer: nil)
        inner.commonTables = table.visible
        inner.depth += 1
        let plan = try binder.bind(table.query, inner)
        var columns = plan.columns.map { Scope.Column(name: $0.name, type: $0.type, isHidden: false) }
        if table.columns.count > columns.count {
            throw QueryError(
                .invalidColumnReference,
                "WITH query \"\(table.name)\" has \(columns.count) columns available but \(table.columns.count) "
                    + "columns specified", at: table.location)
        }
        for (index, name) in table.columns.enumerated() { columns[index].name = name }
        return (plan, columns, nil)
    }

    /// A view is the query it stands for. Its own window bounds the table it reads; so does a window of the view
    /// around it, which every view inside passes on.
    private func expand(_ view: ViewDefinition) throws -> (LogicalPlan, [Scope.Column], String?) {
        let query: SelectStatement
        do {
            query = try ViewText.select(view.query)
        } catch {
            throw QueryError(
                .internalError, "view \"\(view.name)\" cannot be read: \(error.message)", detail: view.query)
        }
        var inner = BindingEnvironment(depth: environment.depth + 1)
        inner.window = view.window
        let plan = try binder.bind(query, inner)
        guard plan.columns.count >= view.columns.count else {
            throw QueryError(.internalError, "view \"\(view.name)\" has fewer columns than when it was made")
        }
        let outputs = view.columns.enumerated().map { index, name in
            LogicalPlan.ProjectedColumn(
                name: name, expression: BoundExpression(.column(index), type: plan.columns[index].type))
        }
        let columns = outputs.map { Scope.Column(name: $0.name, type: $0.expression.type, isHidden: false) }
        return (.project(plan, outputs), columns, view.schema)
    }

    // MARK: Windows

    private func unsuitableForWindow() -> QueryError {
        QueryError(
            .featureNotSupported, "a window over a query that does not read exactly one table is not supported",
            hint: "Name the table in FROM, and the window's view in the query that needs more.")
    }

    /// Keeps the rows whose time lies in the window; computed when the plan is run.
    private func windowed(_ plan: LogicalPlan, _ columns: [Scope.Column]) throws -> LogicalPlan {
        guard let window = environment.window else { return plan }
        guard case .scan(let scan) = plan else { throw unsuitableForWindow() }
        var place: Int?
        if window.time == .event { place = scan.table.eventTimeColumn }
        if place == nil { place = scan.table.columns.firstIndex { $0.name == "_arrived" } }
        guard let place else {
            throw QueryError(
                .undefinedColumn, "table \"\(scan.table.name)\" has no time for its window",
                hint: "Give the table an event_time, or use the arrival time.")
        }
        let column = BoundExpression(.column(place), type: columns[place].type)
        return .filter(plan, [try WindowCondition.condition(column, window, binder)])
    }
}

/// `time > now() - length`, with the time that the statement runs at.
enum WindowCondition {
    static func condition(
        _ column: BoundExpression, _ window: TimeWindow, _ binder: Binder
    ) throws -> BoundExpression {
        let type: DataType
        switch column.type {
        case .timestamptz, .timestamp, .int8: type = column.type
        case .date: type = .timestamp
        default:
            throw QueryError(
                .datatypeMismatch, "a window needs a time column, not one of type \(column.type.name)",
                hint: "Use timestamptz, timestamp, date, or bigint in microseconds since 1970.")
        }
        let (length, start) = (window.length, "window_start")
        let lowerBound = ResolvedFunction(
            name: start, argumentTypes: [], resultType: type, isStrict: true, volatility: .stable, comparison: nil
        ) { (_, count, context) throws(QueryError) in
            let (bound, overflow) = context.now.subtractingReportingOverflow(length)
            let builder = ColumnBuilder(type, capacity: 1)
            builder.append(fixed: overflow ? Int64.min : bound)
            return builder.finish().repeated(count)
        }
        let bound = BoundExpression(.call(lowerBound, []), type: type)
        let scope = ExpressionBinder(binder, Scope(), BindingEnvironment(), clause: .filter)
        return try scope.binary(
            OperatorName(schema: nil, name: ">"), Operand(column), Operand(bound), at: -1
        ).expression
    }
}

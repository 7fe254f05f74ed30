import EskerFormat

/// Gives the names in a statement their meaning and its expressions their types, by PostgreSQL's rules.
///
/// A binder serves one statement. It reads nothing but the catalog.
package struct Binder: Sendable {
    let catalog: any Catalog
    let functions: FunctionRegistry
    /// For literals that are read while binding.
    let context: QueryContext

    package init(catalog: any Catalog, functions: FunctionRegistry = .builtin, context: QueryContext) {
        self.catalog = catalog
        self.functions = functions
        self.context = context
    }

    /// Depth of views and common tables inside each other that a query may have.
    static let maximumNesting = 64
}

/// What a SELECT sees around it besides its own FROM clause.
struct BindingEnvironment {
    /// The innermost first.
    var commonTables: [CommonTable] = []
    /// The query around a sub-query.
    var outer: Scope?
    /// Views and common tables that are being expanded.
    var depth = 0
    /// Types that unknown literals of the SELECT list take: those of the columns they are inserted into.
    var literalTypes: [DataType] = []
    /// Applied to the table in FROM.
    var window: TimeWindow?

    /// A query of a WITH clause, bound anew wherever it is named.
    struct CommonTable {
        var name: String
        var columns: [String]
        var query: SelectStatement
        /// The tables that were in sight where it was defined.
        var visible: [CommonTable]
        var location: Int
    }

    /// The same around a query inside this one.
    func nested(outer: Scope?) -> BindingEnvironment {
        BindingEnvironment(commonTables: commonTables, outer: outer, depth: depth)
    }
}

extension Binder {
    /// The plan of a query; hidden columns stay out of it unless they were named.
    package func bind(_ query: SelectStatement) throws -> LogicalPlan {
        Optimizer().optimize(try bind(query, BindingEnvironment()))
    }

    func bind(_ query: SelectStatement, _ outside: BindingEnvironment) throws -> LogicalPlan {
        var environment = outside
        if environment.depth > Self.maximumNesting {
            throw QueryError(.statementTooComplex, "views and common table expressions nest too deeply")
        }
        if let lock = query.locking.first { throw QueryError.unsupported(Self.name(of: lock)) }
        if let with = query.with { try addCommonTables(with, to: &environment) }
        let limit = try self.limit(query, environment)
        switch query.body {
        case .select(let core): return try SelectBinder(self, environment).bind(core, orderBy: query.orderBy, limit)
        case .values(let rows):
            let plan = try bindValues(rows, environment)
            return limit.apply(to: try sortByOutput(plan, query.orderBy))
        case .setOperation(let operation):
            let plan = try bind(operation, environment)
            return limit.apply(to: try sortByOutput(plan, query.orderBy))
        }
    }

    private static func name(of lock: LockingClause) -> String {
        switch lock.strength {
        case .keyShare: "FOR KEY SHARE"
        case .share: "FOR SHARE"
        case .noKeyUpdate: "FOR NO KEY UPDATE"
        case .update: "FOR UPDATE"
        }
    }

    private func addCommonTables(_ with: WithClause, to environment: inout BindingEnvironment) throws {
        if with.isRecursive { throw QueryError.unsupported("WITH RECURSIVE", at: with.location) }
        for (index, table) in with.tables.enumerated() {
            if with.tables[..<index].contains(where: { $0.name == table.name }) {
                throw QueryError(
                    .duplicateAlias, "WITH query name \"\(table.name)\" specified more than once", at: table.location)
            }
            guard case .select(let query) = table.statement else {
                throw QueryError.unsupported("a data-modifying statement in WITH", at: table.location)
            }
            let common = BindingEnvironment.CommonTable(
                name: table.name, columns: table.columns, query: query, visible: environment.commonTables,
                location: table.location)
            environment.commonTables.insert(common, at: 0)
        }
    }

    /// VALUES: one type a column.
    private func bindValues(_ rows: [[Expression]], _ environment: BindingEnvironment) throws -> LogicalPlan {
        let binder = ExpressionBinder(self, Scope(outer: environment.outer), environment, clause: .values)
        let operands = try rows.map { row in try row.map { try binder.bind($0) } }
        let width = operands[0].count
        for (row, written) in zip(operands, rows) where row.count != width {
            throw QueryError(
                .syntaxError, "VALUES lists must all be the same length", at: written.first?.location)
        }
        let types = try (0..<width).map { column in
            try commonType(operands.map { $0[column] }, "VALUES")
        }
        let columns = types.enumerated().map { PlanColumn(name: "column\($0 + 1)", type: $1) }
        let bound = try operands.map { row in
            try zip(row, types).map { try coerce($0, to: $1) }
        }
        return .values(LogicalPlan.Values(columns: columns, rows: bound))
    }

    private func bind(_ operation: SetOperation, _ environment: BindingEnvironment) throws -> LogicalPlan {
        guard operation.kind == .union else {
            throw QueryError.unsupported(operation.kind == .except ? "EXCEPT" : "INTERSECT")
        }
        let left = try bind(operation.left, environment)
        let right = try bind(operation.right, environment)
        if left.columns.count != right.columns.count {
            throw QueryError(.syntaxError, "each UNION query must have the same number of columns")
        }
        let types = try zip(left.columns, right.columns).map { first, second in
            try commonType(
                [first, second].map { Operand(BoundExpression(.column(0), type: $0.type)) }, "UNION")
        }
        let names = left.columns.map(\.name)
        let all = LogicalPlan.unionAll([try cast(left, to: types, names), try cast(right, to: types, names)])
        return operation.keepsDuplicates ? all : .distinct(all)
    }

    private func cast(_ plan: LogicalPlan, to types: [DataType], _ names: [String]) throws -> LogicalPlan {
        let columns = plan.columns
        if columns.map(\.type) == types { return plan }
        let outputs = try columns.indices.map { index in
            let column = Operand(BoundExpression(.column(index), type: columns[index].type))
            return LogicalPlan.ProjectedColumn(name: names[index], expression: try coerce(column, to: types[index]))
        }
        return .project(plan, outputs)
    }

    /// ORDER BY of VALUES or a set operation: by place or name of an output column.
    private func sortByOutput(_ plan: LogicalPlan, _ orderBy: [OrderBy]) throws -> LogicalPlan {
        if orderBy.isEmpty { return plan }
        let columns = plan.columns
        let keys = try orderBy.map { item in
            let place: Int
            switch item.value.kind {
            case .constant(.integer(let number)):
                guard number >= 1 && number <= columns.count else {
                    throw QueryError(
                        .invalidColumnReference, "ORDER BY position \(number) is not in select list",
                        at: item.value.location)
                }
                place = Int(number) - 1
            case .column(let parts) where parts.count == 1 && columns.contains { $0.name == parts[0] }:
                place = columns.firstIndex { $0.name == parts[0] } ?? 0
            default:
                throw QueryError(
                    .featureNotSupported, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause", at: item.value.location,
                    detail: "Only result column names can be used, not expressions or functions.")
            }
            let column = BoundExpression(.column(place), type: columns[place].type, location: item.location)
            return try sortKey(item, column)
        }
        return .sort(LogicalPlan.Sort(input: plan, keys: keys))
    }

    func sortKey(_ item: OrderBy, _ expression: BoundExpression) throws(QueryError) -> SortKey {
        let nullsFirst = item.nulls.map { $0 == .first }
        switch item.direction {
        case .ascending: return SortKey(expression: expression, nullsFirst: nullsFirst)
        case .descending: return SortKey(expression: expression, isDescending: true, nullsFirst: nullsFirst)
        case .using(let name) where name.name == "<": return SortKey(expression: expression, nullsFirst: nullsFirst)
        case .using(let name) where name.name == ">":
            return SortKey(expression: expression, isDescending: true, nullsFirst: nullsFirst)
        case .using(let name):
            throw QueryError(
                .wrongObjectType, "operator \(name.name) is not a valid ordering operator", at: item.location,
                hint: "Ordering operators must be \"<\" or \">\" members of btree operator families.")
        }
    }

    // MARK: LIMIT

    struct RowLimit {
        var count: BoundExpression?
        var offset: BoundExpression?

        func apply(to plan: LogicalPlan) -> LogicalPlan {
            count == nil && offset == nil ? plan : .limit(plan, count: count, offset: offset)
        }
    }

    private func limit(_ query: SelectStatement, _ environment: BindingEnvironment) throws -> RowLimit {
        if query.limit?.withTies == true { throw QueryError.unsupported("WITH TIES", at: query.limit?.count.location) }
        return RowLimit(
            count: try query.limit.map { try rowCount($0.count, .limit, environment) },
            offset: try query.offset.map { try rowCount($0, .offset, environment) })
    }

    private func rowCount(
        _ expression: Expression, _ clause: ExpressionBinder.Clause, _ environment: BindingEnvironment
    ) throws -> BoundExpression {
        let binder = ExpressionBinder(self, Scope(outer: environment.outer), environment, clause: clause)
        let operand = try binder.bind(expression)
        if let type = operand.type, CastContext.required(from: type, to: .int8).map({ $0 > .assignment }) ?? true {
            throw QueryError(
                .datatypeMismatch, "argument of \(clause.rawValue) must be type bigint, not type \(operand.typeName)",
                at: expression.location)
        }
        return try coerce(operand, to: .int8, .assignment(column: ""))
    }
}

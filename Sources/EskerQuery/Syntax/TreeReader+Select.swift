extension TreeReader {
    /// Reads a `SelectStmt` node; INTO is refused, because only a whole statement may have it.
    func selectNode(_ index: Int) throws(QueryError) -> SelectStatement {
        guard let (type, fields) = try node(index) else { throw malformed("a query is expected", index) }
        guard type == "SelectStmt" else {
            throw .unsupported("\(NodeNames.statement(type)) as a query", at: fields.peekLocation())
        }
        return try select(fields)
    }

    func select(_ written: Fields) throws(QueryError) -> SelectStatement {
        var fields = written
        if let into = fields.take("intoClause") {
            var inner = try self.fields(into)
            let name = try inner.take("rel").map { (object) throws(QueryError) in try self.tableName(object) }
            throw QueryError(.syntaxError, "SELECT ... INTO is not allowed here", at: name?.location)
        }
        return try selectWithoutInto(&fields)
    }

    /// `fields` may still hold an INTO that the caller has taken.
    func selectWithoutInto(_ fields: inout Fields) throws(QueryError) -> SelectStatement {
        let with = try withClause(&fields)
        let body = try selectBody(&fields)
        var select = SelectStatement(with: with, body: body)
        select.orderBy = try orderBy(&fields, "sortClause")
        select.offset = try fields.expression("limitOffset")
        let withTies = fields.string("limitOption") == "LIMIT_OPTION_WITH_TIES"
        if let count = try fields.expression("limitCount") { select.limit = Limit(count: count, withTies: withTies) }
        select.locking = try fields.map("lockingClause") { (index) throws(QueryError) in try self.locking(index) }
        try fields.finish("SELECT")
        return select
    }

    private func selectBody(_ fields: inout Fields) throws(QueryError) -> SelectStatement.Body {
        let kind: SetOperation.Kind? = try fields.choice(
            "op", nil,
            [("SETOP_NONE", nil), ("SETOP_UNION", .union), ("SETOP_INTERSECT", .intersect), ("SETOP_EXCEPT", .except)],
            "set operation")
        let keepsDuplicates = fields.bool("all")
        if let kind {
            guard let left = fields.take("larg"), let right = fields.take("rarg") else {
                throw malformed("a set operation has two sides", 0)
            }
            return .setOperation(
                SetOperation(
                    kind: kind, keepsDuplicates: keepsDuplicates, left: try select(try self.fields(left)),
                    right: try select(try self.fields(right))))
        }
        if let rows = fields.take("valuesLists") { return .values(try valuesRows(rows)) }
        return .select(try selectCore(&fields))
    }

    private func valuesRows(_ array: Int) throws(QueryError) -> [[Expression]] {
        var rows: [[Expression]] = []
        for row in try elements(array) {
            var values: [Expression] = []
            for value in try list(row) { values.append(try expression(value)) }
            rows.append(values)
        }
        return rows
    }

    private func selectCore(_ fields: inout Fields) throws(QueryError) -> SelectCore {
        var core = SelectCore()
        core.distinct = try distinct(&fields)
        core.targets = try targets(&fields, "targetList")
        core.from = try fields.map("fromClause") { (index) throws(QueryError) in try self.tableReference(index) }
        core.filter = try fields.expression("whereClause")
        core.groupBy = try fields.map("groupClause") { (index) throws(QueryError) in try self.groupingElement(index) }
        core.isGroupingDistinct = fields.bool("groupDistinct")
        core.having = try fields.expression("havingClause")
        core.windows = try fields.map("windowClause") { (index) throws(QueryError) in
            try self.window(try self.fields(index, of: "WindowDef"))
        }
        return core
    }

    /// DISTINCT without ON is a list of one absent node.
    private func distinct(_ fields: inout Fields) throws(QueryError) -> Distinct {
        let nodes = try fields.elements("distinctClause")
        if nodes.isEmpty { return .all }
        if nodes.count == 1, try node(nodes[0]) == nil { return .distinct }
        var expressions: [Expression] = []
        for node in nodes { expressions.append(try expression(node)) }
        return .on(expressions)
    }

    func targets(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> [Target] {
        try fields.map(key) { (index) throws(QueryError) in
            var target = try self.fields(index, of: "ResTarget")
            let alias = target.string("name")
            let value = try target.requiredExpression("val")
            let location = target.location()
            try target.finish("target list")
            return Target(value: value, alias: alias, location: location)
        }
    }

    private func groupingElement(_ index: Int) throws(QueryError) -> GroupingElement {
        guard let found = try node(index) else { throw malformed("a grouping is expected", index) }
        guard found.type == "GroupingSet" else { return .expression(try expression(index)) }
        var fields = found.fields
        let kind = fields.string("kind") ?? ""
        let location = fields.location()
        let element: GroupingElement
        switch kind {
        case "GROUPING_SET_EMPTY": element = .empty(location: location)
        case "GROUPING_SET_ROLLUP": element = .rollup(try fields.expressions("content"), location: location)
        case "GROUPING_SET_CUBE": element = .cube(try fields.expressions("content"), location: location)
        case "GROUPING_SET_SETS":
            let sets = try fields.map("content") { (index) throws(QueryError) in try self.groupingElement(index) }
            element = .sets(sets, location: location)
        default: throw .unsupported("grouping \(kind)", at: location)
        }
        try fields.finish("GROUP BY")
        return element
    }

    private func locking(_ index: Int) throws(QueryError) -> LockingClause {
        var fields = try fields(index, of: "LockingClause")
        let tables = try fields.map("lockedRels") { (index) throws(QueryError) in
            try self.relation(try self.fields(index, of: "RangeVar")).name
        }
        let strength: LockingClause.Strength = try fields.choice(
            "strength", .update,
            [
                ("LCS_FORKEYSHARE", .keyShare), ("LCS_FORSHARE", .share), ("LCS_FORNOKEYUPDATE", .noKeyUpdate),
                ("LCS_FORUPDATE", .update),
            ], "locking")
        let wait: LockingClause.Wait = try fields.choice(
            "waitPolicy", .block,
            [("LockWaitBlock", .block), ("LockWaitSkip", .skipLocked), ("LockWaitError", .noWait)], "locking")
        try fields.finish("FOR UPDATE")
        return LockingClause(strength: strength, tables: tables, wait: wait)
    }

    // MARK: WITH

    func withClause(_ fields: inout Fields) throws(QueryError) -> WithClause? {
        guard let object = fields.take("withClause") else { return nil }
        var inner = try self.fields(object)
        let with = WithClause(
            isRecursive: inner.bool("recursive"),
            tables: try inner.map("ctes") { (index) throws(QueryError) in try self.commonTable(index) },
            location: inner.location())
        try inner.finish("WITH")
        return with
    }

    private func commonTable(_ index: Int) throws(QueryError) -> CommonTableExpression {
        var fields = try fields(index, of: "CommonTableExpr")
        try fields.refuse("search_clause", "SEARCH in WITH RECURSIVE")
        try fields.refuse("cycle_clause", "CYCLE in WITH RECURSIVE")
        let isMaterialized: Bool? = try fields.choice(
            "ctematerialized", nil,
            [("CTEMaterializeDefault", nil), ("CTEMaterializeAlways", true), ("CTEMaterializeNever", false)], "WITH")
        guard let query = fields.take("ctequery") else { throw malformed("WITH has a query", index) }
        let table = CommonTableExpression(
            name: fields.string("ctename") ?? "",
            columns: try fields.names("aliascolnames"),
            isMaterialized: isMaterialized,
            statement: try statement(query),
            location: fields.location())
        try fields.finish("WITH")
        return table
    }
}

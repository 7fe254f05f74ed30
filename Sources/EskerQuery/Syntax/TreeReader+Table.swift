extension TreeReader {
    /// Reads an item of FROM.
    func tableReference(_ index: Int) throws(QueryError) -> TableReference {
        guard let (type, fields) = try node(index) else { throw malformed("a table is expected", index) }
        switch type {
        case "RangeVar":
            let relation = try relation(fields)
            return .table(relation.name, only: relation.only, alias: relation.alias)
        case "RangeSubselect": return try subselect(fields)
        case "RangeFunction": return .function(try tableFunction(fields))
        case "JoinExpr": return .join(try join(fields))
        default: throw .unsupported(NodeNames.construct(type), at: fields.peekLocation())
        }
    }

    struct Relation {
        var name: TableName
        var only: Bool
        var alias: TableAlias?
        var persistence: Persistence
    }

    /// A `RangeVar`, wherever it stands.
    func relation(_ written: Fields) throws(QueryError) -> Relation {
        var fields = written
        let persistence: Persistence = try fields.choice(
            "relpersistence", .permanent, [("p", .permanent), ("t", .temporary), ("u", .unlogged)], "persistence")
        let name = TableName(
            catalog: fields.string("catalogname"), schema: fields.string("schemaname"),
            name: fields.string("relname") ?? "", location: fields.location())
        let only = !fields.bool("inh")
        let alias = try alias(&fields, "alias")
        try fields.finish("table name")
        return Relation(name: name, only: only, alias: alias, persistence: persistence)
    }

    func relation(_ object: Int) throws(QueryError) -> Relation {
        try relation(try fields(object))
    }

    func tableName(_ object: Int) throws(QueryError) -> TableName {
        try relation(object).name
    }

    func alias(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> TableAlias? {
        guard let object = fields.take(key) else { return nil }
        var inner = try self.fields(object)
        let alias = TableAlias(name: inner.string("aliasname") ?? "", columns: try inner.names("colnames"))
        try inner.finish("alias")
        return alias
    }

    private func subselect(_ written: Fields) throws(QueryError) -> TableReference {
        var fields = written
        guard let query = fields.take("subquery") else { throw malformed("a sub-query is expected", 0) }
        let select = try selectNode(query)
        let isLateral = fields.bool("lateral")
        let alias = try alias(&fields, "alias")
        try fields.finish("sub-query in FROM")
        return .subquery(select, isLateral: isLateral, alias: alias)
    }

    private func tableFunction(_ written: Fields) throws(QueryError) -> TableFunction {
        var fields = written
        var items = try fields.map("functions") { (index) throws(QueryError) in try self.functionItem(index) }
        let columns = try fields.map("coldeflist") { (index) throws(QueryError) in try self.columnDefinition(index) }
        if !columns.isEmpty, items.count == 1 { items[0].columns = columns }
        let function = TableFunction(
            items: items,
            isRowsFrom: fields.bool("is_rowsfrom"),
            withOrdinality: fields.bool("ordinality"),
            isLateral: fields.bool("lateral"),
            alias: try alias(&fields, "alias"))
        try fields.finish("function in FROM")
        return function
    }

    /// A list of the call and its column definitions, the latter perhaps absent.
    private func functionItem(_ index: Int) throws(QueryError) -> TableFunction.Item {
        let parts = try list(index)
        guard let call = parts.first, parts.count <= 2 else { throw malformed("a function is expected", index) }
        var item = TableFunction.Item(call: try expression(call))
        if parts.count == 2, try node(parts[1]) != nil {
            for column in try list(parts[1]) { item.columns.append(try columnDefinition(column)) }
        }
        return item
    }

    private func join(_ written: Fields) throws(QueryError) -> Join {
        var fields = written
        let kind: Join.Kind = try fields.choice(
            "jointype", .inner,
            [("JOIN_INNER", .inner), ("JOIN_LEFT", .left), ("JOIN_RIGHT", .right), ("JOIN_FULL", .full)], "join")
        guard let left = fields.take("larg"), let right = fields.take("rarg") else {
            throw malformed("a join has two sides", 0)
        }
        let using = try fields.names("usingClause")
        let usingAlias = try alias(&fields, "join_using_alias")
        let condition: Join.Condition
        if fields.bool("isNatural") {
            condition = .natural
        } else if !using.isEmpty {
            condition = .using(using, alias: usingAlias)
        } else if let on = try fields.expression("quals") {
            condition = .on(on)
        } else {
            condition = .none
        }
        let alias = try alias(&fields, "alias")
        fields.ignore("rtindex")
        try fields.finish("join")
        return Join(
            kind: kind, left: try tableReference(left), right: try tableReference(right), condition: condition,
            alias: alias)
    }
}

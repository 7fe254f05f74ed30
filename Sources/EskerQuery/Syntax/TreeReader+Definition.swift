// CREATE TABLE and its parts, CREATE TABLE AS, CREATE VIEW, CREATE INDEX.

extension TreeReader {
    func createTable(_ written: Fields) throws(QueryError) -> CreateTableStatement {
        var fields = written
        let relation = try requiredRelation(&fields, "relation")
        var table = CreateTableStatement(name: relation.name, persistence: relation.persistence)
        for element in try fields.elements("tableElts") {
            guard let (type, inner) = try node(element) else { throw malformed("a column is expected", element) }
            switch type {
            case "ColumnDef": table.columns.append(try columnDefinition(element))
            case "Constraint": table.constraints.append(try constraint(element))
            default: throw .unsupported(NodeNames.construct(type), at: inner.peekLocation())
            }
        }
        table.constraints += try fields.map("constraints") { (index) throws(QueryError) in try self.constraint(index) }
        try fields.refuse("partbound", "PARTITION OF")
        try fields.refuse("inhRelations", "INHERITS")
        try fields.refuse("ofTypename", "OF type")
        try fields.refuse("tablespacename", "TABLESPACE")
        try fields.refuse("accessMethod", "USING access method")
        table.partition = try partition(&fields)
        table.options = try options(&fields, "options")
        table.onCommit = try onCommit(&fields, "oncommit")
        table.ifNotExists = fields.bool("if_not_exists")
        try fields.finish("CREATE TABLE")
        return table
    }

    private func onCommit(
        _ fields: inout Fields, _ key: StaticString
    ) throws(QueryError) -> CreateTableStatement.OnCommit {
        try fields.choice(
            key, .none,
            [
                ("ONCOMMIT_NOOP", .none), ("ONCOMMIT_PRESERVE_ROWS", .preserveRows),
                ("ONCOMMIT_DELETE_ROWS", .deleteRows), ("ONCOMMIT_DROP", .drop),
            ], "ON COMMIT")
    }

    func columnDefinition(_ index: Int) throws(QueryError) -> ColumnDefinition {
        var fields = try fields(index, of: "ColumnDef")
        let type = try fields.take("typeName").map { (object) throws(QueryError) in try self.typeName(object) }
        var collation: [String] = []
        if let object = fields.take("collClause") {
            var inner = try self.fields(object)
            collation = try inner.names("collname")
            _ = inner.location()
            try inner.finish("COLLATE")
        }
        try fields.refuse("compression", "COMPRESSION")
        try fields.refuse("fdwoptions", "OPTIONS of a column")
        fields.ignore("is_local")
        let column = ColumnDefinition(
            name: fields.string("colname") ?? "", type: type, collation: collation,
            constraints: try fields.map("constraints") { (index) throws(QueryError) in try self.constraint(index) },
            location: fields.location())
        try fields.finish("column definition")
        return column
    }

    private func partition(_ fields: inout Fields) throws(QueryError) -> PartitionSpecification? {
        guard let object = fields.take("partspec") else { return nil }
        var inner = try self.fields(object)
        let keys = try inner.map("partParams") { (index) throws(QueryError) in try self.partitionKey(index) }
        let strategy = inner.string("strategy") ?? ""
        let partition = PartitionSpecification(strategy: strategy, keys: keys, location: inner.location())
        try inner.finish("PARTITION BY")
        return partition
    }

    private func partitionKey(_ index: Int) throws(QueryError) -> PartitionSpecification.Key {
        var fields = try fields(index, of: "PartitionElem")
        try fields.refuse("collation", "COLLATE in PARTITION BY")
        try fields.refuse("opclass", "operator class in PARTITION BY")
        let name = fields.string("name")
        let expression = try fields.expression("expr")
        let location = fields.location()
        try fields.finish("PARTITION BY")
        if let name { return .column(name, location: location) }
        guard let expression else { throw malformed("a partition key is expected", index) }
        return .expression(expression)
    }

    // MARK: CREATE TABLE AS and views

    func createTableAs(_ written: Fields) throws(QueryError) -> CreateTableAsStatement {
        var fields = written
        let isView = fields.string("objtype") == "OBJECT_MATVIEW"
        guard let into = fields.take("into") else { throw malformed("CREATE TABLE AS has a name", 0) }
        let query = try requiredSelect(&fields, "query")
        var statement = try createTableAs(isView ? .materializedView : .table, into: into, query: query)
        statement.ifNotExists = fields.bool("if_not_exists")
        fields.ignore("is_select_into")
        try fields.finish("CREATE TABLE AS")
        return statement
    }

    func createTableAs(
        _ kind: CreateTableAsStatement.Kind, into object: Int, query: SelectStatement
    ) throws(QueryError) -> CreateTableAsStatement {
        var fields = try fields(object)
        let relation = try requiredRelation(&fields, "rel")
        try fields.refuse("accessMethod", "USING access method")
        try fields.refuse("tableSpaceName", "TABLESPACE")
        let statement = CreateTableAsStatement(
            kind: kind, name: relation.name, columns: try fields.names("colNames"), persistence: relation.persistence,
            options: try options(&fields, "options"), onCommit: try onCommit(&fields, "onCommit"), query: query,
            withData: !fields.bool("skipData"))
        try fields.finish("CREATE TABLE AS")
        return statement
    }

    func createView(_ written: Fields) throws(QueryError) -> CreateViewStatement {
        var fields = written
        let relation = try requiredRelation(&fields, "view")
        let check: CreateViewStatement.CheckOption = try fields.choice(
            "withCheckOption", .none,
            [("NO_CHECK_OPTION", .none), ("LOCAL_CHECK_OPTION", .local), ("CASCADED_CHECK_OPTION", .cascaded)],
            "WITH CHECK OPTION")
        let view = CreateViewStatement(
            name: relation.name, columns: try fields.names("aliases"), persistence: relation.persistence,
            orReplace: fields.bool("replace"), options: try options(&fields, "options"),
            query: try requiredSelect(&fields, "query"), checkOption: check)
        try fields.finish("CREATE VIEW")
        return view
    }

    // MARK: Indexes

    func createIndex(_ written: Fields) throws(QueryError) -> CreateIndexStatement {
        var fields = written
        let relation = try requiredRelation(&fields, "relation")
        try fields.refuse("tableSpace", "TABLESPACE")
        let index = CreateIndexStatement(
            name: fields.string("idxname"), table: relation.name, only: relation.only,
            method: fields.string("accessMethod") ?? "btree",
            elements: try indexElements(&fields, "indexParams"),
            including: try indexElements(&fields, "indexIncludingParams"),
            options: try options(&fields, "options"),
            filter: try fields.expression("whereClause"),
            isUnique: fields.bool("unique"), nullsNotDistinct: fields.bool("nulls_not_distinct"),
            concurrently: fields.bool("concurrent"), ifNotExists: fields.bool("if_not_exists"))
        try fields.finish("CREATE INDEX")
        return index
    }

    func indexElements(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> [IndexElement] {
        try fields.map(key) { (index) throws(QueryError) in
            var element = try self.fields(index, of: "IndexElem")
            let subject: IndexElement.Subject
            if let name = element.string("name") {
                subject = .column(name)
            } else {
                subject = .expression(try element.requiredExpression("expr"))
            }
            let result = IndexElement(
                subject: subject, collation: try element.names("collation"),
                operatorClass: try element.names("opclass"),
                operatorClassOptions: try self.options(&element, "opclassopts"),
                isDescending: element.string("ordering") == "SORTBY_DESC",
                nulls: try self.nulls(&element, "nulls_ordering"))
            try element.finish("index element")
            return result
        }
    }
}

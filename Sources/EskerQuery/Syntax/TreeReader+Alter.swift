// ALTER, RENAME, DROP, TRUNCATE and REFRESH.

extension TreeReader {
    func alterTable(_ written: Fields) throws(QueryError) -> AlterTableStatement {
        var fields = written
        let relation = try requiredRelation(&fields, "relation")
        let kind = objectKind(fields.string("objtype") ?? "")
        let alter = AlterTableStatement(
            kind: kind, name: relation.name, only: relation.only, ifExists: fields.bool("missing_ok"),
            commands: try fields.map("cmds") { (index) throws(QueryError) in
                try self.alterCommand(index, at: relation.name.location)
            })
        try fields.finish("ALTER TABLE")
        return alter
    }

    private func alterCommand(_ index: Int, at location: Int) throws(QueryError) -> AlterTableStatement.Command {
        var fields = try fields(index, of: "AlterTableCmd")
        let type = fields.string("subtype") ?? ""
        let name = fields.string("name") ?? ""
        let ifExists = fields.bool("missing_ok")
        let cascade = fields.string("behavior") == "DROP_CASCADE"
        let command: AlterTableStatement.Command
        switch type {
        case "AT_AddColumn":
            command = .addColumn(try columnDefinition(try definition(&fields)), ifNotExists: ifExists)
        case "AT_DropColumn": command = .dropColumn(name, ifExists: ifExists, cascade: cascade)
        case "AT_ColumnDefault": command = .setDefault(column: name, try fields.expression("def"))
        case "AT_SetNotNull": command = .setNotNull(column: name)
        case "AT_DropNotNull": command = .dropNotNull(column: name)
        case "AT_AlterColumnType": command = try setType(of: name, try definition(&fields))
        case "AT_AddConstraint": command = .addConstraint(try constraint(try definition(&fields)))
        case "AT_DropConstraint": command = .dropConstraint(name, ifExists: ifExists, cascade: cascade)
        case "AT_SetRelOptions": command = .setOptions(try optionList(try definition(&fields)))
        case "AT_ResetRelOptions": command = .resetOptions(try optionList(try definition(&fields)))
        default: throw .unsupported("ALTER TABLE command \(NodeNames.alterCommand(type))", at: location)
        }
        try fields.finish("ALTER TABLE")
        return command
    }

    private func definition(_ fields: inout Fields) throws(QueryError) -> Int {
        guard let index = fields.take("def") else { throw malformed("ALTER TABLE has a definition", 0) }
        return index
    }

    private func optionList(_ index: Int) throws(QueryError) -> [StatementOption] {
        var options: [StatementOption] = []
        for item in try list(index) { options.append(try option(item)) }
        return options
    }

    /// The new type stands in a column definition, with USING in the place of a default.
    private func setType(of column: String, _ index: Int) throws(QueryError) -> AlterTableStatement.Command {
        var fields = try fields(index, of: "ColumnDef")
        guard let type = fields.take("typeName") else { throw malformed("ALTER TYPE has a type", index) }
        var collation: [String] = []
        if let object = fields.take("collClause") {
            var inner = try self.fields(object)
            collation = try inner.names("collname")
            _ = inner.location()
            try inner.finish("COLLATE")
        }
        let using = try fields.expression("raw_default")
        _ = fields.location()
        try fields.finish("ALTER COLUMN TYPE")
        return .setType(column: column, try typeName(type), collation: collation, using: using)
    }

    func rename(_ written: Fields) throws(QueryError) -> Statement {
        var fields = written
        let type = fields.string("renameType") ?? ""
        let relationType = fields.string("relationType") ?? ""
        let subject = fields.string("subname") ?? ""
        let newName = fields.string("newname") ?? ""
        guard let object = fields.take("relation") else {
            return .other(name: "ALTER \(NodeNames.object(type)) RENAME")
        }
        let relation = try relation(object)
        fields.ignore("behavior")
        var statement = RenameStatement(
            kind: objectKind(type), name: relation.name, only: relation.only, subject: .relation, newName: newName,
            ifExists: fields.bool("missing_ok"))
        switch type {
        case "OBJECT_COLUMN":
            statement.kind = objectKind(relationType)
            statement.subject = .column(subject)
        case "OBJECT_TABCONSTRAINT":
            statement.kind = .table
            statement.subject = .constraint(subject)
        case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_INDEX", "OBJECT_SEQUENCE": break
        default: return .other(name: "ALTER \(NodeNames.object(type)) RENAME")
        }
        try fields.finish("RENAME")
        return .rename(statement)
    }

    func objectKind(_ type: String) -> ObjectKind {
        switch type {
        case "OBJECT_TABLE": .table
        case "OBJECT_VIEW": .view
        case "OBJECT_MATVIEW": .materializedView
        case "OBJECT_INDEX": .index
        case "OBJECT_SEQUENCE": .sequence
        case "OBJECT_SCHEMA": .schema
        default: .other(NodeNames.object(type))
        }
    }

    /// Objects that are more than a dotted name (functions with arguments, casts …) are of kinds that are refused anyway.
    func drop(_ written: Fields) throws(QueryError) -> Statement {
        var fields = written
        let kind = objectKind(fields.string("removeType") ?? "")
        if case .other(let name) = kind { return .other(name: "DROP \(name)") }
        let names = try fields.map("objects") { (index) throws(QueryError) in try self.objectName(index) }
        let drop = DropStatement(
            kind: kind, names: names, ifExists: fields.bool("missing_ok"),
            cascade: fields.string("behavior") == "DROP_CASCADE", concurrently: fields.bool("concurrent"))
        try fields.finish("DROP")
        return .drop(drop)
    }

    private func objectName(_ index: Int) throws(QueryError) -> [String] {
        guard let type = try node(index)?.type else { throw malformed("a name is expected", index) }
        if type == "String" { return [try string(index)] }
        var parts: [String] = []
        for part in try list(index) { parts.append(try string(part)) }
        return parts
    }

    func truncate(_ written: Fields) throws(QueryError) -> TruncateStatement {
        var fields = written
        let tables = try fields.map("relations") { (index) throws(QueryError) in
            let relation = try self.relation(try self.fields(index, of: "RangeVar"))
            return TruncateStatement.Table(name: relation.name, only: relation.only)
        }
        let truncate = TruncateStatement(
            tables: tables, restartIdentity: fields.bool("restart_seqs"),
            cascade: fields.string("behavior") == "DROP_CASCADE")
        try fields.finish("TRUNCATE")
        return truncate
    }

    func refresh(_ written: Fields) throws(QueryError) -> RefreshStatement {
        var fields = written
        let refresh = RefreshStatement(
            name: try requiredRelation(&fields, "relation").name, concurrently: fields.bool("concurrent"),
            withData: !fields.bool("skipData"))
        try fields.finish("REFRESH MATERIALIZED VIEW")
        return refresh
    }
}

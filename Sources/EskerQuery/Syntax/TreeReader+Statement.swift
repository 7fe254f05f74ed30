extension TreeReader {
    /// Reads any statement; those without a type of their own become ``Statement/other(name:)``.
    func statement(_ index: Int) throws(QueryError) -> Statement {
        guard let (type, fields) = try node(index) else { throw malformed("a statement is expected", index) }
        switch type {
        case "SelectStmt": return try selectStatement(fields)
        case "InsertStmt": return .insert(try insert(fields))
        case "UpdateStmt": return .update(try update(fields))
        case "DeleteStmt": return .delete(try delete(fields))
        case "CreateStmt": return .createTable(try createTable(fields))
        case "CreateTableAsStmt": return .createTableAs(try createTableAs(fields))
        case "ViewStmt": return .createView(try createView(fields))
        case "IndexStmt": return .createIndex(try createIndex(fields))
        case "AlterTableStmt": return .alterTable(try alterTable(fields))
        case "RenameStmt": return try rename(fields)
        case "DropStmt": return try drop(fields)
        case "TruncateStmt": return .truncate(try truncate(fields))
        case "RefreshMatViewStmt": return .refreshMaterializedView(try refresh(fields))
        case "CopyStmt": return .copy(try copy(fields))
        case "ExplainStmt": return .explain(try explain(fields))
        case "VariableSetStmt": return .set(try set(fields))
        case "VariableShowStmt": return try show(fields)
        case "TransactionStmt": return try transaction(fields)
        case "PrepareStmt": return .prepare(try prepare(fields))
        case "ExecuteStmt": return try execute(fields)
        case "DeallocateStmt": return try deallocate(fields)
        case "DeclareCursorStmt": return .declareCursor(try declareCursor(fields))
        case "FetchStmt": return .fetch(try fetch(fields))
        case "ClosePortalStmt": return try close(fields)
        default: return .other(name: otherName(type, fields))
        }
    }

    /// The command words of a statement that is refused; some node types stand for several commands.
    private func otherName(_ type: String, _ written: Fields) -> String {
        var fields = written
        switch type {
        case "GrantStmt", "GrantRoleStmt": return fields.bool("is_grant") ? "GRANT" : "REVOKE"
        case "VacuumStmt": return fields.bool("is_vacuumcmd") ? "VACUUM" : "ANALYZE"
        case "DefineStmt": return "CREATE " + NodeNames.object(fields.string("kind") ?? "")
        default: return NodeNames.statement(type)
        }
    }

    /// SELECT INTO is CREATE TABLE AS in other words.
    private func selectStatement(_ written: Fields) throws(QueryError) -> Statement {
        var fields = written
        let into = fields.take("intoClause")
        let query = try selectWithoutInto(&fields)
        guard let into else { return .select(query) }
        return .createTableAs(try createTableAs(.selectInto, into: into, query: query))
    }

    func requiredStatement(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> Statement {
        guard let index = fields.take(key) else { throw malformed("\"\(key)\" is missing", 0) }
        return try statement(index)
    }

    func requiredSelect(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> SelectStatement {
        guard let index = fields.take(key) else { throw malformed("\"\(key)\" is missing", 0) }
        return try selectNode(index)
    }

    func requiredRelation(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> Relation {
        guard let object = fields.take(key) else { throw malformed("\"\(key)\" is missing", 0) }
        return try relation(object)
    }

    // MARK: Options

    func options(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> [StatementOption] {
        try fields.map(key) { (index) throws(QueryError) in try self.option(index) }
    }

    func option(_ index: Int) throws(QueryError) -> StatementOption {
        var fields = try fields(index, of: "DefElem")
        let raw = fields.rawLocation()
        let location = userLocation(raw)
        let value = try fields.take("arg").map { (node) throws(QueryError) in try self.optionValue(node, raw) }
        let action = fields.string("defaction") ?? "DEFELEM_UNSPEC"
        guard action == "DEFELEM_UNSPEC" else { throw .unsupported("option action \(action)", at: location) }
        let option = StatementOption(
            namespace: fields.string("defnamespace"), name: fields.string("defname") ?? "", value: value,
            location: location)
        try fields.finish("option")
        return option
    }

    /// - Parameter raw: where the option begins in the parsed text.
    private func optionValue(_ index: Int, _ raw: Int) throws(QueryError) -> StatementOption.Value {
        guard let found = try node(index) else { throw malformed("an option's value is expected", index) }
        var fields = found.fields
        let value: StatementOption.Value
        switch found.type {
        case "String": value = .string(fields.string("sval") ?? "")
        case "Integer":
            value = .integer(integer(fields.integer("ival"), at: valueLocation(ofOptionAt: raw)))
        case "Float": value = .decimal(fields.string("fval") ?? "")
        case "Boolean": value = .word(fields.bool("boolval") ? "true" : "false")
        case "A_Star": value = .star
        case "TypeName": return optionType(try typeName(index + 2))
        case "A_Const": return optionConstant(try expression(index))
        case "List":
            var values: [StatementOption.Value] = []
            for item in try list(index) { values.append(try optionValue(item, -1)) }
            return .list(values)
        default: throw .unsupported("\(NodeNames.construct(found.type)) as an option", at: userLocation(raw))
        }
        try fields.finish("option")
        return value
    }

    /// An unquoted word arrives as a type of that name.
    private func optionType(_ type: TypeName) -> StatementOption.Value {
        let isPlain = type.names.count == 1 && type.modifiers.isEmpty && !type.isArray && !type.isSet
        return isPlain ? .word(type.name) : .type(type)
    }

    private func optionConstant(_ expression: Expression) -> StatementOption.Value {
        guard case .constant(let constant) = expression.kind else { return .star }
        switch constant {
        case .integer(let number): return .integer(number)
        case .string(let text): return .string(text)
        case .numeric(let digits): return .decimal(digits)
        case .boolean(let isTrue): return .word(isTrue ? "true" : "false")
        case .bitString(let digits): return .string(digits)
        case .null: return .word("null")
        }
    }
}

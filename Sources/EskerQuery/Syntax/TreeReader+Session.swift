// EXPLAIN, settings, transactions, prepared statements and cursors.

extension TreeReader {
    func explain(_ written: Fields) throws(QueryError) -> ExplainStatement {
        var fields = written
        let explain = ExplainStatement(
            options: try options(&fields, "options"), statement: try requiredStatement(&fields, "query"))
        try fields.finish("EXPLAIN")
        return explain
    }

    func set(_ written: Fields) throws(QueryError) -> SetStatement {
        var fields = written
        let kind = fields.string("kind") ?? ""
        let name = fields.string("name") ?? ""
        let isLocal = fields.bool("is_local")
        let action: SetStatement.Action
        switch kind {
        case "VAR_SET_VALUE": action = .values(try fields.expressions("args"))
        case "VAR_SET_DEFAULT", "VAR_RESET": action = .reset
        case "VAR_RESET_ALL": action = .resetAll
        case "VAR_SET_CURRENT": action = .fromCurrent
        case "VAR_SET_MULTI": action = try transactionModes(&fields, name)
        default: throw .unsupported("SET kind \(kind)")
        }
        try fields.finish("SET")
        return SetStatement(name: name, action: action, isLocal: isLocal)
    }

    private func transactionModes(_ fields: inout Fields, _ name: String) throws(QueryError) -> SetStatement.Action {
        guard name == "TRANSACTION" || name == "SESSION CHARACTERISTICS" else { throw .unsupported("SET \(name)") }
        return .transactionModes(try options(&fields, "args"))
    }

    func show(_ written: Fields) throws(QueryError) -> Statement {
        var fields = written
        let name = fields.string("name") ?? ""
        try fields.finish("SHOW")
        return .show(name: name)
    }

    func transaction(_ written: Fields) throws(QueryError) -> Statement {
        var fields = written
        let kind = fields.string("kind") ?? ""
        let modes = try options(&fields, "options")
        let savepoint = fields.string("savepoint_name") ?? ""
        let chain = fields.bool("chain")
        let statement: TransactionStatement
        switch kind {
        case "TRANS_STMT_BEGIN", "TRANS_STMT_START": statement = .begin(modes: modes)
        case "TRANS_STMT_COMMIT": statement = .commit(chain: chain)
        case "TRANS_STMT_ROLLBACK": statement = .rollback(chain: chain)
        case "TRANS_STMT_SAVEPOINT": statement = .savepoint(savepoint)
        case "TRANS_STMT_RELEASE": statement = .release(savepoint)
        case "TRANS_STMT_ROLLBACK_TO": statement = .rollbackTo(savepoint)
        case "TRANS_STMT_PREPARE": return .other(name: "PREPARE TRANSACTION")
        case "TRANS_STMT_COMMIT_PREPARED": return .other(name: "COMMIT PREPARED")
        case "TRANS_STMT_ROLLBACK_PREPARED": return .other(name: "ROLLBACK PREPARED")
        default: throw .unsupported("transaction statement \(kind)")
        }
        try fields.finish("transaction statement")
        return .transaction(statement)
    }

    func prepare(_ written: Fields) throws(QueryError) -> PrepareStatement {
        var fields = written
        let prepare = PrepareStatement(
            name: fields.string("name") ?? "",
            types: try fields.map("argtypes") { (index) throws(QueryError) in
                _ = try self.fields(index, of: "TypeName")
                return try self.typeName(index + 2)
            },
            statement: try requiredStatement(&fields, "query"))
        try fields.finish("PREPARE")
        return prepare
    }

    func execute(_ written: Fields) throws(QueryError) -> Statement {
        var fields = written
        let name = fields.string("name") ?? ""
        let arguments = try fields.expressions("params")
        try fields.finish("EXECUTE")
        return .execute(name: name, arguments: arguments)
    }

    func deallocate(_ written: Fields) throws(QueryError) -> Statement {
        var fields = written
        let name = fields.string("name")
        try fields.finish("DEALLOCATE")
        return .deallocate(name: name)
    }

    // MARK: Cursors

    func declareCursor(_ written: Fields) throws(QueryError) -> DeclareCursorStatement {
        var fields = written
        let options = CursorOptions(rawValue: fields.integer("options") ?? 0)
        var declare = DeclareCursorStatement(
            name: fields.string("portalname") ?? "", query: try requiredSelect(&fields, "query"))
        declare.isBinary = options.contains(.binary)
        declare.isHeld = options.contains(.hold)
        if options.contains(.scroll) { declare.isScrollable = true }
        if options.contains(.noScroll) { declare.isScrollable = false }
        if options.contains(.insensitive) { declare.isInsensitive = true }
        if options.contains(.asensitive) { declare.isInsensitive = false }
        try fields.finish("DECLARE CURSOR")
        return declare
    }

    /// PostgreSQL's CURSOR_OPT bits (parsenodes.h); those for planning are left out.
    private struct CursorOptions: OptionSet {
        let rawValue: Int

        static let binary = CursorOptions(rawValue: 0x01)
        static let scroll = CursorOptions(rawValue: 0x02)
        static let noScroll = CursorOptions(rawValue: 0x04)
        static let insensitive = CursorOptions(rawValue: 0x08)
        static let asensitive = CursorOptions(rawValue: 0x10)
        static let hold = CursorOptions(rawValue: 0x20)
    }

    func fetch(_ written: Fields) throws(QueryError) -> FetchStatement {
        var fields = written
        let direction: FetchStatement.Direction = try fields.choice(
            "direction", .forward,
            [
                ("FETCH_FORWARD", .forward), ("FETCH_BACKWARD", .backward), ("FETCH_ABSOLUTE", .absolute),
                ("FETCH_RELATIVE", .relative),
            ], "FETCH")
        let count = Int64(fields.integer("howMany") ?? 0)
        let fetch = FetchStatement(
            direction: direction, count: count == Int64.max ? nil : count, cursor: fields.string("portalname") ?? "",
            isMove: fields.bool("ismove"))
        try fields.finish("FETCH")
        return fetch
    }

    func close(_ written: Fields) throws(QueryError) -> Statement {
        var fields = written
        let cursor = fields.string("portalname")
        try fields.finish("CLOSE")
        return .close(cursor: cursor)
    }
}

import EskerFormat

extension Binder {
    /// Binds one statement of `text`, in which it was parsed. Errors know their position.
    package func bind(_ statement: ParsedStatement, in text: String) throws -> BoundStatement {
        // Walks of a deep tree need a large stack; the catalog may throw errors of its own through it.
        let result: Result<BoundStatement, any Error> = try LargeStack.run(depth: statement.depth) {
            Result { try bind(statement.statement, text: text, statement) }
        }
        do {
            return try result.get()
        } catch let error as QueryError {
            throw error.located(in: text)
        }
    }

    private func bind(_ statement: Statement, text: String, _ parsed: ParsedStatement) throws -> BoundStatement {
        switch statement {
        case .select(let query): return .select(try bind(query))
        case .insert(let insert): return .insert(try InsertBinder(binder: self).bind(insert))
        case .createTable(let create): return .createTable(try TableBinder(binder: self).bind(create))
        case .createView(let create): return .createView(try bind(create, text, parsed))
        case .drop(let drop): return try bind(drop)
        case .explain(let explain): return .explain(try bind(explain, text, parsed))
        case .set(let set): return .set(try bind(set))
        case .show(let name): return .show(name: name)
        case .transaction(let transaction): return .transaction(transaction)
        case .update: throw QueryError.unsupported("UPDATE")
        case .delete: throw QueryError.unsupported("DELETE")
        case .createTableAs(let create):
            switch create.kind {
            case .table: throw QueryError.unsupported("CREATE TABLE AS", at: create.name.location)
            case .selectInto: throw QueryError.unsupported("SELECT INTO", at: create.name.location)
            case .materializedView: throw QueryError.unsupported("CREATE MATERIALIZED VIEW", at: create.name.location)
            }
        case .createIndex: throw QueryError.unsupported("CREATE INDEX")
        case .alterTable: throw QueryError.unsupported("ALTER TABLE")
        case .rename: throw QueryError.unsupported("ALTER … RENAME")
        case .truncate: throw QueryError.unsupported("TRUNCATE")
        case .refreshMaterializedView: throw QueryError.unsupported("REFRESH MATERIALIZED VIEW")
        case .copy: throw QueryError.unsupported("COPY")
        case .prepare: throw QueryError.unsupported("PREPARE")
        case .execute: throw QueryError.unsupported("EXECUTE")
        case .deallocate: throw QueryError.unsupported("DEALLOCATE")
        case .declareCursor: throw QueryError.unsupported("DECLARE CURSOR")
        case .fetch: throw QueryError.unsupported("FETCH")
        case .close: throw QueryError.unsupported("CLOSE")
        case .other(let name): throw QueryError.unsupported(name)
        }
    }

    // MARK: EXPLAIN, SET, DROP

    private func bind(_ explain: ExplainStatement, _ text: String, _ parsed: ParsedStatement) throws -> BoundExplain {
        var bound = BoundExplain(statement: try bind(explain.statement, text: text, parsed), format: "text")
        for option in explain.options {
            switch option.name {
            case "analyze":
                if try Self.flag(option) { throw QueryError.unsupported("EXPLAIN ANALYZE", at: option.location) }
            case "format": bound.format = option.text?.lowercased() ?? ""
            case "verbose", "costs", "settings", "buffers", "wal", "timing", "summary": _ = try Self.flag(option)
            default:
                throw QueryError(
                    .syntaxError, "unrecognized EXPLAIN option \"\(option.name)\"", at: option.location)
            }
        }
        guard bound.format == "text" else {
            throw QueryError(
                .invalidParameterValue, "unrecognized value for EXPLAIN option \"format\": \"\(bound.format)\"")
        }
        return bound
    }

    private static func flag(_ option: StatementOption) throws(QueryError) -> Bool {
        switch option.text?.lowercased() {
        case nil, "true", "on", "1": return true
        case "false", "off", "0": return false
        default: throw QueryError(.syntaxError, "\(option.name) requires a Boolean value", at: option.location)
        }
    }

    private func bind(_ set: SetStatement) throws -> SettingChange {
        switch set.action {
        case .values(let values):
            let texts = try values.map { value in
                switch value.kind {
                case .constant(.string(let text)): return text
                case .constant(.integer(let number)): return String(number)
                case .constant(.numeric(let digits)): return digits
                case .constant(.boolean(let flag)): return flag ? "on" : "off"
                case .column(let parts): return parts.joined(separator: ".")
                default: throw QueryError.unsupported("this value of a setting", at: value.location)
                }
            }
            return SettingChange(name: set.name, value: texts.joined(separator: ", "), isLocal: set.isLocal)
        case .reset: return SettingChange(name: set.name, value: nil, isLocal: set.isLocal)
        case .resetAll: return SettingChange(name: "all", value: nil, isLocal: set.isLocal)
        case .fromCurrent: throw QueryError.unsupported("SET … FROM CURRENT")
        case .transactionModes: throw QueryError.unsupported("SET TRANSACTION")
        }
    }

    private func bind(_ drop: DropStatement) throws -> BoundStatement {
        let isView: Bool
        switch drop.kind {
        case .table: isView = false
        case .view: isView = true
        case .materializedView: throw QueryError.unsupported("DROP MATERIALIZED VIEW")
        case .index: throw QueryError.unsupported("DROP INDEX")
        case .sequence: throw QueryError.unsupported("DROP SEQUENCE")
        case .schema: throw QueryError.unsupported("DROP SCHEMA")
        case .other(let words): throw QueryError.unsupported("DROP \(words)")
        }
        var request = DropRequest(names: [], missing: [], cascade: drop.cascade)
        for parts in drop.names {
            let name = DropRequest.Name(schema: parts.count > 1 ? parts[parts.count - 2] : nil, name: parts.last ?? "")
            let relation = try catalog.relation(schema: name.schema, name: name.name)
            switch (relation, isView) {
            case (.table, false), (.view, true): request.names.append(name)
            case (.view, false):
                throw QueryError(
                    .wrongObjectType, "\"\(name.name)\" is not a table", hint: "Use DROP VIEW to remove a view.")
            case (.table, true):
                throw QueryError(
                    .wrongObjectType, "\"\(name.name)\" is not a view", hint: "Use DROP TABLE to remove a table.")
            case (nil, _) where drop.ifExists: request.missing.append(name)
            case (nil, _):
                let kind = isView ? "view" : "table"
                throw QueryError(.undefinedTable, "\(kind) \"\(parts.joined(separator: "."))\" does not exist")
            }
        }
        return isView ? .dropView(request) : .dropTable(request)
    }

    // MARK: CREATE VIEW

    private func bind(
        _ create: CreateViewStatement, _ text: String, _ parsed: ParsedStatement
    ) throws -> CreateViewRequest {
        guard create.persistence == .permanent else {
            throw QueryError.unsupported("a temporary view", at: create.name.location)
        }
        guard create.checkOption == .none else {
            throw QueryError.unsupported("WITH CHECK OPTION", at: create.name.location)
        }
        if !create.orReplace, try catalog.relation(schema: create.name.schema, name: create.name.name) != nil {
            throw QueryError(
                .duplicateTable, "relation \"\(create.name.name)\" already exists", at: create.name.location)
        }
        let options = create.options.map { BoundOption($0) }
        var environment = BindingEnvironment()
        environment.window = try WindowOptions.timeWindow(options, self)
        let plan = try bind(create.query, environment)
        var names = plan.columns.map(\.name)
        if create.columns.count > names.count {
            throw QueryError(
                .syntaxError, "CREATE VIEW specifies more column names than columns", at: create.name.location)
        }
        for (index, name) in create.columns.enumerated() { names[index] = name }
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            throw QueryError(.duplicateColumn, "column \"\(name)\" specified more than once")
        }
        let bytes = Array(Array(text.utf8)[parsed.location..<(parsed.location + parsed.length)])
        guard let query = ViewText.query(in: bytes.span) else {
            throw QueryError(.internalError, "the query of the view was not found in the statement")
        }
        let view = ViewDefinition(
            schema: create.name.schema ?? catalog.searchPath.first ?? "public", name: create.name.name, query: query,
            columns: names, window: environment.window)
        return CreateViewRequest(
            view: view, orReplace: create.orReplace, types: plan.columns.map(\.type), options: options)
    }
}

extension BoundOption {
    init(_ option: StatementOption) {
        let name = option.namespace.map { "\($0).\(option.name)" } ?? option.name
        self.init(name: name, value: option.text, location: option.location)
    }
}

/// Reads the window of CREATE VIEW … WITH (window = …).
enum WindowOptions {
    /// nil when the options name no window.
    static func timeWindow(_ options: [BoundOption], _ binder: Binder) throws -> TimeWindow? {
        guard let kind = options.first(where: { $0.name == "window" }) else {
            if let stray = options.first {
                throw QueryError(
                    .invalidParameterValue, "unrecognized parameter \"\(stray.name)\"", at: stray.location)
            }
            return nil
        }
        guard kind.value == "time" else {
            throw QueryError.unsupported("window = '\(kind.value ?? "")'", at: kind.location)
        }
        var window = TimeWindow(time: .event, length: 0)
        var hasLength = false
        for option in options {
            switch option.name {
            case "window": break
            case "length":
                window.length = try microseconds(option, binder)
                hasLength = true
            case "on":
                switch option.value {
                case "event": window.time = .event
                case "arrival": window.time = .arrival
                default:
                    throw QueryError(
                        .invalidParameterValue, "invalid value for parameter \"on\": \"\(option.value ?? "")\"",
                        at: option.location, hint: "Use 'event' or 'arrival'.")
                }
            default:
                throw QueryError(
                    .invalidParameterValue, "unrecognized parameter \"\(option.name)\" of a time window",
                    at: option.location)
            }
        }
        if !hasLength {
            throw QueryError(
                .invalidParameterValue, "a time window needs a length", at: kind.location,
                hint: "Write WITH (window = 'time', length = '2 hours').")
        }
        return window
    }

    /// An interval of fixed length: months have none.
    private static func microseconds(_ option: BoundOption, _ binder: Binder) throws -> Int64 {
        let builder = ColumnBuilder(.text, capacity: 1)
        builder.append(option.value ?? "")
        let text = BoundExpression(.constant(builder.finish()), type: .text, location: option.location)
        let bound = try binder.coerce(Operand(text, isUnknown: true), to: .interval)
        let value = try ExpressionEvaluator(context: binder.context).constant(bound)
        let words = value.value(at: 0, as: SIMD2<UInt64>.self)
        let interval = Interval(words: (words[0], words[1]))
        let days = Int64(interval.days).multipliedReportingOverflow(by: 86_400_000_000)
        let total = days.partialValue.addingReportingOverflow(interval.microseconds)
        guard interval.months == 0, !days.overflow, !total.overflow, total.partialValue > 0 else {
            throw QueryError(
                .invalidParameterValue, "the length of a time window must be positive and free of months",
                at: option.location)
        }
        return total.partialValue
    }
}

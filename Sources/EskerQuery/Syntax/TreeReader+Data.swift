// INSERT, UPDATE, DELETE and COPY.

extension TreeReader {
    func insert(_ written: Fields) throws(QueryError) -> InsertStatement {
        var fields = written
        let with = try withClause(&fields)
        let relation = try requiredRelation(&fields, "relation")
        let columns = try fields.map("cols") { (index) throws(QueryError) in
            var target = try self.fields(index, of: "ResTarget")
            let column = try self.assignmentTarget(&target)
            try target.finish("column list")
            return column
        }
        let query = try fields.take("selectStmt").map { (index) throws(QueryError) in try self.selectNode(index) }
        let overriding: InsertStatement.Overriding = try fields.choice(
            "override", .none,
            [
                ("OVERRIDING_NOT_SET", .none), ("OVERRIDING_USER_VALUE", .userValue),
                ("OVERRIDING_SYSTEM_VALUE", .systemValue),
            ], "OVERRIDING")
        let insert = InsertStatement(
            with: with, table: relation.name, alias: relation.alias?.name, columns: columns,
            source: query.map { .query($0) } ?? .defaultValues, overriding: overriding,
            onConflict: try onConflict(&fields), returning: try targets(&fields, "returningList"))
        try fields.finish("INSERT")
        return insert
    }

    private func onConflict(_ fields: inout Fields) throws(QueryError) -> OnConflict? {
        guard let object = fields.take("onConflictClause") else { return nil }
        var inner = try self.fields(object)
        let arbiter = try inner.take("infer").map { (object) throws(QueryError) in try self.arbiter(object) }
        let updates = inner.string("action") == "ONCONFLICT_UPDATE"
        let assignments = try assignments(&inner, "targetList")
        let filter = try inner.expression("whereClause")
        let location = inner.location()
        try inner.finish("ON CONFLICT")
        return OnConflict(
            arbiter: arbiter, action: updates ? .update(assignments, filter: filter) : .nothing, location: location)
    }

    private func arbiter(_ object: Int) throws(QueryError) -> OnConflict.Arbiter {
        var fields = try fields(object)
        let constraint = fields.string("conname")
        let elements = try indexElements(&fields, "indexElems")
        let filter = try fields.expression("whereClause")
        _ = fields.location()
        try fields.finish("ON CONFLICT target")
        return constraint.map { .constraint($0) } ?? .columns(elements, filter: filter)
    }

    func update(_ written: Fields) throws(QueryError) -> UpdateStatement {
        var fields = written
        let with = try withClause(&fields)
        let relation = try requiredRelation(&fields, "relation")
        let update = UpdateStatement(
            with: with, table: relation.name, only: relation.only, alias: relation.alias,
            assignments: try assignments(&fields, "targetList"),
            from: try fields.map("fromClause") { (index) throws(QueryError) in try self.tableReference(index) },
            filter: try fields.expression("whereClause"),
            returning: try targets(&fields, "returningList"))
        try fields.finish("UPDATE")
        return update
    }

    func delete(_ written: Fields) throws(QueryError) -> DeleteStatement {
        var fields = written
        let with = try withClause(&fields)
        let relation = try requiredRelation(&fields, "relation")
        let delete = DeleteStatement(
            with: with, table: relation.name, only: relation.only, alias: relation.alias,
            using: try fields.map("usingClause") { (index) throws(QueryError) in try self.tableReference(index) },
            filter: try fields.expression("whereClause"),
            returning: try targets(&fields, "returningList"))
        try fields.finish("DELETE")
        return delete
    }

    // MARK: SET lists

    /// `(a, b) = row` arrives as one target a column, each with the whole row; they are put together again.
    private func assignments(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> [Assignment] {
        var assignments: [Assignment] = []
        for index in try fields.elements(key) {
            var target = try self.fields(index, of: "ResTarget")
            let column = try assignmentTarget(&target)
            guard let value = target.take("val") else { throw malformed("SET has a value", index) }
            try target.finish("SET")
            if tape.matches("MultiAssignRef", at: value + 1) {
                try assign(column, rowAt: value, to: &assignments)
            } else {
                assignments.append(
                    Assignment(targets: [column], value: try expression(value), location: column.location))
            }
        }
        return assignments
    }

    private func assign(
        _ column: AssignmentTarget, rowAt value: Int, to assignments: inout [Assignment]
    ) throws(QueryError) {
        var reference = try fields(value, of: "MultiAssignRef")
        let number = reference.integer("colno") ?? 0
        let source = reference.take("source")
        reference.ignore("ncolumns")
        try reference.finish("SET")
        if number > 1, !assignments.isEmpty {
            assignments[assignments.count - 1].targets.append(column)
            return
        }
        guard let source else { throw malformed("SET has a row", value) }
        assignments.append(Assignment(targets: [column], value: try expression(source), location: column.location))
    }

    /// The name, indirection and location of a `ResTarget`; the caller finishes it.
    private func assignmentTarget(_ target: inout Fields) throws(QueryError) -> AssignmentTarget {
        AssignmentTarget(
            column: target.string("name") ?? "", indirection: try indirection(&target), location: target.location())
    }

    // MARK: COPY

    func copy(_ written: Fields) throws(QueryError) -> CopyStatement {
        var fields = written
        let columns = try fields.names("attlist")
        let subject: CopyStatement.Subject
        if let query = fields.take("query") {
            subject = .query(try statement(query))
        } else {
            subject = .table(try requiredRelation(&fields, "relation").name, columns: columns)
        }
        let file = fields.string("filename")
        let isProgram = fields.bool("is_program")
        let copy = CopyStatement(
            subject: subject,
            direction: fields.bool("is_from") ? .from : .to,
            channel: file.map { isProgram ? .program($0) : .file($0) } ?? .standard,
            options: try options(&fields, "options"),
            filter: try fields.expression("whereClause"))
        try fields.finish("COPY")
        return copy
    }
}

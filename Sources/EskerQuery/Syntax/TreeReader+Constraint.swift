// Constraints of columns and tables.

extension TreeReader {
    func constraint(_ index: Int) throws(QueryError) -> TableConstraint {
        var fields = try fields(index, of: "Constraint")
        let type = fields.string("contype") ?? ""
        let location = fields.location()
        try fields.refuse("indexname", "USING INDEX")
        try fields.refuse("indexspace", "USING INDEX TABLESPACE")
        let kind = try constraintKind(type, &fields, location)
        let constraint = TableConstraint(
            name: fields.string("conname"), kind: kind, isDeferrable: fields.bool("deferrable"),
            isInitiallyDeferred: fields.bool("initdeferred"), isNotValidated: fields.bool("skip_validation"),
            location: location)
        fields.ignore("initially_valid")
        try fields.finish("constraint")
        return constraint
    }

    private func constraintKind(
        _ type: String, _ fields: inout Fields, _ location: Int
    ) throws(QueryError) -> TableConstraint.Kind {
        switch type {
        case "CONSTR_NULL": return .null
        case "CONSTR_NOTNULL": return .notNull
        case "CONSTR_DEFAULT": return .defaultValue(try fields.requiredExpression("raw_expr"))
        case "CONSTR_CHECK":
            let condition = try fields.requiredExpression("raw_expr")
            return .check(condition, noInherit: fields.bool("is_no_inherit"))
        case "CONSTR_PRIMARY":
            return .primaryKey(try fields.names("keys"), try indexDetails(&fields))
        case "CONSTR_UNIQUE":
            let keys = try fields.names("keys")
            let nullsNotDistinct = fields.bool("nulls_not_distinct")
            return .unique(keys, nullsNotDistinct: nullsNotDistinct, try indexDetails(&fields))
        case "CONSTR_FOREIGN": return .foreignKey(try foreignKey(&fields))
        case "CONSTR_GENERATED":
            fields.ignore("generated_when")
            return .generated(try fields.requiredExpression("raw_expr"))
        case "CONSTR_IDENTITY":
            let always = fields.string("generated_when") == "a"
            return .identity(always: always, options: try options(&fields, "options"))
        case "CONSTR_ATTR_DEFERRABLE": return .deferrable
        case "CONSTR_ATTR_NOT_DEFERRABLE": return .notDeferrable
        case "CONSTR_ATTR_DEFERRED": return .initiallyDeferred
        case "CONSTR_ATTR_IMMEDIATE": return .initiallyImmediate
        case "CONSTR_EXCLUSION": throw .unsupported("EXCLUDE constraint", at: location)
        default: throw .unsupported("constraint \(type)", at: location)
        }
    }

    private func indexDetails(_ fields: inout Fields) throws(QueryError) -> TableConstraint.IndexDetails {
        TableConstraint.IndexDetails(
            including: try fields.names("including"), options: try options(&fields, "options"))
    }

    private func foreignKey(_ fields: inout Fields) throws(QueryError) -> TableConstraint.ForeignKey {
        let match: TableConstraint.ForeignKey.Match = try fields.choice(
            "fk_matchtype", .simple, [("s", .simple), ("f", .full), ("p", .partial)], "MATCH")
        return TableConstraint.ForeignKey(
            columns: try fields.names("fk_attrs"),
            table: try requiredRelation(&fields, "pktable").name,
            referencedColumns: try fields.names("pk_attrs"),
            match: match,
            onUpdate: try action(&fields, "fk_upd_action"),
            onDelete: try action(&fields, "fk_del_action"),
            onDeleteColumns: try fields.names("fk_del_set_cols"))
    }

    private func action(
        _ fields: inout Fields, _ key: StaticString
    ) throws(QueryError) -> TableConstraint.ForeignKey.Action {
        try fields.choice(
            key, .noAction,
            [("a", .noAction), ("r", .restrict), ("c", .cascade), ("n", .setNull), ("d", .setDefault)],
            "referential action")
    }
}

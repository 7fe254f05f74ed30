extension TreeReader {
    /// Reads any value expression. Recursive: as deep as the text nests (``LargeStack``).
    func expression(_ index: Int) throws(QueryError) -> Expression {
        guard let found = try node(index) else { throw malformed("an expression is expected", index) }
        let type = found.type
        var fields = found.fields
        let location = type == "CurrentOfExpr" ? -1 : fields.location()
        let kind: Expression.Kind
        switch type {
        case "ColumnRef": kind = try columnReference(&fields)
        case "A_Const": kind = .constant(try constant(&fields))
        case "A_Expr": kind = try operation(&fields, location)
        case "FuncCall": kind = .function(try functionCall(&fields))
        case "TypeCast": kind = try cast(&fields)
        case "BoolExpr": kind = try booleanExpression(&fields)
        case "NullTest": kind = try nullTest(&fields)
        case "BooleanTest": kind = try booleanTest(&fields)
        case "SubLink": kind = .subquery(try subquery(&fields))
        case "CaseExpr": kind = .caseWhen(try caseExpression(&fields))
        case "ParamRef": kind = .parameter(fields.integer("number") ?? 0)
        case "CoalesceExpr": kind = .coalesce(try fields.expressions("args"))
        case "MinMaxExpr": kind = try minMax(&fields)
        case "SQLValueFunction": kind = .sqlValue(try sqlValue(&fields))
        case "A_ArrayExpr": kind = .array(try fields.expressions("elements"))
        case "RowExpr": kind = try row(&fields)
        case "A_Indirection": return try indirectionExpression(&fields)
        case "CollateClause": kind = try collate(&fields)
        case "GroupingFunc": kind = .grouping(try fields.expressions("args"))
        case "SetToDefault": kind = .defaultValue
        case "CurrentOfExpr": kind = try currentOf(&fields)
        default: throw .unsupported(NodeNames.construct(type), at: fields.peekLocation())
        }
        try fields.finish(NodeNames.construct(type))
        // A typed literal such as `date '2026-11-23'` is placed by its type.
        if location < 0, case .cast(_, let type) = kind { return Expression(kind: kind, location: type.location) }
        return Expression(kind: kind, location: location)
    }

    private func columnReference(_ fields: inout Fields) throws(QueryError) -> Expression.Kind {
        var names: [String] = []
        var isStar = false
        for field in try fields.elements("fields") {
            if try node(field)?.type == "A_Star" { isStar = true } else { names.append(try string(field)) }
        }
        return isStar ? .star(qualifier: names) : .column(names)
    }

    private func constant(_ fields: inout Fields) throws(QueryError) -> Constant {
        let location = fields.rawLocation()
        if fields.bool("isnull") { return .null }
        if let value = fields.take("ival") {
            var inner = try self.fields(value)
            let printed = inner.integer("ival")
            try inner.finish("integer constant")
            return .integer(integer(printed, at: location))
        }
        if let value = fields.take("boolval") {
            var inner = try self.fields(value)
            let isTrue = inner.bool("boolval")
            try inner.finish("boolean constant")
            return .boolean(isTrue)
        }
        if let value = fields.take("fval") {
            let digits = try text(value, "fval")
            // The grammar negates 2147483648 after it was found too large; PostgreSQL makes it an integer again.
            return Int32(digits).map { .integer($0) } ?? .numeric(digits)
        }
        if let value = fields.take("sval") { return .string(try text(value, "sval")) }
        if let value = fields.take("bsval") { return .bitString(try text(value, "bsval")) }
        throw .unsupported("this kind of constant", at: userLocation(location))
    }

    private func text(_ object: Int, _ key: StaticString) throws(QueryError) -> String {
        var fields = try fields(object)
        let text = fields.string(key) ?? ""
        try fields.finish("constant")
        return text
    }

    // MARK: Operators

    private func operation(_ fields: inout Fields, _ location: Int) throws(QueryError) -> Expression.Kind {
        let kind = fields.string("kind") ?? ""
        let name = try operatorName(fields.names("name"))
        switch kind {
        case "AEXPR_OP":
            let left = try fields.expression("lexpr")
            let right = try fields.requiredExpression("rexpr")
            return left.map { .binary(name, $0, right) } ?? .unary(name, right)
        case "AEXPR_OP_ANY", "AEXPR_OP_ALL":
            let value = try fields.requiredExpression("lexpr")
            let array = try fields.requiredExpression("rexpr")
            return .quantified(value, name, kind == "AEXPR_OP_ANY" ? .any : .all, array: array)
        case "AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT":
            let left = try fields.requiredExpression("lexpr")
            let right = try fields.requiredExpression("rexpr")
            return .distinctFrom(left, right, negated: kind == "AEXPR_NOT_DISTINCT")
        case "AEXPR_NULLIF":
            let left = try fields.requiredExpression("lexpr")
            return .nullIf(left, try fields.requiredExpression("rexpr"))
        case "AEXPR_IN":
            let value = try fields.requiredExpression("lexpr")
            return .inList(value, try expressionList(&fields, "rexpr"), negated: name.name == "<>")
        case "AEXPR_LIKE", "AEXPR_ILIKE", "AEXPR_SIMILAR":
            return .match(try patternMatch(&fields, kind, negated: name.name.hasPrefix("!")))
        case "AEXPR_BETWEEN", "AEXPR_NOT_BETWEEN", "AEXPR_BETWEEN_SYM", "AEXPR_NOT_BETWEEN_SYM":
            let value = try fields.requiredExpression("lexpr")
            let bounds = try expressionList(&fields, "rexpr")
            guard bounds.count == 2 else { throw malformed("BETWEEN has two bounds", 0) }
            return .between(
                value, low: bounds[0], high: bounds[1], symmetric: kind.hasSuffix("_SYM"),
                negated: kind.hasPrefix("AEXPR_NOT"))
        default:
            throw .unsupported("operator kind \(kind)", at: location)
        }
    }

    func operatorName(_ names: [String]) throws(QueryError) -> OperatorName {
        switch names.count {
        case 1: return OperatorName(schema: nil, name: names[0])
        case 2: return OperatorName(schema: names[0], name: names[1])
        default: throw QueryError(.syntaxError, "improper qualified name (too many dotted names)")
        }
    }

    private func expressionList(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> [Expression] {
        guard let index = fields.take(key) else { return [] }
        var expressions: [Expression] = []
        for item in try list(index) { expressions.append(try expression(item)) }
        return expressions
    }

    /// The grammar wraps a pattern with ESCAPE in `like_escape`, and every SIMILAR TO pattern in `similar_to_escape`.
    private func patternMatch(
        _ fields: inout Fields, _ kind: String, negated: Bool
    ) throws(QueryError) -> PatternMatch {
        let value = try fields.requiredExpression("lexpr")
        let written = try fields.requiredExpression("rexpr")
        let isSimilar = kind == "AEXPR_SIMILAR"
        let syntax: PatternMatch.Syntax =
            isSimilar ? .similar : kind == "AEXPR_ILIKE" ? .caseInsensitiveLike : .like
        let wrapper = isSimilar ? "similar_to_escape" : "like_escape"
        guard case .function(let call) = written.kind, call.name == ["pg_catalog", wrapper],
            let pattern = call.arguments.first
        else {
            return PatternMatch(syntax: syntax, value: value, pattern: written, escape: nil, negated: negated)
        }
        let escape = call.arguments.dropFirst().first?.value
        return PatternMatch(syntax: syntax, value: value, pattern: pattern.value, escape: escape, negated: negated)
    }

    private func booleanExpression(_ fields: inout Fields) throws(QueryError) -> Expression.Kind {
        let operands = try fields.expressions("args")
        switch fields.string("boolop") {
        case "AND_EXPR": return .and(operands)
        case "OR_EXPR": return .or(operands)
        default:
            guard operands.count == 1 else { throw malformed("NOT has one operand", 0) }
            return .not(operands[0])
        }
    }

    private func nullTest(_ fields: inout Fields) throws(QueryError) -> Expression.Kind {
        let value = try fields.requiredExpression("arg")
        return .isNull(value, negated: fields.string("nulltesttype") == "IS_NOT_NULL")
    }

    private func booleanTest(_ fields: inout Fields) throws(QueryError) -> Expression.Kind {
        let value = try fields.requiredExpression("arg")
        let (test, negated): (BooleanTest, Bool) = try fields.choice(
            "booltesttype", (.isTrue, false),
            [
                ("IS_TRUE", (.isTrue, false)), ("IS_NOT_TRUE", (.isTrue, true)),
                ("IS_FALSE", (.isFalse, false)), ("IS_NOT_FALSE", (.isFalse, true)),
                ("IS_UNKNOWN", (.isUnknown, false)), ("IS_NOT_UNKNOWN", (.isUnknown, true)),
            ], "boolean test")
        return .booleanTest(value, test, negated: negated)
    }

    // MARK: Compound values

    private func subquery(_ fields: inout Fields) throws(QueryError) -> Subquery {
        let type = fields.string("subLinkType") ?? ""
        let tested = try fields.expression("testexpr")
        let names = try fields.names("operName")
        guard let select = fields.take("subselect") else { throw malformed("a sub-query is expected", 0) }
        let query = try selectNode(select)
        let use: Subquery.Use
        switch (type, tested) {
        case ("EXISTS_SUBLINK", nil): use = .exists
        case ("EXPR_SUBLINK", nil): use = .scalar
        case ("ARRAY_SUBLINK", nil): use = .array
        case ("ANY_SUBLINK", let tested?):
            use = .quantified(tested, names.isEmpty ? nil : try operatorName(names), .any)
        case ("ALL_SUBLINK", let tested?):
            use = .quantified(tested, try operatorName(names), .all)
        default: throw .unsupported("sub-query kind \(type)", at: fields.peekLocation())
        }
        return Subquery(use: use, query: query)
    }

    private func caseExpression(_ fields: inout Fields) throws(QueryError) -> CaseExpression {
        let operand = try fields.expression("arg")
        let branches = try fields.map("args") { (index) throws(QueryError) in
            var branch = try self.fields(index, of: "CaseWhen")
            let when = try branch.requiredExpression("expr")
            let then = try branch.requiredExpression("result")
            let location = branch.location()
            try branch.finish("WHEN")
            return CaseExpression.Branch(when: when, then: then, location: location)
        }
        return CaseExpression(operand: operand, branches: branches, otherwise: try fields.expression("defresult"))
    }

    private func cast(_ fields: inout Fields) throws(QueryError) -> Expression.Kind {
        let value = try fields.requiredExpression("arg")
        guard let type = fields.take("typeName") else { throw malformed("a cast has a type", 0) }
        return .cast(value, try typeName(type))
    }

    private func collate(_ fields: inout Fields) throws(QueryError) -> Expression.Kind {
        let value = try fields.requiredExpression("arg")
        return .collate(value, collation: try fields.names("collname"))
    }

    private func minMax(_ fields: inout Fields) throws(QueryError) -> Expression.Kind {
        let isLeast = fields.string("op") == "IS_LEAST"
        let values = try fields.expressions("args")
        return isLeast ? .least(values) : .greatest(values)
    }

    private func row(_ fields: inout Fields) throws(QueryError) -> Expression.Kind {
        let isExplicit = fields.string("row_format") != "COERCE_IMPLICIT_CAST"
        return .row(try fields.expressions("args"), isExplicit: isExplicit)
    }

    private func currentOf(_ fields: inout Fields) throws(QueryError) -> Expression.Kind {
        fields.ignore("cvarno", "cursor_param")
        return .currentOf(cursor: fields.string("cursor_name") ?? "")
    }

    private func sqlValue(_ fields: inout Fields) throws(QueryError) -> SQLValue {
        let digits = fields.integer("typmod") ?? 0
        let name: SQLValue.Name = try fields.choice(
            "op", .currentDate,
            [
                ("SVFOP_CURRENT_DATE", .currentDate),
                ("SVFOP_CURRENT_TIME", .currentTime), ("SVFOP_CURRENT_TIME_N", .currentTime),
                ("SVFOP_CURRENT_TIMESTAMP", .currentTimestamp), ("SVFOP_CURRENT_TIMESTAMP_N", .currentTimestamp),
                ("SVFOP_LOCALTIME", .localTime), ("SVFOP_LOCALTIME_N", .localTime),
                ("SVFOP_LOCALTIMESTAMP", .localTimestamp), ("SVFOP_LOCALTIMESTAMP_N", .localTimestamp),
                ("SVFOP_CURRENT_ROLE", .currentRole), ("SVFOP_CURRENT_USER", .currentUser), ("SVFOP_USER", .user),
                ("SVFOP_SESSION_USER", .sessionUser), ("SVFOP_CURRENT_CATALOG", .currentCatalog),
                ("SVFOP_CURRENT_SCHEMA", .currentSchema),
            ], "function")
        return SQLValue(name: name, precision: digits < 0 ? nil : digits)
    }

    // MARK: Subscripts and fields

    private func indirectionExpression(_ fields: inout Fields) throws(QueryError) -> Expression {
        let value = try fields.requiredExpression("arg")
        let steps = try indirection(&fields)
        try fields.finish("indirection")
        return Expression(kind: .indirection(value, steps), location: value.location)
    }

    func indirection(_ fields: inout Fields) throws(QueryError) -> [Indirection] {
        try fields.map("indirection") { (index) throws(QueryError) in
            guard let found = try self.node(index) else { throw self.malformed("a subscript is expected", index) }
            var step = found.fields
            switch found.type {
            case "String":
                return .field(try self.string(index))
            case "A_Star":
                return .allFields
            case "A_Indices":
                let isSlice = step.bool("is_slice")
                let lower = try step.expression("lidx")
                let upper = try step.expression("uidx")
                try step.finish("subscript")
                if !isSlice, let upper { return .index(upper) }
                return .slice(lower: lower, upper: upper)
            default:
                throw .unsupported(NodeNames.construct(found.type), at: step.peekLocation())
            }
        }
    }

    // MARK: Types

    func typeName(_ object: Int) throws(QueryError) -> TypeName {
        var fields = try fields(object)
        let names = try fields.names("names")
        let modifiers = try fields.expressions("typmods")
        let bounds: [Int?] = try fields.map("arrayBounds") { (index) throws(QueryError) in
            var bound = try self.fields(index, of: "Integer")
            let size = bound.integer("ival")
            try bound.finish("array size")
            return size
        }
        let isSet = fields.bool("setof")
        try fields.refuse("pct_type", "%TYPE")
        fields.ignore("typeOid", "typemod")
        let location = fields.location()
        try fields.finish("type")
        return TypeName(
            names: names, modifiers: modifiers, arrayBounds: bounds, isSet: isSet, location: location)
    }
}

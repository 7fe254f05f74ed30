extension TreeReader {
    func functionCall(_ fields: inout Fields) throws(QueryError) -> FunctionCall {
        var call = FunctionCall(name: try fields.names("funcname"))
        call.arguments = try fields.map("args") { (index) throws(QueryError) in try self.argument(index) }
        call.orderBy = try orderBy(&fields, "agg_order")
        call.filter = try fields.expression("agg_filter")
        call.over = try over(&fields)
        call.isWithinGroup = fields.bool("agg_within_group")
        call.isStar = fields.bool("agg_star")
        call.isDistinct = fields.bool("agg_distinct")
        call.isVariadic = fields.bool("func_variadic")
        call.isSQLSyntax = fields.string("funcformat") == "COERCE_SQL_SYNTAX"
        return call
    }

    private func argument(_ index: Int) throws(QueryError) -> FunctionCall.Argument {
        guard let found = try node(index) else { throw malformed("an argument is expected", index) }
        var fields = found.fields
        guard found.type == "NamedArgExpr" else {
            let value = try expression(index)
            return FunctionCall.Argument(name: nil, value: value, location: value.location)
        }
        let value = try fields.requiredExpression("arg")
        let name = fields.string("name")
        let location = fields.location()
        fields.ignore("argnumber")
        try fields.finish("named argument")
        return FunctionCall.Argument(name: name, value: value, location: location)
    }

    // MARK: Windows

    private func over(_ fields: inout Fields) throws(QueryError) -> FunctionCall.Over? {
        guard let object = fields.take("over") else { return nil }
        let window = try window(try self.fields(object))
        // Only `OVER name` gives a window of OVER a name; `OVER (name …)` bases it on one.
        if let name = window.name { return .named(name, location: window.location) }
        return .inline(window)
    }

    func window(_ written: Fields) throws(QueryError) -> WindowSpecification {
        var fields = written
        let options = WindowFrame.Options(rawValue: fields.integer("frameOptions") ?? 0)
        let start = try fields.expression("startOffset")
        let end = try fields.expression("endOffset")
        let window = WindowSpecification(
            name: fields.string("name"),
            base: fields.string("refname"),
            partitionBy: try fields.expressions("partitionClause"),
            orderBy: try orderBy(&fields, "orderClause"),
            frame: try options.frame(start: start, end: end),
            location: fields.location())
        try fields.finish("window")
        return window
    }

    func orderBy(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> [OrderBy] {
        try fields.map(key) { (index) throws(QueryError) in
            var item = try self.fields(index, of: "SortBy")
            let value = try item.requiredExpression("node")
            let nulls = try self.nulls(&item, "sortby_nulls")
            let direction = item.string("sortby_dir")
            let operatorNames = try item.names("useOp")
            let location = item.location()
            try item.finish("ORDER BY")
            return OrderBy(
                value: value,
                direction: operatorNames.isEmpty
                    ? (direction == "SORTBY_DESC" ? .descending : .ascending)
                    : .using(try self.operatorName(operatorNames)),
                nulls: nulls,
                location: location < 0 ? value.location : location)
        }
    }

    func nulls(_ fields: inout Fields, _ key: StaticString) throws(QueryError) -> OrderBy.Nulls? {
        try fields.choice(
            key, nil,
            [("SORTBY_NULLS_DEFAULT", nil), ("SORTBY_NULLS_FIRST", .first), ("SORTBY_NULLS_LAST", .last)], "NULLS")
    }
}

extension WindowFrame {
    /// PostgreSQL's FRAMEOPTION bits (parsenodes.h).
    struct Options: OptionSet {
        let rawValue: Int

        static let nonDefault = Options(rawValue: 0x1)
        static let range = Options(rawValue: 0x2)
        static let rows = Options(rawValue: 0x4)
        static let groups = Options(rawValue: 0x8)
        static let between = Options(rawValue: 0x10)
        static let startUnboundedPreceding = Options(rawValue: 0x20)
        static let endUnboundedPreceding = Options(rawValue: 0x40)
        static let startUnboundedFollowing = Options(rawValue: 0x80)
        static let endUnboundedFollowing = Options(rawValue: 0x100)
        static let startCurrentRow = Options(rawValue: 0x200)
        static let endCurrentRow = Options(rawValue: 0x400)
        static let startPreceding = Options(rawValue: 0x800)
        static let endPreceding = Options(rawValue: 0x1000)
        static let startFollowing = Options(rawValue: 0x2000)
        static let endFollowing = Options(rawValue: 0x4000)
        static let excludeCurrentRow = Options(rawValue: 0x8000)
        static let excludeGroup = Options(rawValue: 0x10000)
        static let excludeTies = Options(rawValue: 0x20000)

        /// nil when no frame was written.
        func frame(start: Expression?, end: Expression?) throws(QueryError) -> WindowFrame? {
            guard contains(.nonDefault) else { return nil }
            let units: Units = contains(.rows) ? .rows : contains(.groups) ? .groups : .range
            let exclusion: Exclusion =
                contains(.excludeCurrentRow)
                ? .currentRow : contains(.excludeGroup) ? .group : contains(.excludeTies) ? .ties : .none
            return WindowFrame(
                units: units,
                start: try bound(
                    [
                        .startUnboundedPreceding, .startPreceding, .startCurrentRow, .startFollowing,
                        .startUnboundedFollowing,
                    ], start),
                end: try bound(
                    [.endUnboundedPreceding, .endPreceding, .endCurrentRow, .endFollowing, .endUnboundedFollowing], end),
                exclusion: exclusion)
        }

        /// - Parameter choices: from UNBOUNDED PRECEDING to UNBOUNDED FOLLOWING.
        private func bound(_ choices: [Options], _ offset: Expression?) throws(QueryError) -> Bound {
            if contains(choices[0]) { return .unboundedPreceding }
            if contains(choices[2]) { return .currentRow }
            if contains(choices[4]) { return .unboundedFollowing }
            if let offset, contains(choices[1]) { return .preceding(offset) }
            if let offset, contains(choices[3]) { return .following(offset) }
            throw QueryError(.internalError, "unexpected parse tree: frame options \(rawValue)")
        }
    }
}

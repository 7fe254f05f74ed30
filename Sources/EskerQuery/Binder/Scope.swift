import EskerFormat

/// What column names mean inside one SELECT: the tables of its FROM clause, side by side.
final class Scope {
    struct Column {
        var name: String
        var type: DataType
        var isHidden: Bool
    }

    struct Table {
        /// The alias, or the table's own name. Empty: no name reaches it (a sub-query without alias).
        var alias: String
        /// nil once there is an alias: then the schema does not name it any more.
        var schema: String?
        var columns: [Column]
        /// Place of the first column in the input.
        var offset: Int
    }

    private(set) var tables: [Table] = []
    /// The scope around a sub-query.
    let outer: Scope?

    init(outer: Scope? = nil) { self.outer = outer }

    func add(_ table: Table) { tables.append(table) }

    /// A column by name, as an expression over the input.
    func column(_ parts: [String], at location: Int) throws(QueryError) -> BoundExpression {
        let found: [(Int, Column)]
        switch parts.count {
        case 1: found = matches(parts[0], in: tables)
        case 2, 3:
            let qualifier = Array(parts.dropLast())
            let named = tables.filter { isNamed($0, qualifier) }
            if named.isEmpty {
                if let outer, outer.tables.contains(where: { isNamed($0, qualifier) }) { throw correlated(location) }
                throw QueryError(
                    .undefinedTable, "missing FROM-clause entry for table \"\(qualifier.last ?? "")\"", at: location)
            }
            found = matches(parts[parts.count - 1], in: named)
        default:
            throw QueryError(
                .featureNotSupported, "cross-database references are not implemented: \(parts.joined(separator: "."))",
                at: location)
        }
        guard let (place, column) = found.first else { throw undefined(parts, location) }
        if found.count > 1 {
            throw QueryError(
                .ambiguousColumn, "column reference \"\(parts.last ?? "")\" is ambiguous", at: location)
        }
        return BoundExpression(.column(place), type: column.type, location: location)
    }

    private func undefined(_ parts: [String], _ location: Int) -> QueryError {
        if parts.count == 1, let outer, !outer.matches(parts[0], in: outer.tables).isEmpty {
            return correlated(location)
        }
        let written = parts.count == 1 ? "\"\(parts[0])\"" : parts.joined(separator: ".")
        return QueryError(.undefinedColumn, "column \(written) does not exist", at: location)
    }

    private func correlated(_ location: Int) -> QueryError {
        .unsupported("a sub-query that refers to columns of the query around it", at: location)
    }

    private func matches(_ name: String, in tables: [Table]) -> [(Int, Column)] {
        tables.flatMap { table in
            table.columns.enumerated().filter { $0.element.name == name }.map { (table.offset + $0.offset, $0.element) }
        }
    }

    private func isNamed(_ table: Table, _ qualifier: [String]) -> Bool {
        guard table.alias == qualifier.last, !table.alias.isEmpty else { return false }
        return qualifier.count == 1 || table.schema == qualifier[0]
    }

    /// The columns of `*`, or of `t.*`.
    func expandStar(_ qualifier: [String], at location: Int) throws(QueryError) -> [(String, BoundExpression)] {
        let chosen = qualifier.isEmpty ? tables : tables.filter { isNamed($0, qualifier) }
        if chosen.isEmpty {
            if qualifier.isEmpty {
                throw QueryError(.syntaxError, "SELECT * with no tables specified is not valid", at: location)
            }
            throw QueryError(
                .undefinedTable, "missing FROM-clause entry for table \"\(qualifier.last ?? "")\"", at: location)
        }
        return chosen.flatMap { table in
            table.columns.enumerated().filter { !$0.element.isHidden }.map { index, column in
                let place = BoundExpression(.column(table.offset + index), type: column.type, location: location)
                return (column.name, place)
            }
        }
    }

    /// How an error names the column at a place of the input: `t.a`.
    func describe(_ place: Int) -> String {
        for table in tables where place >= table.offset && place < table.offset + table.columns.count {
            let name = table.columns[place - table.offset].name
            return table.alias.isEmpty ? name : "\(table.alias).\(name)"
        }
        return "?column?"
    }
}

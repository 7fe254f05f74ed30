import EskerFormat

/// Binds CREATE TABLE. A constraint that the store would not enforce is refused, never ignored.
struct TableBinder {
    let binder: Binder

    func bind(_ create: CreateTableStatement) throws -> TableDefinition {
        let name = create.name
        guard create.persistence == .permanent else {
            throw QueryError.unsupported(
                create.persistence == .temporary ? "a temporary table" : "an unlogged table", at: name.location)
        }
        if create.onCommit != .none { throw QueryError.unsupported("ON COMMIT", at: name.location) }
        if !create.ifNotExists, try binder.catalog.relation(schema: name.schema, name: name.name) != nil {
            throw QueryError(.duplicateTable, "relation \"\(name.name)\" already exists", at: name.location)
        }
        var table = TableDefinition(
            schema: name.schema, name: name.name, ifNotExists: create.ifNotExists, columns: [], primaryKey: [],
            partitionKey: [], options: create.options.map { BoundOption($0) })
        for column in create.columns { try add(column, to: &table) }
        for constraint in create.constraints { try apply(constraint, nil, to: &table) }
        table.partitionKey = try partitionKey(create.partition, table)
        for key in table.primaryKey {
            let place = try place(of: key, in: table, at: name.location)
            table.columns[place].isNullable = false
        }
        return table
    }

    private func add(_ column: ColumnDefinition, to table: inout TableDefinition) throws {
        if table.columns.contains(where: { $0.name == column.name }) {
            throw QueryError(
                .duplicateColumn, "column \"\(column.name)\" specified more than once", at: column.location)
        }
        if ["_partition", "_offset", "_arrived"].contains(column.name) {
            throw QueryError(
                .duplicateColumn, "column name \"\(column.name)\" conflicts with a system column name",
                at: column.location)
        }
        guard let type = column.type else {
            throw QueryError(.syntaxError, "column \"\(column.name)\" has no type", at: column.location)
        }
        if let collation = column.collation.last, collation != "C" && collation != "default" && collation != "POSIX" {
            throw QueryError.unsupported("collation \"\(collation)\"", at: column.location)
        }
        table.columns.append(
            TableDefinition.Column(name: column.name, type: try binder.type(type), isNullable: true))
        for constraint in column.constraints { try apply(constraint, column.name, to: &table) }
    }

    /// - Parameter column: the column that the constraint stands with; nil for one of the table.
    private func apply(_ constraint: TableConstraint, _ column: String?, to table: inout TableDefinition) throws {
        let location = constraint.location
        switch constraint.kind {
        case .null: break
        case .notNull:
            guard let column else { break }
            table.columns[try place(of: column, in: table, at: location)].isNullable = false
        case .primaryKey(let columns, let details):
            if !table.primaryKey.isEmpty {
                throw QueryError(
                    .invalidTableDefinition, "multiple primary keys for table \"\(table.name)\" are not allowed",
                    at: location)
            }
            if !details.including.isEmpty { throw QueryError.unsupported("INCLUDE", at: location) }
            if !details.options.isEmpty { throw QueryError.unsupported("options of a key", at: location) }
            table.primaryKey = columns.isEmpty ? column.map { [$0] } ?? [] : columns
        case .defaultValue: throw QueryError.unsupported("DEFAULT", at: location)
        case .check: throw QueryError.unsupported("CHECK", at: location)
        case .unique: throw QueryError.unsupported("UNIQUE", at: location)
        case .foreignKey: throw QueryError.unsupported("a foreign key", at: location)
        case .generated: throw QueryError.unsupported("a generated column", at: location)
        case .identity: throw QueryError.unsupported("an identity column", at: location)
        case .deferrable, .notDeferrable, .initiallyDeferred, .initiallyImmediate:
            throw QueryError.unsupported("a deferrable constraint", at: location)
        }
    }

    private func partitionKey(
        _ partition: PartitionSpecification?, _ table: TableDefinition
    ) throws(QueryError) -> [String] {
        guard let partition else { return [] }
        guard partition.strategy == "hash" else {
            throw QueryError.unsupported("PARTITION BY \(partition.strategy.uppercased())", at: partition.location)
        }
        var names: [String] = []
        for key in partition.keys {
            guard case .column(let name, let location) = key else {
                throw QueryError.unsupported("an expression as partition key", at: partition.location)
            }
            _ = try place(of: name, in: table, at: location)
            names.append(name)
        }
        if !table.primaryKey.isEmpty, let outside = names.first(where: { !table.primaryKey.contains($0) }) {
            throw QueryError(
                .featureNotSupported, "unique constraint on partitioned table must include all partitioning columns",
                at: partition.location,
                detail: "PRIMARY KEY constraint on table \"\(table.name)\" lacks column \"\(outside)\" "
                    + "which is part of the partition key.")
        }
        return names
    }

    private func place(of column: String, in table: TableDefinition, at location: Int) throws(QueryError) -> Int {
        guard let place = table.columns.firstIndex(where: { $0.name == column }) else {
            throw QueryError(
                .undefinedColumn, "column \"\(column)\" named in key does not exist", at: location)
        }
        return place
    }
}

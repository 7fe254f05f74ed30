// CREATE, ALTER, DROP and their parts.

package enum Persistence: Sendable, Equatable { case permanent, temporary, unlogged }

package struct CreateTableStatement: Sendable, Equatable {
    package enum OnCommit: Sendable, Equatable { case none, preserveRows, deleteRows, drop }
    package var name: TableName
    package var persistence: Persistence = .permanent
    package var ifNotExists = false
    package var columns: [ColumnDefinition] = []
    /// Constraints of the table as a whole; those of one column stand with it.
    package var constraints: [TableConstraint] = []
    package var partition: PartitionSpecification?
    package var options: [StatementOption] = []
    package var onCommit: OnCommit = .none
}

package struct ColumnDefinition: Sendable, Equatable {
    package var name: String
    /// nil only where a column is named without a type.
    package var type: TypeName?
    package var collation: [String] = []
    package var constraints: [TableConstraint] = []
    package var location: Int
}

/// A constraint of a column or of a table.
package struct TableConstraint: Sendable, Equatable {
    package indirect enum Kind: Sendable, Equatable {
        case null
        case notNull
        case defaultValue(Expression)
        case check(Expression, noInherit: Bool)
        /// No columns when it stands with its column.
        case primaryKey([String], IndexDetails)
        case unique([String], nullsNotDistinct: Bool, IndexDetails)
        case foreignKey(ForeignKey)
        case generated(Expression)
        case identity(always: Bool, options: [StatementOption])
        case deferrable, notDeferrable, initiallyDeferred, initiallyImmediate
    }
    /// INCLUDE and WITH of the index behind a key.
    package struct IndexDetails: Sendable, Equatable {
        package var including: [String] = []
        package var options: [StatementOption] = []
    }
    package struct ForeignKey: Sendable, Equatable {
        package enum Match: Sendable, Equatable { case simple, full, partial }
        package enum Action: Sendable, Equatable { case noAction, restrict, cascade, setNull, setDefault }
        package var columns: [String] = []
        package var table: TableName
        package var referencedColumns: [String] = []
        package var match: Match = .simple
        package var onUpdate: Action = .noAction
        package var onDelete: Action = .noAction
        /// From `ON DELETE SET NULL (a, b)`.
        package var onDeleteColumns: [String] = []
    }
    package var name: String?
    package var kind: Kind
    package var isDeferrable = false
    package var isInitiallyDeferred = false
    /// NOT VALID.
    package var isNotValidated = false
    package var location: Int
}

package struct PartitionSpecification: Sendable, Equatable {
    package enum Key: Sendable, Equatable {
        case column(String, location: Int)
        case expression(Expression)
    }
    /// As written, in lower case: `hash`, `list`, `range`, or any other word.
    package var strategy: String
    package var keys: [Key]
    package var location: Int
}

/// `name = value` of WITH (…), COPY, EXPLAIN, SET TRANSACTION and the like.
package struct StatementOption: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
        case string(String)
        /// An unquoted word: `true`, `csv`, `event`.
        case word(String)
        case integer(Int32)
        /// As written: with a point, an exponent, or beyond `Int32`.
        case decimal(String)
        case type(TypeName)
        /// `*`.
        case star
        case list([Value])
        /// An operator or another thing with several parts.
        case name([String])
    }
    /// `toast.autovacuum_enabled` has namespace `toast`.
    package var namespace: String?
    package var name: String
    package var value: Value?
    package var location: Int

    /// The value as text when it is a plain one: `'a'`, `a`, `1`, `1.5`; nil for lists, types and `*`.
    package var text: String? {
        switch value {
        case .string(let text), .word(let text), .decimal(let text): text
        case .integer(let number): String(number)
        case .type, .star, .list, .name, nil: nil
        }
    }
}

/// CREATE TABLE AS, SELECT INTO and CREATE MATERIALIZED VIEW.
package struct CreateTableAsStatement: Sendable, Equatable {
    package enum Kind: Sendable, Equatable { case table, selectInto, materializedView }
    package var kind: Kind
    package var name: TableName
    package var columns: [String] = []
    package var persistence: Persistence = .permanent
    package var ifNotExists = false
    package var options: [StatementOption] = []
    package var onCommit: CreateTableStatement.OnCommit = .none
    package var query: SelectStatement
    /// Not WITH NO DATA.
    package var withData = true
}

package struct CreateViewStatement: Sendable, Equatable {
    package enum CheckOption: Sendable, Equatable { case none, local, cascaded }
    package var name: TableName
    package var columns: [String] = []
    package var persistence: Persistence = .permanent
    package var orReplace = false
    package var options: [StatementOption] = []
    package var query: SelectStatement
    package var checkOption: CheckOption = .none
}

package struct CreateIndexStatement: Sendable, Equatable {
    package var name: String?
    package var table: TableName
    package var only = false
    /// `btree` when not said.
    package var method: String
    package var elements: [IndexElement]
    package var including: [IndexElement] = []
    package var options: [StatementOption] = []
    package var filter: Expression?
    package var isUnique = false
    package var nullsNotDistinct = false
    package var concurrently = false
    package var ifNotExists = false
}

package struct IndexElement: Sendable, Equatable {
    package enum Subject: Sendable, Equatable {
        case column(String)
        case expression(Expression)
    }
    package var subject: Subject
    package var collation: [String] = []
    package var operatorClass: [String] = []
    package var operatorClassOptions: [StatementOption] = []
    package var isDescending = false
    package var nulls: OrderBy.Nulls?
}

package enum ObjectKind: Sendable, Equatable {
    case table, view, materializedView, index, sequence, schema
    /// Any other, by its SQL words: `FUNCTION`.
    case other(String)
}

package struct AlterTableStatement: Sendable, Equatable {
    package indirect enum Command: Sendable, Equatable {
        case addColumn(ColumnDefinition, ifNotExists: Bool)
        case dropColumn(String, ifExists: Bool, cascade: Bool)
        /// nil: DROP DEFAULT.
        case setDefault(column: String, Expression?)
        case setNotNull(column: String)
        case dropNotNull(column: String)
        case setType(column: String, TypeName, collation: [String], using: Expression?)
        case addConstraint(TableConstraint)
        case dropConstraint(String, ifExists: Bool, cascade: Bool)
        /// SET (name = value, …).
        case setOptions([StatementOption])
        /// RESET (name, …).
        case resetOptions([StatementOption])
    }
    /// What the statement called it: ALTER TABLE, ALTER VIEW …
    package var kind: ObjectKind
    package var name: TableName
    package var only = false
    package var ifExists = false
    package var commands: [Command]
}

package struct RenameStatement: Sendable, Equatable {
    package enum Subject: Sendable, Equatable {
        /// The table, view or index itself.
        case relation
        case column(String)
        case constraint(String)
    }
    package var kind: ObjectKind
    package var name: TableName
    package var only = false
    package var subject: Subject
    package var newName: String
    package var ifExists = false
}

package struct DropStatement: Sendable, Equatable {
    package var kind: ObjectKind
    /// One array of name parts an object.
    package var names: [[String]]
    package var ifExists = false
    package var cascade = false
    package var concurrently = false
}

package struct TruncateStatement: Sendable, Equatable {
    package struct Table: Sendable, Equatable {
        package var name: TableName
        package var only: Bool
    }
    package var tables: [Table]
    package var restartIdentity = false
    package var cascade = false
}

package struct RefreshStatement: Sendable, Equatable {
    package var name: TableName
    package var concurrently = false
    package var withData = true
}

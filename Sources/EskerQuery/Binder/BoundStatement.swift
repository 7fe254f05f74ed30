package import EskerFormat

/// A statement with names and types settled, ready to be carried out.
///
/// The engine runs ``select``; everything that changes the store or the session is carried out by whoever owns them.
package indirect enum BoundStatement: Sendable {
    case select(LogicalPlan)
    case insert(BoundInsert)
    case createTable(TableDefinition)
    case dropTable(DropRequest)
    case createView(CreateViewRequest)
    case dropView(DropRequest)
    case explain(BoundExplain)
    case set(SettingChange)
    /// `all` for SHOW ALL.
    case show(name: String)
    case transaction(TransactionStatement)
}

/// Rows for a table.
package struct BoundInsert: Sendable {
    package var schema: String?
    package var table: any TableSource
    /// Places of the visible columns that `source` gives, one a column, in its order: every visible column of the
    /// table, those not named in the statement as NULL.
    package var columns: [Int]
    package var source: LogicalPlan
    /// What happens to a row whose key is there already; nil: an error.
    package var ignoresConflicts: Bool
}

package struct TableDefinition: Sendable {
    package struct Column: Sendable, Equatable {
        package var name: String
        package var type: DataType
        package var isNullable: Bool
    }

    package var schema: String?
    package var name: String
    package var ifNotExists: Bool
    package var columns: [Column]
    /// Empty: no key.
    package var primaryKey: [String]
    /// From PARTITION BY HASH; empty: none was written.
    package var partitionKey: [String]
    package var options: [BoundOption]
}

/// `name = value` of WITH (…), as text.
package struct BoundOption: Sendable, Equatable {
    package var name: String
    /// nil: written without a value, which means true.
    package var value: String?
    /// Byte offset in the statement.
    package var location: Int
}

package struct DropRequest: Sendable {
    package struct Name: Sendable, Equatable {
        package var schema: String?
        package var name: String
    }
    /// Those that exist; with IF EXISTS the others are in `missing`.
    package var names: [Name]
    package var missing: [Name]
    package var cascade: Bool
}

package struct CreateViewRequest: Sendable {
    package var view: ViewDefinition
    package var orReplace: Bool
    /// The types of the view's columns.
    package var types: [DataType]
    /// All options, the window's among them.
    package var options: [BoundOption]
}

package struct BoundExplain: Sendable {
    package var statement: BoundStatement
    /// `text`.
    package var format: String

    /// The lines to show; nil for statements without a plan.
    package var lines: [String]? {
        switch statement {
        case .select(let plan): PlanText.lines(plan)
        case .insert(let insert):
            ["Insert on \(insert.table.name)"] + PlanText.lines(insert.source).map { "  " + $0 }
        default: nil
        }
    }
}

package struct SettingChange: Sendable, Equatable {
    package var name: String
    /// nil: back to the default; for the name `all` every setting.
    package var value: String?
    package var isLocal: Bool
}

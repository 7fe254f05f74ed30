/// One item of a FROM clause.
package indirect enum TableReference: Sendable, Equatable {
    /// `only`: written with ONLY, which leaves out inheriting tables.
    case table(TableName, only: Bool, alias: TableAlias?)
    case subquery(SelectStatement, isLateral: Bool, alias: TableAlias?)
    case function(TableFunction)
    case join(Join)
}

/// A possibly qualified name of a table, view or index.
package struct TableName: Sendable, Equatable {
    package var catalog: String?
    package var schema: String?
    package var name: String
    /// Byte offset in the text; -1 when unknown.
    package var location: Int
}

package struct TableAlias: Sendable, Equatable {
    package var name: String
    package var columns: [String] = []
}

/// `f(…)`, `ROWS FROM (f(…), g(…))`, each possibly WITH ORDINALITY.
package struct TableFunction: Sendable, Equatable {
    package struct Item: Sendable, Equatable {
        /// Usually a ``FunctionCall``; PostgreSQL also allows `CURRENT_DATE`, `COALESCE (…)` and the like here.
        package var call: Expression
        /// From `AS (a int, b text)`.
        package var columns: [ColumnDefinition] = []
    }
    package var items: [Item]
    package var isRowsFrom = false
    package var withOrdinality = false
    package var isLateral = false
    package var alias: TableAlias?
}

package struct Join: Sendable, Equatable {
    package enum Kind: Sendable, Equatable { case inner, left, right, full }
    package enum Condition: Sendable, Equatable {
        /// CROSS JOIN.
        case none
        case natural
        /// `alias` from `USING (a) AS u`.
        case using([String], alias: TableAlias?)
        case on(Expression)
    }
    package var kind: Kind
    package var left: TableReference
    package var right: TableReference
    package var condition: Condition
    /// From `(a JOIN b …) AS j`.
    package var alias: TableAlias?
}

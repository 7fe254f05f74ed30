/// A query: SELECT, VALUES or a set operation, with what stands around it.
package struct SelectStatement: Sendable, Equatable {
    package indirect enum Body: Sendable, Equatable {
        case select(SelectCore)
        /// One array a row.
        case values([[Expression]])
        case setOperation(SetOperation)
    }
    package var with: WithClause?
    package var body: Body
    package var orderBy: [OrderBy] = []
    package var limit: Limit?
    package var offset: Expression?
    package var locking: [LockingClause] = []
}

/// `SELECT … FROM … WHERE … GROUP BY … HAVING … WINDOW …`.
package struct SelectCore: Sendable, Equatable {
    package var distinct: Distinct = .all
    package var targets: [Target] = []
    /// Comma-separated items; more than one means a cross join.
    package var from: [TableReference] = []
    package var filter: Expression?
    package var groupBy: [GroupingElement] = []
    /// `GROUP BY DISTINCT`.
    package var isGroupingDistinct = false
    package var having: Expression?
    package var windows: [WindowSpecification] = []
}

package enum Distinct: Sendable, Equatable {
    /// No DISTINCT.
    case all
    case distinct
    /// `DISTINCT ON (…)`.
    case on([Expression])
}

/// One item of a SELECT or RETURNING list.
package struct Target: Sendable, Equatable {
    package var value: Expression
    /// The name after AS (or without AS); nil when none was written.
    package var alias: String?
    package var location: Int
}

package struct SetOperation: Sendable, Equatable {
    package enum Kind: Sendable, Equatable { case union, intersect, except }
    package var kind: Kind
    /// UNION ALL and so on.
    package var keepsDuplicates: Bool
    package var left: SelectStatement
    package var right: SelectStatement
}

package struct Limit: Sendable, Equatable {
    /// The constant NULL for LIMIT ALL.
    package var count: Expression
    /// `FETCH FIRST n ROWS WITH TIES`.
    package var withTies: Bool
}

package struct OrderBy: Sendable, Equatable {
    package enum Direction: Sendable, Equatable { case ascending, descending, using(OperatorName) }
    package enum Nulls: Sendable, Equatable { case first, last }
    package var value: Expression
    package var direction: Direction = .ascending
    /// nil: last when ascending, first when descending.
    package var nulls: Nulls?
    package var location: Int
}

package indirect enum GroupingElement: Sendable, Equatable {
    case expression(Expression)
    /// `()`.
    case empty(location: Int)
    /// `ROLLUP (a, (b, c))`: a row expression is a group of columns.
    case rollup([Expression], location: Int)
    case cube([Expression], location: Int)
    case sets([GroupingElement], location: Int)
}

/// A window of OVER (…) or of the WINDOW clause.
package struct WindowSpecification: Sendable, Equatable {
    /// The name it is given in the WINDOW clause.
    package var name: String?
    /// The window it is based on: `OVER (w ORDER BY …)`.
    package var base: String?
    package var partitionBy: [Expression] = []
    package var orderBy: [OrderBy] = []
    /// nil when none was written.
    package var frame: WindowFrame?
    package var location: Int
}

package struct WindowFrame: Sendable, Equatable {
    package enum Units: Sendable, Equatable { case rows, range, groups }
    package enum Exclusion: Sendable, Equatable { case none, currentRow, group, ties }
    package enum Bound: Sendable, Equatable {
        case unboundedPreceding
        case preceding(Expression)
        case currentRow
        case following(Expression)
        case unboundedFollowing
    }
    package var units: Units
    package var start: Bound
    /// CURRENT ROW when only a start was written.
    package var end: Bound
    package var exclusion: Exclusion = .none
}

package struct WithClause: Sendable, Equatable {
    package var isRecursive: Bool
    package var tables: [CommonTableExpression]
    package var location: Int
}

package struct CommonTableExpression: Sendable, Equatable {
    package var name: String
    package var columns: [String] = []
    /// AS MATERIALIZED, AS NOT MATERIALIZED; nil when not said.
    package var isMaterialized: Bool?
    /// SELECT, INSERT, UPDATE or DELETE.
    package var statement: Statement
    package var location: Int
}

/// FOR UPDATE and its kin.
package struct LockingClause: Sendable, Equatable {
    package enum Strength: Sendable, Equatable { case keyShare, share, noKeyUpdate, update }
    package enum Wait: Sendable, Equatable { case block, skipLocked, noWait }
    package var strength: Strength
    /// From FOR UPDATE OF; empty for all tables.
    package var tables: [TableName] = []
    package var wait: Wait = .block
}

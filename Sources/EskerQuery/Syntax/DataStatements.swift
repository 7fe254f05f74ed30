// INSERT, UPDATE, DELETE and COPY.

package struct InsertStatement: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        case defaultValues
        /// SELECT or VALUES; a value may be ``Expression/Kind/defaultValue``.
        case query(SelectStatement)
    }
    package enum Overriding: Sendable, Equatable { case none, userValue, systemValue }
    package var with: WithClause?
    package var table: TableName
    package var alias: String?
    /// Empty when no column list was written.
    package var columns: [AssignmentTarget] = []
    package var source: Source
    package var overriding: Overriding = .none
    package var onConflict: OnConflict?
    package var returning: [Target] = []
}

package struct OnConflict: Sendable, Equatable {
    package enum Action: Sendable, Equatable {
        case nothing
        case update([Assignment], filter: Expression?)
    }
    package enum Arbiter: Sendable, Equatable {
        case columns([IndexElement], filter: Expression?)
        case constraint(String)
    }
    /// nil when no conflict target was written.
    package var arbiter: Arbiter?
    package var action: Action
    package var location: Int
}

package struct UpdateStatement: Sendable, Equatable {
    package var with: WithClause?
    package var table: TableName
    package var only: Bool
    package var alias: TableAlias?
    package var assignments: [Assignment]
    package var from: [TableReference] = []
    package var filter: Expression?
    package var returning: [Target] = []
}

package struct DeleteStatement: Sendable, Equatable {
    package var with: WithClause?
    package var table: TableName
    package var only: Bool
    package var alias: TableAlias?
    package var using: [TableReference] = []
    package var filter: Expression?
    package var returning: [Target] = []
}

/// `a = 1`, or `(a, b) = (1, 2)` / `(a, b) = (SELECT …)` with several targets and one row value.
package struct Assignment: Sendable, Equatable {
    package var targets: [AssignmentTarget]
    package var value: Expression
    package var location: Int
}

/// A column, or with indirection a part of it: `a[1]`, `a.x`.
package struct AssignmentTarget: Sendable, Equatable {
    package var column: String
    package var indirection: [Indirection] = []
    package var location: Int
}

package struct CopyStatement: Sendable, Equatable {
    package enum Subject: Sendable, Equatable {
        /// Empty columns: all.
        case table(TableName, columns: [String])
        /// SELECT, VALUES, or INSERT/UPDATE/DELETE with RETURNING.
        case query(Statement)
    }
    package enum Direction: Sendable, Equatable { case from, to }
    package enum Channel: Sendable, Equatable {
        /// STDIN or STDOUT.
        case standard
        case file(String)
        case program(String)
    }
    package var subject: Subject
    package var direction: Direction
    package var channel: Channel
    /// Both spellings, `WITH (FORMAT csv)` and `CSV`, arrive alike.
    package var options: [StatementOption] = []
    package var filter: Expression?
}

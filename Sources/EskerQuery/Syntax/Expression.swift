/// A value expression as the user wrote it, before names and types are resolved.
///
/// AND and OR are flat lists; every other operator nests, so the depth of a tree is bounded by the limits of
/// ``StatementScan`` and not by this type: walk deep trees on a large stack (``LargeStack``).
package struct Expression: Sendable, Equatable {
    package var kind: Kind
    /// Byte offset in the statement's text of the token PostgreSQL blames; -1 when unknown.
    package var location: Int

    package indirect enum Kind: Sendable, Equatable {
        case constant(Constant)
        /// `$1` is 1.
        case parameter(Int)
        /// `a`, `t.a`, `s.t.a`: one name a part; may also turn out to be a whole row.
        case column([String])
        /// `*` or `t.*`; only in target lists, `count(*)` is a ``FunctionCall`` with `isStar`.
        case star(qualifier: [String])
        case and([Expression])
        case or([Expression])
        case not(Expression)
        case unary(OperatorName, Expression)
        case binary(OperatorName, Expression, Expression)
        case isNull(Expression, negated: Bool)
        case booleanTest(Expression, BooleanTest, negated: Bool)
        /// `IS DISTINCT FROM`; negated: `IS NOT DISTINCT FROM`.
        case distinctFrom(Expression, Expression, negated: Bool)
        case between(Expression, low: Expression, high: Expression, symmetric: Bool, negated: Bool)
        case inList(Expression, [Expression], negated: Bool)
        case match(PatternMatch)
        case nullIf(Expression, Expression)
        /// `value op ANY (array)`, `value op ALL (array)`; the sub-query forms are ``Subquery``.
        case quantified(Expression, OperatorName, Quantifier, array: Expression)
        case subquery(Subquery)
        case caseWhen(CaseExpression)
        case cast(Expression, TypeName)
        case collate(Expression, collation: [String])
        case function(FunctionCall)
        case coalesce([Expression])
        case greatest([Expression])
        case least([Expression])
        case sqlValue(SQLValue)
        case array([Expression])
        /// `isExplicit`: written with the word ROW.
        case row([Expression], isExplicit: Bool)
        /// Subscripts and field selections, applied left to right.
        case indirection(Expression, [Indirection])
        /// `GROUPING(a, b)`.
        case grouping([Expression])
        /// The word DEFAULT as a value of INSERT or UPDATE.
        case defaultValue
        /// `WHERE CURRENT OF cursor`.
        case currentOf(cursor: String)
    }
}

package enum Constant: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int32)
    /// The digits as written, perhaps after a sign: anything with a point or an exponent, and what `Int32` does not hold.
    case numeric(String)
    case string(String)
    /// `b` or `x`, then the digits: `b101`, `x1f`.
    case bitString(String)
}

package struct OperatorName: Sendable, Equatable {
    /// From `OPERATOR(schema.+)`.
    package var schema: String?
    /// `!=` is already `<>`.
    package var name: String
}

package enum BooleanTest: Sendable, Equatable {
    case isTrue, isFalse, isUnknown
}

package enum Quantifier: Sendable, Equatable {
    /// ANY or SOME.
    case any
    case all
}

/// LIKE, ILIKE and SIMILAR TO, with or without NOT and ESCAPE.
package struct PatternMatch: Sendable, Equatable {
    package enum Syntax: Sendable, Equatable { case like, caseInsensitiveLike, similar }
    package var syntax: Syntax
    package var value: Expression
    package var pattern: Expression
    package var escape: Expression?
    package var negated: Bool
}

/// A query used as a value or a condition.
package struct Subquery: Sendable, Equatable {
    package enum Use: Sendable, Equatable {
        case scalar
        case exists
        /// `ARRAY(SELECT …)`.
        case array
        /// `value op ANY (SELECT …)`; `value IN (SELECT …)` comes as operator nil and means `=`.
        case quantified(Expression, OperatorName?, Quantifier)
    }
    package var use: Use
    package var query: SelectStatement
}

package struct CaseExpression: Sendable, Equatable {
    package struct Branch: Sendable, Equatable {
        /// A condition, or with an operand the value it is compared to.
        package var when: Expression
        package var then: Expression
        package var location: Int
    }
    package var operand: Expression?
    package var branches: [Branch]
    package var otherwise: Expression?
}

/// A call as written, including aggregates, window functions and the calls behind SQL's special syntax.
///
/// `EXTRACT`, `OVERLAY`, `POSITION`, `SUBSTRING … FROM`, `TRIM` and `AT TIME ZONE` arrive as calls of
/// `pg_catalog.extract`, `overlay`, `position`, `substring`, `btrim`/`ltrim`/`rtrim` and `timezone` (zone first).
package struct FunctionCall: Sendable, Equatable {
    package struct Argument: Sendable, Equatable {
        /// From `name => value`.
        package var name: String?
        package var value: Expression
        package var location: Int
    }
    package enum Over: Sendable, Equatable {
        /// `OVER name`.
        case named(String, location: Int)
        /// `OVER (…)`.
        case inline(WindowSpecification)
    }
    /// One name a part: `count`, `pg_catalog.count`.
    package var name: [String]
    package var arguments: [Argument] = []
    /// `count(*)`.
    package var isStar = false
    package var isDistinct = false
    /// The last argument is an array to spread.
    package var isVariadic = false
    /// ORDER BY inside the parentheses, or the one of WITHIN GROUP.
    package var orderBy: [OrderBy] = []
    package var isWithinGroup = false
    package var filter: Expression?
    package var over: Over?
    /// Written with SQL's special syntax, so that the result column is named after it.
    package var isSQLSyntax = false
}

/// CURRENT_DATE and its kin: functions without parentheses.
package struct SQLValue: Sendable, Equatable {
    package enum Name: String, Sendable, Equatable {
        case currentDate = "current_date"
        case currentTime = "current_time"
        case currentTimestamp = "current_timestamp"
        case localTime = "localtime"
        case localTimestamp = "localtimestamp"
        case currentRole = "current_role"
        case currentUser = "current_user"
        case user
        case sessionUser = "session_user"
        case currentCatalog = "current_catalog"
        case currentSchema = "current_schema"
    }
    package var name: Name
    /// Digits of seconds, from `CURRENT_TIMESTAMP(3)`.
    package var precision: Int?
}

package enum Indirection: Sendable, Equatable {
    case field(String)
    /// `(row).*`.
    case allFields
    case index(Expression)
    /// `[lower:upper]`; a bound that was not written is nil.
    case slice(lower: Expression?, upper: Expression?)
}

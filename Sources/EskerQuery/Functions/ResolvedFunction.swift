package import EskerFormat

/// What a function's result may depend on besides its arguments.
package enum Volatility: Sendable {
    /// Nothing: the planner may compute it once for constant arguments.
    case immutable
    /// The session and the transaction: the same within one statement.
    case stable
    /// Every call may give another result.
    case volatile
}

/// What a statement's functions may ask for.
package struct EvaluationContext: Sendable {
    /// Start of the transaction, microseconds since 1970-01-01 UTC: `now()`.
    package let now: Int64
    /// The session's time zone.
    package let timeZone: Zone
    /// What functions gave for the entries of dictionaries, so far in this statement.
    let entryResults = EntryResults()

    package init(now: Int64, timeZone: Zone = .utc) {
        self.now = now
        self.timeZone = timeZone
    }

    /// What text forms of times depend on.
    var settings: TextSettings { TextSettings(zone: timeZone, now: now) }
}

/// A function, operator or cast chosen for given argument types.
package struct ResolvedFunction: Sendable {
    /// Its name in PostgreSQL: `lower`, `+`, `int8`.
    package let name: String
    /// What the caller has to convert the arguments to, with implicit casts (an unknown literal by its input function).
    package let argumentTypes: [DataType]
    /// The type of the result.
    package let resultType: DataType
    /// Whether an argument without a value makes the result one without a value.
    package let isStrict: Bool
    /// What the result depends on.
    package let volatility: Volatility
    /// Set when this compares two values of one type: filters may then use ``ComparisonOperator`` selections directly.
    package let comparison: ComparisonOperator?
    /// Computes one vector: columns of `count` rows, of ``argumentTypes``, in any encoding. The result has `count`
    /// rows, and is a constant or dictionary when that was cheaper.
    package let evaluate: @Sendable ([Column], Int, EvaluationContext) throws(QueryError) -> Column
}

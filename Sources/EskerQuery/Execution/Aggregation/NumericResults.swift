import EskerFormat

/// Exact results of integer aggregates as `numeric`.
enum NumericResults {
    /// Appends a sum, or with a count the average.
    static func append(sum: Int128, count: Int64?, to builder: ColumnBuilder) throws {
        throw QueryError.unsupported("numeric")
    }
}

/// Choices of an ``ArrowStreamWriter``.
public struct ArrowOptions: Sendable, Hashable {
    /// Text columns that are written with a dictionary, by name. Every record batch brings the dictionary of its rows in
    /// place of the one before, which pyarrow, polars and DuckDB were seen to read.
    ///
    /// Columns of few distinct values take less room so and load as categories, as which some functions for text refuse
    /// them. None by default: then the type of a column follows from its type in the store alone. Names of no text column
    /// are passed over.
    public var dictionaries: Set<String> = []

    /// The default choices.
    public init() {}
}

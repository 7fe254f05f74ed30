/// How much a reader of text takes at once. Every limit is a bound on memory that a broken or hostile text cannot pass.
public struct ReadingLimits: Hashable, Sendable {
    /// Rows and rejects in one stretch: 10,000 make a block worth compressing and stay in a second-level cache.
    public var rowsPerBatch = 10_000
    /// Bytes of values after which a stretch ends early.
    public var bytesPerBatch = 64 << 20
    /// Bytes in one field; a longer one is a reject.
    public var longestField = 16 << 20
    /// Bytes in one row; a longer one is a reject, and so is a quote that is not closed within as many.
    public var longestRow = 64 << 20

    /// The defaults.
    public init() {}

    /// Traps are for programmers: what a user can set is checked here.
    func check() throws(IngestError) {
        guard rowsPerBatch > 0, bytesPerBatch > 0, longestField > 0, longestRow > 0 else {
            throw IngestError(.options, "limits of a reader must be greater than 0")
        }
        // Positions in the text and in a column are 31-bit numbers.
        guard bytesPerBatch <= 512 << 20, longestRow <= 512 << 20, rowsPerBatch <= 1 << 24 else {
            throw IngestError(.options, "a batch or a row of text has at most 512 MiB, a batch at most 16,777,216 rows")
        }
    }
}

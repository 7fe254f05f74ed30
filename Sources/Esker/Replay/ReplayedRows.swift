public import EskerFormat

/// Rows of one partition that follow each other, as a replay hands them out.
public struct ReplayedRows: Sendable {
    /// The partition.
    public let partition: Int
    /// The offset of each row.
    public let offsets: OffsetRun
    /// When each row was taken in, µs since 1970; one value when all arrived together.
    public let arrivals: ArrivalRun
    /// The rows.
    public let batch: Batch

    /// Offsets of rows: dense, or listed where compaction has left gaps.
    public enum OffsetRun: Sendable, Hashable {
        /// Row `i` has offset `first + i`.
        case dense(first: Int64)
        /// The offset of each row.
        case listed([Int64])

        /// The offset of a row.
        public subscript(row: Int) -> Int64 {
            switch self {
            case .dense(let first): first + Int64(row)
            case .listed(let offsets): offsets[row]
            }
        }
    }

    /// Arrival times of rows.
    public enum ArrivalRun: Sendable, Hashable {
        /// All rows arrived at once.
        case single(Int64)
        /// The time of each row.
        case listed([Int64])

        /// The arrival time of a row.
        public subscript(row: Int) -> Int64 {
            switch self {
            case .single(let time): time
            case .listed(let times): times[row]
            }
        }
    }
}

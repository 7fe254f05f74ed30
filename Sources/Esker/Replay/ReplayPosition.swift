/// A place in a stream to begin or end reading at.
public enum ReplayPosition: Sendable, Hashable {
    /// The oldest row that is kept.
    case earliest
    /// After the newest row.
    case latest
    /// An offset for each partition.
    case offsets([Int64])
    /// The first row whose time is not before this, µs since 1970.
    case time(Int64, ReplayTime)
}

/// Which time of a row counts.
public enum ReplayTime: Sendable, Hashable {
    /// When the store took the row in.
    case arrival
    /// The row's event time; its arrival time in streams without a column for it.
    case event
}

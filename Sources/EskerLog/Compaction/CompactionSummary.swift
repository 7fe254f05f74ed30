/// What a compaction has made of the sealed rows of each stream.
public struct CompactionSummary: Hashable, Sendable {
    /// How much room sealed rows take.
    public struct Size: Hashable, Sendable {
        /// Segment files.
        public var files = 0
        /// Their length together.
        public var bytes: Int64 = 0
        /// Rows in them.
        public var rows: Int64 = 0

        /// Nothing.
        public init() {}
    }

    /// One stream before and after.
    public struct Stream: Hashable, Sendable {
        /// The stream's name.
        public let name: String
        /// Its segments before.
        public let before: Size
        /// Its segments after.
        public let after: Size
    }

    /// The streams that were compacted, by name.
    public let streams: [Stream]

    /// All streams together, before.
    public var before: Size { Self.sum(streams.map(\.before)) }

    /// All streams together, after.
    public var after: Size { Self.sum(streams.map(\.after)) }

    private static func sum(_ sizes: [Size]) -> Size {
        sizes.reduce(into: Size()) { total, size in
            total.files += size.files
            total.bytes += size.bytes
            total.rows += size.rows
        }
    }
}

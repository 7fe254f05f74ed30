package import EskerFormat

/// A sealed segment, from its own bytes.
package struct SegmentReport: Sendable {
    package let path: String
    package let fileLength: Int
    package var id: UInt64?
    package var store: StoreID?
    package var stream: UInt32?
    package var streamName: String?
    package var partition: UInt32?
    /// Time of sealing, or of the last compaction, µs.
    package var sealedAt: Int64?
    /// `standard` or `compact`.
    package var tier: String?
    package var rowCount: Int64 = 0
    package var logicalByteCount: Int64 = 0
    package var baseOffset: Int64 = 0
    package var endOffset: Int64 = 0
    package var firstSequence: Int64 = 0
    package var endSequence: Int64 = 0
    package var arrivals = TimeRange()
    package var eventTimes = TimeRange()
    package var blockCount = 0
    package var producerCount = 0
    /// The blocks, when asked for.
    package var blocks: [BlockReport] = []
    /// The columns over all blocks, when asked for.
    package var columns: [ColumnReport] = []
    /// What the columns take, when asked for.
    package var costs: [ColumnCost] = []
    /// What the blocks share, when columns are asked for.
    package var pools: [PoolReport] = []
    /// What is wrong with the file, as far as reading its directory shows; `verify` looks closer.
    package var problems: [String] = []

    init(path: String, fileLength: Int) {
        self.path = path
        self.fileLength = fileLength
    }

    package var bytesPerRow: Double? { rowCount == 0 ? nil : Double(fileLength) / Double(rowCount) }
}

/// A journal file, from its own bytes.
package struct JournalReport: Sendable {
    /// How the log of the file ends.
    package enum Ending: String, Sendable {
        /// After the last commit stands nothing; whether that commit was durable is not written down.
        case clean
        /// The last commit says that all before it is durable: the store went idle or was closed.
        case mark
        /// A commit was being written when power or process went.
        case torn
        /// A durable commit is damaged.
        case corrupt
        /// A commit of a newer version of Esker follows.
        case newer
    }

    package let path: String
    package let fileLength: Int
    package var number: UInt64?
    package var store: StoreID?
    package var epoch: UInt64?
    package var begunAt: Int64?
    package var firstCommit: UInt64?
    /// The last whole commit; `nil` when there is none.
    package var lastCommit: UInt64?
    package var commitCount = 0
    package var blockCount = 0
    package var rowCount: Int64 = 0
    /// Bytes from the start of the file to the end of its log.
    package var usedLength = 0
    package var arrivals = TimeRange()
    package var ending = Ending.clean
    /// Why the log ends there, when it is not at a whole commit.
    package var endingReason: String?
    package var blocks: [BlockReport] = []
    package var columns: [ColumnReport] = []
    package var problems: [String] = []

    init(path: String, fileLength: Int) {
        self.path = path
        self.fileLength = fileLength
    }
}

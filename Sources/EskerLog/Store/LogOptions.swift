/// The limits of a store, each with its default and reason.
public struct LogOptions: Sendable {
    /// Length of the first journal file, bytes. Small, so that a small store stays small; each next file is twice as
    /// long up to ``maximumJournalFileLength``.
    public var firstJournalFileLength: Int = 4 << 20
    /// Length that journal files grow to, bytes: at 64 MiB the pages written when a file is begun no longer show.
    public var maximumJournalFileLength: Int = 64 << 20
    /// Bytes of appends that one commit takes: bounds how long a small append waits behind large ones.
    public var maximumCommitLength: Int = 16 << 20
    /// Bytes of appends that may wait for the journal; beyond it `memory` acknowledgements wait, too.
    public var maximumQueuedLength: Int = 64 << 20
    /// Bytes written for `written` and `memory` acknowledgements alone after which the journal is synced all the same.
    public var maximumUnsyncedLength: Int = 16 << 20
    /// Rows of an append below which the journal joins it with its neighbours into one block.
    public var joinedAppendRows: Int = 512
    /// Journal bytes of a partition that are sealed into one segment: 64 MiB hot become a segment of some 20–60 MB.
    public var sealLength: Int = 64 << 20
    /// Age at which rows are sealed even when they are few, µs; 10 minutes bounds what the next opening must read.
    public var sealAge: Int64 = 600_000_000
    /// Journal bytes at which the oldest rows are sealed, whatever their partition holds: bounds recovery.
    public var maximumJournalLength: Int = 1 << 30
    /// Whether rows are sealed in the background.
    public var sealsInBackground = true
    /// Whether sealed segments are merged and recoded in the background.
    public var compactsInBackground = true
    /// Bytes that neighbouring segments are merged up to: 128 MB keep a terabyte in 8,000 files, and one merge short.
    public var compactedLength: Int = 128 << 20
    /// Bytes beyond which compaction begins another segment: what one file may cost to check, copy or lose.
    public var maximumSegmentLength: Int = 256 << 20
    /// Age at which segments are recoded to the compact tier, µs since their newest row arrived. One hour: by then most
    /// merging is over, and a late correction or a short window no longer wants the rows gone. 0: at once.
    public var compactAge: Int64 = 3_600_000_000
    /// Bytes that compaction reads and writes a second in the background, together; 0 for no limit. 64 MiB rewrite
    /// 32 MiB of segments a second, more than a million rows, and are a few per cent of what a disk does.
    public var compactionBytesPerSecond: Int = 64 << 20
    /// Bytes of the disk that compaction leaves to appends: it gives up before it takes them. Four of the longest
    /// journal files.
    public var compactionFreeSpace: Int = 256 << 20
    /// Time without appends after which the journal marks its last commit as durable, µs.
    public var idleMarkDelay: Int64 = 50_000
    /// Bytes kept back on the disk, so that the manifest can be written when the disk is full.
    public var reservedLength: Int = 1 << 20
    /// Rows of a sealed block: 64 Ki, so that row numbers in a block take two bytes.
    public var rowsPerBlock: Int = 65_536
    /// Producers remembered by each stream; the ones idle longest are forgotten first.
    public var maximumProducers: Int = 10_000

    /// The defaults.
    public init() {}
}

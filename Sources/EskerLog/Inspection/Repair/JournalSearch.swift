import EskerFormat

/// Collects every good block of known streams out of the journal, later commits first, and what damage tells.
struct JournalSearch {
    /// The blocks, those of later commits before those of earlier ones: of two blocks with the same offsets the later
    /// one counts.
    var blocks: [Block] { collected.reversed() }
    /// Headers of damaged blocks.
    private(set) var damaged: [BlockHeader] = []
    /// Whether a damaged stretch told nothing of what stood there.
    private(set) var hasUnknownDamage = false
    private(set) var nextCommit: UInt64 = 1

    private var collected: [Block] = []
    private let store: StoreID
    private let streams: [UInt32: StreamRecord]

    init(store: StoreID, streams: [StreamRecord]) {
        self.store = store
        self.streams = Dictionary(streams.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Reads one file. O(bytes).
    mutating func read(_ entry: JournalListing.Entry) {
        guard let header = entry.image.header else { return }
        if entry.image.headerError != nil { nextCommit = max(nextCommit, header.firstCommit) }
        var events: [JournalImage.Event] = []
        let ending = entry.image.walk(limit: entry.limit, isProven: entry.isProven) { events.append($0) }
        for event in events {
            switch event {
            case .commit(let commit): for block in commit.blocks { add(block) }
            case .block(let block, _): add(block)
            case .damage(let damage):
                if let header = damage.header { damaged.append(header) } else { hasUnknownDamage = true }
            }
        }
        nextCommit = max(nextCommit, ending.next)
        if case .torn = ending.ending { nextCommit = max(nextCommit, ending.next + 1) }
        if entry.limit < UInt64.max { nextCommit = max(nextCommit, entry.limit) }
    }

    private mutating func add(_ block: Block) {
        let header = block.header
        guard !header.isCommitMark, header.store == store, let stream = streams[header.stream],
            header.partition < stream.partitionCount
        else { return }
        collected.append(block)
    }
}

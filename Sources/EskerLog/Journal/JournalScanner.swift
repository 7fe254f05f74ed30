package import EskerFormat

/// Reads one journal file from its first commit to where its log ends, and says why it ends there.
///
/// ```
///        block valid, next commit id
///   ┌────────────┐
///   ▼            │
/// commit ────────┘
///   │ anything else
///   ▼
/// newer? ── whole header, but of a version or with features unknown here ──▶ newer
///   │ no
///   ▼
/// evidence? ── a later block of the same epoch says "durable through" this commit ──▶ corrupt
///   │ none
///   ▼
/// remains? ── a block header of this very commit, whole or not, stands here ──▶ torn
///   │ none
///   ▼
/// end
/// ```
package struct JournalScanner {
    /// One commit found whole.
    package struct Commit: Sendable {
        package let id: UInt64
        package let position: Int
        package let blocks: [Block]
    }

    /// Why the log of a file ends.
    package enum Ending: Sendable {
        /// After the last commit stands nothing of this log.
        case end
        /// The next commit was being written when power or process went: it was never acknowledged as durable.
        case torn(position: Int, reason: String)
        /// The next commit was durable and is damaged.
        case corrupt(position: Int, reason: String)
        /// The next commit was written by a newer version of Esker, which must be used to read on.
        case newer(position: Int, reason: String)
    }

    package let bytes: Buffer
    package let header: JournalFileHeader

    package init(bytes: Buffer, header: JournalFileHeader) {
        self.bytes = bytes
        self.header = header
    }

    /// Calls `found` with each whole commit, from commit id `first` on, and tells how the log ends. O(bytes).
    ///
    /// - Parameters:
    ///   - start: the byte to begin at: the first page after the header, or where an earlier scan ended.
    ///   - first: the id that the first commit must have.
    ///   - provenThrough: a commit id that is known durable from elsewhere (a later file); 0 when nothing is known.
    package func scan(
        from start: Int = JournalFileHeader.pageLength, first: UInt64, provenThrough: UInt64 = 0,
        found: (Commit) -> Void
    ) -> (next: UInt64, position: Int, ending: Ending) {
        var expected = first
        var position = start
        while true {
            do {
                let commit = try readCommit(at: position, id: expected)
                position = nextPage(after: position, commit)
                expected += 1
                found(commit)
            } catch {
                let ending = classify(error, at: position, commit: expected, provenThrough: provenThrough)
                return (expected, position, ending)
            }
        }
    }

    /// The first page after a commit.
    private func nextPage(after position: Int, _ commit: Commit) -> Int {
        let length = commit.blocks.reduce(0) { $0 + $1.header.totalLength }
        let page = JournalFileHeader.pageLength
        return (position + length + page - 1) / page * page
    }

    /// The whole commit `id` that begins at `position`, all its checksums compared.
    func readCommit(at position: Int, id: UInt64) throws(FormatError) -> Commit {
        var blocks: [Block] = []
        var offset = position
        while true {
            let block = try readBlock(at: offset)
            let header = block.header
            guard header.commit == id, header.placeInCommit == UInt32(blocks.count) else {
                throw FormatError(.notEsker, "block of another commit", at: 0)
            }
            blocks.append(try block.verified())
            offset += header.totalLength
            if header.isLastOfCommit {
                guard header.blocksInCommit == UInt32(blocks.count) else {
                    throw FormatError(
                        .malformed, "commit ends after \(blocks.count) of \(header.blocksInCommit) blocks")
                }
                return Commit(id: id, position: position, blocks: blocks)
            }
        }
    }

    /// A block of this file's own store and epoch.
    private func readBlock(at offset: Int) throws(FormatError) -> Block {
        guard offset <= bytes.byteCount else { throw FormatError(.truncated, "the file ends here") }
        let block = try Block(parsing: bytes.slice(offset..<bytes.byteCount))
        guard block.header.store == header.store, block.header.epoch == header.epoch else {
            throw FormatError(.notEsker, "block of another store or epoch", at: 32)
        }
        return block
    }

    private func classify(_ error: FormatError, at position: Int, commit: UInt64, provenThrough: UInt64) -> Ending {
        if error.code == .newerVersion, isBegun(commit, at: position) {
            return .newer(position: position, reason: error.description)
        }
        if provenThrough >= commit || hasProof(of: commit, after: position) {
            return .corrupt(position: position, reason: error.description)
        }
        if isBegun(commit, at: position) { return .torn(position: position, reason: error.description) }
        let page = min(JournalFileHeader.pageLength, max(0, bytes.byteCount - position))
        let isBegun = error.code != .notEsker && error.code != .truncated && page > 0
        return isBegun ? .torn(position: position, reason: error.description) : .end
    }

    /// Whether the fields that name a commit stand where its first block would: also a damaged magic is told.
    private func isBegun(_ commit: UInt64, at position: Int) -> Bool {
        guard position + BlockHeader.fixedLength <= bytes.byteCount else { return false }
        let store = StoreID(
            high: bytes.load(at: position + 32, as: UInt64.self), low: bytes.load(at: position + 40, as: UInt64.self))
        return store == header.store && bytes.load(at: position + 48, as: UInt64.self) == header.epoch
            && bytes.load(at: position + 144, as: UInt64.self) == commit
    }

    private func readBlockHeader(at offset: Int) throws(FormatError) -> BlockHeader {
        let header = try BlockHeader(parsing: bytes.slice(offset..<bytes.byteCount))
        guard header.store == self.header.store, header.epoch == self.header.epoch else {
            throw FormatError(.notEsker, "block of another store or epoch", at: 32)
        }
        return header
    }

    /// Whether a later block of the file, at a page start, was written when `commit` was already durable.
    private func hasProof(of commit: UInt64, after position: Int) -> Bool {
        var page = position + JournalFileHeader.pageLength
        while page + BlockHeader.fixedLength <= bytes.byteCount {
            if bytes.load(at: page, as: UInt64.self) == BlockHeader.magic,
                let header = try? readBlockHeader(at: page), header.durableThrough >= commit
            {
                return true
            }
            page += JournalFileHeader.pageLength
        }
        return false
    }
}

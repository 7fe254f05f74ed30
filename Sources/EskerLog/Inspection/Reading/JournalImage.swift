import EskerFormat

/// A journal file read as far as its bytes allow: beyond a damaged commit the search for good ones goes on.
///
/// ``JournalScanner`` says where the log of a file ends; this says what is still there behind such an end.
struct JournalImage: Sendable {
    /// What was found, in the order of the file.
    enum Event: Sendable {
        /// A whole commit, all checksums good.
        case commit(JournalScanner.Commit)
        /// A good block of a commit that is damaged elsewhere.
        case block(Block, at: Int)
        /// Bytes of a durable commit that cannot be read.
        case damage(Damage)
    }

    /// A stretch of the file that held durable blocks.
    struct Damage: Sendable {
        let position: Int
        let end: Int
        /// The commit that should stand at ``position``.
        let commit: UInt64
        let reason: String
        /// The header of the block that begins the stretch, when at least that can be read: it tells what is lost.
        let header: BlockHeader?
    }

    /// How the log of the file ends.
    struct Ending: Sendable {
        /// The id of the next commit.
        let next: UInt64
        let position: Int
        let ending: JournalScanner.Ending
    }

    let path: String
    let bytes: Buffer
    /// The header, read or, when it is damaged, as the blocks tell it; `nil` when neither says anything.
    let header: JournalFileHeader?
    /// What is wrong with the header.
    let headerError: FormatError?

    /// - Parameter number: the number in the file's name; used when the header is damaged.
    init(_ image: FileImage, number: UInt64?) {
        path = image.path
        bytes = image.bytes
        let page = bytes.slice(0..<min(JournalFileHeader.pageLength, bytes.byteCount))
        do throws(FormatError) {
            let header = try JournalFileHeader(parsing: page)
            self.header = header
            let isRenamed = number.map { $0 != header.number } ?? false
            headerError =
                isRenamed
                ? FormatError(.malformed, "the file is journal file \(header.number) by its header", at: 32) : nil
        } catch {
            headerError = error
            header = error.code == .newerVersion ? nil : Self.header(bytes, number: number ?? 1)
        }
    }

    /// The header as the first good block tells it: what is written last in a file stands first.
    private static func header(_ bytes: Buffer, number: UInt64) -> JournalFileHeader? {
        var position = JournalFileHeader.pageLength
        while position + BlockHeader.fixedLength <= bytes.byteCount {
            if let block = try? BlockHeader(parsing: bytes.slice(position..<bytes.byteCount)),
                block.commit > 0, block.commit <= JournalFileHeader.greatestCounter
            {
                return JournalFileHeader(
                    store: block.store, number: number, epoch: block.epoch, firstCommit: block.commit,
                    begunAt: block.arrival, fileLength: UInt64(bytes.byteCount))
            }
            position += JournalFileHeader.pageLength
        }
        return nil
    }

    /// Walks the file's commits and what is left of damaged ones. O(bytes).
    ///
    /// - Parameters:
    ///   - limit: the first commit of the next file: what this file holds from there on was withdrawn.
    ///   - isProven: whether every commit below the limit must be there.
    func walk(limit: UInt64 = UInt64.max, isProven: Bool = false, _ visit: (Event) -> Void) -> Ending {
        guard let header else { return Ending(next: 0, position: 0, ending: .end) }
        let scanner = JournalScanner(bytes: bytes, header: header)
        let proven = isProven ? limit &- 1 : 0
        var next = header.firstCommit
        var position = JournalFileHeader.pageLength
        while true {
            let outcome = scanner.scan(from: position, first: next, provenThrough: proven) { commit in
                if commit.id < limit { visit(.commit(commit)) }
            }
            if outcome.next >= limit { return Ending(next: limit, position: outcome.position, ending: .end) }
            guard case .corrupt(let start, let reason) = outcome.ending else {
                return Ending(next: outcome.next, position: outcome.position, ending: outcome.ending)
            }
            var salvage = JournalSalvage(image: self, scanner: scanner, commit: outcome.next, limit: limit)
            salvage.run(from: start, reason: reason, visit)
            guard let resumed = salvage.resumed else {
                return Ending(next: salvage.next, position: start, ending: outcome.ending)
            }
            (position, next) = (resumed, salvage.next)
        }
    }
}

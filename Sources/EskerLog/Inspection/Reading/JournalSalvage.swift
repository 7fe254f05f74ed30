import EskerFormat

/// Searches a journal file behind the place where a durable commit is damaged.
///
/// ```
/// damaged commit            next commit
/// [good][bad][good]padding  [good]…
///    │    │    │               └─ whole: the walk resumes here
///    │    │    └─ handed out
///    │    └─ reported, with its header when that can be read
///    └─ handed out
/// ```
struct JournalSalvage {
    let image: JournalImage
    let scanner: JournalScanner
    /// The commit that is damaged.
    let commit: UInt64
    let limit: UInt64
    /// Where the next whole commit stands; `nil` when there is none.
    private(set) var resumed: Int?
    /// The commit at ``resumed``, else the one after the last that was seen.
    private(set) var next: UInt64

    init(image: JournalImage, scanner: JournalScanner, commit: UInt64, limit: UInt64) {
        self.image = image
        self.scanner = scanner
        self.commit = commit
        self.limit = limit
        next = commit + 1
    }

    private var bytes: Buffer { image.bytes }

    /// Visits good blocks and unreadable stretches until a whole commit begins. O(bytes).
    mutating func run(from start: Int, reason: String, _ visit: (JournalImage.Event) -> Void) {
        var position = start
        var badSince: Int? = start
        while position + BlockHeader.fixedLength <= bytes.byteCount {
            guard let header = ownHeader(at: position) else {
                if badSince == nil { badSince = position }
                position += BlockHeader.alignment
                continue
            }
            if let bad = badSince, bad < position { visit(.damage(damage(bad, position, reason, nil))) }
            badSince = nil
            if isWholeCommit(header, at: position) {
                (resumed, next) = (position, header.commit)
                return
            }
            next = max(next, header.commit + 1)
            let end = min(position + header.totalLength, bytes.byteCount)
            if let block = try? Block(parsing: bytes.slice(position..<end)).verified() {
                visit(.block(block, at: position))
            } else {
                visit(.damage(damage(position, end, reason, header)))
            }
            position = header.isLastOfCommit ? Self.nextPage(end) : end
        }
        // Behind the last block that was found nothing is proven to have been there, but for the damage at the start.
        if badSince == start {
            visit(.damage(damage(start, min(Self.nextPage(start + 1), bytes.byteCount), reason, nil)))
        }
    }

    private func damage(_ start: Int, _ end: Int, _ reason: String, _ header: BlockHeader?) -> JournalImage.Damage {
        JournalImage.Damage(position: start, end: end, commit: commit, reason: reason, header: header)
    }

    private static func nextPage(_ position: Int) -> Int {
        let page = JournalFileHeader.pageLength
        return (position + page - 1) / page * page
    }

    private func isWholeCommit(_ header: BlockHeader, at position: Int) -> Bool {
        position % JournalFileHeader.pageLength == 0 && header.placeInCommit == 0
            && (try? scanner.readCommit(at: position, id: header.commit)) != nil
    }

    /// The header of a block of this file, at or after the damaged commit: older ones are left from the file's
    /// earlier life, later ones were withdrawn.
    private func ownHeader(at position: Int) -> BlockHeader? {
        guard bytes.load(at: position, as: UInt64.self) == BlockHeader.magic,
            let found = try? BlockHeader(parsing: bytes.slice(position..<bytes.byteCount)),
            found.store == scanner.header.store, found.epoch == scanner.header.epoch,
            found.commit >= commit, found.commit < min(limit, JournalFileHeader.greatestCounter)
        else { return nil }
        return found
    }
}

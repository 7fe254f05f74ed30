import EskerFiles
import EskerFormat

/// Reads the journal after a start: every whole commit in order, and how the log ends.
///
/// Files are read by their numbers. The header of a file proves that all commits below its first one were durable, so
/// a file before it that ends earlier is damaged, and what it holds beyond that commit was withdrawn.
struct JournalRecovery {
    /// What was found.
    struct Result {
        var files: [JournalFile] = []
        var nextCommit: UInt64
        var nextFileNumber: UInt64
        /// The last commit whose durability is written in the journal itself.
        var provenThrough: UInt64 = 0
        /// Where the commits of the last file stand that may be in the system's memory only.
        var unsynced: [Range<Int>] = []
        /// A torn tail that was cut, told for people.
        var tornTail: (file: String, position: Int, reason: String)?
        /// Where the log of the newest file ends.
        var lastPosition = JournalFileHeader.pageLength
        /// Bytes of the journal that were read as commits.
        var scannedLength = 0
    }

    let journalFiles: JournalFiles
    let layout: StoreLayout
    let files: any FileSystem
    let manifest: Manifest
    /// Called before a file is opened: readers in other processes mark the files they are going to map.
    var mark: (UInt64) throws(StoreError) -> Void = { _ in }

    /// Calls `found` with each commit and the file it stands in.
    func run(found: (JournalScanner.Commit, JournalFile) -> Void) throws(StoreError) -> Result {
        let numbers = try listNumbers()
        // A file below the first one needed would be taken for a leftover at the next start.
        let nextNumber = max((numbers.last ?? 0) &+ 1, manifest.firstJournalFile)
        var result = Result(nextCommit: manifest.commitFloor, nextFileNumber: nextNumber)
        var opened: [JournalFile] = []
        for number in numbers {
            try mark(number)
            opened.append(try journalFiles.open(number))
        }
        try checkBeginning(opened.first)
        if let first = opened.first {
            result.nextCommit = first.header.firstCommit
            result.provenThrough = first.header.firstCommit - 1
        }
        for (index, file) in opened.enumerated() {
            let next = index + 1 < opened.count ? opened[index + 1].header : nil
            try scan(file, before: next, &result, found)
        }
        result.files = opened
        return result
    }

    /// The manifest names the first file that is needed; only a store without a commit has none.
    private func checkBeginning(_ first: JournalFile?) throws(StoreError) {
        guard let first else {
            guard manifest.commitFloor == 1, manifest.firstJournalFile == 1, manifest.segments.isEmpty else {
                throw StoreError(
                    .corrupt, "the journal file is missing", file: layout.journalFile(manifest.firstJournalFile))
            }
            return
        }
        guard first.number == manifest.firstJournalFile, first.header.firstCommit <= manifest.commitFloor else {
            throw StoreError(
                .corrupt,
                "the journal begins with file \(first.number), commit \(first.header.firstCommit); the manifest needs "
                    + "file \(manifest.firstJournalFile) and commit \(manifest.commitFloor); a journal file is missing",
                file: layout.journalFile(manifest.firstJournalFile))
        }
    }

    private func listNumbers() throws(StoreError) -> [UInt64] {
        let names = try storing { () throws(FileError) in try files.list(layout.journal) }
        return names.compactMap { StoreLayout.number(of: $0, ending: ".journal") }
            .filter { $0 >= manifest.firstJournalFile }.sorted()
    }

    private func scan(
        _ file: JournalFile, before next: JournalFileHeader?, _ result: inout Result,
        _ found: (JournalScanner.Commit, JournalFile) -> Void
    ) throws(StoreError) {
        guard file.header.firstCommit == result.nextCommit else {
            throw StoreError(
                .corrupt,
                "journal file begins with commit \(file.header.firstCommit), expected \(result.nextCommit); "
                    + "a journal file is missing", file: file.path)
        }
        let limit = next?.firstCommit ?? UInt64.max
        let scanner = JournalScanner(bytes: file.bytes(0..<file.length), header: file.header)
        var proven = max(result.provenThrough, next == nil ? file.header.firstCommit - 1 : limit - 1)
        var places: [(id: UInt64, range: Range<Int>, isMark: Bool)] = []
        let outcome = scanner.scan(first: result.nextCommit, provenThrough: next == nil ? 0 : limit - 1) { commit in
            guard commit.id < limit else { return }
            found(commit, file)
            let length = commit.blocks.reduce(0) { $0 + $1.header.totalLength }
            proven = commit.blocks.reduce(proven) { max($0, $1.header.durableThrough) }
            let isMark = commit.blocks.allSatisfy(\.header.isCommitMark)
            if next == nil { places.append((commit.id, commit.position..<commit.position + length, isMark)) }
        }
        let open = places.filter { $0.id > proven }
        result.unsynced = open.map(\.range)
        // A mark holds nothing, so that nothing is lost with it.
        if let mark = open.first, mark.isMark { proven = mark.id }
        result.provenThrough = min(proven, outcome.next - 1)
        result.nextCommit = min(outcome.next, limit)
        result.scannedLength += outcome.position
        result.lastPosition = outcome.position
        switch outcome.ending {
        case .end: break
        case .torn(let position, let reason):
            if next == nil { result.tornTail = (file.path, position, reason) }
        case .newer(let position, let reason):
            if outcome.next >= limit { break }
            throw StoreError(
                .newerVersion, "commit \(outcome.next) was written by a newer version of Esker: \(reason)",
                file: file.path, offset: Int64(position))
        case .corrupt(let position, let reason):
            if outcome.next >= limit { break }  // what comes after the limit was withdrawn
            throw StoreError(
                .corrupt, "durable commit \(outcome.next) is damaged: \(reason); run esker verify, then esker repair",
                file: file.path, offset: Int64(position))
        }
        if next != nil, outcome.next < limit {
            throw StoreError(
                .corrupt, "journal file ends with commit \(outcome.next - 1), the next begins with \(limit)",
                file: file.path, offset: Int64(outcome.position))
        }
    }
}

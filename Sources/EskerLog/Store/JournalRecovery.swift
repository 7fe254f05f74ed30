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
        /// A torn tail that was cut, told for people.
        var tornTail: (file: String, position: Int, reason: String)?
        /// Bytes of the journal that were read as commits.
        var scannedLength = 0
    }

    let journalFiles: JournalFiles
    let layout: StoreLayout
    let files: any FileSystem
    let manifest: Manifest
    /// Called before a file is opened: readers in other processes mark the files they are going to map.
    var mark: (UInt64) -> Void = { _ in }

    /// Calls `found` with each commit and the file it stands in.
    func run(found: (JournalScanner.Commit, JournalFile) -> Void) throws(StoreError) -> Result {
        let numbers = try listNumbers()
        // A file below the first one needed would be taken for a leftover at the next start.
        let nextNumber = max((numbers.last ?? 0) &+ 1, manifest.firstJournalFile)
        var result = Result(nextCommit: manifest.commitFloor, nextFileNumber: nextNumber)
        var opened: [JournalFile] = []
        for number in numbers {
            mark(number)
            guard let file = try journalFiles.open(number) else {
                // A file takes its name only after its header is synced: a bad header is damage, also in the last file.
                throw StoreError(
                    .corrupt, "journal file does not begin with a valid header; run esker verify, then esker repair",
                    file: layout.journalFile(number), offset: 0)
            }
            opened.append(file)
        }
        if let first = opened.first {
            guard first.header.firstCommit <= manifest.commitFloor || manifest.commitFloor == 1 else {
                throw StoreError(
                    .corrupt,
                    "journal begins with commit \(first.header.firstCommit), the manifest needs "
                        + "\(manifest.commitFloor); a journal file is missing", file: first.path)
            }
            result.nextCommit = first.header.firstCommit
        }
        for (index, file) in opened.enumerated() {
            let next = index + 1 < opened.count ? opened[index + 1].header : nil
            try scan(file, before: next, &result, found)
        }
        result.files = opened
        return result
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
        let outcome = scanner.scan(first: result.nextCommit, provenThrough: next == nil ? 0 : limit - 1) { commit in
            if commit.id < limit { found(commit, file) }
        }
        result.nextCommit = min(outcome.next, limit)
        result.scannedLength += outcome.position
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

// Unsafe: hands whole buffers to file operations.
import EskerFiles
import EskerFormat

/// Makes, pre-writes, recycles and removes journal files.
///
/// A file is written full of zeros before use, or used again as it is: a sync then changes no metadata of the file
/// system (102 µs instead of 163 µs a commit of 4 KiB). The next file is made ready in the background as a *spare*.
/// A spare gets its header written and synced before it takes a journal file's name, so that a file with such a name
/// always begins with a valid header.
final class JournalFiles: @unchecked Sendable {
    // Unchecked: spares and retired files are only touched under the monitor.
    private let files: any FileSystem
    private let layout: StoreLayout
    private let store: StoreID
    private let options: LogOptions
    private let monitor = Monitor()
    private var spare: (file: any File, path: String, length: Int)?
    private var retired: [RetiredFile] = []
    private var isPreparing = false
    private var nextSpare: UInt64 = 1
    private var readers: (any File)?

    /// A file without rows that are still needed; its mapping may live on in the hands of readers.
    private struct RetiredFile {
        let number: UInt64
        let path: String
        let length: Int
        let isUnmapped: UnmappedFlag
        let isPoisoned: Bool
    }

    /// A spare with the header of the journal file that it is going to be.
    struct Prepared {
        fileprivate let file: any File
        fileprivate let sparePath: String
        fileprivate let header: JournalFileHeader
    }

    init(files: any FileSystem, layout: StoreLayout, store: StoreID, options: LogOptions) {
        self.files = files
        self.layout = layout
        self.store = store
        self.options = options
    }

    /// Opens a journal file that exists. A file takes its name only after its header is synced, and its length before:
    /// a bad header or a shorter file is damage, also in the last file.
    func open(_ number: UInt64) throws(StoreError) -> JournalFile {
        let path = layout.journalFile(number)
        let (file, length) = try storing { () throws(FileError) in
            let file = try files.open(path, .read)
            return (file, Int(try file.size()))
        }
        guard length >= JournalFileHeader.pageLength else {
            throw StoreError(
                .corrupt, "journal file was cut in its header to \(length) bytes; run esker verify, then esker repair",
                file: path, offset: Int64(length))
        }
        let region = try storing { () throws(FileError) in try file.map(offset: 0, length: length) }
        let page = unsafe Buffer(base: region.base, byteCount: JournalFileHeader.pageLength, owner: region)
        let header: JournalFileHeader
        do throws(FormatError) {
            header = try JournalFileHeader(parsing: page)
            guard header.store == store, header.number == number else {
                throw FormatError(.malformed, "the header is that of another journal file", at: 16)
            }
        } catch {
            throw StoreError(
                error.code == .newerVersion ? .newerVersion : .corrupt,
                "journal file does not begin with its header: \(error.message); run esker verify, then esker repair",
                file: path, offset: Int64(error.offset ?? 0))
        }
        guard UInt64(length) >= header.fileLength else {
            throw StoreError(
                .corrupt,
                "journal file was cut from \(header.fileLength) to \(length) bytes; run esker verify, then esker repair",
                file: path, offset: Int64(length))
        }
        return JournalFile(file: file, header: header, path: path, length: length, region: region)
    }

    /// Writes the bytes of these ranges once more and syncs them: a system may hold bytes in memory that it never
    /// wrote, and has forgotten about them after a failed sync.
    func confirm(_ ranges: [Range<Int>], of journalFile: JournalFile) throws(StoreError) {
        try storing { () throws(FileError) in
            let file = try files.open(journalFile.path, .readWrite)
            defer { file.close() }
            for range in ranges {
                let mapped = journalFile.bytes(range)
                let bytes = unsafe Buffer.make(byteCount: range.count) { target in
                    unsafe target.copyMemory(from: mapped.unsafeBytes)
                }
                try file.write([bytes], at: Int64(range.lowerBound))
            }
            try file.sync()
        }
    }

    /// Makes a file with room for a commit of `commitLength` bytes and two marks, its header synced. It has no name in the
    /// journal yet.
    func prepare(
        number: UInt64, epoch: UInt64, firstCommit: UInt64, commitLength: Int, wanted: Int, now: Int64
    ) throws(StoreError) -> Prepared {
        let page = JournalFileHeader.pageLength
        let needed = (commitLength + page - 1) / page * page + 3 * page
        return try storing { () throws(FileError) in
            var ready = takeSpare(atLeast: needed)
            if ready == nil { ready = try makeSpare(needed, wanted) }
            let (file, sparePath, length) = ready!
            let header = JournalFileHeader(
                store: store, number: number, epoch: epoch, firstCommit: firstCommit, begunAt: now,
                fileLength: UInt64(length))
            do throws(FileError) {
                try file.write([header.encode()], at: 0)
                try file.sync()
                return Prepared(file: file, sparePath: sparePath, header: header)
            } catch {
                file.close()
                try? files.remove(sparePath)
                throw error
            }
        }
    }

    /// Gives a prepared file its name, durably. After an error it may have the name or not.
    func begin(_ prepared: Prepared) throws(StoreError) -> JournalFile {
        let path = layout.journalFile(prepared.header.number)
        return try storing { () throws(FileError) in
            do throws(FileError) {
                try files.rename(prepared.sparePath, to: path)
                try files.syncDirectory(layout.journal)
                let length = Int(prepared.header.fileLength)
                let region = try prepared.file.map(offset: 0, length: length)
                return JournalFile(
                    file: prepared.file, header: prepared.header, path: path, length: length, region: region)
            } catch {
                prepared.file.close()
                try? files.remove(prepared.sparePath)
                throw error
            }
        }
    }

    /// As long as wanted, or as short as will do when the disk has no more space.
    private func makeSpare(_ needed: Int, _ wanted: Int) throws(FileError) -> (
        file: any File, path: String, length: Int
    ) {
        do { return try makeSpare(length: max(needed, wanted)) } catch {
            guard error.code == .noSpace, needed < wanted else { throw error }
            return try makeSpare(length: needed)
        }
    }

    /// Makes a spare ready, unless there is one. For the background thread; failures show when a file is begun.
    func prepareSpare(length: Int) {
        reclaimRetired()
        let isNeeded = monitor.locked {
            if spare != nil || isPreparing { return false }
            isPreparing = true
            return true
        }
        guard isNeeded else { return }
        let made = try? makeSpare(length: length)
        monitor.locked {
            isPreparing = false
            spare = made
        }
    }

    /// Takes over a file whose rows are all sealed or dropped: used again as soon as nobody can see its bytes.
    func retire(_ file: JournalFile) {
        file.file.close()
        let entry = RetiredFile(
            number: file.number, path: file.path, length: file.length, isUnmapped: file.isUnmapped,
            isPoisoned: file.isPoisoned)
        monitor.locked { retired.append(entry) }
    }

    /// Makes the file whose bytes readers lock, so that readers without the right to write can use it.
    func openReaders() throws(StoreError) {
        let file = try storing { () throws(FileError) in try files.open(layout.readers, .createOrOpen) }
        monitor.locked { readers = file }
    }

    /// Removes spares that an earlier opening left, and journal files below `first`, whose rows are sealed.
    func removeLeftovers(before first: UInt64) throws(StoreError) {
        try storing { () throws(FileError) in
            for name in try files.list(layout.journal) {
                let isOld = StoreLayout.number(of: name, ending: ".journal").map { $0 < first } ?? false
                if isOld || name.hasSuffix(".spare") { try files.remove(layout.journal + "/" + name) }
            }
        }
    }

    /// Gives up the spare and what waits to be recycled.
    func close() {
        monitor.locked {
            if let spare {
                spare.file.close()
                try? files.remove(spare.path)
            }
            for file in retired { try? files.remove(file.path) }
            spare = nil
            retired = []
            readers?.close()
        }
    }

    // MARK: Spares

    private func takeSpare(atLeast length: Int) -> (file: any File, path: String, length: Int)? {
        monitor.locked {
            guard let ready = spare, ready.length >= length else { return nil }
            spare = nil
            return ready
        }
    }

    private func makeSpare(length: Int) throws(FileError) -> (file: any File, path: String, length: Int) {
        let path = monitor.locked {
            nextSpare += 1
            return layout.spare(nextSpare)
        }
        let file = try files.open(path, .createOrOpen)
        do throws(FileError) {
            try file.fillWithZeros(from: 0, to: Int64(length))
            try file.sync()
            return (file, path, length)
        } catch {
            file.close()
            try? files.remove(path)
            throw error
        }
    }

    /// Recycles one retired file that nobody sees any more as the spare and removes the others.
    private func reclaimRetired() {
        let free = monitor.locked {
            let free = retired.filter { $0.isUnmapped.isSet }
            retired.removeAll { $0.isUnmapped.isSet }
            return free
        }
        for file in free { reclaim(file) }
    }

    private func reclaim(_ file: RetiredFile) {
        let path = monitor.locked { () -> String? in
            guard spare == nil, !file.isPoisoned, file.length >= options.firstJournalFileLength else { return nil }
            nextSpare += 1
            return layout.spare(nextSpare)
        }
        if let path, renameUnlessRead(file, to: path), let reopened = try? files.open(path, .readWrite) {
            monitor.locked { spare = (reopened, path, file.length) }
        } else {
            try? files.remove(file.path)
            if let path { try? files.remove(path) }
        }
    }

    /// Takes the file's name away, unless a reader in another process has it mapped: readers hold a lock on the file's
    /// byte of the readers' file, taken before they open the journal file by its name.
    private func renameUnlessRead(_ file: RetiredFile, to path: String) -> Bool {
        monitor.locked {
            guard let readers, (try? readers.lockRange(Int64(file.number), 1, .exclusive)) == true else { return false }
            defer { _ = try? readers.lockRange(Int64(file.number), 1, .unlock) }
            return (try? files.rename(file.path, to: path)) != nil
        }
    }
}

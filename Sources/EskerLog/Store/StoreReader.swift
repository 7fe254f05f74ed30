package import EskerFiles
package import EskerFormat
import Synchronization

/// A store opened for reading only, also while another process writes it.
///
/// Shows what is known durable: a commit counts once a later block, the idle mark or a newer journal file says so. New
/// commits show after ``refresh()``. The writer is never held up: journal files that this reader has mapped are marked
/// by locks, so that the writer removes them instead of writing over them, and segments stay for as long as a snapshot
/// of an edition that names them lives.
package final class StoreReader: Sendable {
    package let layout: StoreLayout
    private let files: any FileSystem
    private let clock: any StoreClock
    private let manifestFile: ManifestFile
    private let readers: (any File)?
    private let pins: EditionPins
    private let state: Mutex<ReadState>

    private struct ReadState {
        var state: StoreLog.State
        var position = LogPosition(nextCommit: 0)
        /// Commits that were found whole but are not known durable yet.
        var pending: [(commit: JournalScanner.Commit, fileNumber: UInt64)] = []
        /// Where the scan of the newest journal file goes on.
        var offset = 0
        var nextCommit: UInt64 = 0
    }

    /// Opens the store in `directory`. `.notAStore` when there is none.
    package static func open(_ directory: String, files: any FileSystem, clock: any StoreClock = SystemClock())
        throws(StoreError) -> StoreReader
    {
        let reader = try StoreReader(StoreLayout(directory), files, clock)
        try reader.refresh()
        return reader
    }

    private init(_ layout: StoreLayout, _ files: any FileSystem, _ clock: any StoreClock) throws(StoreError) {
        self.layout = layout
        self.files = files
        self.clock = clock
        manifestFile = ManifestFile(files: files, layout: layout)
        guard let manifest = try manifestFile.read() else {
            throw StoreError(.notAStore, "there is no store here", file: layout.directory)
        }
        readers = (try? files.open(layout.readers, .createOrOpen)) ?? (try? files.open(layout.readers, .read))
        pins = EditionPins(readers, path: layout.readers)
        state = Mutex(ReadState(state: StoreLog.State(manifest: manifest)))
    }

    /// Takes in what was committed and sealed since the last look.
    ///
    /// O(new journal bytes); after the writer has sealed or changed a definition, O(journal bytes of the tail).
    package func refresh() throws(StoreError) {
        var attempts = 0
        while true {
            do {
                if try refreshIncrementally() { return }
                let fresh = try read()
                state.withLock { $0 = fresh }
                return
            } catch {
                // A file that went away between manifest and opening means that the writer sealed it meanwhile.
                attempts += 1
                let mayBeMoving = error.code == .io || error.code == .corrupt
                guard mayBeMoving, attempts < 5 else { throw error }
            }
        }
    }

    /// Goes on where the last scan ended; `false` when the manifest has changed meanwhile, or the journal looks damaged:
    /// reading everything anew then tells whether it is.
    private func refreshIncrementally() throws(StoreError) -> Bool {
        let manifest = try manifest()
        var current = state.withLock { $0 }
        guard manifest.edition == current.state.manifest.edition, var file = current.state.journalFiles.last else {
            return false
        }
        var durable = current.state.durableThrough
        while true {
            let scanner = JournalScanner(bytes: file.bytes(0..<file.length), header: file.header)
            let outcome = scanner.scan(from: current.offset, first: current.nextCommit) { commit in
                for block in commit.blocks { durable = max(durable, block.header.durableThrough) }
                current.pending.append((commit, file.number))
            }
            switch outcome.ending {
            case .end, .torn: break
            case .corrupt, .newer: return false
            }
            current.offset = outcome.position
            current.nextCommit = outcome.next
            let number = file.number + 1
            let exists = try storing { () throws(FileError) in try files.exists(layout.journalFile(number)) }
            guard exists else { break }
            guard let next = try open(number, manifest), next.header.firstCommit == current.nextCommit else {
                return false
            }
            durable = max(durable, next.header.firstCommit - 1)
            current.state.journalFiles.append(next)
            current.offset = JournalFileHeader.pageLength
            file = next
        }
        Self.settle(&current, durable)
        let settled = current
        state.withLock { $0 = settled }
        return true
    }

    private func open(_ number: UInt64, _ manifest: Manifest) throws(StoreError) -> JournalFile? {
        try mark(number)
        return try JournalFiles(files: files, layout: layout, store: manifest.store, options: LogOptions()).open(number)
    }

    /// Keeps the writer from writing over a journal file that is going to be mapped here.
    private func mark(_ number: UInt64) throws(StoreError) {
        let isMarked = try storing { () throws(FileError) in try readers?.lockRange(Int64(number), 1, .shared) }
        guard isMarked == true else {
            throw StoreError(
                .io, "journal file \(number) cannot be kept from being reused; is the file readable?",
                file: layout.readers, offset: Int64(number))
        }
    }

    private func manifest() throws(StoreError) -> Manifest {
        guard let manifest = try manifestFile.read() else {
            throw StoreError(.notAStore, "the manifest is gone", file: layout.manifest)
        }
        return manifest
    }

    /// Reads the manifest and pins its edition: it was still the newest one when the pin was there.
    private func pinnedManifest() throws(StoreError) -> (Manifest, EditionPins.Pin) {
        let manifest = try manifest()
        let pin = try pins.pin(manifest.edition)
        guard try self.manifest().edition == manifest.edition else {
            throw StoreError(.io, "the store changes faster than it is read; try again", file: layout.manifest)
        }
        return (manifest, pin)
    }

    private func read() throws(StoreError) -> ReadState {
        let (manifest, pin) = try pinnedManifest()
        var fresh = ReadState(state: StoreLog.State(manifest: manifest))
        fresh.position.nextCommit = manifest.commitFloor
        StoreLog.prepare(&fresh.state, &fresh.position, layout, files, pin: pin)
        let opener = JournalFiles(files: files, layout: layout, store: manifest.store, options: LogOptions())
        let recovery = JournalRecovery(
            journalFiles: opener, layout: layout, files: files, manifest: manifest,
            mark: { [self] (number) throws(StoreError) in try mark(number) })
        var durable: UInt64 = 0
        let result = try recovery.run { commit, file in
            for block in commit.blocks { durable = max(durable, block.header.durableThrough) }
            fresh.pending.append((commit, file.number))
        }
        // A file is begun when all commits before it are durable: its header proves them, also before it has any.
        for file in result.files { durable = max(durable, file.header.firstCommit - 1) }
        fresh.state.journalFiles = result.files
        fresh.offset = result.lastPosition
        fresh.nextCommit = result.nextCommit
        Self.settle(&fresh, durable)
        return fresh
    }

    /// Shows what has become known durable.
    private static func settle(_ current: inout ReadState, _ durable: UInt64) {
        current.state.durableThrough = durable
        let count = current.pending.prefix { $0.commit.id <= durable }.count
        for (commit, fileNumber) in current.pending[..<count] {
            for block in commit.blocks { StoreLog.apply(block, fileNumber, &current.state, &current.position) }
        }
        current.pending.removeFirst(count)
    }

    /// The stream of that name as of the last refresh.
    package func snapshot(named name: String) -> StreamSnapshot? {
        let time = clock.now()
        return state.withLock { state in
            state.state.streams.values.first { $0.record.name == name }
                .map { StoreLog.snapshot($0, state.state, time) }
        }
    }

    /// All streams and views as of the last refresh, at one cut.
    package func snapshots() -> StoreSnapshot {
        let time = clock.now()
        return state.withLock { StoreLog.snapshots($0.state, time) }
    }

    /// All streams, by name.
    package var streams: [StreamRecord] {
        state.withLock { $0.state.streams.values.map(\.record) }.sorted { $0.name < $1.name }
    }

    /// All views, by name.
    package var views: [ViewRecord] { state.withLock { $0.state.manifest.views }.sorted { $0.name < $1.name } }
}

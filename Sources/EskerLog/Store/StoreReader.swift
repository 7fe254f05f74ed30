package import EskerFiles
package import EskerFormat
import Synchronization

/// A store opened for reading only, also while another process writes it.
///
/// Shows what is known durable: a commit counts once a later block, the idle mark or a newer journal file says so. New
/// commits show after ``refresh()``. The writer is never held up: journal files that this reader has mapped are marked
/// by locks, so that the writer removes them instead of writing over them.
package final class StoreReader: Sendable {
    package let layout: StoreLayout
    private let files: any FileSystem
    private let clock: any StoreClock
    private let manifestFile: ManifestFile
    private let readers: (any File)?
    private let state: Mutex<ReadState>

    private struct ReadState {
        var state: StoreLog.State
        var isEmpty = true
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
        state = Mutex(ReadState(state: StoreLog.State(manifest: manifest)))
    }

    /// Takes in what was committed and sealed since the last look. O(journal bytes of the unsealed tail).
    package func refresh() throws(StoreError) {
        var attempts = 0
        while true {
            do {
                let fresh = try read()
                state.withLock { $0 = ReadState(state: fresh, isEmpty: false) }
                return
            } catch {
                // A file that went away between manifest and opening means that the writer sealed it meanwhile.
                attempts += 1
                let mayBeMoving = error.code == .io || error.code == .corrupt
                guard mayBeMoving, attempts < 5 else { throw error }
            }
        }
    }

    private func read() throws(StoreError) -> StoreLog.State {
        guard let manifest = try manifestFile.read() else {
            throw StoreError(.notAStore, "the manifest is gone", file: layout.manifest)
        }
        var fresh = StoreLog.State(manifest: manifest)
        var position = LogPosition(nextCommit: manifest.commitFloor)
        StoreLog.prepare(&fresh, &position, layout, files)
        let opener = JournalFiles(files: files, layout: layout, store: manifest.store, options: LogOptions())
        let recovery = JournalRecovery(
            journalFiles: opener, layout: layout, files: files, manifest: manifest,
            mark: { (number) throws(StoreError) in try self.mark(number) })
        var pending: [(JournalScanner.Commit, JournalFile)] = []
        var durable: UInt64 = 0
        let result = try recovery.run { commit, file in
            for block in commit.blocks { durable = max(durable, block.header.durableThrough) }
            durable = max(durable, file.header.firstCommit - 1)
            pending.append((commit, file))
        }
        for (commit, file) in pending where commit.id <= durable {
            for block in commit.blocks { StoreLog.apply(block, file.number, &fresh, &position) }
        }
        fresh.journalFiles = result.files
        fresh.durableThrough = durable
        return fresh
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

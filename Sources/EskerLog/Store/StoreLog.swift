package import EskerFiles
package import EskerFormat
import Synchronization

/// A store on disk: all streams' journals, segments and definitions, with one writer and any number of readers.
///
/// Five locks, always taken in this order: `compacting` or `sealing` (nobody holds both), the journal's writing role,
/// `manifestMonitor` (held while a manifest is written), `state` (held for moments). Readers take only the last.
package final class StoreLog: Sendable {
    /// What readers see. Changed only as a whole commit, seal or definition at a time.
    struct State {
        var manifest: Manifest
        var streams: [UInt32: StreamState] = [:]
        var journalFiles: [JournalFile] = []
        var durableThrough: UInt64 = 0
        var tornTail: String?
    }

    /// Why the last compaction came to nothing, and what no compaction touches until the next opening.
    struct CompactionFailures {
        var last: StoreError?
        var unreadable: Set<UInt64> = []
    }

    package let layout: StoreLayout
    package let options: LogOptions
    package let clock: any StoreClock
    let files: any FileSystem
    let manifestFile: ManifestFile
    let journalFiles: JournalFiles
    let manifestMonitor = Monitor()
    let state: Mutex<State>
    /// Held while a tail is sealed or regrouped: one at a time. Taken before the three others.
    let sealing = Monitor()
    /// Held while segments are rewritten: one partition at a time.
    let compacting = Monitor()
    /// Whether the manifest on disk may be another than the one in memory, because replacing it failed half way.
    /// Changed under `manifestMonitor`.
    let manifestIsUncertain = Atomic<Bool>(false)
    let removals: SegmentRemovals
    private let lock: any FileLock
    let background = BackgroundWork()
    let lastSealingFailure = Mutex<StoreError?>(nil)
    let compactionFailures = Mutex(CompactionFailures())
    private let journalBox = Mutex<Journal?>(nil)
    private let changes = ChangeSignal()

    // MARK: Opening and closing

    /// Opens the store in `directory` for writing, making it when there is none.
    ///
    /// Reads the manifest and the journal: O(journal bytes). Sealed segments are not touched.
    package static func open(
        _ directory: String, files: any FileSystem, options: LogOptions = LogOptions(),
        clock: any StoreClock = SystemClock()
    ) throws(StoreError) -> StoreLog {
        let layout = StoreLayout(directory)
        try storing { () throws(FileError) in try makeDirectory(directory, files) }
        let lock = try storing { () throws(FileError) in try files.lock(layout.lock) }
        do {
            return try StoreLog(layout: layout, files: files, options: options, clock: clock, lock: lock)
        } catch {
            lock.release()
            throw error
        }
    }

    /// Makes the directory and those above it durably.
    private static func makeDirectory(_ directory: String, _ files: any FileSystem) throws(FileError) {
        var parents: [String] = []
        var path = directory
        while let parent = path.parentPath {
            parents.append(parent)
            if try files.exists(path) { break }
            path = parent
        }
        try files.makeDirectory(directory)
        for parent in parents { try files.syncDirectory(parent) }
    }

    private init(
        layout: StoreLayout, files: any FileSystem, options: LogOptions, clock: any StoreClock, lock: any FileLock
    ) throws(StoreError) {
        self.layout = layout
        self.files = files
        self.options = options
        self.clock = clock
        self.lock = lock
        manifestFile = ManifestFile(files: files, layout: layout)
        var manifest = try Self.manifest(manifestFile, layout, files)
        manifest.epoch += 1
        manifest.edition += 1
        removals = SegmentRemovals(files: files)
        journalFiles = JournalFiles(files: files, layout: layout, store: manifest.store, options: options)
        var recovered = State(manifest: manifest)
        var position = LogPosition(nextCommit: manifest.commitFloor)
        Self.prepare(&recovered, &position, layout, files)
        let recovery = JournalRecovery(journalFiles: journalFiles, layout: layout, files: files, manifest: manifest)
        let result = try recovery.run { commit, file in
            for block in commit.blocks { Self.apply(block, file.number, &recovered, &position) }
        }
        position.nextCommit = result.nextCommit
        recovered.journalFiles = result.files
        recovered.durableThrough = result.nextCommit - 1
        recovered.tornTail = result.tornTail.map { "\($0.file), byte \($0.position): \($0.reason)" }
        if let file = result.files.last, !result.unsynced.isEmpty {
            try journalFiles.confirm(result.unsynced, of: file)
        }
        var isUncertain = false
        try manifestFile.write(manifest, isUncertain: &isUncertain)
        // Only now: what this manifest does not name may be named by the one that a power cut would have brought back.
        try journalFiles.openReaders()
        try journalFiles.removeLeftovers(before: manifest.firstJournalFile)
        try removals.open(layout.readers)
        try Self.removeOrphans(manifest, layout, files, removals)
        state = Mutex(recovered)
        reserveSpace()
        let journal = Journal(
            position: position, provenThrough: result.provenThrough, epoch: manifest.epoch,
            nextFileNumber: result.nextFileNumber, journalFiles: journalFiles, store: manifest.store, options: options,
            clock: clock, delegate: self)
        journalBox.withLock { $0 = journal }
        background.start(
            seal: { [weak self] in
                self?.regroupTails()
                self?.sealInBackground()
            },
            prepareSpare: { [weak self] length in self?.journalFiles.prepareSpare(length: length) },
            compact: { [weak self] in self?.compactInBackground() })
    }

    private static func manifest(_ file: ManifestFile, _ layout: StoreLayout, _ files: any FileSystem)
        throws(StoreError) -> Manifest
    {
        if let manifest = try file.read() { return manifest }
        let names = try storing { () throws(FileError) in try files.list(layout.directory) }
        let known = ["LOCK", "RESERVE", "MANIFEST.new", "journal", "segments"]
        if let foreign = names.first(where: { !known.contains($0) }) {
            throw StoreError(
                .notAStore, "the directory is neither a store nor empty: it holds \(foreign)", file: layout.directory)
        }
        for directory in [layout.journal, layout.segments]
        where names.contains(String(directory.dropFirst(layout.directory.count + 1))) {
            let inside = try storing { () throws(FileError) in try files.list(directory) }
            guard inside.allSatisfy({ $0 == "readers" || $0.hasSuffix(".spare") }) else {
                throw StoreError(.corrupt, "the manifest is missing though there is data", file: layout.manifest)
            }
        }
        try storing { () throws(FileError) in
            try files.makeDirectory(layout.journal)
            try files.makeDirectory(layout.segments)
            try files.syncDirectory(layout.directory)
        }
        return Manifest(store: .random())
    }

    /// Removes segments that a crash left half written, or whose removal it prevented: the manifest is the truth.
    private static func removeOrphans(
        _ manifest: Manifest, _ layout: StoreLayout, _ files: any FileSystem, _ removals: SegmentRemovals
    ) throws(StoreError) {
        let known = Set(manifest.segments.map(\.id))
        try storing { () throws(FileError) in
            for name in try files.list(layout.segments) {
                let path = layout.segments + "/" + name
                guard let id = StoreLayout.number(of: name, ending: ".segment") else {
                    try files.remove(path)
                    continue
                }
                // A reader may still look at what a manifest of before named.
                if !known.contains(id) { removals.remove(path, unnamedSince: manifest.edition) }
            }
        }
    }

    /// Streams and segments as the manifest has them.
    static func prepare(
        _ state: inout State, _ position: inout LogPosition, _ layout: StoreLayout, _ files: any FileSystem,
        pin: EditionPins.Pin? = nil
    ) {
        let manifest = state.manifest
        // Arrival time never runs backwards, also when the clock was set back meanwhile.
        for segment in manifest.segments { position.lastArrival = max(position.lastArrival, segment.maximumArrival) }
        for record in manifest.streams { state.streams[record.id] = StreamState(record: record) }
        for partition in manifest.partitions {
            guard Int(partition.partition) < state.streams[partition.stream]?.partitions.count ?? 0 else { continue }
            state.streams[partition.stream]?.partitions[Int(partition.partition)].sealedThrough =
                partition.sealedThrough
        }
        for record in manifest.segments.sorted(by: { $0.baseOffset < $1.baseOffset }) {
            guard Int(record.partition) < state.streams[record.stream]?.partitions.count ?? 0 else { continue }
            let file = SegmentFile(
                record: record, path: layout.segment(record.id), store: manifest.store, files: files, pin: pin)
            state.streams[record.stream]?.partitions[Int(record.partition)].segments.append(file)
        }
        for (id, stream) in state.streams {
            var nextSequence = stream.record.sequenceFloor
            var offsets: [Int64] = []
            for (index, partition) in stream.partitions.enumerated() {
                let end = max(partition.sealedThrough, partition.segments.last?.record.endOffset ?? 0)
                state.streams[id]?.partitions[index].endOffset = end
                offsets.append(end)
                for segment in partition.segments { nextSequence = max(nextSequence, segment.record.endSequence) }
            }
            var known: [ProducerID: LogPosition.ProducerEntry] = [:]
            for producer in manifest.producers where producer.stream == id {
                known[producer.producer] = LogPosition.ProducerEntry(state: producer, commit: 0)
            }
            position.streams[id] = LogPosition.StreamPosition(
                record: stream.record, nextSequence: nextSequence, nextOffsets: offsets, producers: known)
        }
    }

    /// Takes over a block found in the journal, unless its rows are sealed or its stream is gone.
    static func apply(_ block: Block, _ fileNumber: UInt64, _ state: inout State, _ position: inout LogPosition) {
        let header = block.header
        position.lastArrival = max(position.lastArrival, header.lastArrival)
        guard !header.isCommitMark, let stream = state.streams[header.stream],
            Int(header.partition) < stream.partitions.count
        else { return }
        position.advance(past: header)
        let sealed = stream.partitions[Int(header.partition)].sealedThrough
        guard header.baseOffset >= sealed else { return }
        state.streams[header.stream]!.partitions[Int(header.partition)].append(block, fileNumber: fileNumber)
    }

    /// Ends the store: what is queued is written, the end is marked as durable, files and locks are given back.
    /// Blocks until done; closing twice is fine.
    package func close() {
        guard let journal = journalBox.withLock({ $0.take() }) else { return }
        background.stop()
        // Whoever comes after these finds the store closed and touches no file any more.
        sealing.locked {}
        compacting.locked {}
        journal.close()
        journalFiles.close()
        changes.close()
        manifestMonitor.locked {
            removals.close()
            lock.release()
        }
    }

    func journal() throws(StoreError) -> Journal {
        guard let journal = journalBox.withLock({ $0 }) else { throw StoreError(.closed, "the store is closed") }
        return journal
    }

    /// What was cut off at the end of the journal when the store was opened: it was never acknowledged as durable.
    package var tornTail: String? { state.withLock { $0.tornTail } }

    /// Keeps space back for the manifest. When there is none, it is tried again with the next manifest.
    private func reserveSpace() {
        do throws(FileError) {
            let file = try files.open(layout.reserve, .createOrOpen)
            defer { file.close() }
            try file.reserve(from: 0, to: Int64(options.reservedLength))
        } catch {
            try? files.remove(layout.reserve)
        }
    }

    /// Makes `manifest` the one on disk. Called under `manifestMonitor`; changes nothing in memory but the edition.
    func writeManifest(_ manifest: Manifest) throws(StoreError) {
        var isUncertain = manifestIsUncertain.load(ordering: .relaxed)
        defer { manifestIsUncertain.store(isUncertain, ordering: .releasing) }
        do { try manifestFile.write(manifest, isUncertain: &isUncertain) } catch {
            state.withLock { $0.manifest.edition = max($0.manifest.edition, manifest.edition) }
            throw error
        }
        if (try? files.exists(layout.reserve)) == false { reserveSpace() }
    }

    // MARK: Appending

    /// Puts an append in line; its completion is called when its acknowledgement level is reached.
    package func submit(_ request: AppendRequest) {
        do { try journal().submit(request) } catch { request.completion(.failure(error)) }
    }

    /// Appends on the caller's thread, which sleeps until the rows are acknowledged.
    package func appendBlocking(
        _ parts: [AppendPart], producer: ProducerStamp? = nil, bookmarks: [Bookmark] = [],
        acknowledgement: Acknowledgement = .durable
    ) throws(StoreError) -> AppendReceipt {
        try journal().appendBlocking { completion in
            AppendRequest(
                parts: parts, producer: producer, bookmarks: bookmarks, acknowledgement: acknowledgement,
                completion: completion)
        }
    }

    /// Makes all that was written so far durable.
    package func sync() throws(StoreError) { try journal().syncNow() }

    // MARK: Reading

    /// The stream of that name as it is now; `nil` when there is none. O(partitions).
    package func snapshot(named name: String) -> StreamSnapshot? {
        let time = clock.now()
        return state.withLock { state in
            state.streams.values.first { $0.record.name == name }.map { Self.snapshot($0, state, time) }
        }
    }

    /// All streams and views at one cut.
    package func snapshots() -> StoreSnapshot {
        let time = clock.now()
        return state.withLock { Self.snapshots($0, time) }
    }

    static func snapshots(_ state: State, _ time: Int64) -> StoreSnapshot {
        let streams = state.streams.values.map { snapshot($0, state, time) }
        return StoreSnapshot(streams: streams, views: state.manifest.views, time: time)
    }

    /// The stream of that id as it is now.
    ///
    /// - Parameter durableOnly: leave out rows that were written but not synced yet: a crash may take them back.
    package func snapshot(of stream: UInt32, durableOnly: Bool = false) -> StreamSnapshot? {
        let time = clock.now()
        return state.withLock { state in
            guard var current = state.streams[stream] else { return nil }
            if durableOnly {
                for index in current.partitions.indices {
                    current.partitions[index].withdraw(after: state.durableThrough)
                }
            }
            return Self.snapshot(current, state, time)
        }
    }

    static func snapshot(_ stream: StreamState, _ state: State, _ time: Int64) -> StreamSnapshot {
        StreamSnapshot(
            record: stream.record, partitions: stream.partitions, time: time, epoch: state.manifest.epoch)
    }

    /// All streams, by name.
    package var streams: [StreamRecord] {
        state.withLock { $0.streams.values.map(\.record) }.sorted { $0.name < $1.name }
    }

    /// All views, by name.
    package var views: [ViewRecord] { state.withLock { $0.manifest.views }.sorted { $0.name < $1.name } }

    /// Wakes when rows are published: for readers that follow a stream.
    package var appended: ChangeSignal { changes }
}

extension StoreLog: Journal.Delegate {
    func publish(_ blocks: [Block], in file: JournalFile, isDurable: Bool) {
        let isSealDue = state.withLock { state in
            var isDue = false
            for block in blocks {
                let header = block.header
                let partition = Int(header.partition)
                guard state.streams[header.stream] != nil else { continue }
                state.streams[header.stream]!.partitions[partition].append(block, fileNumber: file.number)
                if state.streams[header.stream]!.partitions[partition].tailLength >= options.sealLength { isDue = true }
                if state.streams[header.stream]!.partitions[partition].tail.count % (4 * Self.regroupedBlocks) == 0 {
                    isDue = true
                }
                if isDurable { state.durableThrough = max(state.durableThrough, header.commit) }
            }
            return isDue
        }
        changes.signal()
        if isSealDue { background.noteSealDue() }
    }

    func begin(_ file: JournalFile) { state.withLock { $0.journalFiles.append(file) } }

    func settleManifest() throws(StoreError) {
        guard manifestIsUncertain.load(ordering: .acquiring) else { return }
        manifestMonitor.lock()
        defer { manifestMonitor.unlock() }
        var manifest = state.withLock { $0.manifest }
        manifest.edition += 1
        try writeManifest(manifest)
        state.withLock { $0.manifest.edition = manifest.edition }
    }

    func noteDurable(through commit: UInt64) {
        state.withLock { $0.durableThrough = max($0.durableThrough, commit) }
        changes.signal()
    }

    func withdraw(after commit: UInt64, nextCommit: UInt64) -> LogPosition {
        state.withLock { state in
            var position = LogPosition(nextCommit: nextCommit)
            for (id, stream) in state.streams {
                for index in stream.partitions.indices {
                    state.streams[id]!.partitions[index].withdraw(after: commit)
                }
            }
            var rebuilt = State(manifest: state.manifest)
            Self.prepare(&rebuilt, &position, layout, files)
            for stream in state.streams.values {
                for partition in stream.partitions {
                    for tail in partition.tail { position.advance(past: tail.block.header) }
                }
            }
            return position
        }
    }

    func beginEpoch() throws(StoreError) -> UInt64 {
        manifestMonitor.lock()
        defer { manifestMonitor.unlock() }
        var manifest = state.withLock { $0.manifest }
        manifest.epoch += 1
        manifest.edition += 1
        try writeManifest(manifest)
        state.withLock { state in
            manifest.nextSegment = max(state.manifest.nextSegment, manifest.nextSegment)
            state.manifest = manifest
        }
        return manifest.epoch
    }

    func wantsSpare(length: Int) { background.noteSpareWanted(length: length) }
}

import EskerFiles
import EskerFormat
import Synchronization

/// Sealing: the journal blocks of a partition become one segment, and journal files without needed rows are given up.
extension StoreLog {
    /// Seals whatever is due by size, by age, or because the journal has grown too long. Runs on the sealing thread.
    func sealInBackground() {
        guard options.sealsInBackground else { return }
        while let due = nextDue() {
            do { try seal(stream: due.stream, partition: due.partition, inBackground: true) } catch {
                // Nothing is lost: the rows stay in the journal, and sealing is tried again at the next look.
                lastSealingFailure.withLock { $0 = error }
                return
            }
        }
    }

    private func nextDue() -> (stream: UInt32, partition: Int)? {
        let now = clock.now()
        return state.withLock { state in
            var oldest: (stream: UInt32, partition: Int, file: UInt64)?
            let journalLength = state.journalFiles.reduce(0) { $0 + $1.length }
            for (id, stream) in state.streams {
                for (index, partition) in stream.partitions.enumerated() {
                    guard let first = partition.tail.first, first.block.header.commit <= state.durableThrough else {
                        continue
                    }
                    let age = now - (partition.oldestArrival ?? now)
                    if partition.tailLength >= options.sealLength || age >= options.sealAge { return (id, index) }
                    if oldest == nil || first.fileNumber < oldest!.file { oldest = (id, index, first.fileNumber) }
                }
            }
            guard journalLength > options.maximumJournalLength, let oldest else { return nil }
            return (oldest.stream, oldest.partition)
        }
    }

    /// Seals every durable row of every partition: for shutdown tools, tests and repair.
    package func sealAll() throws(StoreError) {
        try sync()
        let all = state.withLock { state in
            state.streams.flatMap { id, stream in stream.partitions.indices.map { (id, $0) } }
        }
        for (stream, partition) in all.sorted(by: { $0 < $1 }) { try seal(stream: stream, partition: partition) }
    }

    /// Bytes that are written a second while sealing keeps up with appends: more would make them wait.
    private static let sealingBytesPerSecond = 64 << 20

    /// Whether more waits to be sealed than twice what is sealed at once: then speed counts more than evenness.
    private var isSealingBehind: Bool {
        state.withLock { state in
            let journalLength = state.journalFiles.reduce(0) { $0 + $1.length }
            let tail = state.streams.values.flatMap(\.partitions).reduce(0) { max($0, $1.tailLength) }
            return tail >= 2 * options.sealLength || journalLength > options.maximumJournalLength
        }
    }

    /// Seals the durable rows of one partition. Does nothing when there are none.
    package func seal(stream: UInt32, partition: Int) throws(StoreError) {
        try seal(stream: stream, partition: partition, inBackground: false)
    }

    private func seal(stream: UInt32, partition: Int, inBackground: Bool) throws(StoreError) {
        sealing.lock()
        defer { sealing.unlock() }
        let (position, durableThrough) = try journal().durableState()
        guard let record = position.streams[stream]?.record else { return }
        let blocks = state.withLock { state in
            (state.streams[stream]?.partitions[partition].tail ?? []).map(\.block)
                .prefix { $0.header.commit <= durableThrough }
        }
        guard !blocks.isEmpty else { return }
        let producers = (position.streams[stream]?.producers.values.map { $0 } ?? [])
            .filter { $0.commit <= durableThrough }.map(\.state)
        let id = takeSegmentID()
        let segment = try writeSegment(id, record, partition, Array(blocks), producers, inBackground)
        try install(segment, producers: producers)
    }

    func takeSegmentID() -> UInt64 {
        state.withLock { state in
            defer { state.manifest.nextSegment += 1 }
            return state.manifest.nextSegment
        }
    }

    private func writeSegment(
        _ id: UInt64, _ stream: StreamRecord, _ partition: Int, _ blocks: [Block], _ producers: [ProducerState],
        _ inBackground: Bool
    ) throws(StoreError) -> SegmentRecord {
        let codec = Self.codec(stream)
        var builder = SealedBlockBuilder(stream: stream, codec: codec, rowsPerBlock: options.rowsPerBlock)
        var writer = try SegmentWriter(
            files: files, layout: layout, store: state.withLock { $0.manifest.store }, id: id, stream: stream.id,
            partition: UInt32(partition), schema: stream.schema, now: clock.now())
        do {
            for block in blocks { try builder.add(block) }
            if inBackground, !isSealingBehind {
                try writeEvenly(&builder, to: &writer)
            } else {
                let pools = try builder.finish { (encoded) throws(StoreError) in try writer.append(encoded) }
                try writer.append(pools)
            }
        } catch {
            writer.discard()
            throw error
        }
        return try writer.finish(producers: producers)
    }

    /// Writes a segment out with pauses, for when nobody waits for it.
    private func writeEvenly(_ builder: inout SealedBlockBuilder, to writer: inout SegmentWriter) throws(StoreError) {
        var budget = WriteBudget(bytesPerSecond: Self.sealingBytesPerSecond)
        budget.begin(at: MonotonicTime.now())
        let pools = try builder.finish { (encoded) throws(StoreError) in
            try writer.append(encoded) { background.pause(budget.pause(after: $0, at: MonotonicTime.now())) }
        }
        try writer.append(pools) { background.pause(budget.pause(after: $0, at: MonotonicTime.now())) }
    }

    /// The stream's codec of sealed blocks: `lz4` unless its options say `zstd` or `none`.
    static func codec(_ stream: StreamRecord) -> Codec {
        switch stream.options["compression"] {
        case "zstd": .zstd
        case "none": Codec.none
        default: .lz4
        }
    }

    /// Makes the segment part of the store, durably, and gives up the journal files that only held its rows.
    private func install(_ segment: SegmentRecord, producers: [ProducerState]) throws(StoreError) {
        manifestMonitor.lock()
        defer { manifestMonitor.unlock() }
        let stillThere = state.withLock { $0.streams[segment.stream] != nil }
        guard stillThere else {
            try? files.remove(layout.segment(segment.id))
            return
        }
        let file = SegmentFile(
            record: segment, path: layout.segment(segment.id), store: state.withLock { $0.manifest.store },
            files: files)
        let (manifest, firstNeeded) = state.withLock { state in plan(segment, producers, state) }
        do { try writeManifest(manifest) } catch {
            // The manifest on disk may name the segment; else nobody does.
            if !manifestIsUncertain.load(ordering: .relaxed) { try? files.remove(layout.segment(segment.id)) }
            throw error
        }
        let retired = state.withLock { state -> [JournalFile] in
            let nextSegment = max(state.manifest.nextSegment, manifest.nextSegment)
            state.manifest = manifest
            state.manifest.nextSegment = nextSegment
            state.streams[segment.stream]!.partitions[Int(segment.partition)].replaceTail(with: file)
            let retired = state.journalFiles.filter { $0.number < firstNeeded }
            state.journalFiles.removeAll { $0.number < firstNeeded }
            return retired
        }
        for file in retired { journalFiles.retire(file) }
        background.noteSpareWanted(length: options.maximumJournalFileLength)
        background.noteCompactionDue()
    }

    /// The manifest with the segment in it, and the first journal file that is needed then.
    private func plan(_ segment: SegmentRecord, _ producers: [ProducerState], _ state: State) -> (Manifest, UInt64) {
        var manifest = state.manifest
        manifest.edition += 1
        manifest.segments.append(segment)
        manifest.partitions.removeAll { $0.stream == segment.stream && $0.partition == segment.partition }
        manifest.partitions.append(
            PartitionRecord(
                stream: segment.stream, partition: segment.partition, sealedThrough: segment.endOffset))
        manifest.producers.removeAll { $0.stream == segment.stream }
        manifest.producers += producers
        let first = Self.firstNeededFile(state, sealing: segment)
        manifest.firstJournalFile = max(manifest.firstJournalFile, first)
        if let file = state.journalFiles.first(where: { $0.number >= first }) {
            manifest.commitFloor = max(manifest.commitFloor, file.header.firstCommit)
        }
        return (manifest, first)
    }

    /// The oldest journal file with a row that is not sealed; the newest is always kept: it anchors the commit ids.
    private static func firstNeededFile(_ state: State, sealing segment: SegmentRecord?) -> UInt64 {
        var first = state.journalFiles.last?.number ?? 0
        for (id, stream) in state.streams {
            for (index, partition) in stream.partitions.enumerated() {
                let isSealing = segment.map { $0.stream == id && Int($0.partition) == index } ?? false
                let end = isSealing ? segment!.endOffset : 0
                if let block = partition.tail.first(where: { $0.block.header.baseOffset >= end }) {
                    first = min(first, block.fileNumber)
                }
            }
        }
        return first
    }
}

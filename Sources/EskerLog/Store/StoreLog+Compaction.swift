import EskerFiles
package import EskerFormat
import Synchronization

/// Compaction: segments of a partition are rewritten as fewer or smaller ones, which take their place by one manifest.
///
/// ```
/// write and sync the new ─▶ manifest: N old out, the new in ─▶ readers see the new ─▶ old ones unlinked by last users
/// ```
///
/// A crash before the manifest leaves new files that it does not name, one after it old ones; the next opening removes
/// both. No lock is held while segments are rewritten but ``compacting``, which nobody else waits for.
extension StoreLog {
    /// What there is to rewrite in one partition.
    private struct Rewriting {
        let stream: StreamRecord
        let partition: Int
        let inputs: [SegmentFile]
        let tier: Tier
    }

    /// Does what the policy finds worth doing. Runs on the compacting thread.
    func compactInBackground() {
        removals.retry()
        guard options.compactsInBackground else { return }
        var budget = WriteBudget(bytesPerSecond: options.compactionBytesPerSecond)
        while let task = nextTask() {
            budget.begin(at: MonotonicTime.now())
            do {
                try compact(task) { (bytes) throws(StoreError) in
                    background.yieldToSealing()
                    background.pause(budget.pause(after: bytes, at: MonotonicTime.now()))
                }
                compactionFailures.withLock { $0.last = nil }
            } catch {
                let unreadable = Self.unreadable(task.inputs, error)
                compactionFailures.withLock { failures in
                    failures.last = error
                    failures.unreadable.formUnion(unreadable)
                }
                // Nothing is lost: the old segments stay, and what can be read is tried again at the next look.
                if unreadable.isEmpty { return }
            }
        }
    }

    /// The segments that an error is about.
    private static func unreadable(_ inputs: [SegmentFile], _ error: StoreError) -> [UInt64] {
        let named = inputs.filter { $0.path == error.file }
        let isTheirs = !named.isEmpty || error.code == .corrupt || error.code == .newerVersion
        return isTheirs ? (named.isEmpty ? inputs : named).map(\.record.id) : []
    }

    private func nextTask() -> Rewriting? {
        let policy = CompactionPolicy(options)
        let now = clock.now()
        let unreadable = compactionFailures.withLock { $0.unreadable }
        for place in places(named: nil) {
            // Segments that cannot be read divide the others: offsets must ascend.
            for run in place.segments.split(whereSeparator: { unreadable.contains($0.record.id) }) {
                let inputs = Array(run)
                if let job = policy.nextJob(inputs.map(\.record), now: now) {
                    return Rewriting(
                        stream: place.stream, partition: place.partition, inputs: Array(inputs[job.range]),
                        tier: job.tier)
                }
            }
        }
        return nil
    }

    /// Partitions with segments, in the order of stream ids.
    private func places(named name: String?) -> [(stream: StreamRecord, partition: Int, segments: [SegmentFile])] {
        let all = state.withLock { state in
            state.streams.values.filter { name == nil || $0.record.name == name }.flatMap { stream in
                stream.partitions.indices.map { (stream.record, $0, stream.partitions[$0].segments) }
            }
        }
        return all.filter { !$0.2.isEmpty }.sorted { ($0.0.id, $0.1) < ($1.0.id, $1.1) }
    }

    /// Merges all segments as far as their limits allow and brings them into the compact tier, now and without pauses.
    ///
    /// - Parameter stream: only that stream. `.missing` when there is none of that name.
    @discardableResult
    package func compactAll(stream name: String? = nil, tier: Tier = .compact) throws(StoreError) -> CompactionSummary {
        let names = streams.map(\.name).filter { name == nil || $0 == name }
        if let name, names.isEmpty { throw StoreError(.missing, "there is no stream \(name)") }
        defer { removals.retry() }
        var summaries: [CompactionSummary.Stream] = []
        for name in names {
            let before = size(of: name)
            for place in places(named: name) {
                for job in CompactionPolicy(options).allJobs(place.segments.map(\.record), tier: tier) {
                    let task = Rewriting(
                        stream: place.stream, partition: place.partition, inputs: Array(place.segments[job.range]),
                        tier: job.tier)
                    try compact(task) { _ in }
                }
            }
            summaries.append(CompactionSummary.Stream(name: name, before: before, after: size(of: name)))
        }
        return CompactionSummary(streams: summaries)
    }

    private func size(of name: String) -> CompactionSummary.Size {
        var size = CompactionSummary.Size()
        for segment in places(named: name).flatMap(\.segments) {
            size.files += 1
            size.bytes += segment.record.fileLength
            size.rows += segment.record.rowCount
        }
        return size
    }

    // MARK: One task

    private func compact(_ task: Rewriting, pause: (Int) throws(StoreError) -> Void) throws(StoreError) {
        compacting.lock()
        defer { compacting.unlock() }
        _ = try journal()
        // Another compaction may have been quicker.
        guard state.withLock({ Self.range(of: task.inputs, task.partition, $0.streams[task.stream.id]) }) != nil else {
            return
        }
        try checkSpace(task.inputs.reduce(0) { $0 + $1.record.fileLength })
        let merger = SegmentMerger(
            files: files, layout: layout, store: state.withLock { $0.manifest.store }, stream: task.stream,
            partition: task.partition, inputs: task.inputs, tier: task.tier, options: options, now: clock.now(),
            takeID: takeSegmentID)
        let records = try merger.run { (bytes) throws(StoreError) in
            _ = try journal()
            try checkSpace(0)
            try pause(bytes)
        }
        try install(records, inPlaceOf: task.inputs, task.stream.id, task.partition)
    }

    /// Leaves space for appends: they must not fail because of something that can wait.
    private func checkSpace(_ needed: Int64) throws(StoreError) {
        let free = try storing { () throws(FileError) in try files.freeSpace(layout.segments) }
        guard free - needed >= Int64(options.compactionFreeSpace) else {
            throw StoreError(
                .diskFull,
                "compaction needs \(needed) bytes and leaves \(options.compactionFreeSpace) free; the disk has \(free); "
                    + "it goes on when there is space", file: layout.segments)
        }
    }

    /// Where segments stand in their partition; `nil` when they are not there any more, or not as neighbours.
    private static func range(of segments: [SegmentFile], _ partition: Int, _ stream: StreamState?) -> Range<Int>? {
        guard let all = stream?.partitions[partition].segments,
            let start = all.firstIndex(where: { $0 === segments[0] }), start + segments.count <= all.count
        else { return nil }
        let range = start..<start + segments.count
        return zip(all[range], segments).allSatisfy { $0 === $1 } ? range : nil
    }

    /// Puts the new segments in the place of the old ones: in the manifest, durably, and for readers.
    private func install(
        _ records: [SegmentRecord], inPlaceOf inputs: [SegmentFile], _ stream: UInt32, _ partition: Int
    ) throws(StoreError) {
        manifestMonitor.lock()
        defer { manifestMonitor.unlock() }
        let fresh = state.withLock { state in
            records.map { record in
                SegmentFile(
                    record: record, path: layout.segment(record.id), store: state.manifest.store, files: files)
            }
        }
        guard var manifest = state.withLock({ Self.manifest($0, records, inPlaceOf: inputs, stream, partition) }) else {
            return remove(records)
        }
        manifest.edition += 1
        do { try writeManifest(manifest) } catch {
            // The manifest on disk may name the new segments; else nobody does.
            if !manifestIsUncertain.load(ordering: .relaxed) { remove(records) }
            throw error
        }
        state.withLock { state in
            manifest.nextSegment = max(state.manifest.nextSegment, manifest.nextSegment)
            state.manifest = manifest
            let range = Self.range(of: inputs, partition, state.streams[stream])
            guard let range else { preconditionFailure("segments change only under the monitor of the manifest") }
            state.streams[stream]!.partitions[partition].segments.replaceSubrange(range, with: fresh)
        }
        for input in inputs { input.removeWithLastUser(removals, unnamedSince: manifest.edition) }
    }

    /// The manifest with the new segments; `nil` when the old ones were dropped meanwhile.
    private static func manifest(
        _ state: State, _ records: [SegmentRecord], inPlaceOf inputs: [SegmentFile], _ stream: UInt32,
        _ partition: Int
    ) -> Manifest? {
        guard range(of: inputs, partition, state.streams[stream]) != nil else { return nil }
        let old = Set(inputs.map(\.record.id))
        var manifest = state.manifest
        let first = manifest.segments.firstIndex { old.contains($0.id) } ?? manifest.segments.endIndex
        manifest.segments.insert(contentsOf: records, at: first)
        manifest.segments.removeAll { old.contains($0.id) }
        return manifest
    }

    private func remove(_ records: [SegmentRecord]) {
        for record in records { try? files.remove(layout.segment(record.id)) }
    }
}

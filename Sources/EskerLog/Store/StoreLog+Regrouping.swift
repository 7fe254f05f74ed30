import EskerFormat
import Synchronization

/// Regrouping: many tiny journal blocks of a tail are joined in memory, so that a scan does not pay for each.
///
/// A commit of single rows makes a block of a few rows on a page of its own. Reading one costs about a microsecond
/// however few its rows are; joined into one block of up to 64 Ki rows they cost what any rows cost. The journal keeps
/// the blocks as they were written.
extension StoreLog {
    /// Rows below which a block is tiny.
    static let tinyRows = 1024
    /// Tiny blocks in a row that are worth joining.
    static let regroupedBlocks = 128

    /// Joins what is worth it in every tail. Runs on the sealing thread.
    package func regroupTails() {
        sealing.lock()
        defer { sealing.unlock() }
        let tails = state.withLock { state in
            state.streams.flatMap { id, stream in
                stream.partitions.indices.map { index in
                    (stream: stream.record, partition: index, tail: stream.partitions[index].tail)
                }
            }
        }
        let durableThrough = state.withLock { $0.durableThrough }
        for (stream, partition, tail) in tails where tail.count >= Self.regroupedBlocks {
            for run in Self.runs(tail, durableThrough: durableThrough, rowsPerBlock: options.rowsPerBlock) {
                guard let joined = try? join(Array(tail[run]), stream) else { continue }
                install(joined, inPlaceOf: run.count, stream: stream.id, partition: partition)
            }
        }
    }

    /// Stretches of tiny durable blocks that fit one block together.
    private static func runs(_ tail: [PartitionState.TailBlock], durableThrough: UInt64, rowsPerBlock: Int) -> [Range<
        Int
    >] {
        var runs: [Range<Int>] = []
        var start = 0
        var rows = 0
        for (index, entry) in tail.enumerated() {
            let header = entry.block.header
            let isTiny = header.rowCount < tinyRows && header.commit <= durableThrough
            let fits =
                rows + header.rowCount <= rowsPerBlock
                && header.schemaVersion == tail[start].block.header.schemaVersion
            if !isTiny || !fits {
                if index - start >= regroupedBlocks { runs.append(start..<index) }
                start = isTiny ? index : index + 1
                rows = 0
            }
            if isTiny { rows += header.rowCount }
        }
        if tail.count - start >= regroupedBlocks { runs.append(start..<tail.count) }
        return runs
    }

    private func join(_ entries: [PartitionState.TailBlock], _ stream: StreamRecord) throws(StoreError)
        -> PartitionState.TailBlock?
    {
        var regrouping = RowRegrouping(stream: stream, rowsPerGroup: options.rowsPerBlock)
        var groups: [RowRegrouping.Group] = []
        for entry in entries { try regrouping.add(entry.block) { groups.append($0) } }
        regrouping.flush { groups.append($0) }
        guard groups.count == 1 else { return nil }
        let encoder = BlockEncoder(profile: .cold, eventTimeColumn: stream.eventTimeColumn)
        let joined = encoder.encode(groups[0].batch, groups[0].header, system: groups[0].system)
        let bytes = joined.joined()
        var header = joined.header
        if stream.eventTimeColumn == nil {
            header.minimumEventTime = header.arrival
            header.maximumEventTime = header.lastArrival
        }
        // In memory only: the last row of each producer, for when the counters are read back from the tail.
        var latest: [ProducerID: ProducerRecord] = [:]
        for record in entries.flatMap(\.block.header.producers) {
            if let known = latest[record.producer],
                (known.epoch, known.firstSequence) > (record.epoch, record.firstSequence)
            {
                continue
            }
            latest[record.producer] = record
        }
        header.producers = Array(latest.values)
        let block = Block(header: header, bytes: bytes, isVerified: true)
        return PartitionState.TailBlock(block: block, fileNumber: entries[0].fileNumber)
    }

    /// Puts the joined block in the place of those it was made of, unless they are gone meanwhile.
    private func install(
        _ joined: PartitionState.TailBlock, inPlaceOf count: Int, stream: UInt32, partition: Int
    ) {
        state.withLock { state in
            guard let tail = state.streams[stream]?.partitions[partition].tail,
                let first = tail.firstIndex(where: {
                    $0.block.header.baseOffset == joined.block.header.baseOffset
                }), first + count <= tail.count
            else { return }
            let last = tail[first + count - 1].block.header
            guard last.baseOffset + last.offsetSpan == joined.block.header.baseOffset + joined.block.header.offsetSpan
            else { return }
            state.streams[stream]!.partitions[partition].tail.replaceSubrange(first..<first + count, with: [joined])
        }
    }
}

import EskerFormat

/// Where every stream's next row goes. Owned by whoever holds the journal's writing role.
struct LogPosition {
    /// One stream's counters.
    struct StreamPosition {
        var record: StreamRecord
        var nextSequence: Int64
        var nextOffsets: [Int64]
        var producers: [ProducerID: ProducerEntry] = [:]
    }

    /// A producer's last rows, with the commit that made them durable.
    struct ProducerEntry {
        var state: ProducerState
        var commit: UInt64
    }

    var streams: [UInt32: StreamPosition] = [:]
    /// The id of the next commit.
    var nextCommit: UInt64
    /// Arrival time of the last commit: it never runs backwards.
    var lastArrival: Int64 = Int64.min

    /// Takes over what a commit read back from the journal, or just written, says.
    mutating func advance(past header: BlockHeader) {
        guard var stream = streams[header.stream] else { return }
        let partition = Int(header.partition)
        guard partition < stream.nextOffsets.count else { return }
        stream.nextOffsets[partition] = max(stream.nextOffsets[partition], header.baseOffset + header.offsetSpan)
        stream.nextSequence = max(stream.nextSequence, header.firstSequence + header.sequenceSpan)
        for record in header.producers where record.rowCount > 0 {
            let last = record.lastSequence
            let known = stream.producers[record.producer]
            if let known, (known.state.epoch, known.state.lastSequence) >= (record.epoch, last) { continue }
            let state = ProducerState(
                stream: header.stream, producer: record.producer, epoch: record.epoch, lastSequence: last,
                lastOffset: header.baseOffset + Int64(header.rowCount) - 1, lastPartition: header.partition,
                lastSeen: header.arrival)
            stream.producers[record.producer] = ProducerEntry(state: state, commit: header.commit)
        }
        streams[header.stream] = stream
        lastArrival = max(lastArrival, header.lastArrival)
    }

    /// Forgets the producers idle longest, beyond `limit` a stream.
    mutating func trimProducers(to limit: Int) {
        for (id, stream) in streams where stream.producers.count > limit {
            let keep = stream.producers.sorted { $0.value.state.lastSeen > $1.value.state.lastSeen }.prefix(limit)
            streams[id]?.producers = Dictionary(uniqueKeysWithValues: keep.map { ($0.key, $0.value) })
        }
    }
}

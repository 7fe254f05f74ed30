import EskerFormat

/// Decides what one commit holds: which requests go in, which are repeats, which rows stand where.
///
/// Appends of few rows to the same partition are joined into one block. Nothing is changed outside the plan, so that a
/// failed write leaves no trace.
struct CommitPlan {
    /// Blocks to write, their headers complete but for the commit's own fields.
    private(set) var blocks: [EncodedBlock] = []
    private(set) var answers: [(request: AppendRequest, result: Result<AppendReceipt, StoreError>)] = []

    private let arrival: Int64
    private let joinedRows: Int
    private var open: [Key: OpenBlock] = [:]
    private var order: [Key] = []
    private var nextOffsets: [Key: Int64] = [:]
    private var nextSequences: [UInt32: Int64] = [:]
    private var producers: [ProducerKey: (epoch: UInt64, last: Int64)] = [:]

    private struct Key: Hashable {
        let stream: UInt32
        let partition: Int
    }

    private struct ProducerKey: Hashable {
        let stream: UInt32
        let producer: ProducerID
    }

    /// Small appends to one partition that will become one block.
    private struct OpenBlock {
        var batches: [Batch] = []
        var rows = 0
        var baseOffset: Int64
        var firstSequence: Int64
        var sequences: [Int64] = []
        var producers: [ProducerRecord] = []
    }

    /// Plans one commit for requests in the order of their arrival.
    init(_ requests: [AppendRequest], position: LogPosition, arrival: Int64, joinedRows: Int) {
        self.arrival = arrival
        self.joinedRows = joinedRows
        for request in requests { add(request, position) }
        for key in order { close(key, position) }
    }

    private mutating func add(_ request: AppendRequest, _ position: LogPosition) {
        do {
            let duplicates = try checkProducer(request, position)
            if duplicates > 0 {
                let receipt = AppendReceipt(placements: [], duplicates: duplicates)
                answers.append((request, .success(receipt)))
                return
            }
            for part in request.parts { try check(part, position) }
            try check(request.bookmarks)
        } catch {
            answers.append((request, .failure(error)))
            return
        }
        if request.parts.count == 1, request.producer == nil, request.bookmarks.isEmpty {
            return addSingle(request.parts[0], request, position)
        }
        var placements: [AppendReceipt.Placement] = []
        let firstStream = request.parts.first?.stream ?? 0
        var firstSequences: [UInt32: Int64] = [:]
        var rows: [UInt32: Int64] = [:]
        for part in request.parts {
            let start = firstSequences[part.stream] ?? nextSequence(part.stream, position)
            firstSequences[part.stream] = start
            let before = rows[part.stream, default: 0]
            let offset = place(part, sequence: start + (part.places == nil ? before : 0), request, position)
            rows[part.stream, default: 0] += Int64(part.batch.count)
            let placement = AppendReceipt.Placement(partition: part.partition, offset: offset, count: part.batch.count)
            placements.append(placement)
        }
        for (stream, start) in firstSequences { nextSequences[stream] = start + rows[stream, default: 0] }
        if let stamp = request.producer {
            let key = ProducerKey(stream: firstStream, producer: stamp.producer)
            producers[key] = (stamp.epoch, stamp.firstSequence + rows[firstStream, default: 0] - 1)
        }
        if !request.bookmarks.isEmpty { addBookmarks(request.bookmarks, stream: firstStream) }
        answers.append((request, .success(AppendReceipt(placements: placements))))
    }

    /// The most frequent request, rows of one partition and nothing else, without the bookkeeping that others need.
    private mutating func addSingle(_ part: AppendPart, _ request: AppendRequest, _ position: LogPosition) {
        let sequence = nextSequence(part.stream, position)
        let offset = place(part, sequence: sequence, request, position)
        nextSequences[part.stream] = sequence + Int64(part.batch.count)
        let placement = AppendReceipt.Placement(partition: part.partition, offset: offset, count: part.batch.count)
        answers.append((request, .success(AppendReceipt(placements: [placement]))))
    }

    // MARK: Checks

    /// Rows of the request that were stored before: all or none.
    private func checkProducer(_ request: AppendRequest, _ position: LogPosition) throws(StoreError) -> Int {
        guard let stamp = request.producer, let stream = request.parts.first?.stream else { return 0 }
        let rows = request.parts.reduce(0) { $0 + ($1.stream == stream ? $1.batch.count : 0) }
        let (end, isOver) = stamp.firstSequence.addingReportingOverflow(Int64(rows))
        guard stamp.firstSequence >= 0, !isOver else {
            throw StoreError(
                .rejected,
                "producer sequences start at 0 and end below 2^63; \(rows) rows from \(stamp.firstSequence) do not")
        }
        let stored = position.streams[stream]?.producers[stamp.producer]?.state
        let known =
            producers[ProducerKey(stream: stream, producer: stamp.producer)]
            ?? stored.map { (epoch: $0.epoch, last: $0.lastSequence) }
        guard let known else { return 0 }
        guard stamp.epoch >= known.epoch else {
            throw StoreError(
                .fenced, "producer epoch \(stamp.epoch) was superseded by \(known.epoch); start a new producer")
        }
        let last = end - 1
        guard stamp.epoch == known.epoch, stamp.firstSequence <= known.last else { return 0 }
        guard last <= known.last else {
            throw StoreError(
                .rejected,
                "producer sequences \(stamp.firstSequence)–\(last) are stored through \(known.last) only in part; "
                    + "repeat appends with the same rows")
        }
        return rows
    }

    private func check(_ part: AppendPart, _ position: LogPosition) throws(StoreError) {
        guard let stream = position.streams[part.stream] else {
            throw StoreError(.missing, "the stream was dropped")
        }
        guard part.partition < stream.nextOffsets.count else {
            throw StoreError(.rejected, "\(stream.record.name) has no partition \(part.partition)")
        }
        guard part.batch.schema.version == stream.record.schema.version else {
            throw StoreError(.rejected, "the columns of \(stream.record.name) have changed; read them again and retry")
        }
    }

    /// Bookmarks stand in a header of their own.
    private func check(_ bookmarks: [Bookmark]) throws(StoreError) {
        let length = bookmarks.reduce(0) { $0 + $1.encodedLength }
        let limit = BlockHeader.maximumLength - BlockHeader.fixedLength
        guard length <= limit, bookmarks.allSatisfy({ $0.name.utf8.count <= Int(UInt16.max) }) else {
            throw StoreError(.tooLarge, "bookmarks of \(length) bytes; \(limit) fit into one append")
        }
    }

    // MARK: Places

    private func nextSequence(_ stream: UInt32, _ position: LogPosition) -> Int64 {
        nextSequences[stream] ?? position.streams[stream]!.nextSequence
    }

    /// Puts the rows into a block and returns the offset of the first.
    private mutating func place(
        _ part: AppendPart, sequence: Int64, _ request: AppendRequest, _ position: LogPosition
    ) -> Int64 {
        let key = Key(stream: part.stream, partition: part.partition)
        let offset = nextOffsets[key] ?? position.streams[part.stream]!.nextOffsets[part.partition]
        guard part.batch.count > 0 else { return offset }
        nextOffsets[key] = offset + Int64(part.batch.count)
        let record = request.producer.flatMap { producerRecord($0, for: part, key, request) }
        if var encoded = part.encoded {
            close(key, position)
            if let record { encoded.setProducers([record]) }
            encoded.header.baseOffset = offset
            encoded.header.firstSequence = sequence + (part.places?.first ?? 0)
            finish(&encoded, hasEventTime: position.streams[part.stream]!.record.eventTimeColumn != nil)
            return offset
        }
        join(part, key, offset: offset, sequence: sequence, record)
        if open[key]!.rows >= joinedRows { close(key, position) }
        return offset
    }

    /// The producer's record, when this is the part that carries it: the first of its stream with rows.
    private func producerRecord(
        _ stamp: ProducerStamp, for part: AppendPart, _ key: Key, _ request: AppendRequest
    ) -> ProducerRecord? {
        let carrier = request.parts.first { $0.stream == part.stream && $0.batch.count > 0 }
        guard part.stream == request.parts.first?.stream, carrier?.partition == part.partition else { return nil }
        let rows = request.parts.reduce(0) { $0 + ($1.stream == part.stream ? $1.batch.count : 0) }
        return ProducerRecord(
            producer: stamp.producer, epoch: stamp.epoch, firstSequence: stamp.firstSequence,
            firstRow: UInt32(part.encoded == nil ? open[key]?.rows ?? 0 : 0), rowCount: UInt32(rows))
    }

    private mutating func join(
        _ part: AppendPart, _ key: Key, offset: Int64, sequence: Int64, _ record: ProducerRecord?
    ) {
        // Taken out while it is changed, so that its arrays grow in place.
        var block: OpenBlock
        if let index = open.index(forKey: key) {
            block = open.values[index]
            open.values[index] = OpenBlock(baseOffset: offset, firstSequence: sequence)
        } else {
            block = OpenBlock(baseOffset: offset, firstSequence: sequence)
            order.append(key)
        }
        for row in 0..<part.batch.count { block.sequences.append(sequence + (part.places?[row] ?? Int64(row))) }
        block.batches.append(part.batch)
        block.rows += part.batch.count
        if let record { block.producers.append(record) }
        open[key] = block
    }

    private mutating func close(_ key: Key, _ position: LogPosition) {
        guard let block = open.removeValue(forKey: key), let stream = position.streams[key.stream] else { return }
        order.removeAll { $0 == key }
        let schema = stream.record.schema
        let batch = Batch.concatenate(block.batches, schema: schema)
        var header = BlockHeader()
        header.stream = key.stream
        header.partition = UInt32(key.partition)
        header.partitionVersion = stream.record.partitionVersion
        header.schemaVersion = schema.version
        header.baseOffset = block.baseOffset
        header.producers = block.producers
        let first = block.sequences.min() ?? block.firstSequence
        header.firstSequence = first
        header.sequenceSpan = (block.sequences.max() ?? first - 1) - first + 1
        let isConsecutive = block.sequences.enumerated().allSatisfy { $0.element == first + Int64($0.offset) }
        let system = BlockEncoder.SystemValues(sequences: isConsecutive ? nil : block.sequences.map { $0 - first })
        let encoder = BlockEncoder(profile: .hot, eventTimeColumn: stream.record.eventTimeColumn)
        var encoded = encoder.encode(batch, header, system: system)
        finish(&encoded, hasEventTime: stream.record.eventTimeColumn != nil)
    }

    private mutating func addBookmarks(_ bookmarks: [Bookmark], stream: UInt32) {
        var header = BlockHeader()
        header.stream = stream
        header.bookmarks = bookmarks
        let empty = Batch(schema: Schema(columns: []), columns: [], count: 0)
        var encoded = BlockEncoder(profile: .hot, eventTimeColumn: nil).encode(empty, header)
        finish(&encoded, hasEventTime: true)
    }

    /// Stamps the time of arrival, which is also the event time of streams without a column for it.
    private mutating func finish(_ encoded: inout EncodedBlock, hasEventTime: Bool) {
        encoded.header.arrival = arrival
        encoded.header.lastArrival = arrival
        if !hasEventTime {
            encoded.header.minimumEventTime = arrival
            encoded.header.maximumEventTime = arrival
        }
        blocks.append(encoded)
    }
}

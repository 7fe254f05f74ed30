package import EskerFormat

/// What can be read of one partition: sealed segments, then the tail's journal blocks, in offset order.
///
/// ```
/// offsets   0 ──────────────────── sealedThrough ─────────── endOffset
///           [segment][segment] … [segment] [block][block] … [block]
/// ```
package struct PartitionState: Sendable {
    /// A block of the tail and the journal file it stands in.
    package struct TailBlock: Sendable {
        package let block: Block
        package let fileNumber: UInt64
    }

    package var segments: [SegmentFile] = []
    package var tail: [TailBlock] = []
    /// Every offset below it is in segments or dropped.
    package var sealedThrough: Int64 = 0
    /// The next row's offset.
    package var endOffset: Int64 = 0
    /// Journal bytes of the tail.
    package var tailLength = 0

    /// Takes in a block of the journal. Blocks without rows only move the end.
    mutating func append(_ block: Block, fileNumber: UInt64) {
        let header = block.header
        endOffset = max(endOffset, header.baseOffset + header.offsetSpan)
        guard header.rowCount > 0 else { return }
        tail.append(TailBlock(block: block, fileNumber: fileNumber))
        tailLength += header.totalLength
    }

    /// Puts a segment in the place of the tail blocks below its end.
    mutating func replaceTail(with segment: SegmentFile) {
        let end = segment.record.endOffset
        segments.append(segment)
        sealedThrough = max(sealedThrough, end)
        let kept = tail.drop { $0.block.header.baseOffset < end }
        tail = Array(kept)
        tailLength = tail.reduce(0) { $0 + $1.block.header.totalLength }
    }

    /// Takes away blocks of commits that were never durable.
    mutating func withdraw(after commit: UInt64) {
        guard let newest = tail.last, newest.block.header.commit > commit else { return }
        tail.removeAll { $0.block.header.commit > commit }
        tailLength = tail.reduce(0) { $0 + $1.block.header.totalLength }
        let last = tail.last.map { $0.block.header.baseOffset + $0.block.header.offsetSpan }
        endOffset = max(sealedThrough, last ?? sealedThrough)
    }

    /// Arrival time of the oldest row in the tail, µs.
    var oldestArrival: Int64? { tail.first?.block.header.arrival }
}

/// What can be read of one stream.
package struct StreamState: Sendable {
    package var record: StreamRecord
    package var partitions: [PartitionState]

    init(record: StreamRecord) {
        self.record = record
        partitions = [PartitionState](repeating: PartitionState(), count: record.partitionCount)
    }
}

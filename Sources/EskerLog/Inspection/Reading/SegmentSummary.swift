import EskerFormat

/// What the blocks of a segment add up to: the line that the manifest should have for it.
struct SegmentSummary {
    /// Length, checksum and names of the file are not the blocks' to tell.
    private(set) var record = SegmentRecord(id: 0, stream: 0, partition: 0)
    private var isEmpty = true

    mutating func include(_ header: BlockHeader) {
        record.baseOffset = isEmpty ? header.baseOffset : min(record.baseOffset, header.baseOffset)
        record.firstSequence = isEmpty ? header.firstSequence : min(record.firstSequence, header.firstSequence)
        isEmpty = false
        record.endOffset = max(record.endOffset, header.baseOffset + header.offsetSpan)
        record.endSequence = max(record.endSequence, header.firstSequence + header.sequenceSpan)
        record.rowCount &+= Int64(header.rowCount)
        record.logicalByteCount &+= Int64(header.logicalByteCount)
        record.minimumArrival = min(record.minimumArrival, header.arrival)
        record.maximumArrival = max(record.maximumArrival, header.lastArrival)
        record.minimumEventTime = min(record.minimumEventTime, header.minimumEventTime)
        record.maximumEventTime = max(record.maximumEventTime, header.maximumEventTime)
        record.lastCommit = max(record.lastCommit, header.commit)
    }

    /// The line for the file that the blocks stand in; `nil` when it has none, or no good header and trailer.
    static func record(of image: SegmentImage) -> SegmentRecord? {
        guard let header = image.header, let trailer = image.trailer, !image.blocks.isEmpty else { return nil }
        var summary = SegmentSummary()
        for block in image.blocks { summary.include(block.header) }
        var record = summary.record
        record.id = header.id
        record.stream = header.stream
        record.partition = header.partition
        record.tier = header.tier
        record.fileLength = Int64(image.bytes.byteCount)
        record.footerChecksum = trailer.footerChecksum
        return record
    }
}

package import EskerFormat

/// A store as its manifest and files describe it.
package struct StoreReport: Sendable {
    /// The directory, or the manifest's own path when only that was looked at.
    package let path: String
    package let store: StoreID
    package let edition: UInt64
    package let epoch: UInt64
    package let firstJournalFile: UInt64
    package let commitFloor: UInt64
    package internal(set) var streams: [StreamReport]
    package let views: [ViewRecord]
    package internal(set) var segments: [SegmentReport] = []
    package internal(set) var journals: [JournalReport] = []
    /// What is wrong, as far as looking shows; `verify` looks closer.
    package internal(set) var problems: [String] = []

    init(_ manifest: Manifest, path: String) {
        self.path = path
        store = manifest.store
        edition = manifest.edition
        epoch = manifest.epoch
        firstJournalFile = manifest.firstJournalFile
        commitFloor = manifest.commitFloor
        views = manifest.views.sorted { $0.name < $1.name }
        streams = manifest.streams.sorted { $0.name < $1.name }.map { StreamReport($0, manifest) }
    }

    package var segmentBytes: Int64 { streams.reduce(0) { $0 &+ $1.sealedBytes } }
    package var journalBytes: Int64 { journals.reduce(0) { $0 &+ Int64($1.fileLength) } }
}

/// A stream: its definition, and what the store holds of it.
package struct StreamReport: Sendable {
    package let record: StreamRecord
    package internal(set) var partitions: [PartitionReport]
    package private(set) var sealedBytes: Int64 = 0
    package private(set) var logicalByteCount: Int64 = 0
    package internal(set) var arrivals = TimeRange()
    package internal(set) var eventTimes = TimeRange()
    package internal(set) var nextSequence: Int64
    package internal(set) var tailBytes: Int64 = 0

    init(_ record: StreamRecord, _ manifest: Manifest) {
        self.record = record
        nextSequence = record.sequenceFloor
        partitions = (0..<record.partitionCount).map { PartitionReport(index: $0) }
        for partition in manifest.partitions
        where partition.stream == record.id && partition.partition < record.partitionCount {
            partitions[Int(partition.partition)].sealedThrough = partition.sealedThrough
            partitions[Int(partition.partition)].endOffset = partition.sealedThrough
        }
        for segment in manifest.segments
        where segment.stream == record.id && segment.partition < record.partitionCount {
            include(segment)
        }
    }

    private mutating func include(_ segment: SegmentRecord) {
        partitions[Int(segment.partition)].include(segment)
        sealedBytes &+= segment.fileLength
        logicalByteCount &+= segment.logicalByteCount
        arrivals.include(TimeRange(segment.minimumArrival, segment.maximumArrival))
        eventTimes.include(TimeRange(segment.minimumEventTime, segment.maximumEventTime))
        nextSequence = max(nextSequence, segment.endSequence)
    }

    /// Takes in a block of the journal, unless its rows are sealed.
    mutating func include(_ header: BlockHeader) {
        guard header.partition < partitions.count,
            header.baseOffset >= partitions[Int(header.partition)].sealedThrough
        else { return }
        partitions[Int(header.partition)].endOffset = max(
            partitions[Int(header.partition)].endOffset, header.baseOffset + header.offsetSpan)
        partitions[Int(header.partition)].tailRows &+= Int64(header.rowCount)
        tailBytes &+= Int64(header.totalLength)
        logicalByteCount &+= Int64(header.logicalByteCount)
        arrivals.include(header.arrivals)
        eventTimes.include(header.rowCount == 0 ? TimeRange() : header.eventTimes)
        nextSequence = max(nextSequence, header.firstSequence + header.sequenceSpan)
    }

    package var sealedRows: Int64 { partitions.reduce(0) { $0 &+ $1.sealedRows } }
    package var tailRows: Int64 { partitions.reduce(0) { $0 &+ $1.tailRows } }
    package var segmentCount: Int { partitions.reduce(0) { $0 + $1.segmentCount } }

    /// The name of one of its columns.
    func columnName(_ id: UInt32) -> String {
        record.schemas.last?.columns.first { $0.id == id }?.name ?? "column_\(id)"
    }
}

/// One partition of a stream.
package struct PartitionReport: Sendable {
    package let index: Int
    package internal(set) var sealedThrough: Int64 = 0
    package internal(set) var endOffset: Int64 = 0
    package private(set) var segmentCount = 0
    package private(set) var sealedRows: Int64 = 0
    /// Rows in the journal.
    package internal(set) var tailRows: Int64 = 0

    init(index: Int) { self.index = index }

    mutating func include(_ segment: SegmentRecord) {
        segmentCount += 1
        sealedRows &+= segment.rowCount
        endOffset = max(endOffset, segment.endOffset)
    }
}

package import EskerFormat

/// All streams and views of a store at one cut.
package struct StoreSnapshot: Sendable {
    package let streams: [StreamSnapshot]
    package let views: [ViewRecord]
    /// Time of the snapshot by the store's clock, µs.
    package let time: Int64
}

/// One stream at one cut: later appends, sealing and drops do not change it.
///
/// Blocks are found through ``blocks(ofPartition:)`` and read one at a time. What the snapshot names stays readable
/// while it lives: mapped journal files are not written over, and removed segments stay mapped.
package struct StreamSnapshot: Sendable {
    /// A block and what is known of it without reading it.
    package struct BlockHandle: Sendable {
        package let partition: Int
        package let rowCount: Int
        package let baseOffset: Int64
        package let offsetSpan: Int64
        package let firstSequence: Int64
        /// Bounds of arrival and event time, µs. An empty range (min > max) means that no row has one.
        package let minimumArrival: Int64
        package let maximumArrival: Int64
        package let minimumEventTime: Int64
        package let maximumEventTime: Int64
        fileprivate let source: Source

        fileprivate enum Source: Sendable {
            case tail(PartitionState.TailBlock)
            case segment(SegmentFile, Int)
        }

        /// The block: at once from the tail, checked and mapped from a segment.
        package func load() throws(StoreError) -> Block {
            switch source {
            case .tail(let tail): return tail.block
            case .segment(let file, let index): return try file.block(index)
            }
        }

        /// The file and place to name in an error about the block's bytes.
        package func error(_ error: FormatError) -> StoreError {
            switch source {
            case .tail(let tail): StoreError(error, file: StoreLayout.journalName(tail.fileNumber))
            case .segment(let file, let index):
                StoreError(error, file: file.path, at: Int64((try? file.footer().blocks[index].offset) ?? 0))
            }
        }

        /// Whether the rows are sealed.
        package var isSealed: Bool {
            if case .segment = source { true } else { false }
        }
    }

    package let record: StreamRecord
    package let partitions: [PartitionState]
    /// Time of the snapshot by the store's clock, µs: the "now" of its windows.
    package let time: Int64
    package let epoch: UInt64

    /// The blocks of a partition in offset order. O(blocks); segments are opened to read their directories.
    ///
    /// - Parameter offsets: blocks wholly outside are left out.
    package func blocks(ofPartition partition: Int, offsets: Range<Int64> = 0..<Int64.max) throws(StoreError)
        -> [BlockHandle]
    {
        let state = partitions[partition]
        var handles: [BlockHandle] = []
        for segment in state.segments
        where segment.record.endOffset > offsets.lowerBound && segment.record.baseOffset < offsets.upperBound {
            for (index, place) in try segment.footer().blocks.enumerated()
            where place.baseOffset + place.offsetSpan > offsets.lowerBound && place.baseOffset < offsets.upperBound {
                handles.append(Self.handle(place, partition, .segment(segment, index)))
            }
        }
        for tail in state.tail {
            let header = tail.block.header
            guard header.baseOffset + header.offsetSpan > offsets.lowerBound, header.baseOffset < offsets.upperBound
            else { continue }
            handles.append(Self.handle(SegmentFooter.BlockPlace(header, at: 0), partition, .tail(tail)))
        }
        return handles
    }

    private static func handle(_ place: SegmentFooter.BlockPlace, _ partition: Int, _ source: BlockHandle.Source)
        -> BlockHandle
    {
        BlockHandle(
            partition: partition, rowCount: place.rowCount, baseOffset: place.baseOffset,
            offsetSpan: place.offsetSpan, firstSequence: place.firstSequence, minimumArrival: place.minimumArrival,
            maximumArrival: place.maximumArrival, minimumEventTime: place.minimumEventTime,
            maximumEventTime: place.maximumEventTime, source: source)
    }

    /// Rows in the snapshot. O(segments + tail blocks).
    package var rowCount: Int64 {
        partitions.reduce(0) { total, partition in
            let sealed = partition.segments.reduce(0) { $0 + $1.record.rowCount }
            return total + sealed + partition.tail.reduce(0) { $0 + Int64($1.block.header.rowCount) }
        }
    }

    /// The end of each partition: where a reader goes on who has read all of this snapshot.
    package var endOffsets: [Int64] { partitions.map(\.endOffset) }
}

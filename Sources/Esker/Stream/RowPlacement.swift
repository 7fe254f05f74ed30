import EskerFormat
import EskerLog
import Synchronization

/// Splits a batch by partition and encodes each part as a block, on the caller's thread.
///
/// With a partition key a row's partition follows from the key; without one, whole batches go round the partitions.
final class RowPlacement: Sendable {
    /// Rows of a part below which encoding is left to the journal, which joins small appends into one block.
    static let encodedRows = 512

    private let stream: StreamRecord
    private let partitioner: Partitioner?
    private let encoder: BlockEncoder
    private let nextPartition = Atomic<Int>(0)

    init(_ stream: StreamRecord) {
        self.stream = stream
        let places = stream.partitionKey.compactMap { id in stream.schema.columns.firstIndex { $0.id == id } }
        let isSplit = stream.partitionCount > 1 && !places.isEmpty
        partitioner = isSplit ? Partitioner(keys: places, partitionCount: stream.partitionCount) : nil
        encoder = BlockEncoder(profile: .hot, eventTimeColumn: stream.eventTimeColumn)
    }

    /// The parts of a batch, one a partition that has rows. O(rows).
    func parts(_ batch: Batch) -> [AppendPart] {
        // Rows carry the stream's own columns, whoever made the batch.
        let batch = Batch(schema: stream.schema, columns: batch.columns, count: batch.count)
        guard batch.count > 0 else { return [] }
        guard let partitioner else {
            let next = stream.partitionCount > 1 ? nextPartition.wrappingAdd(1, ordering: .relaxed).oldValue : 0
            return [part(batch, Int(UInt(bitPattern: next) % UInt(stream.partitionCount)), places: nil)]
        }
        var parts: [AppendPart] = []
        for (partition, rows) in partitioner.split(batch).enumerated() where !rows.isEmpty {
            let isWhole = rows.count == batch.count
            let rowsOfPart = isWhole ? batch : batch.gather(rows.span)
            parts.append(part(rowsOfPart, partition, places: isWhole ? nil : rows.map { Int64($0) }))
        }
        return parts
    }

    private func part(_ batch: Batch, _ partition: Int, places: [Int64]?) -> AppendPart {
        guard batch.count >= Self.encodedRows else {
            return AppendPart(stream: stream.id, partition: partition, batch: batch, places: places)
        }
        var header = BlockHeader()
        header.stream = stream.id
        header.partition = UInt32(partition)
        header.partitionVersion = stream.partitionVersion
        header.schemaVersion = stream.schema.version
        var system = BlockEncoder.SystemValues()
        if let places {
            header.sequenceSpan = places[places.count - 1] - places[0] + 1
            system.sequences = places.map { $0 - places[0] }
        }
        let encoded = encoder.encode(batch, header, system: system)
        return AppendPart(
            stream: stream.id, partition: partition, batch: batch, places: places, encoded: encoded)
    }
}

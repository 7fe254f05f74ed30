public import EskerFormat
public import EskerLog

/// A named, typed, ordered, append-only table. Safe to use from any task or thread.
public final class Stream: Sendable {
    /// The definition as it was when this handle was made.
    public let definition: StreamRecord
    let log: StoreLog
    private let placement: RowPlacement

    init(_ definition: StreamRecord, log: StoreLog) {
        self.definition = definition
        self.log = log
        placement = RowPlacement(definition)
    }

    /// The name.
    public var name: String { definition.name }

    /// The columns.
    public var schema: Schema { definition.schema }

    /// The number of partitions.
    public var partitionCount: Int { definition.partitionCount }

    /// Appends the rows of a batch as one atomic commit: after a crash all of them are there, or none.
    ///
    /// - Parameters:
    ///   - batch: columns in the order of ``schema``.
    ///   - acknowledgement: when the call returns; by default when the rows are on disk.
    ///   - producer: names the rows, so that a retry is not stored twice.
    /// - Returns: where the rows stand; without placements for `memory`.
    /// - Throws: ``RowsRejected`` when rows do not fit the columns (nothing is stored then), ``StoreError``.
    @discardableResult
    public func append(
        _ batch: Batch, acknowledgement: Acknowledgement = .durable, producer: ProducerStamp? = nil
    ) async throws -> AppendReceipt {
        let parts = try prepare(batch)
        guard !parts.isEmpty else { return AppendReceipt(placements: []) }
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<AppendResult, Never>) in
            log.submit(
                AppendRequest(parts: parts, producer: producer, acknowledgement: acknowledgement) { result in
                    continuation.resume(returning: result)
                })
        }
        return try result.get()
    }

    private typealias AppendResult = Result<AppendReceipt, StoreError>

    /// Appends the rows of a batch on the caller's own thread, which sleeps until they are acknowledged.
    ///
    /// The fastest way for one thread that writes one row after another: nothing changes threads. Not for tasks: it
    /// would block Swift's cooperative pool; use ``append(_:acknowledgement:producer:)`` there.
    @discardableResult
    public func appendBlocking(
        _ batch: Batch, acknowledgement: Acknowledgement = .durable, producer: ProducerStamp? = nil
    ) throws -> AppendReceipt {
        let parts = try prepare(batch)
        guard !parts.isEmpty else { return AppendReceipt(placements: []) }
        return try log.appendBlocking(parts, producer: producer, acknowledgement: acknowledgement)
    }

    private func prepare(_ batch: Batch) throws -> [AppendPart] {
        guard zip(batch.columns, schema.columns).allSatisfy({ $0.type == $1.type }),
            batch.columns.count == schema.columns.count
        else {
            throw StoreError(
                .rejected,
                "the batch has columns \(batch.columns.map(\.type.name)); \(name) has "
                    + "\(schema.columns.map(\.type.name))")
        }
        let rejects = BatchCheck.rejects(batch, schema)
        guard rejects.isEmpty else { throw RowsRejected(rejects) }
        return placement.parts(batch)
    }

    /// Splits and encodes rows that were checked before.
    func parts(_ batch: Batch) -> [AppendPart] { placement.parts(batch) }
}

/// Rows that a stream cannot hold, each with its reason.
public struct RowsRejected: Error, Sendable, CustomStringConvertible {
    /// The rows, in ascending order.
    public let rows: [RowReject]

    init(_ rows: [RowReject]) { self.rows = rows }

    public var description: String {
        let first = rows.prefix(3).map { "row \($0.row), column \($0.column): \($0.reason)" }.joined(separator: "; ")
        return "\(rows.count) rows rejected: \(first)\(rows.count > 3 ? "; …" : "")"
    }
}

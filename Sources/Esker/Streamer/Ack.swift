import EskerLog
import Synchronization

/// The answer to one added row, to be awaited when and if it is wanted.
public struct Ack: Sendable {
    /// Where a row stands.
    public struct Position: Hashable, Sendable {
        /// The partition.
        public let partition: Int
        /// The offset in it.
        public let offset: Int64

        /// Names a place.
        public init(partition: Int, offset: Int64) {
            self.partition = partition
            self.offset = offset
        }
    }

    let batch: BatchAck
    let row: Int

    /// Waits until the row's acknowledgement level is reached.
    ///
    /// - Returns: where the row stands; `nil` when that is not known: with `memory` acknowledgements, and for a row
    ///   that the producer had sent before.
    /// - Throws: ``RowsRejected`` when this row does not fit the stream, ``StoreError`` when its batch was not stored.
    public var position: Position? {
        get async throws { try await batch.outcome().position(of: row) }
    }
}

/// The shared answer of all rows of one batch.
final class BatchAck: Sendable {
    /// What became of a batch.
    struct Outcome: Sendable {
        let result: Result<AppendReceipt, any Error>
        let rejects: [RowReject]
        /// The rows of each part in the batch's order; `nil` when there is one part with all of them.
        let places: [[Int64]?]

        /// The row's place, counting rows as they were added, rejected ones included.
        func position(of row: Int) throws -> Ack.Position? {
            if let reject = rejects.first(where: { $0.row == row }) { throw RowsRejected([reject]) }
            let receipt = try result.get()
            let stored = Int64(row - rejects.count { $0.row < row })
            for (placement, rows) in zip(receipt.placements, places) {
                guard let rows else {
                    return Ack.Position(partition: placement.partition, offset: placement.offset + stored)
                }
                if let index = Self.find(stored, rows) {
                    return Ack.Position(partition: placement.partition, offset: placement.offset + Int64(index))
                }
            }
            return nil
        }

        /// Binary search: the rows of a part ascend.
        private static func find(_ row: Int64, _ rows: [Int64]) -> Int? {
            var low = 0
            var high = rows.count
            while low < high {
                let middle = (low + high) / 2
                if rows[middle] < row { low = middle + 1 } else { high = middle }
            }
            return low < rows.count && rows[low] == row ? low : nil
        }
    }

    private enum State {
        case waiting([CheckedContinuation<Outcome, Never>])
        case done(Outcome)
    }

    private let state = Mutex(State.waiting([]))

    func outcome() async -> Outcome {
        await withCheckedContinuation { (continuation: CheckedContinuation<Outcome, Never>) in
            let known: Outcome? = state.withLock { state in
                switch state {
                case .done(let outcome): return outcome
                case .waiting(let waiters):
                    state = .waiting(waiters + [continuation])
                    return nil
                }
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    func resolve(_ outcome: Outcome) {
        let waiters = state.withLock { state -> [CheckedContinuation<Outcome, Never>] in
            guard case .waiting(let waiters) = state else { return [] }
            state = .done(outcome)
            return waiters
        }
        for waiter in waiters { waiter.resume(returning: outcome) }
    }
}

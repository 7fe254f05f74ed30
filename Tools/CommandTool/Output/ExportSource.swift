import Esker
import EskerFormat

/// The rows that an export takes, a batch at a time: computed on its own thread while the one before is written.
actor ExportSource {
    nonisolated let columns: [ResultColumn]
    /// The stream's own description of its columns; nil for a query.
    nonisolated let schema: Schema?
    private var rows: Rows?
    private var joiner: BatchJoiner?
    private var due: [Batch] = []

    private enum Rows {
        case replay(AsyncThrowingStream<ReplayedRows, any Error>.Iterator)
        case query(ResultRows.Iterator)
    }

    /// The rows of a stream between two places.
    init(_ stream: StreamRecord, _ rows: AsyncThrowingStream<ReplayedRows, any Error>) {
        columns = stream.schema.columns.map { ResultColumn(name: $0.name, type: $0.type) }
        schema = stream.schema
        self.rows = .replay(rows.makeAsyncIterator())
    }

    /// The rows of a query.
    init(_ rows: ResultRows) {
        columns = rows.columns
        schema = nil
        self.rows = .query(rows.makeAsyncIterator())
    }

    /// The next rows, not fewer than are worth a turn unless they are the last, and of ``ExportEncoder/stepByteLimit``
    /// bytes at most; nil at the end.
    func next() async throws -> Batch? {
        while due.isEmpty {
            guard let batch = try await nextStored() else {
                due = joiner?.finish() ?? []
                joiner = nil
                break
            }
            if joiner == nil { joiner = BatchJoiner(batch.schema) }
            due = joiner!.add(batch).flatMap { batch in
                RowRanges.split(batch.columns, count: batch.count, ofAtMost: ExportEncoder.stepByteLimit)
                    .map { batch.slice($0) }
            }
        }
        return due.isEmpty ? nil : due.removeFirst()
    }

    private func nextStored() async throws -> Batch? {
        // An iterator is used by one call at a time, outside of the actor's state.
        guard let taken = rows.take() else { return nil }
        switch taken {
        case .replay(var iterator):
            let next = try await iterator.next(isolation: self)
            if next != nil { rows = .replay(iterator) }
            return next?.batch
        case .query(var iterator):
            let next = try await iterator.next(isolation: self)
            if next != nil { rows = .query(iterator) }
            return next
        }
    }
}

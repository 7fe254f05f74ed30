public import EskerFormat
import EskerQuery

/// A column of a result.
public struct ResultColumn: Sendable, Hashable {
    /// The name; may repeat.
    public let name: String
    /// The type.
    public let type: DataType
}

/// What one statement gave.
public struct StatementResult: Sendable {
    /// PostgreSQL's command tag without a count of rows that are still to come: `SELECT`, `INSERT 0 3`, `CREATE TABLE`.
    public let tag: String
    /// The rows; `nil` for statements that give none.
    public let rows: ResultRows?
    /// Things worth telling, such as a table that IF EXISTS did not find.
    public let notices: [String]

    init(tag: String, rows: ResultRows? = nil, notices: [String] = []) {
        self.tag = tag
        self.rows = rows
        self.notices = notices
    }
}

/// The rows of a query, computed as they are asked for: an asynchronous sequence of batches, for one consumer.
public struct ResultRows: AsyncSequence, Sendable {
    public typealias Element = Batch

    /// The columns.
    public let columns: [ResultColumn]
    private let source: Source

    private enum Source: Sendable {
        case query(ResultStream)
        case batches([Batch])
    }

    init(_ stream: ResultStream) {
        columns = stream.columns.map { ResultColumn(name: $0.name, type: $0.type) }
        source = .query(stream)
    }

    /// A single column of text.
    init(_ name: String, lines: [String]) {
        columns = [ResultColumn(name: name, type: .text)]
        let builder = BatchBuilder(Schema(columns: [ColumnDefinition(id: 1, name: name, type: .text)]))
        for line in lines { builder.columns[0].append(line) }
        source = .batches([builder.finish()])
    }

    /// Ends the query at its next block; the consumer gets an error.
    public func cancel() {
        if case .query(let stream) = source { stream.context.cancel() }
    }

    /// The iterator; a second one goes on where the first stands.
    public func makeAsyncIterator() -> Iterator {
        switch source {
        case .query(let stream): Iterator(stream: stream, batches: [])
        case .batches(let batches): Iterator(stream: nil, batches: batches[...])
        }
    }

    /// Gives one batch after another.
    public struct Iterator: AsyncIteratorProtocol {
        let stream: ResultStream?
        var batches: ArraySlice<Batch>

        public mutating func next() async throws -> Batch? {
            if let stream {
                return try await withTaskCancellationHandler {
                    try await stream.nextBatch()
                } onCancel: {
                    stream.context.cancel()
                }
            }
            return batches.popFirst()
        }
    }

    /// All rows as dynamic values. For results that fit in memory.
    public func values() async throws -> [[Value]] {
        var rows: [[Value]] = []
        for try await batch in self {
            for row in 0..<batch.count { rows.append(try batch.columns.map { try Value(of: $0, row: row) }) }
        }
        return rows
    }
}

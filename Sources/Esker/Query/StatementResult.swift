public import EskerFormat
import EskerQuery

/// A column of a result.
public struct ResultColumn: Sendable, Hashable {
    /// The name; may repeat.
    public let name: String
    /// The type.
    public let type: DataType

    /// Describes a column.
    public init(name: String, type: DataType) {
        self.name = name
        self.type = type
    }
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
    private let schema: Schema
    private let source: Source

    private enum Source: Sendable {
        case query(ResultStream)
        case batches([Batch])
    }

    init(_ stream: ResultStream) {
        columns = stream.columns.map { ResultColumn(name: $0.name, type: $0.type) }
        schema = Self.schema(columns)
        source = .query(stream)
    }

    /// A schema needs names that differ: a repeated one gets its place behind it.
    private static func schema(_ columns: [ResultColumn]) -> Schema {
        var seen: Set<String> = []
        return Schema(
            columns: columns.enumerated().map { index, column in
                var name = column.name
                while !seen.insert(name).inserted { name += "_\(index + 1)" }
                return ColumnDefinition(id: UInt32(index + 1), name: name, type: column.type)
            })
    }

    /// A single column of text.
    init(_ name: String, lines: [String]) {
        columns = [ResultColumn(name: name, type: .text)]
        schema = Self.schema(columns)
        let builder = BatchBuilder(schema)
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
        case .query(let stream): Iterator(stream: stream, schema: schema, batches: [])
        case .batches(let batches): Iterator(stream: nil, schema: schema, batches: batches[...])
        }
    }

    /// Gives one batch after another.
    public struct Iterator: AsyncIteratorProtocol {
        let stream: ResultStream?
        let schema: Schema
        var batches: ArraySlice<Batch>

        public mutating func next() async throws -> Batch? {
            if let stream {
                let batch = try await withTaskCancellationHandler {
                    try await stream.nextBatch()
                } onCancel: {
                    stream.context.cancel()
                }
                return batch.map { Batch(schema: schema, columns: $0.columns, count: $0.count) }
            }
            return batches.popFirst()
        }
    }

    /// All rows as values of a `Decodable` type, columns matched by name. For results that fit in memory.
    ///
    /// - Throws: ``RowDecodingError`` naming row and column, besides what the query throws.
    public func rows<T: Decodable>(as type: T.Type) async throws -> [T] {
        var rows: [T] = []
        for try await batch in self { rows += try batch.rows(as: type) }
        return rows
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

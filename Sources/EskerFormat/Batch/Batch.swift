/// Rows in memory, column by column: the currency between modules.
///
/// A batch is immutable; copying one copies no rows.
public struct Batch: Sendable {
    /// What the columns are.
    public let schema: Schema
    /// One column a schema column, in its order, each of `count` rows.
    public let columns: [Column]
    /// Number of rows.
    public let count: Int

    /// Makes a batch. Traps when columns do not fit the schema or each other.
    public init(schema: Schema, columns: [Column], count: Int? = nil) {
        let rows = count ?? columns.first?.count ?? 0
        precondition(columns.count == schema.columns.count, "a batch has one column a schema column")
        for (column, definition) in zip(columns, schema.columns) {
            precondition(column.count == rows, "columns of different lengths")
            precondition(
                column.type.layout == definition.type.layout, "column of another layout than \(definition.name)")
        }
        self.schema = schema
        self.columns = columns
        self.count = rows
    }

    /// A part of the rows.
    public func slice(_ range: Range<Int>) -> Batch {
        Batch(schema: schema, columns: columns.map { $0.slice(range) }, count: range.count)
    }

    /// The rows that `selection` names, in its order. O(rows selected × columns).
    public func gather(_ selection: Span<UInt32>) -> Batch {
        var gathered: [Column] = []
        gathered.reserveCapacity(columns.count)
        for column in columns { gathered.append(column.gather(selection)) }
        return Batch(schema: schema, columns: gathered, count: selection.count)
    }

    /// The rows of several batches of one schema, in order.
    public static func concatenate(_ batches: [Batch], schema: Schema) -> Batch {
        if batches.count == 1 { return batches[0] }
        let columns = schema.columns.indices.map { index in
            Column.concatenate(batches.map { $0.columns[index] }, type: schema.columns[index].type)
        }
        return Batch(schema: schema, columns: columns, count: batches.reduce(0) { $0 + $1.count })
    }

    /// Bytes that the plain values take: the logical size, by which byte windows and buffers count. O(columns).
    public var logicalByteCount: Int { columns.reduce(0) { $0 + $1.logicalByteCount } }
}

/// Builds a batch row by row or column by column. Not thread-safe: one owner at a time.
public final class BatchBuilder {
    /// What the batch will hold.
    public let schema: Schema
    /// One builder a column. Rows are complete when all have the same count.
    public let columns: [ColumnBuilder]

    /// An empty builder with room for `capacity` rows.
    public init(_ schema: Schema, capacity: Int = 0) {
        self.schema = schema
        self.columns = schema.columns.map { ColumnBuilder($0.type, capacity: capacity) }
    }

    /// Complete rows so far.
    public var count: Int { columns.lazy.map(\.count).min() ?? 0 }

    /// Bytes held so far.
    public var byteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }

    /// Ends building and empties the builder for the next batch. Traps on a half-written row.
    public func finish() -> Batch {
        let finished = columns.map { $0.finish() }
        return Batch(schema: schema, columns: finished)
    }

    /// Drops what was written after the first `count` rows, for a row that proved bad half-way.
    public func truncate(to count: Int) {
        for column in columns where column.count > count { column.truncate(to: count) }
    }
}

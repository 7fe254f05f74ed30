import EskerFormat

/// Makes few large batches of many small ones, such as those of a stream that is written row by row: each batch of an
/// export costs a head of its own and a turn of its own.
package struct BatchJoiner {
    /// Batches of so many rows are large enough: they pass as they are, dictionaries included.
    package static let enoughRows = 8192
    /// Bytes that wait at most, so that memory stays bounded when rows are long.
    package static let byteLimit = 16 << 20

    private let schema: Schema
    private var waiting: [Batch] = []
    private var rows = 0
    private var bytes = 0

    package init(_ schema: Schema) { self.schema = schema }

    /// Takes rows in; gives those that are due, in order.
    package mutating func add(_ batch: Batch) -> [Batch] {
        if batch.count == 0 { return [] }
        if batch.count >= Self.enoughRows { return finish() + [batch] }
        waiting.append(batch)
        rows += batch.count
        bytes += batch.logicalByteCount
        return rows >= Self.enoughRows || bytes >= Self.byteLimit ? finish() : []
    }

    /// What still waits.
    package mutating func finish() -> [Batch] {
        if waiting.isEmpty { return [] }
        let joined = Batch.concatenate(waiting, schema: schema)
        waiting = []
        rows = 0
        bytes = 0
        return [joined]
    }
}

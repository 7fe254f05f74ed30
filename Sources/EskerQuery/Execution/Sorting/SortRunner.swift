import EskerFormat

/// Sorts all rows of an input, or finds the first few of the order.
struct SortRunner: Sendable {
    let keys: [SortKey]
    /// Only the first rows are wanted.
    let limit: Int?
    let types: [DataType]
    let evaluator: ExpressionEvaluator

    func run(_ input: any PartSource, on pool: WorkerPool) throws -> StoredChunks {
        let parts = Slots<[Chunk]>(count: input.partCount)
        try pool.forEachPart(input.partCount) { _, part in
            try evaluator.context.checkCancellation()
            var chunks: [Chunk] = []
            try input.produce(part) { chunk in
                try evaluator.context.checkCancellation()
                if chunk.count > 0 { chunks.append(try reduced(chunk)) }
                return true
            }
            parts[part] = chunks
        }
        let chunks = parts.all.flatMap { $0 }
        if chunks.isEmpty { return StoredChunks(chunks: []) }
        let all = Chunk.concatenate(chunks, types: types)
        return StoredChunks(chunks: Self.slices(all.gather(try order(all))))
    }

    /// A chunk's own first rows, in the chunk's order: no others can be among the first of all.
    private func reduced(_ chunk: Chunk) throws -> Chunk {
        guard let limit, limit < chunk.count else { return chunk }
        return chunk.gather(try order(chunk).sorted())
    }

    private func order(_ chunk: Chunk) throws -> [UInt32] {
        let columns = try keys.map { try evaluator.evaluate($0.expression, chunk) }
        return try RowSorter(columns, keys).order(count: chunk.count, limit: limit)
    }

    private static func slices(_ whole: Chunk) -> [Chunk] {
        stride(from: 0, to: whole.count, by: 65_536).map { whole.slice($0..<min(whole.count, $0 + 65_536)) }
    }
}

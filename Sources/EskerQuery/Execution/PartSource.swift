import EskerFormat

/// Rows in parts that may be computed in any order and by several threads at once; their order is that of the parts.
///
/// This is the one seam between operators: those that look at one row at a time wrap the parts of their input, those
/// that need all rows (grouping, sorting) run their input to the end and offer what they made as new parts.
protocol PartSource: Sendable {
    var partCount: Int { get }

    /// Computes one part and hands its rows over in order; `false` from the consumer means that it wants no more of
    /// this part. Chunks may be empty.
    func produce(_ part: Int, into consume: (Chunk) throws -> Bool) throws
}

/// Chunks that are there already, one a part.
struct StoredChunks: PartSource {
    let chunks: [Chunk]

    var partCount: Int { chunks.count }

    func produce(_ part: Int, into consume: (Chunk) throws -> Bool) throws { _ = try consume(chunks[part]) }
}

/// Keeps the rows for which all conditions hold.
struct FilterSource: PartSource {
    let input: any PartSource
    let condition: BoundExpression
    let evaluator: ExpressionEvaluator

    var partCount: Int { input.partCount }

    func produce(_ part: Int, into consume: (Chunk) throws -> Bool) throws {
        try input.produce(part) { chunk in
            let rows = try evaluator.select(condition, chunk)
            if rows.isEmpty { return true }
            return try consume(rows.count == chunk.count ? chunk : chunk.gather(rows))
        }
    }
}

/// Computes expressions for each row.
struct ProjectSource: PartSource {
    let input: any PartSource
    let expressions: [BoundExpression]
    let evaluator: ExpressionEvaluator

    var partCount: Int { input.partCount }

    func produce(_ part: Int, into consume: (Chunk) throws -> Bool) throws {
        try input.produce(part) { chunk in
            var columns: [Column] = []
            columns.reserveCapacity(expressions.count)
            for expression in expressions {
                columns.append(try evaluator.evaluate(expression, chunk).retyped(expression.type))
            }
            return try consume(Chunk(columns: columns, count: chunk.count))
        }
    }
}

/// The parts of several inputs, one input after the other.
struct UnionSource: PartSource {
    let inputs: [any PartSource]

    var partCount: Int { inputs.reduce(0) { $0 + $1.partCount } }

    func produce(_ part: Int, into consume: (Chunk) throws -> Bool) throws {
        var rest = part
        for input in inputs {
            if rest < input.partCount { return try input.produce(rest, into: consume) }
            rest -= input.partCount
        }
    }
}

/// Rows `skipping ..< skipping + count` of the input, found by reading its parts in order.
///
/// Parts are computed a few at a time, so that reading ends soon after enough rows are there.
struct LimitedRows {
    let skip: Int
    /// nil: all.
    let count: Int?

    func run(_ input: any PartSource, on pool: WorkerPool, context: QueryContext) throws -> StoredChunks {
        var kept: [Chunk] = []
        var toSkip = skip
        var wanted = count ?? .max
        var next = 0
        var width = 1
        while next < input.partCount && wanted > 0 {
            let end = min(input.partCount, next + width)
            // A part needs no more rows than the whole result can use.
            let enough = toSkip.addingReportingOverflow(wanted)
            let cap = enough.overflow ? Int.max : enough.partialValue
            let collected = try PartCollector.collect(input, parts: next..<end, rowsPerPart: cap, pool, context)
            for chunk in collected.joined() where chunk.count > 0 && wanted > 0 {
                let start = min(toSkip, chunk.count)
                toSkip -= start
                let length = min(wanted, chunk.count - start)
                wanted -= length
                if length > 0 { kept.append(chunk.slice(start..<(start + length))) }
            }
            next = end
            width = min(width * 2, pool.width * 4)
        }
        return StoredChunks(chunks: kept)
    }
}

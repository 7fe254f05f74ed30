package import EskerFormat
import Synchronization

/// Runs plans on threads of its own.
package final class QueryEngine: Sendable {
    let pool: WorkerPool

    /// - Parameter threads: that may work on one query at once; the number of cores by default.
    package init(threads: Int? = nil) { pool = WorkerPool(width: threads) }

    /// Starts a query. Nothing is computed before the first batch is asked for.
    ///
    /// - Parameter depth: ``ParsedStatement/depth`` of the statement: deep ones are computed on a large stack.
    package func execute(_ plan: LogicalPlan, context: QueryContext, depth: Int = 0) -> ResultStream {
        ResultStream(plan, context: context, pool: pool, depth: depth)
    }
}

/// The rows of a query, batch by batch in order. For one consumer at a time.
///
/// A few parts of the query are computed at once when a batch is asked for and none is ready: nothing runs ahead of
/// a slow consumer, and a stream that is dropped costs nothing.
package final class ResultStream: Sendable {
    /// Names and types of the result.
    package let columns: [PlanColumn]
    package let context: QueryContext
    private let schema: Schema
    private let pool: WorkerPool
    private let depth: Int
    private let state: Mutex<State>

    private struct State {
        var plan: LogicalPlan?
        var source: (any PartSource)?
        var next = 0
        var width = 1
        var ready: [Chunk] = []
    }

    init(_ plan: LogicalPlan, context: QueryContext, pool: WorkerPool, depth: Int) {
        self.depth = depth
        columns = plan.columns
        schema = Schema(
            columns: columns.enumerated().map { index, column in
                // Results may repeat a name, which a schema may not.
                EskerFormat.ColumnDefinition(id: UInt32(index), name: "\(index):\(column.name)", type: column.type)
            })
        self.context = context
        self.pool = pool
        state = Mutex(State(plan: plan))
    }

    /// The next rows; nil at the end. Blocks, and computes on the calling thread too: never call it on Swift's
    /// cooperative pool, there is ``nextBatch()`` for that.
    package func next() throws -> Batch? {
        let result: Result<Batch?, any Error> = try LargeStack.run(depth: depth) { Result { try self.nextHere() } }
        return try result.get()
    }

    private func nextHere() throws -> Batch? {
        try state.withLock { state in
            if let plan = state.plan {
                state.plan = nil
                state.source = try PlanExecutor(pool: pool, context: context).open(plan)
            }
            while state.ready.isEmpty {
                guard let source = state.source, state.next < source.partCount else { return nil }
                try context.checkCancellation()
                let end = min(source.partCount, state.next + state.width)
                let parts = try PartCollector.collect(source, parts: state.next..<end, pool, context)
                state.ready = parts.flatMap { $0 }.reversed()
                state.next = end
                // The first rows come at once; a reader of many rows gets all cores.
                state.width = min(state.width * 2, pool.width * 2)
            }
            let chunk = state.ready.removeLast()
            return Batch(schema: schema, columns: chunk.columns, count: chunk.count)
        }
    }

    /// The next rows; nil at the end. Computed by the engine's threads while the caller is suspended.
    package func nextBatch() async throws -> Batch? {
        let result: Result<Batch?, any Error> = await withCheckedContinuation { continuation in
            pool.submit { continuation.resume(returning: Result { try self.next() }) }
        }
        return try result.get()
    }
}

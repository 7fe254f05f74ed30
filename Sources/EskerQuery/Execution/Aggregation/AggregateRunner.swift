import EskerFormat

/// Groups and aggregates all rows of an input: each worker builds its own groups, which are merged at the end.
struct AggregateRunner: Sendable {
    let keys: [BoundExpression]
    let calls: [AggregateCall]
    let evaluator: ExpressionEvaluator

    /// One worker's groups.
    private final class State {
        let keys: GroupKeys
        let accumulators: [any Accumulator]
        var ids: [UInt32] = []

        init(_ runner: AggregateRunner) throws {
            keys = GroupKeys(runner.keys.map(\.type))
            accumulators = try runner.calls.map { try $0.makeAccumulator() }
        }
    }

    /// A state may move between threads, but is used by one at a time: by its worker, then by the merger.
    private struct Owned: @unchecked Sendable {
        let state: State
    }

    /// - Parameter settled: without keys: results of rows that are not in the input, one accumulator a call.
    func run(
        _ input: any PartSource, on pool: WorkerPool, settled: [any Accumulator] = []
    ) throws -> StoredChunks {
        let states = Slots<Owned>(count: pool.width)
        try pool.forEachPart(input.partCount) { worker, part in
            try evaluator.context.checkCancellation()
            let owned = try states[worker] ?? Owned(state: State(self))
            states[worker] = owned
            try input.produce(part) { chunk in
                try evaluator.context.checkCancellation()
                if chunk.count > 0 { try add(chunk, to: owned.state) }
                return true
            }
        }
        let all = states.all
        let first = try all.first?.state ?? State(self)
        for other in all.dropFirst() { try merge(other.state, into: first) }
        for (accumulator, known) in zip(first.accumulators, settled) {
            try accumulator.merge(known, map: [0], groupCount: 1)
        }
        return StoredChunks(chunks: try chunks(of: first))
    }

    private func add(_ chunk: Chunk, to state: State) throws {
        if !keys.isEmpty {
            let columns = try keys.map { try evaluator.evaluate($0, chunk) }
            state.keys.assign(columns, count: chunk.count, into: &state.ids)
        }
        let groups = RowGroups(
            ids: keys.isEmpty ? nil : state.ids, rowCount: chunk.count, groupCount: state.keys.count)
        for (call, accumulator) in zip(calls, state.accumulators) {
            guard let filter = call.filter else {
                try accumulator.add(try call.argument.map { try evaluator.evaluate($0, chunk) }, groups)
                continue
            }
            let rows = try evaluator.select(filter, chunk)
            if rows.isEmpty { continue }
            let argument = try call.argument.map { try evaluator.evaluate($0, chunk.gather(rows, for: $0)) }
            try accumulator.add(argument, groups.gather(rows))
        }
    }

    private func merge(_ other: State, into state: State) throws {
        let otherCount = other.keys.count
        var map: [UInt32] = [0]
        if !keys.isEmpty {
            state.keys.assign(other.keys.finish(), count: otherCount, into: &map)
            map.removeLast(map.count - otherCount)
        }
        for (accumulator, theirs) in zip(state.accumulators, other.accumulators) {
            try accumulator.merge(theirs, map: map, groupCount: state.keys.count)
        }
    }

    /// Rows of a result chunk; the same as a block's, so that nothing downstream sees larger ones.
    private static let chunkRows = 65_536

    private func chunks(of state: State) throws -> [Chunk] {
        let count = state.keys.count
        let columns = try state.keys.finish() + state.accumulators.map { try $0.finish(groupCount: count) }
        let whole = Chunk(columns: columns, count: count)
        return stride(from: 0, to: count, by: Self.chunkRows).map { start in
            whole.slice(start..<min(count, start + Self.chunkRows))
        }
    }
}

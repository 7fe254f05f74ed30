import EskerFormat
import Synchronization

/// Runs parts of a source on the pool and keeps what they give, in the order of the parts.
enum PartCollector {
    /// - Parameter rowsPerPart: a part is left as soon as it has given that many rows.
    static func collect(
        _ source: any PartSource, parts: Range<Int>, rowsPerPart: Int = .max, _ pool: WorkerPool,
        _ context: QueryContext
    ) throws -> [[Chunk]] {
        let results = Slots<[Chunk]>(count: parts.count)
        try pool.forEachPart(parts.count) { _, index in
            try context.checkCancellation()
            var chunks: [Chunk] = []
            var rows = 0
            try source.produce(parts.lowerBound + index) { chunk in
                try context.checkCancellation()
                if chunk.count > 0 { chunks.append(chunk) }
                rows += chunk.count
                return rows < rowsPerPart
            }
            results[index] = chunks
        }
        return (0..<parts.count).map { results[$0] ?? [] }
    }
}

/// One place a part or worker, filled by different threads.
final class Slots<Element: Sendable>: Sendable {
    private let values: Mutex<[Element?]>

    init(count: Int) { values = Mutex([Element?](repeating: nil, count: count)) }

    subscript(index: Int) -> Element? {
        get { values.withLock { $0[index] } }
        set { values.withLock { $0[index] = newValue } }
    }

    var all: [Element] { values.withLock { $0.compactMap { $0 } } }
}

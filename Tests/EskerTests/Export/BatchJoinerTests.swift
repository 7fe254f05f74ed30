import Esker
import EskerFormat
import Testing

@Suite("Joining batches")
struct BatchJoinerTests {
    private let schema = Schema(["n": .int8])

    private func batch(_ numbers: Range<Int64>) -> Batch {
        let builder = BatchBuilder(schema)
        for number in numbers { builder.columns[0].append(fixed: number) }
        return builder.finish()
    }

    private func numbers(_ batches: [Batch]) -> [Int64] {
        batches.flatMap { batch in (0..<batch.count).map { batch.columns[0].value(at: $0, as: Int64.self) } }
    }

    @Test("small batches wait for each other, large ones for nobody, and all rows come in order")
    func order() {
        var joiner = BatchJoiner(schema)
        var given: [Batch] = []
        var next: Int64 = 0
        for size in [1, 2, 0, 5000, 5000, 7, 20_000, 8192, 1] as [Int64] {
            given += joiner.add(batch(next..<(next + size)))
            next += size
        }
        given += joiner.finish()
        #expect(given.map(\.count) == [10_003, 7, 20_000, 8192, 1])
        #expect(numbers(given) == Array(0..<next))
        #expect(joiner.finish().isEmpty)
    }

    @Test("ranges of rows stay below the limit, down to single rows")
    func ranges() {
        let column = batch(0..<1000).columns[0]
        #expect(RowRanges.split([column], count: 1000, ofAtMost: 8000) == [0..<1000])
        let ranges = RowRanges.split([column], count: 1000, ofAtMost: 3000)
        #expect(ranges == [0..<250, 250..<500, 500..<750, 750..<1000])
        #expect(RowRanges.split([column], count: 3, ofAtMost: 1) == [0..<1, 1..<2, 2..<3])
        #expect(RowRanges.split([], count: 0, ofAtMost: 1) == [])
    }
}

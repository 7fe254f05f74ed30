import EskerFiles
import EskerFormat
import EskerLog
import Testing

@Suite("Which segments are compacted")
struct CompactionPolicyTests {
    private static let megabyte: Int64 = 1 << 20
    private static let now: Int64 = 1_767_225_600_000_000
    private static let policy = CompactionPolicy(LogOptions())

    /// Segments of so many megabytes; negative ones are compact.
    private static func segments(_ sizes: [Int], arrived: Int64 = now) -> [SegmentRecord] {
        sizes.enumerated().map { index, size in
            var record = SegmentRecord(id: UInt64(index + 1), stream: 1, partition: 0)
            record.fileLength = Int64(abs(size)) * megabyte
            record.rowCount = Int64(abs(size)) * 40_000
            record.tier = size < 0 ? .compact : .standard
            record.maximumArrival = arrived
            return record
        }
    }

    @Test(
        "young neighbours are merged when together they are four times the greatest and fit the target",
        arguments: [
            ([1, 1, 1], nil), ([1, 1, 1, 1], 0..<4), ([100, 1, 1, 1, 1], 1..<5), ([5, 1, 1, 1], nil),
            ([30, 30, 30, 30, 30], 0..<4), ([40, 40, 40, 40], nil), ([8, 2, 2, 2, 2, 8, 8], 0..<7),
            ([100, 3, 2, 2, 2, 2, 100], 2..<6), ([-1, -1, -1, 1, 1, 1], nil), ([-1, -1, -1, -1, 1], 0..<4),
        ] as [([Int], Range<Int>?)])
    func merges(sizes: [Int], expected: Range<Int>?) {
        let job = Self.policy.nextJob(Self.segments(sizes), now: Self.now)
        #expect(job?.range == expected)
        if let job { #expect(job.tier == (sizes[job.range.lowerBound] < 0 ? .compact : .standard)) }
    }

    @Test(
        "old segments go to the compact tier, with as many old neighbours as fit",
        arguments: [
            ([50], 0..<1), ([50, 50, 50], 0..<2), ([-50, 50, 70, 9], 1..<3), ([-50], nil), ([300, 1], 0..<1),
            ([1, -1, 1], 0..<1), ([1, -1, 1, -1], 0..<4),
        ] as [([Int], Range<Int>?)])
    func recodes(sizes: [Int], expected: Range<Int>?) {
        let segments = Self.segments(sizes, arrived: Self.now - LogOptions().compactAge)
        let job = Self.policy.nextJob(segments, now: Self.now)
        #expect(job?.range == expected)
        if let job { #expect(job.tier == .compact) }
        let younger = Self.policy.nextJob(segments, now: Self.now - 1)
        #expect(younger?.tier != .compact)
    }

    @Test("compacting everything leaves only segments that fit with no neighbour")
    func all() {
        let jobs = Self.policy.allJobs(Self.segments([50, 50, 50, -70, -8, -100, 300, -1, -1]))
        #expect(
            jobs == [
                .init(range: 0..<2, tier: .compact), .init(range: 2..<5, tier: .compact),
                .init(range: 6..<7, tier: .compact), .init(range: 7..<9, tier: .compact),
            ])
        #expect(Self.policy.allJobs(Self.segments([-100, -50])) == [])
    }

    @Test(
        "no row is rewritten more often than the bound says, and few segments stay",
        arguments: 1...20 as ClosedRange<UInt64>)
    func bound(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let greatest = [2, 20, 60].randomElement(using: &random)!
        var segments: [SegmentRecord] = []
        /// The most rewrites of a row in the segment, and the rows of the smallest seal in it.
        var history: [UInt64: (rewrites: Int, least: Int64)] = [:]
        var clock = Self.now
        var id: UInt64 = 0
        var sealed: Int64 = 0
        for _ in 0..<2000 {
            clock += Int64.random(in: 0...600_000_000, using: &random)
            id += 1
            var record = SegmentRecord(id: id, stream: 1, partition: 0)
            record.rowCount = Int64.random(in: 1000...Int64(greatest) * 40_000, using: &random)
            record.fileLength = record.rowCount * 26
            record.maximumArrival = clock
            segments.append(record)
            history[id] = (0, record.rowCount)
            sealed += record.fileLength
            while let job = Self.policy.nextJob(segments, now: clock) {
                let inputs = segments[job.range]
                id += 1
                var merged = SegmentRecord(id: id, stream: 1, partition: 0)
                merged.rowCount = inputs.reduce(0) { $0 + $1.rowCount }
                let isRecoded = job.tier == .compact && inputs.contains { $0.tier == .standard }
                let length = inputs.reduce(0) { $0 + $1.fileLength }
                merged.fileLength = isRecoded ? length * 9 / 10 : length
                merged.tier = job.tier
                merged.maximumArrival = inputs.map(\.maximumArrival).max()!
                let rewrites = inputs.map { history[$0.id]!.rewrites }.max()! + 1
                let least = inputs.map { history[$0.id]!.least }.min()!
                var levels = 0
                var rows = merged.rowCount
                while rows / 4 >= least {
                    rows /= 4
                    levels += 1
                }
                #expect(rewrites <= levels + 1, "seed \(seed)")
                history[id] = (rewrites, least)
                segments.replaceSubrange(job.range, with: [merged])
            }
        }
        let length = segments.reduce(0) { $0 + $1.fileLength }
        #expect(Int64(segments.count) <= length / (8 << 20) + 24, "seed \(seed)")
        #expect(segments.allSatisfy { $0.fileLength <= 128 << 20 })
    }

    @Test("the pause after a step is what its bytes may take, less what it took")
    func budget() {
        var budget = WriteBudget(bytesPerSecond: 1_000_000)
        budget.begin(at: 5_000_000)
        #expect(budget.pause(after: 100_000, at: 5_000_000) == 100_000)
        #expect(budget.pause(after: 100_000, at: 5_150_000) == 50_000)
        // A step slower than the budget earns no pause, and its time is not lost for the next one.
        #expect(budget.pause(after: 100_000, at: 5_400_000) == 0)
        #expect(budget.pause(after: 200_000, at: 5_400_000) == 100_000)
        budget.begin(at: 9_000_000)
        #expect(budget.pause(after: 1_000_000, at: 9_000_000) == 1_000_000)
        var unlimited = WriteBudget(bytesPerSecond: 0)
        unlimited.begin(at: 0)
        #expect(unlimited.pause(after: 1 << 40, at: 0) == 0)
    }
}

import EskerFiles
import EskerFormat
import EskerLog
import Testing

@Suite("Regrouping of tiny blocks")
struct RegroupingTests {
    @Test("a tail of single rows becomes few blocks with the same rows, before and after sealing and reopening")
    func joins() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        for id in 0..<Int64(3000) { try harness.append([id]) }
        let before = harness.log.snapshot(named: "events")!
        harness.log.regroupTails()
        let after = harness.log.snapshot(named: "events")!
        // When the background thread was quicker, less than 128 blocks may be left, which are not worth joining.
        #expect(after.partitions[0].tail.count < 140)
        #expect(try LogHarness.ids(before) == Array(0..<3000))
        #expect(try LogHarness.ids(after) == Array(0..<3000))
        try harness.append(3000..<3100)
        #expect(try harness.ids() == Array(0..<3100))
        try harness.log.sealAll()
        #expect(try harness.ids() == Array(0..<3100))
        try harness.append([3100])
        harness.log.close()
        let reopened = try LogHarness(disk)
        #expect(try reopened.ids() == Array(0..<3101))
        reopened.log.close()
    }

    @Test(
        "sequences and arrival times stay with their rows, and repeats of producers are still known after a failed sync"
    )
    func keepsSystemValues() throws {
        let disk = MemoryFileSystem()
        let faulty = FaultyFileSystem(disk)
        let clock = ManualClock(1_000_000)
        let harness = try LogHarness(faulty, partitions: 2, clock: clock)
        let producer = ProducerID(high: 3, low: 4)
        for id in 0..<Int64(400) {
            clock.advance(by: 10)
            let stamp = ProducerStamp(producer: producer, epoch: 1, firstSequence: id)
            try harness.append([id], to: Int(id % 2), producer: stamp)
        }
        let expected = try sequencesAndArrivals(harness)
        harness.log.regroupTails()
        #expect(harness.log.snapshot(named: "events")!.partitions[0].tail.count == 1)
        #expect(try sequencesAndArrivals(harness) == expected)
        faulty.add(Fault(.failSync(errno: 5, losing: .atOnce), on: [.sync], path: ".spare"))
        #expect(throws: StoreError.self) { try harness.append([400]) }
        let repeated = ProducerStamp(producer: producer, epoch: 1, firstSequence: 399)
        #expect(try harness.append([399], to: 1, producer: repeated).duplicates == 1)
        harness.log.close()
    }

    private func sequencesAndArrivals(_ harness: LogHarness) throws -> [[Int64]] {
        let snapshot = harness.log.snapshot(named: "events")!
        var values: [[Int64]] = []
        for partition in 0..<2 {
            for handle in try snapshot.blocks(ofPartition: partition) {
                let block = try handle.load()
                let sequences = try block.sequences()
                let arrivals =
                    try block.arrivals() ?? [Int64](repeating: block.header.arrival, count: block.header.rowCount)
                for (sequence, arrival) in zip(sequences, arrivals) {
                    values.append([Int64(partition), sequence, arrival])
                }
            }
        }
        return values
    }
}

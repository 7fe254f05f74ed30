import Esker
import Foundation

/// Do sealing and compaction disturb appends? Single durable rows of 512 bytes on this thread, four ways in alternation:
/// the bare write + fdatasync loop, a store that does nothing else, one that seals, and one that also compacts a backlog
/// of small segments of workload W1; then rows acknowledged from memory beside the same compaction.
struct CompactBenchmark {
    let arguments: Arguments
    private let directory: String
    private let rows: Int

    init(_ arguments: Arguments) {
        self.arguments = arguments
        directory = arguments.text("dir")
        rows = arguments.number("rows", 20_000)
    }

    /// One way of running, measured once in every round.
    private struct Way {
        let name: String
        var seals = false
        var compacts = false
        var acknowledgement = Acknowledgement.durable
        var latencies: [[Double]] = []
    }

    func run() async throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try await makeBacklog()
        var bare = Way(name: "bare loop")
        var ways = [
            Way(name: "alone"), Way(name: "sealing", seals: true),
            Way(name: "sealing and compaction", seals: true, compacts: true),
            Way(name: "memory, sealing and compaction", seals: true, compacts: true, acknowledgement: .memory),
        ]
        for _ in 0..<arguments.number("repeat", 10) {
            bare.latencies.append(try BareLoop.run(directory + "/bare", count: rows))
            for index in ways.indices { ways[index].latencies.append(try await measure(ways[index])) }
        }
        tell(bare, bare)
        for way in ways { tell(way, bare) }
    }

    /// Rows appended before the clock starts: 48 MB of journal, three of its files.
    private static let warmUp = 12_000

    private var backlog: String { directory + "/backlog" }

    /// A closed store with many small segments, which each round compacts anew.
    private func makeBacklog() async throws {
        try? FileManager.default.removeItem(atPath: backlog)
        var options = LogOptions()
        options.compactsInBackground = false
        options.sealLength = arguments.number("segment", 4 << 20)
        let store = try await Store.open(at: backlog, options: options)
        let stream = try await Workload.stream(store)
        let batches = try Workload.batches(
            arguments.text("data"), rows: arguments.number("backlog", 8_000_000), perBatch: 10_000,
            schema: stream.schema)
        for (index, batch) in batches.enumerated() {
            try stream.appendBlocking(batch)
            if index % 4 == 3 { try await store.seal() }
        }
        try await store.seal()
        await store.close()
        emit([("name", "backlog"), ("files", segments(backlog).count), ("bytes", segments(backlog).reduce(0, +))])
    }

    private func segments(_ store: String) -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: store + "/segments")) ?? []
        return names.map { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: store + "/segments/" + name)
            return (attributes?[.size] as? Int) ?? 0
        }
    }

    private func measure(_ way: Way) async throws -> [Double] {
        let path = directory + "/store"
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: backlog, toPath: path)
        sync()
        var options = LogOptions()
        options.sealsInBackground = way.seals
        options.sealLength = 8 << 20
        // Files are pre-written before the clock starts: one large one, or small ones that sealing sets free again.
        options.firstJournalFileLength = way.seals ? 16 << 20 : (rows + 2 * Self.warmUp) * 4096
        options.maximumJournalFileLength = options.firstJournalFileLength
        options.compactsInBackground = way.compacts
        options.compactAge = 0
        options.compactedLength = arguments.number("target", 32 << 20)
        options.compactionBytesPerSecond = arguments.number("rate", options.compactionBytesPerSecond)
        let store = try await Store.open(at: path, options: options)
        let stream = try await store.createStream(named: "rows", columns: [.init("body", .bytea, isNullable: false)])
        let builder = BatchBuilder(stream.schema)
        builder.columns[0].append([UInt8](repeating: 7, count: 512))
        let row = builder.finish()
        for _ in 0..<Self.warmUp { try stream.appendBlocking(row) }
        // The compacting thread wakes when a segment is added; the next journal file is made ready.
        try await store.seal()
        try await Task.sleep(for: .milliseconds(500))
        let before = segments(path).count
        let latencies = try (0..<(way.acknowledgement == .memory ? 10 : 1) * rows).map { _ in
            let start = Timing.now()
            try stream.appendBlocking(row, acknowledgement: way.acknowledgement)
            return Timing.now() - start
        }
        let after = segments(path).count
        if arguments.number("verbose", 0) > 0 {
            emit([("name", way.name), ("files_before", before), ("files_after", after)] + Self.fields(latencies))
        }
        await store.close()
        return latencies
    }

    /// All rounds together, and the middle one of the rounds' own p99.9.
    private func tell(_ way: Way, _ bare: Way) {
        let ofRounds = way.latencies.map { Latencies($0).microseconds(0.999) }.sorted()
        let all = way.latencies.flatMap { $0 }
        let ratio = Latencies(all).microseconds(0.999) / Latencies(bare.latencies.flatMap { $0 }).microseconds(0.999)
        emit(
            [("name", way.name)] + Self.fields(all) + [
                ("p999_of_bare", ratio), ("median_p999_us", ofRounds[ofRounds.count / 2]), ("p999_rounds_us", ofRounds),
            ])
    }

    private static func fields(_ seconds: [Double]) -> [(String, Any)] {
        let latencies = Latencies(seconds)
        let percentiles = [("p50", 0.5), ("p99", 0.99), ("p999", 0.999), ("p9999", 0.9999)]
        return [("rows", seconds.count), ("rows_per_second", Double(seconds.count) / seconds.reduce(0, +))]
            + percentiles.map { ($0.0 + "_us", latencies.microseconds($0.1)) }
    }
}

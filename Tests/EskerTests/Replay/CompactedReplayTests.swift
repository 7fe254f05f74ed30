import Esker
import EskerFiles
import EskerFormat
import Testing

@Suite("Replay across compaction")
struct CompactedReplayTests {
    /// A stream of the rows 0 ..< 1000 in ten segments.
    private static func store(_ disk: MemoryFileSystem, _ clock: ManualClock) async throws -> (Store, Esker.Stream) {
        var options = LogOptions()
        options.sealsInBackground = false
        options.compactsInBackground = false
        options.compactionFreeSpace = 0
        options.rowsPerBlock = 40
        let store = try Store.open(at: "/store", files: disk, options: options, clock: clock)
        let stream = try await store.createStream(named: "n", columns: [.init("i", .int8, isNullable: false)])
        for first in stride(from: Int64(0), to: 1000, by: 100) {
            try await append(stream, first..<first + 100)
            try await store.seal()
        }
        return (store, stream)
    }

    private static func append(_ stream: Esker.Stream, _ values: Range<Int64>) async throws {
        let builder = BatchBuilder(stream.schema)
        for value in values { builder.columns[0].append(fixed: value) }
        try await stream.append(builder.finish())
    }

    private static func values(_ rows: ReplayedRows) -> [Int64] {
        (0..<rows.batch.count).map { rows.batch.columns[0].value(at: $0, as: Int64.self) }
    }

    @Test("a follower in the middle of a segment gets every row once when the segments are swapped under it")
    func follows() async throws {
        let disk = MemoryFileSystem()
        let (store, stream) = try await Self.store(disk, ManualClock())
        var replay = stream.replay(following: true).makeAsyncIterator()
        var seen: [Int64] = []
        while seen.count < 250 { seen += Self.values(try #require(try await replay.next())) }
        #expect(seen.count < 400)
        try await store.compact()
        try await Self.append(stream, 1000..<1100)
        while seen.count < 1100 { seen += Self.values(try #require(try await replay.next())) }
        // Its snapshot is used up: what follows is found in the merged segment's neighbours.
        try await store.compact()
        try await Self.append(stream, 1100..<1110)
        while seen.count < 1110 { seen += Self.values(try #require(try await replay.next())) }
        #expect(seen == Array(0..<1110))
        await store.close()
    }

    @Test(
        "a replay that begins at an offset inside a merged block begins exactly there", arguments: [0, 1, 39, 40, 555])
    func begins(offset: Int64) async throws {
        let disk = MemoryFileSystem()
        let (store, stream) = try await Self.store(disk, ManualClock())
        try await store.compact()
        var seen: [Int64] = []
        for try await rows in stream.replay(from: .offsets([offset]), to: .offsets([offset + 77])) {
            seen += Self.values(rows)
        }
        #expect(seen == Array(offset..<offset + 77))
        await store.close()
    }
}

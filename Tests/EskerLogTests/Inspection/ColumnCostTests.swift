import EskerFiles
import EskerFormat
import EskerLog
import Testing

@Suite("What columns take")
struct ColumnCostTests {
    private static let path = "/store/segments/0000000000000001.segment"

    /// One segment of two blocks of `events`: 2,000 rows with ids that ascend and ten different names.
    private static func makeStore() throws -> MemoryFileSystem {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        for start in stride(from: Int64(0), to: 2000, by: 100) { try harness.append(start..<start + 100) }
        try harness.log.sealAll()
        harness.log.close()
        return disk
    }

    private static func segments(_ disk: MemoryFileSystem, _ path: String = "/store") throws -> [SegmentReport] {
        let options = InspectionOptions(columns: true)
        switch try StoreInspector(files: disk, options: options).inspect(path).subject {
        case .store(let report): return report.segments
        case .segment(let report): return [report]
        case .manifest, .journal: return []
        }
    }

    @Test("each column tells its tree, the reason for it, its plain bytes and what zstd would make of them")
    func tellsTrees() throws {
        let report = try #require(try Self.segments(try Self.makeStore()).first)
        let id = try #require(report.costs.first { $0.name == "id" })
        #expect(id.encoding == "delta 0 bit" && id.reason == "in order")
        #expect(id.plainLength == 16_000 && id.rowCount == 2000 && id.poolLength == 0)
        let name = try #require(report.costs.first { $0.name == "name" })
        #expect(name.encoding == "pooled, delta 0 bit" && name.reason == "repeats")
        #expect(name.plainLength == 12_000 && name.pooledValueCount == 10)
        for cost in [id, name] {
            #expect(cost.plainZstdLength > 0 && cost.plainZstdLength < cost.plainLength)
        }
    }

    @Test("columns, pools and the rest make up the file, and each pool has its column")
    func addsUp() throws {
        let report = try #require(try Self.segments(try Self.makeStore()).first)
        #expect(report.pools.map(\.column) == ["name"])
        #expect(report.pools.map(\.kind) == ["sorted dictionary"] && report.pools.map(\.valueCount) == [10])
        let columns = report.costs.reduce(0) { $0 + $1.storedLength }
        let pools = report.costs.reduce(0) { $0 + $1.poolLength }
        #expect(columns == report.columns.reduce(0) { $0 + $1.storedLength })
        #expect(pools == report.pools.reduce(0) { $0 + $1.byteCount } && pools > 0)
        #expect(columns + pools < report.fileLength)
    }

    @Test("a segment without its store says the same of its columns")
    func tellsAlone() throws {
        let disk = try Self.makeStore()
        let alone = MemoryFileSystem()
        try SmallStore.write(alone, "/lost", SmallStore.read(disk, Self.path))
        let options = InspectionOptions(columns: true)
        let inside = try StoreInspector(files: disk, options: options).inspect(Self.path)
        let outside = try StoreInspector(files: alone, options: options).inspect("/lost")
        func columns(_ inspection: Inspection) -> Substring {
            let text = inspection.text()
            return text[(text.firstRange(of: "\nColumns")?.lowerBound ?? text.endIndex)...]
        }
        #expect(columns(inside).contains("pooled, delta 0 bit") && columns(inside) == columns(outside))
        let json = outside.json()
        #expect(json.contains("\"tree\": \"pooled, delta 0 bit\"") && json.contains("\"plain_zstd_bytes\""))
    }

    @Test("of blocks with different trees the most frequent is told, and how many others there are")
    func countsTrees() throws {
        let disk = MemoryFileSystem()
        var options = LogHarness.smallOptions
        options.rowsPerBlock = 8
        options.joinedAppendRows = 1
        let log = try StoreLog.open("/store", files: disk, options: options)
        let stream = try log.createStream(named: "n", columns: [("n", .int8, false)])
        for values: [Int64] in [[7, 7, 7, 7, 7, 7, 7, 7], [1, 9, 4, 2, 8, 3, 6, 5], [4, 4, 4, 4, 4, 4, 4, 4]] {
            let builder = BatchBuilder(stream.schema)
            for value in values { builder.columns[0].append(fixed: value) }
            _ = try log.appendBlocking([AppendPart(stream: stream.id, partition: 0, batch: builder.finish())])
        }
        try log.sealAll()
        log.close()
        let report = try #require(try Self.segments(disk).first)
        let cost = try #require(report.costs.first { $0.name == "n" })
        #expect(cost.encoding == "constant (and 1 other)" && cost.reason == "all equal")
        #expect(cost.trees.map(\.blockCount) == [2, 1])
    }

    @Test("a damaged column is a problem beside the columns that can be read")
    func survivesDamage() throws {
        let disk = try Self.makeStore()
        let options = InspectionOptions(blocks: true)
        let inspection = try StoreInspector(files: disk, options: options).inspect(Self.path)
        guard case .segment(let report) = inspection.subject, let block = report.blocks.first else {
            Issue.record("no block")
            return
        }
        let entry = try #require(block.header?.columns.first { $0.id == 1 })
        try SmallStore.flip(disk, Self.path, byte: block.position + entry.offset + 40)
        let damaged = try #require(try Self.segments(disk, Self.path).first)
        #expect(damaged.problems.contains { $0.contains("column id of the block at offset 0: column 1: checksum") })
        #expect(damaged.costs.first { $0.name == "name" }?.plainLength == 12_000)
        #expect(damaged.costs.first { $0.name == "id" }?.plainLength == 8000)
    }

    @Test("statistics name the largest columns first, with a hint for what stays large")
    func explainsSize() throws {
        let disk = MemoryFileSystem()
        let log = try StoreLog.open("/store", files: disk, options: LogHarness.smallOptions)
        let stream = try log.createStream(
            named: "words", columns: [("kind", .text, false), ("word", .text, false)])
        var generator = SeededGenerator(seed: 5)
        let builder = BatchBuilder(stream.schema)
        for row in 0..<1000 {
            builder.columns[0].append("kind \(row % 3)")
            builder.columns[1].append(
                String(
                    decoding: (0..<40).map { _ in
                        UInt8.random(in: 33..<127, using: &generator)
                    }, as: UTF8.self))
        }
        _ = try log.appendBlocking([AppendPart(stream: stream.id, partition: 0, batch: builder.finish())])
        try log.sealAll()
        log.close()
        let inspection = try StoreInspector(files: disk, options: InspectionOptions(columns: true)).inspect("/store")
        guard case .store(let report) = inspection.subject else {
            Issue.record("not a store")
            return
        }
        let statistics = StoreStatistics(report, whyBig: true)
        let columns = try #require(statistics.columns)
        #expect(columns.first?.cost.name == "word")
        #expect(columns.first?.hint?.contains("text") == true || columns.first?.hint?.contains("strings") == true)
        #expect(columns.first { $0.cost.name == "kind" }?.hint == nil)
        #expect(statistics.text().contains("\n  word ") && statistics.json().contains("\"hint\""))
        let plain = StoreStatistics(report, whyBig: false)
        #expect(plain.columns == nil && plain.text().contains("\n  words   1,000   1,000 "))
    }
}

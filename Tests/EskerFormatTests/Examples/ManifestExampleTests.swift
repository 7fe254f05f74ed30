import EskerFormat
import Testing

@Suite("Worked examples of the manifest", .serialized)
struct ManifestExampleTests {
    static let producer = ProducerState(
        stream: 3, producer: ExampleBlocks.producer, epoch: 3, lastSequence: 41, lastOffset: 139, lastPartition: 1,
        lastSeen: 1_767_225_600_000_000)

    /// One record of each kind; the stream has types of every form of ``TypeCode``.
    static var manifest: Manifest {
        var manifest = Manifest(store: ExampleBlocks.store)
        manifest.edition = 12
        manifest.epoch = 2
        manifest.firstJournalFile = 5
        manifest.commitFloor = 9
        manifest.nextSegment = 7
        manifest.nextStream = 4
        let schema = Schema(columns: [
            ColumnDefinition(id: 1, name: "kind", type: .int8, isNullable: false),
            ColumnDefinition(id: 2, name: "word", type: .varchar(length: 20)),
            ColumnDefinition(id: 3, name: "day", type: .date),
            ColumnDefinition(id: 4, name: "price", type: .numeric(precision: 10, scale: 2)),
            ColumnDefinition(id: 5, name: "tags", type: .array(of: .text)),
        ])
        var stream = StreamRecord(
            id: 3, name: "sales", partitionCount: 2, partitionKey: [1], eventTimeColumn: 3,
            options: ["retain_time": "7 days"], schema: schema)
        stream.sequenceFloor = 540
        manifest.streams = [stream]
        manifest.segments = [segment]
        manifest.views = [ViewRecord(name: "recent", query: "SELECT * FROM sales", options: ["window": "time"])]
        manifest.partitions = [PartitionRecord(stream: 3, partition: 1, sealedThrough: 140)]
        manifest.producers = [producer]
        return manifest
    }

    private static var segment: SegmentRecord {
        var segment = SegmentRecord(id: 6, stream: 3, partition: 1)
        segment.fileLength = 1565
        segment.rowCount = 40
        segment.baseOffset = 100
        segment.endOffset = 140
        segment.firstSequence = 500
        segment.endSequence = 540
        segment.minimumArrival = 1_767_225_600_000_000
        segment.maximumArrival = 1_767_225_601_000_000
        segment.minimumEventTime = 1_728_000_000_000_000
        segment.maximumEventTime = 1_728_000_000_000_000
        segment.lastCommit = 9
        segment.logicalByteCount = 1000
        segment.footerChecksum = 0x1234_5678
        return segment
    }

    @Test("a manifest with a record of each kind")
    func whole() throws {
        let written = Self.manifest
        try LayoutExample.check(.fixture("manifest.txt"), written: written.encode()) { bytes, lines in
            let manifest = try Manifest(parsing: bytes)
            #expect(manifest == written)
            lines.take(manifest)
        }
    }

    @Test("the manifest of a store without streams")
    func empty() throws {
        let written = Manifest(store: ExampleBlocks.store)
        try LayoutExample.check(
            .comment(of: "struct Manifest", in: "Manifest/Manifest.swift"), written: written.encode()
        ) { bytes, lines in
            let manifest = try Manifest(parsing: bytes)
            #expect(manifest == written)
            lines.take(manifest)
        }
    }

    /// Checks the example of one record: its content as it stands in the whole manifest.
    private func check(
        _ declaration: String, in file: String, kind: UInt16,
        _ annotate: (Manifest, inout AnnotatedBytes) throws -> Void
    ) throws {
        let whole = Self.manifest.encode()
        let content = try #require(Self.contents(whole)[kind])
        try LayoutExample.check(.comment(of: declaration, in: file), written: whole.slice(content)) { bytes, lines in
            try annotate(Manifest(parsing: whole.replacing(at: content.lowerBound, with: bytes)), &lines)
        }
    }

    /// Where the content of each record kind lies.
    private static func contents(_ manifest: Buffer) -> [UInt16: Range<Int>] {
        var contents: [UInt16: Range<Int>] = [:]
        var position = 88
        while position < manifest.byteCount {
            let end = position + 8 + Int(manifest.load(at: position + 4, as: UInt32.self))
            contents[manifest.load(at: position, as: UInt16.self)] = (position + 8)..<end
            position = end
        }
        return contents
    }

    @Test("a stream record")
    func stream() throws {
        try check("struct StreamRecord", in: "Manifest/StreamRecord.swift", kind: 1) { $1.take($0.streams[0]) }
    }

    @Test("a segment record")
    func segment() throws {
        try check("struct SegmentRecord", in: "Manifest/SegmentRecord.swift", kind: 2) { $1.take($0.segments[0]) }
    }

    @Test("a view record")
    func view() throws {
        try check("struct ViewRecord", in: "Manifest/SegmentRecord.swift", kind: 3) { $1.take($0.views[0]) }
    }

    @Test("a partition record")
    func partition() throws {
        try check("struct PartitionRecord", in: "Manifest/SegmentRecord.swift", kind: 4) { $1.take($0.partitions[0]) }
    }

    @Test("the state of a producer")
    func producerState() throws {
        try check("struct ProducerState", in: "Manifest/SegmentRecord.swift", kind: 5) { $1.take($0.producers[0]) }
    }

    @Test("the codes of five types")
    func typeCodes() throws {
        let whole = Self.manifest.encode()
        let columns = Self.manifest.streams[0].schema.columns
        // A column is id, length of the name, name, type, nullable; the last one ends with its record.
        var position = try #require(Self.contents(whole)[1]).upperBound
        var places: [Int] = []
        for column in columns.reversed() {
            places.insert(position - 9, at: 0)
            position -= 17 + column.name.utf8.count
        }
        let written = places.flatMap { whole.slice($0..<($0 + 8)).array }
        try LayoutExample.check(
            .comment(of: "struct TypeCode", in: "Schema/TypeCode.swift"), written: Buffer(copying: written)
        ) { bytes, lines in
            var changed = whole
            for (index, place) in places.enumerated() {
                changed = changed.replacing(at: place, with: bytes.slice((index * 8)..<(index * 8 + 8)))
            }
            let found = try Manifest(parsing: changed).streams[0].schema.columns
            #expect(found.map(\.type) == columns.map(\.type))
            for column in found { lines.take(TypeCode(column.type)) }
        }
    }
}

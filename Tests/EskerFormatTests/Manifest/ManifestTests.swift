import EskerFormat
import Testing

@Suite("Manifest, segment and journal files")
struct ManifestTests {
    static func sample() -> Manifest {
        var manifest = Manifest(store: StoreID(high: 11, low: 22))
        manifest.edition = 7
        manifest.epoch = 3
        var stream = StreamRecord(
            id: 4, name: "trades", partitionCount: 2, partitionKey: [2], eventTimeColumn: 1,
            options: ["retain_time": "7 days"], schema: BlockTests.schema)
        stream.schemas.append(Schema(version: 2, columns: BlockTests.schema.columns.dropLast()))
        manifest.streams = [stream]
        var segment = SegmentRecord(id: 9, stream: 4, partition: 1)
        segment.rowCount = 500
        segment.endOffset = 500
        manifest.segments = [segment]
        manifest.views = [ViewRecord(name: "last", query: "SELECT 1", options: ["window": "time"])]
        manifest.partitions = [PartitionRecord(stream: 4, partition: 1, sealedThrough: 500)]
        manifest.producers = [
            ProducerState(
                stream: 4, producer: ProducerID(high: 1, low: 2), epoch: 1, lastSequence: 99, lastOffset: 499,
                lastPartition: 1, lastSeen: 12)
        ]
        return manifest
    }

    @Test("a manifest gives back what was written")
    func roundTrips() throws {
        #expect(try Manifest(parsing: Self.sample().encode()) == Self.sample())
    }

    @Test("every flipped bit and every truncation of a manifest is told")
    func detectsDamage() {
        let good = Self.sample().encode()
        let bytes = (0..<good.byteCount).map { good.load(at: $0, as: UInt8.self) }
        for position in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[position] ^= 1 << UInt8(bit)
                #expect(throws: FormatError.self) { try Manifest(parsing: Buffer(copying: damaged)) }
            }
            #expect(throws: FormatError.self) { try Manifest(parsing: good.slice(0..<position)) }
        }
    }

    @Test("segment header, footer and trailer give back what was written")
    func segmentParts() throws {
        let header = SegmentHeader(store: StoreID(high: 1, low: 2), id: 3, stream: 4, partition: 5, sealedAt: 6)
        #expect(try SegmentHeader(parsing: header.encode()) == header)
        var block = BlockHeader()
        block.totalLength = 256
        block.headerLength = 192
        let footer = SegmentFooter(
            blocks: [SegmentFooter.BlockPlace(block, at: 64), SegmentFooter.BlockPlace(block, at: 320)],
            producers: Self.sample().producers, schema: BlockTests.schema)
        #expect(try SegmentFooter(parsing: footer.encode(), footerOffset: 576) == footer)
        #expect(throws: FormatError.self) { try SegmentFooter(parsing: footer.encode(), footerOffset: 512) }
        let trailer = SegmentTrailer(footerOffset: 576, footerLength: 100, footerChecksum: 1, fileChecksum: 2)
        #expect(try SegmentTrailer(parsing: trailer.encode(), fileLength: 576 + 100 + 32) == trailer)
        #expect(throws: FormatError.self) { try SegmentTrailer(parsing: trailer.encode(), fileLength: 700) }
    }

    @Test("a segment's trailer that puts the footer into or behind itself is refused", arguments: [640, 704, 768])
    func trailerBehindItself(footerOffset: Int) throws {
        let trailer = SegmentTrailer(footerOffset: footerOffset, footerLength: 0, footerChecksum: 1, fileChecksum: 2)
        #expect(throws: FormatError.self) { try SegmentTrailer(parsing: trailer.encode(), fileLength: 640) }
        #expect(throws: FormatError.self) { try SegmentTrailer(parsing: trailer.encode(), fileLength: 650) }
    }

    @Test("a journal file's first page gives back what was written")
    func journalHeader() throws {
        let header = JournalFileHeader(
            store: StoreID(high: 1, low: 2), number: 3, epoch: 4, firstCommit: 5, begunAt: 6)
        #expect(header.encode().byteCount == 4096)
        #expect(try JournalFileHeader(parsing: header.encode()) == header)
    }
}

import EskerFormat
import Testing

@Suite("Worked examples of journal and segment files", .serialized)
struct FileExampleTests {
    @Test("the first page of a journal file")
    func journalFileHeader() throws {
        let written = JournalFileHeader(
            store: ExampleBlocks.store, number: 5, epoch: 2, firstCommit: 9, begunAt: 1_767_225_600_000_000,
            fileLength: 4 << 20)
        try LayoutExample.check(
            .comment(of: "struct JournalFileHeader", in: "Journal/JournalFileHeader.swift"), written: written.encode()
        ) { bytes, lines in
            let header = try JournalFileHeader(parsing: bytes)
            #expect(header == written)
            lines.take(8, "magic \"EskerJnl\"")
            lines.take(2, "version 1")
            lines.takeZeros(2)
            lines.take(4, "CRC32C of the header")
            lines.take(16, "store \(header.store)")
            lines.take(8, "number \(header.number)")
            lines.take(8, "epoch \(header.epoch)")
            lines.take(8, "first commit \(header.firstCommit)")
            lines.take(8, "begun at \(header.begunAt)")
            lines.take(8, "length of the file \(header.fileLength)")
            lines.takeZeros(4024)
        }
    }

    @Test("the header of a segment")
    func segmentHeader() throws {
        let written = SegmentHeader(
            store: ExampleBlocks.store, id: 6, stream: 3, partition: 1, sealedAt: 1_767_225_660_000_000)
        try LayoutExample.check(
            .comment(of: "struct SegmentHeader", in: "Segment/SegmentLayout.swift"), written: written.encode()
        ) { bytes, lines in
            let header = try SegmentHeader(parsing: bytes)
            #expect(header == written)
            lines.take(8, "magic \"EskerSeg\"")
            lines.take(2, "version 2")
            lines.take(1, "tier \(header.tier.name)")
            lines.takeZeros(1)
            lines.take(4, "CRC32C of the header")
            lines.take(16, "store \(header.store)")
            lines.take(8, "segment \(header.id)")
            lines.take(8, "stream \(header.stream), partition \(header.partition)")
            lines.take(8, "sealed at \(header.sealedAt)")
            lines.takeZeros(8)
        }
    }

    @Test("the directory of a segment with one block and one producer")
    func segmentFooter() throws {
        let block = ExampleBlocks.cold.header
        let place = SegmentFooter.BlockPlace(block, at: SegmentHeader.length)
        let schema = Schema(columns: [ColumnDefinition(id: 1, name: "kind", type: .int8, isNullable: false)])
        let written = SegmentFooter(blocks: [place], producers: [ManifestExampleTests.producer], schema: schema)
        let footerOffset = SegmentHeader.length + block.totalLength
        try LayoutExample.check(
            .comment(of: "struct SegmentFooter", in: "Segment/SegmentFooter.swift"), written: written.encode()
        ) { bytes, lines in
            let footer = try SegmentFooter(parsing: bytes, footerOffset: footerOffset)
            #expect(footer == written)
            var schemaLength = 8
            for column in footer.schema.columns { schemaLength += 17 + column.name.utf8.count }
            lines.take(8, "blocks \(footer.blocks.count), producers \(footer.producers.count)")
            lines.take(4, "length of the schema \(schemaLength)")
            lines.take(4, "pools \(footer.poolCount)")
            for place in footer.blocks { lines.take(place) }
            for producer in footer.producers { lines.take(producer) }
            lines.take(footer.schema)
        }
    }

    @Test("the trailer of a segment")
    func segmentTrailer() throws {
        let written = SegmentTrailer(
            footerOffset: 1344, footerLength: 189, footerChecksum: 0x1234_5678, fileChecksum: 0x9ABC_DEF0)
        let fileLength = 1344 + 189 + SegmentTrailer.length
        try LayoutExample.check(
            .comment(of: "struct SegmentTrailer", in: "Segment/SegmentLayout.swift"), written: written.encode()
        ) { bytes, lines in
            let trailer = try SegmentTrailer(parsing: bytes, fileLength: fileLength)
            #expect(trailer == written)
            lines.take(8, "footer at \(trailer.footerOffset)")
            lines.take(4, "length of the footer \(trailer.footerLength)")
            lines.take(4, "CRC32C of the footer \(hex(trailer.footerChecksum))")
            lines.take(4, "CRC32C of the file before the trailer \(hex(trailer.fileChecksum))")
            lines.take(4, "CRC32C of the trailer")
            lines.take(8, "magic \"EskerEnd\"")
        }
    }

    @Test("a footer of many producers and a short schema is read")
    func manyProducers() throws {
        let schema = Schema(columns: [ColumnDefinition(id: 1, name: "kind", type: .int8, isNullable: false)])
        let footer = SegmentFooter(
            blocks: [], producers: [ProducerState](repeating: ManifestExampleTests.producer, count: 100),
            schema: schema)
        #expect(try SegmentFooter(parsing: footer.encode(), footerOffset: SegmentHeader.length) == footer)
    }
}

extension AnnotatedBytes {
    fileprivate mutating func take(_ place: SegmentFooter.BlockPlace) {
        take(16, "block at \(place.offset), length \(place.length)")
        take(8, "header length \(place.headerLength), rows \(place.rowCount)")
        take(16, "base offset \(place.baseOffset), span \(place.offsetSpan)")
        take(8, "first sequence \(place.firstSequence)")
        take(16, "arrival times \(place.minimumArrival) to \(place.maximumArrival)")
        take(16, "event times \(place.minimumEventTime) to \(place.maximumEventTime)")
    }
}

/// The directory of a segment: where each block lies and what is in it, so that blocks are chosen without touching them.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | blocks |
/// | 4 | 4 | producers |
/// | 8 | 4 | length of the schema |
/// | 12 | 4 | zero |
/// | 16 | 80 × blocks | UInt64 offset, UInt64 length, UInt32 header length, UInt32 rows, Int64 base offset, Int64 offset span, Int64 first sequence, Int64 least arrival, Int64 greatest arrival, Int64 least and greatest event time |
/// | … | 72 × producers | ``ProducerState``: the last row of each producer that the partition holds up to here |
/// | … | | the schema of the blocks, see ``StreamRecord`` |
package struct SegmentFooter: Hashable, Sendable {
    /// One block's line in the directory.
    package struct BlockPlace: Hashable, Sendable {
        package var offset: Int
        package var length: Int
        package var headerLength: Int
        package var rowCount: Int
        package var baseOffset: Int64
        package var offsetSpan: Int64
        package var firstSequence: Int64
        package var minimumArrival: Int64
        package var maximumArrival: Int64
        package var minimumEventTime: Int64
        package var maximumEventTime: Int64

        /// The line for a block at a place in the file.
        package init(_ header: BlockHeader, at offset: Int) {
            self.offset = offset
            length = header.totalLength
            headerLength = header.headerLength
            rowCount = header.rowCount
            baseOffset = header.baseOffset
            offsetSpan = header.offsetSpan
            firstSequence = header.firstSequence
            minimumArrival = header.arrival
            maximumArrival = header.lastArrival
            minimumEventTime = header.minimumEventTime
            maximumEventTime = header.maximumEventTime
        }

        fileprivate init(parsing reader: inout ByteReader) throws(FormatError) {
            let place: UInt64 = try reader.read()
            let size: UInt64 = try reader.read()
            guard place <= UInt64(Int64.max / 2), size <= UInt64(BlockHeader.maximumTotalLength) else {
                throw FormatError(.malformed, "block at \(place) of \(size) bytes in a segment's directory")
            }
            offset = Int(place)
            length = Int(size)
            headerLength = Int(try reader.read(UInt32.self))
            rowCount = Int(try reader.read(UInt32.self))
            baseOffset = try reader.read()
            offsetSpan = try reader.read()
            firstSequence = try reader.read()
            minimumArrival = try reader.read()
            maximumArrival = try reader.read()
            minimumEventTime = try reader.read()
            maximumEventTime = try reader.read()
        }

        fileprivate func encode(into output: inout GrowableBuffer) {
            output.append(UInt64(offset))
            output.append(UInt64(length))
            output.append(UInt32(headerLength))
            output.append(UInt32(rowCount))
            output.append(baseOffset)
            output.append(offsetSpan)
            output.append(firstSequence)
            output.append(minimumArrival)
            output.append(maximumArrival)
            output.append(minimumEventTime)
            output.append(maximumEventTime)
        }
    }

    package var blocks: [BlockPlace]
    package var producers: [ProducerState]
    package var schema: Schema

    package init(blocks: [BlockPlace], producers: [ProducerState], schema: Schema) {
        self.blocks = blocks
        self.producers = producers
        self.schema = schema
    }

    package func encode() -> Buffer {
        var schemaBytes = GrowableBuffer()
        StreamRecord.encode(schema, into: &schemaBytes)
        let encodedSchema = schemaBytes.finish()
        var output = GrowableBuffer(capacity: 16 + blocks.count * 80)
        output.append(UInt32(blocks.count))
        output.append(UInt32(producers.count))
        output.append(UInt32(encodedSchema.byteCount))
        output.append(UInt32(0))
        for block in blocks { block.encode(into: &output) }
        for producer in producers { producer.encode(into: &output) }
        output.append(encodedSchema)
        return output.finish()
    }

    /// Reads a footer whose checksum was compared; blocks must lie between the header and the footer, in order.
    package init(parsing bytes: Buffer, footerOffset: Int) throws(FormatError) {
        var reader = ByteReader(bytes)
        let blockCount = try reader.readCount(itemLength: 80)
        let producerCount = try reader.readCount(itemLength: 72)
        let schemaLength = Int(try reader.read(UInt32.self))
        _ = try reader.read(UInt32.self)
        blocks = []
        var end = SegmentHeader.length
        for index in 0..<blockCount {
            let place = try BlockPlace(parsing: &reader)
            guard place.offset >= end, place.offset % 64 == 0, place.length <= footerOffset - place.offset else {
                throw FormatError(.malformed, "block \(index) of the segment lies outside it", at: footerOffset)
            }
            end = place.offset + place.length
            blocks.append(place)
        }
        producers = []
        for _ in 0..<producerCount { producers.append(try ProducerState(parsing: &reader)) }
        var schemaReader = ByteReader(try reader.readSlice(schemaLength))
        schema = try StreamRecord.schema(parsing: &schemaReader)
        guard reader.remaining == 0, schemaReader.remaining == 0 else {
            throw FormatError(.malformed, "footer has bytes after its schema", at: footerOffset)
        }
    }
}

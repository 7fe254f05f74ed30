/// The directory of a segment: where each block lies and what is in it, so that blocks are chosen without touching them.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | blocks |
/// | 4 | 4 | producers |
/// | 8 | 4 | length of the schema |
/// | 12 | 4 | pools, whose ``PoolDirectory`` stands behind the last block; 0 in version 1 |
/// | 16 | 80 × blocks | UInt64 offset, UInt64 length, UInt32 header length, UInt32 rows, Int64 base offset, Int64 offset span, Int64 first sequence, Int64 least arrival, Int64 greatest arrival, Int64 least and greatest event time |
/// | … | 64 × producers | ``ProducerState``: the last row of each producer that the partition holds up to here |
/// | … | | the schema of the blocks, see ``StreamRecord`` |
///
/// Example:
///
/// ```hex
///    0  01 00 00 00 01 00 00 00                          blocks 1, producers 1
///    8  1d 00 00 00                                      length of the schema 29
///   12  00 00 00 00                                      pools 0
///   16  40 00 00 00 00 00 00 00 00 04 00 00 00 00 00 00  block at 64, length 1024
///   32  40 02 00 00 28 00 00 00                          header length 576, rows 40
///   40  64 00 00 00 00 00 00 00 28 00 00 00 00 00 00 00  base offset 100, span 40
///   56  f4 01 00 00 00 00 00 00                          first sequence 500
///   64  00 40 20 46 48 47 06 00 40 82 2f 46 48 47 06 00  arrival times 1767225600000000 to 1767225601000000
///   80  00 00 2c 5a 9b 23 06 00 00 00 2c 5a 9b 23 06 00  event times 1728000000000000 to 1728000000000000
///   96  03 00 00 00                                      stream 3
///  100  00 00 00 00                                      zeros
///  104  a1 00 00 00 00 00 00 00 b2 00 00 00 00 00 00 00  producer 0xa1, 0xb2
///  120  03 00 00 00 00 00 00 00                          epoch 3
///  128  29 00 00 00 00 00 00 00                          last sequence 41
///  136  8b 00 00 00 00 00 00 00                          offset of that row 139
///  144  01 00 00 00                                      its partition 1
///  148  00 00 00 00                                      zeros
///  152  00 40 20 46 48 47 06 00                          last append at 1767225600000000
///  160  01 00 00 00 01 00 00 00                          schema version 1, columns 1
///  168  01 00 00 00                                      column 1
///  172  04 00 00 00                                      length of the name 4
///  176  6b 69 6e 64                                      name "kind"
///  180  04 00 00 00 ff ff ff ff                          bigint: code 4, element 0, modifier -1
///  188  00                                               not null
/// ```
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
    package var poolCount: Int

    package init(blocks: [BlockPlace], producers: [ProducerState], schema: Schema, poolCount: Int = 0) {
        self.blocks = blocks
        self.producers = producers
        self.schema = schema
        self.poolCount = poolCount
    }

    package func encode() -> Buffer {
        var schemaBytes = GrowableBuffer()
        StreamRecord.encode(schema, into: &schemaBytes)
        let encodedSchema = schemaBytes.finish()
        var output = GrowableBuffer(capacity: 16 + blocks.count * 80)
        output.append(UInt32(blocks.count))
        output.append(UInt32(producers.count))
        output.append(UInt32(encodedSchema.byteCount))
        output.append(UInt32(poolCount))
        for block in blocks { block.encode(into: &output) }
        for producer in producers { producer.encode(into: &output) }
        output.append(encodedSchema)
        return output.finish()
    }

    /// Reads a footer whose checksum was compared; blocks must lie between the header and the footer, in order.
    package init(parsing bytes: Buffer, footerOffset: Int) throws(FormatError) {
        var reader = ByteReader(bytes)
        let blockCount = try reader.readCount(itemLength: 80)
        let producerCount = try reader.readCount(itemLength: ProducerState.length)
        let schemaLength = Int(try reader.read(UInt32.self))
        poolCount = Int(try reader.read(UInt32.self))
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

    /// Where the last block ends: the place of the directory of pools.
    package var blocksEnd: Int { blocks.last.map { $0.offset + $0.length } ?? SegmentHeader.length }
}

// Unsafe: hands the buffers of blocks to one gathered write.
import EskerFiles
import EskerFormat

/// Writes a segment block by block into a file of its own and gives it its name when it is whole and synced.
struct SegmentWriter: ~Copyable {
    private let files: any FileSystem
    private let layout: StoreLayout
    private let file: any File
    private let schema: Schema
    private var record: SegmentRecord
    private var places: [SegmentFooter.BlockPlace] = []
    private var offset = SegmentHeader.length
    private var poolCount = 0
    private var checksum: UInt32

    init(
        files: any FileSystem, layout: StoreLayout, store: StoreID, id: UInt64, stream: UInt32, partition: UInt32,
        schema: Schema, now: Int64, tier: Tier = .standard
    ) throws(StoreError) {
        self.files = files
        self.layout = layout
        self.schema = schema
        record = SegmentRecord(id: id, stream: stream, partition: partition)
        record.tier = tier
        let header = SegmentHeader(
            store: store, id: id, stream: stream, partition: partition, sealedAt: now, tier: tier
        ).encode()
        checksum = Checksum.crc32c(header)
        let path = layout.newSegment(id)
        file = try storing { () throws(FileError) in
            let file = try files.open(path, .createOrOpen)
            do throws(FileError) {
                try file.truncate(to: 0)
                try file.write([header], at: 0)
                return file
            } catch {
                file.close()
                try? files.remove(path)
                throw error
            }
        }
    }

    /// Appends a block; offsets must ascend.
    mutating func append(_ block: EncodedBlock) throws(StoreError) {
        let header = block.header
        precondition(header.baseOffset >= record.endOffset, "blocks of a segment ascend")
        var buffers = [header.encode()]
        for piece in block.pieces {
            buffers.append(piece)
            let rest = piece.byteCount % BlockHeader.alignment
            if rest != 0 { buffers.append(BlockEncoder.zeros.slice(0..<(BlockHeader.alignment - rest))) }
        }
        for buffer in buffers { checksum = Checksum.crc32c(buffer, continuing: checksum) }
        try storing { () throws(FileError) in
            try file.write(buffers, at: Int64(offset))
        }
        places.append(SegmentFooter.BlockPlace(header, at: offset))
        offset += header.totalLength
        include(header)
    }

    /// Writes the pools behind the last block.
    mutating func append(_ pools: [EncodedPool]) throws(StoreError) {
        guard !pools.isEmpty else { return }
        let directory = PoolDirectory(pools, at: offset)
        poolCount = pools.count
        var buffers = [directory.encode()]
        for pool in pools {
            buffers.append(pool.region)
            let rest = pool.region.byteCount % BlockHeader.alignment
            if rest != 0 { buffers.append(BlockEncoder.zeros.slice(0..<(BlockHeader.alignment - rest))) }
        }
        for buffer in buffers { checksum = Checksum.crc32c(buffer, continuing: checksum) }
        try storing { () throws(FileError) in
            try file.write(buffers, at: Int64(offset))
        }
        offset = directory.end(from: offset)
    }

    /// Bytes of the blocks so far, the header included.
    var length: Int { offset }

    /// Makes what was written durable already, so that the end does not have to do it all at once.
    mutating func syncBlocks() throws(StoreError) {
        try storing { () throws(FileError) in try file.sync() }
    }

    private mutating func include(_ header: BlockHeader) {
        if places.count == 1 {
            record.baseOffset = header.baseOffset
            record.firstSequence = header.firstSequence
        }
        record.endOffset = header.baseOffset + header.offsetSpan
        record.rowCount += Int64(header.rowCount)
        record.firstSequence = min(record.firstSequence, header.firstSequence)
        record.endSequence = max(record.endSequence, header.firstSequence + header.sequenceSpan)
        record.minimumArrival = min(record.minimumArrival, header.arrival)
        record.maximumArrival = max(record.maximumArrival, header.lastArrival)
        record.minimumEventTime = min(record.minimumEventTime, header.minimumEventTime)
        record.maximumEventTime = max(record.maximumEventTime, header.maximumEventTime)
        record.lastCommit = max(record.lastCommit, header.commit)
        record.logicalByteCount += Int64(header.logicalByteCount)
    }

    /// Ends the file durably under its name and returns its line for the manifest. Removes it after an error.
    consuming func finish(producers: [ProducerState]) throws(StoreError) -> SegmentRecord {
        let footer = SegmentFooter(
            blocks: places, producers: producers, schema: schema, poolCount: poolCount
        ).encode()
        let footerChecksum = Checksum.crc32c(footer)
        let trailer = SegmentTrailer(
            footerOffset: offset, footerLength: footer.byteCount, footerChecksum: footerChecksum,
            fileChecksum: Checksum.crc32c(footer, continuing: checksum)
        ).encode()
        record.footerChecksum = footerChecksum
        record.fileLength = Int64(offset + footer.byteCount + trailer.byteCount)
        do throws(FileError) {
            try file.write([footer, trailer], at: Int64(offset))
            try file.sync()
            try files.rename(layout.newSegment(record.id), to: layout.segment(record.id))
            try files.syncDirectory(layout.segments)
        } catch {
            file.close()
            try? files.remove(layout.newSegment(record.id))
            try? files.remove(layout.segment(record.id))
            throw StoreError(error)
        }
        return record
    }

    /// Removes what was written of a segment that is not to be.
    consuming func discard() {
        file.close()
        try? files.remove(layout.newSegment(record.id))
    }

    deinit { file.close() }
}

/// A block ready to be written: its header, whose place in the log is still open, and the buffers of its columns.
package struct EncodedBlock: Sendable {
    /// The header; the log fills in epoch, commit, offsets, sequence and arrival before it is encoded.
    package var header: BlockHeader
    /// The columns, each padded with zeros to a multiple of 64 bytes when written.
    package let pieces: [Buffer]

    package init(header: BlockHeader, pieces: [Buffer]) {
        self.header = header
        self.pieces = pieces
    }

    /// Bytes that the block takes.
    package var totalLength: Int { header.totalLength }

    /// The block as one buffer: for tests and files that are built in memory. O(bytes).
    package func joined() -> Buffer {
        var output = GrowableBuffer(capacity: totalLength)
        output.append(header.encode())
        for piece in pieces {
            output.append(piece)
            output.pad(to: BlockHeader.alignment)
        }
        precondition(output.byteCount == totalLength)
        return output.finish()
    }
}

/// Encodes a batch of one partition as a block.
package struct BlockEncoder: Sendable {
    /// Which way of writing columns.
    package let profile: BlockHeader.Profile
    /// Last stage of the cold profile.
    package let codec: Codec
    /// Column whose values bound the event time of the block: `timestamp`, `timestamptz` or `date`.
    package let eventTimeColumn: UInt32?

    package init(profile: BlockHeader.Profile, codec: Codec = .none, eventTimeColumn: UInt32?) {
        self.profile = profile
        self.codec = codec
        self.eventTimeColumn = eventTimeColumn
    }

    /// Values of the system columns, when rows do not follow each other without gaps; see ``SystemColumn``.
    package struct SystemValues: Sendable {
        package var sequences: [Int64]?
        package var arrivals: [Int64]?
        package var offsets: [Int64]?

        package init(sequences: [Int64]? = nil, arrivals: [Int64]? = nil, offsets: [Int64]? = nil) {
            self.sequences = sequences
            self.arrivals = arrivals
            self.offsets = offsets
        }
    }

    /// Encodes the rows. Checksums of the columns are taken here, on the caller's thread. O(bytes).
    ///
    /// - Parameter prototype: a header with stream, partition, versions, producers and bookmarks filled in.
    package func encode(_ batch: Batch, _ prototype: BlockHeader, system: SystemValues = SystemValues())
        -> EncodedBlock
    {
        let encoder = ColumnEncoder(profile: profile, codec: codec)
        var regions = zip(batch.columns, batch.schema.columns).map { encoder.encode($0, id: $1.id) }
        regions += systemRegions(system, encoder)
        var header = prototype
        header.profile = profile
        header.rowCount = batch.count
        header.offsetSpan = max(header.offsetSpan, Int64(batch.count))
        header.sequenceSpan = max(header.sequenceSpan, Int64(batch.count))
        header.hasOffsetColumn = system.offsets != nil
        header.logicalByteCount = batch.logicalByteCount
        header.columns = regions.map(\.entry)
        header.headerLength = header.encodedLength
        Self.place(regions, &header)
        Self.setEventTime(eventTimeColumn, &header)
        return EncodedBlock(header: header, pieces: regions.flatMap(\.pieces))
    }

    private func systemRegions(_ system: SystemValues, _ encoder: ColumnEncoder) -> [ColumnEncoder.Region] {
        let named = [
            (SystemColumn.sequence, system.sequences), (SystemColumn.arrival, system.arrivals),
            (SystemColumn.offset, system.offsets),
        ]
        return named.compactMap { id, values in
            guard let values else { return nil }
            let runs = zip(values, values.dropFirst()).reduce(1) { $0 + ($1.0 == $1.1 ? 0 : 1) }
            if runs * 4 <= values.count { return ColumnEncoder.encodeRuns(values, id: id) }
            let column = Column(
                type: .int8, count: values.count, validity: nil, values: .fixed(Buffer(copying: values)))
            return encoder.encode(column, id: id)
        }
    }

    /// Gives each region its place and checksum.
    static func place(_ regions: [ColumnEncoder.Region], _ header: inout BlockHeader) {
        var offset = header.headerLength
        var whole: UInt32 = 0
        for (index, region) in regions.enumerated() {
            var checksum: UInt32 = 0
            for piece in region.pieces {
                checksum = Checksum.crc32c(piece, continuing: checksum)
                let padding = padded(piece.byteCount) - piece.byteCount
                if padding > 0 { checksum = Checksum.crc32c(Self.zeros.slice(0..<padding), continuing: checksum) }
            }
            header.columns[index].offset = offset
            header.columns[index].checksum = checksum
            whole = Checksum.combine(whole, checksum, secondLength: region.entry.storedLength)
            offset += region.entry.storedLength
        }
        header.columnsChecksum = whole
        header.totalLength = offset
    }

    /// Padding to write after a buffer.
    package static let zeros = Buffer(copying: [UInt8](repeating: 0, count: 4096))

    /// Takes the bounds of the event time from the statistics of its column.
    static func setEventTime(_ column: UInt32?, _ header: inout BlockHeader) {
        header.minimumEventTime = Int64.max
        header.maximumEventTime = Int64.min
        guard let id = column, let entry = header.columns.first(where: { $0.id == id }),
            let statistics = entry.statistics
        else { return }
        let isDate = entry.type == TypeCode(.date)
        header.minimumEventTime = isDate ? microseconds(statistics.minimum) : statistics.minimum.integer
        header.maximumEventTime = isDate ? microseconds(statistics.maximum) : statistics.maximum.integer
    }

    /// Midnight of a date, keeping the infinities at the ends.
    private static func microseconds(_ date: StatisticValue) -> Int64 {
        switch date.integer {
        case Int64(Int32.max): Int64.max
        case Int64(Int32.min): Int64.min
        default: date.integer &* 86_400_000_000
        }
    }
}

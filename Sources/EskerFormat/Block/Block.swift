/// A block in memory or in a mapped file, whose header has been checked: gives its columns on demand.
package struct Block: Sendable {
    /// The checked header.
    package let header: BlockHeader
    /// All bytes of the block.
    package let bytes: Buffer
    /// Whether checksums were compared already, so that columns need not do it again.
    package let isVerified: Bool

    /// Reads the header at the start of `bytes`, which may reach beyond the block; the columns are checked when read.
    package init(parsing bytes: Buffer) throws(FormatError) {
        let header = try BlockHeader(parsing: bytes)
        guard header.totalLength <= bytes.byteCount else {
            throw FormatError(.truncated, "block of \(header.totalLength) bytes is cut at \(bytes.byteCount)", at: 16)
        }
        self.init(header: header, bytes: bytes.slice(0..<header.totalLength), isVerified: false)
    }

    /// A block whose bytes are known to be what its header says.
    package init(header: BlockHeader, bytes: Buffer, isVerified: Bool) {
        precondition(bytes.byteCount == header.totalLength)
        self.header = header
        self.bytes = bytes
        self.isVerified = isVerified
    }

    /// Compares the checksum over all columns; the result's columns are not checked again. O(bytes).
    package func verified() throws(FormatError) -> Block {
        if isVerified { return self }
        let found = Checksum.crc32c(bytes.slice(header.headerLength..<header.totalLength))
        guard found == header.columnsChecksum else {
            for entry in header.columns { _ = try region(entry, checking: true) }
            throw FormatError(
                .checksum, "checksum of the columns is \(hex(found)), the header says \(hex(header.columnsChecksum))",
                at: 184)
        }
        return Block(header: header, bytes: bytes, isVerified: true)
    }

    /// The entry of a column; `nil` when the block was written without it.
    package func entry(_ id: UInt32) -> ColumnEntry? { header.columns.first { $0.id == id } }

    /// The values of a column; `nil` when the block was written without it. O(rows), or O(1) when nothing is compressed.
    package func column(_ id: UInt32) throws(FormatError) -> Column? {
        guard let entry = entry(id) else { return nil }
        let plain = try plainRegion(entry)
        return try ColumnDecoder(entry: entry, rowCount: header.rowCount, region: plain).column()
    }

    /// The sequence of each row. O(rows).
    package func sequences() throws(FormatError) -> [Int64] {
        try system(SystemColumn.sequence, base: header.firstSequence)
            ?? (0..<Int64(header.rowCount)).map { header.firstSequence + $0 }
    }

    /// The arrival time of each row, µs; `nil` when all rows arrived at ``BlockHeader/arrival``. O(rows).
    package func arrivals() throws(FormatError) -> [Int64]? {
        try system(SystemColumn.arrival, base: header.arrival)
    }

    /// The offset of each row; `nil` when row i has offset base + i. O(rows).
    package func offsets() throws(FormatError) -> [Int64]? {
        try system(SystemColumn.offset, base: header.baseOffset)
    }

    private func system(_ id: UInt32, base: Int64) throws(FormatError) -> [Int64]? {
        guard let entry = entry(id) else { return nil }
        let plain = try plainRegion(entry)
        let decoder = ColumnDecoder(entry: entry, rowCount: header.rowCount, region: plain)
        return try decoder.integers().map { $0 &+ base }
    }

    private func plainRegion(_ entry: ColumnEntry) throws(FormatError) -> Buffer {
        let stored = try region(entry, checking: !isVerified)
        if entry.codec == .none {
            guard entry.plainLength == entry.storedLength else {
                throw FormatError(.malformed, "column \(entry.id) has two lengths though it is not compressed")
            }
            return stored
        }
        return try entry.codec.decompress(stored, plainLength: entry.plainLength)
    }

    private func region(_ entry: ColumnEntry, checking: Bool) throws(FormatError) -> Buffer {
        let stored = bytes.slice(entry.offset..<(entry.offset + entry.storedLength))
        if checking {
            let found = Checksum.crc32c(stored)
            guard found == entry.checksum else {
                throw FormatError(
                    .checksum,
                    "column \(entry.id): checksum is \(hex(found)), the header says \(hex(entry.checksum))",
                    at: entry.offset)
            }
        }
        return stored
    }
}

import Synchronization

/// A block in memory or in a mapped file, whose header has been checked: gives its columns on demand.
package struct Block: Sendable {
    /// The checked header.
    package let header: BlockHeader
    /// All bytes of the block.
    package let bytes: Buffer
    /// Whether checksums were compared already, so that columns need not do it again.
    package let isVerified: Bool
    /// The shared dictionaries of the segment that the block is in.
    package let pools: SegmentPools?
    /// Which columns were compared already: a block that is kept and asked again compares them once. `nil` when all were.
    private let checked: CheckedColumns?

    /// Reads the header at the start of `bytes`, which may reach beyond the block; the columns are checked when read.
    package init(parsing bytes: Buffer, pools: SegmentPools? = nil) throws(FormatError) {
        let header = try BlockHeader(parsing: bytes)
        guard header.totalLength <= bytes.byteCount else {
            throw FormatError(.truncated, "block of \(header.totalLength) bytes is cut at \(bytes.byteCount)", at: 16)
        }
        self.init(header: header, bytes: bytes.slice(0..<header.totalLength), isVerified: false, pools: pools)
    }

    /// A block whose bytes are known to be what its header says.
    package init(header: BlockHeader, bytes: Buffer, isVerified: Bool, pools: SegmentPools? = nil) {
        precondition(bytes.byteCount == header.totalLength)
        self.header = header
        self.bytes = bytes
        self.isVerified = isVerified
        self.pools = pools
        checked = isVerified ? nil : CheckedColumns()
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
        return Block(header: header, bytes: bytes, isVerified: true, pools: pools)
    }

    /// The entry of a column; `nil` when the block was written without it.
    package func entry(_ id: UInt32) -> ColumnEntry? { header.columns.first { $0.id == id } }

    /// The values of a column; `nil` when the block was written without it. O(rows), or O(1) when nothing is compressed.
    package func column(_ id: UInt32) throws(FormatError) -> Column? {
        guard let entry = entry(id) else { return nil }
        return try column(entry)
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
        if entry.encoding == .tree {
            let values = try column(entry).plain
            guard values.type == .int8, values.nullCount == 0 else {
                throw FormatError(.malformed, "column \(id) is not a column of numbers", at: entry.offset)
            }
            let span = values.span(as: Int64.self)
            return span.indices.map { span[$0] &+ base }
        }
        let plain = try plainRegion(entry)
        let decoder = ColumnDecoder(entry: entry, rowCount: header.rowCount, region: plain)
        return try decoder.integers().map { $0 &+ base }
    }

    private func column(_ entry: ColumnEntry) throws(FormatError) -> Column {
        guard entry.encoding == .tree else {
            let plain = try plainRegion(entry)
            return try ColumnDecoder(entry: entry, rowCount: header.rowCount, region: plain).column()
        }
        let root = try tree(entry)
        return try decoder.column(root, try entry.type.dataType(), nullCount: entry.nullCount)
    }

    /// The encoding tree of a column whose entry says that it has one.
    func tree(_ entry: ColumnEntry) throws(FormatError) -> EncodingNode {
        let root = try EncodingNode(parsing: try plainRegion(entry))
        guard root.count == header.rowCount else {
            throw FormatError(
                .malformed, "column \(entry.id) has \(root.count) values in \(header.rowCount) rows", at: entry.offset)
        }
        return root
    }

    private var decoder: NodeDecoder {
        NodeDecoder(pools: pools, siblingCodes: { (id) throws(FormatError) in try siblingCodes(id) })
    }

    /// Codes of another column, from which one is derived. Its own are not derived: so no two columns can be derived from
    /// each other.
    private func siblingCodes(_ id: UInt32) throws(FormatError) -> DictionaryCodes {
        guard let entry = entry(id), entry.encoding == .tree else {
            throw FormatError(.malformed, "column \(id), from which another is derived, is not there")
        }
        let root = try tree(entry)
        let node = root.kind == .nullable && root.children.count == 2 ? root.children[1] : root
        guard node.kind == .pooled, node.children.first?.kind != .mapped, let pools else {
            throw FormatError(.malformed, "column \(id), from which another is derived, has no codes", at: entry.offset)
        }
        let limit = try pools.dictionary(Int(truncatingIfNeeded: node.parameter)).column.count
        return try decoder.codes(node, below: limit)
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
        if checking, checked?.contains(entry.id) != true {
            let found = Checksum.crc32c(stored)
            guard found == entry.checksum else {
                throw FormatError(
                    .checksum,
                    "column \(entry.id): checksum is \(hex(found)), the header says \(hex(entry.checksum))",
                    at: entry.offset)
            }
            checked?.insert(entry.id)
        }
        return stored
    }
}

/// The columns of a block whose checksums were found right. Shared by the copies of a block.
private final class CheckedColumns: Sendable {
    private let ids = Mutex<Set<UInt32>>([])

    func contains(_ id: UInt32) -> Bool { ids.withLock { $0.contains(id) } }

    func insert(_ id: UInt32) { ids.withLock { _ = $0.insert(id) } }
}

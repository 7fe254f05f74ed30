// Unsafe: checksums run over the raw bytes of a buffer.

/// The header of a block: what stands before the columns of a run of rows, in journal and segment alike.
///
/// All numbers are little-endian. The layout is frozen as version 1; a reader refuses blocks whose version is higher or
/// whose required features it does not know, and ignores optional features it does not know.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 8 | magic `EskerBlk` |
/// | 8 | 2 | version, 1 |
/// | 10 | 2 | profile: 0 hot (journal), 1 cold (segment) |
/// | 12 | 4 | header length in bytes, a multiple of 64; the columns start here |
/// | 16 | 8 | total length in bytes, a multiple of 64 |
/// | 24 | 4 | required features: a reader that does not know one must refuse the block |
/// | 28 | 4 | optional features |
/// | 32 | 16 | UUID of the store |
/// | 48 | 8 | epoch of the journal that wrote the rows |
/// | 56 | 4 | stream id; 0 in a commit mark |
/// | 60 | 4 | partition |
/// | 64 | 4 | version of the stream's partition count |
/// | 68 | 4 | schema version |
/// | 72 | 8 | base offset: the offset of the first row |
/// | 80 | 8 | offset span: the next block of the partition starts at base + span or later |
/// | 88 | 4 | rows, 0 allowed |
/// | 92 | 1 | presence: 0 dense (row i has offset base + i), 1 listed in the offset system column |
/// | 93 | 1 | flags: bit 0 last block of its commit, bit 1 commit mark |
/// | 94 | 2 | columns |
/// | 96 | 8 | sequence of the first row |
/// | 104 | 8 | sequence span: every row's sequence is below first + span |
/// | 112 | 8 | arrival time of the first row, µs since 1970 |
/// | 120 | 8 | greatest arrival time |
/// | 128 | 8 | least event time, µs; greater than the greatest when no row has one |
/// | 136 | 8 | greatest event time, µs |
/// | 144 | 8 | commit id |
/// | 152 | 4 | blocks in the commit |
/// | 156 | 4 | place of this block in its commit, from 0 |
/// | 160 | 8 | durable through: the highest commit known durable when this block was written |
/// | 168 | 4 | producer records |
/// | 172 | 4 | bytes of bookmarks |
/// | 176 | 8 | logical bytes of the rows |
/// | 184 | 4 | CRC32C of the columns: bytes header length ..< total length |
/// | 188 | 4 | CRC32C of the header, taken with this field zero |
/// | 192 | 96 × columns | column entries, see ``ColumnEntry`` |
/// | … | 40 × producers | producer records, see ``ProducerRecord`` |
/// | … | | bookmarks, see ``Bookmark`` |
/// | … | | zeros up to the header length |
///
/// Example, a commit mark: a block without rows. Blocks with rows stand in `Fixtures/Formats/hot-block.txt` and
/// `cold-block.txt`.
///
/// ```hex
///    0  45 73 6b 65 72 42 6c 6b                          magic "EskerBlk"
///    8  01 00                                            version 1
///   10  00 00                                            profile hot
///   12  c0 00 00 00                                      header length 192
///   16  c0 00 00 00 00 00 00 00                          total length 192
///   24  00 00 00 00                                      required features 0
///   28  00 00 00 00                                      optional features 0
///   32  00 11 22 33 44 55 46 77 88 99 aa bb cc dd ee ff  store 00112233-4455-4677-8899-aabbccddeeff
///   48  02 00 00 00 00 00 00 00                          epoch 2
///   56  00 00 00 00 00 00 00 00                          stream 0, partition 0
///   64  01 00 00 00 01 00 00 00                          version of the partition count 1, schema version 1
///   72  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  base offset 0, span 0
///   88  00 00 00 00                                      rows 0
///   92  00                                               presence: dense
///   93  03                                               flags: last of its commit, commit mark
///   94  00 00                                            columns 0
///   96  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  first sequence 0, span 0
///  112  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  arrival time 0, greatest 0
///  128  ff ff ff ff ff ff ff 7f 00 00 00 00 00 00 00 80  event time none
///  144  09 00 00 00 00 00 00 00                          commit 9
///  152  01 00 00 00 00 00 00 00                          blocks in the commit 1, this is number 0
///  160  08 00 00 00 00 00 00 00                          durable through commit 8
///  168  00 00 00 00                                      producer records 0
///  172  00 00 00 00                                      bytes of bookmarks 0
///  176  00 00 00 00 00 00 00 00                          logical bytes 0
///  184  00 00 00 00                                      CRC32C of the columns 0x00000000
///  188  76 cc 3d 25                                      CRC32C of the header
/// ```
package struct BlockHeader: Hashable, Sendable {
    package static let magic: UInt64 = 0x6B6C_4272_656B_7345  // "EskerBlk"
    package static let version: UInt16 = 1
    package static let fixedLength = 192
    /// Blocks, headers and column regions are multiples of this many bytes.
    package static let alignment = 64
    /// No header is longer: bounds what a reader believes before it has checked a checksum. 1,600 columns of 96 bytes,
    /// PostgreSQL's limit, and as much again for producers and bookmarks.
    package static let maximumLength = 1 << 20
    /// No block is longer. 2 GiB is the reach of the Int32 offsets of one column; a block may hold several.
    package static let maximumTotalLength = 1 << 36
    /// Features that this version knows among the required ones: none yet.
    static let knownFeatures: UInt32 = 0

    /// Which of the two ways of writing columns was used.
    package enum Profile: UInt16, Sendable { case hot = 0, cold = 1 }

    package var profile: Profile = .hot
    package var headerLength = 0
    package var totalLength = 0
    package var requiredFeatures: UInt32 = 0
    package var optionalFeatures: UInt32 = 0
    package var store = StoreID.zero
    package var epoch: UInt64 = 0
    package var stream: UInt32 = 0
    package var partition: UInt32 = 0
    package var partitionVersion: UInt32 = 1
    package var schemaVersion: UInt32 = 1
    package var baseOffset: Int64 = 0
    package var offsetSpan: Int64 = 0
    package var rowCount = 0
    package var hasOffsetColumn = false
    package var isLastOfCommit = false
    package var isCommitMark = false
    package var firstSequence: Int64 = 0
    package var sequenceSpan: Int64 = 0
    package var arrival: Int64 = 0
    package var lastArrival: Int64 = 0
    package var minimumEventTime = Int64.max
    package var maximumEventTime = Int64.min
    package var commit: UInt64 = 0
    package var blocksInCommit: UInt32 = 1
    package var placeInCommit: UInt32 = 0
    package var durableThrough: UInt64 = 0
    package var logicalByteCount = 0
    package var columnsChecksum: UInt32 = 0
    package var columns: [ColumnEntry] = []
    package var producers: [ProducerRecord] = []
    package var bookmarks: [Bookmark] = []

    package init() {}

    /// The length that the header takes when written, from its tables.
    package var encodedLength: Int {
        let tables =
            columns.count * ColumnEntry.length + producers.count * ProducerRecord.length
            + bookmarks.reduce(0) { $0 + $1.encodedLength }
        return (Self.fixedLength + tables + Self.alignment - 1) & ~(Self.alignment - 1)
    }

    /// The header's bytes, `headerLength` of them, with its checksum.
    package func encode() -> Buffer {
        precondition(headerLength == encodedLength && headerLength <= Self.maximumLength)
        var output = GrowableBuffer(capacity: headerLength)
        output.append(Self.magic)
        output.append(Self.version)
        output.append(profile.rawValue)
        output.append(UInt32(headerLength))
        output.append(UInt64(totalLength))
        output.append(requiredFeatures)
        output.append(optionalFeatures)
        output.append(store.high)
        output.append(store.low)
        output.append(epoch)
        output.append(stream)
        output.append(partition)
        output.append(partitionVersion)
        output.append(schemaVersion)
        output.append(baseOffset)
        output.append(offsetSpan)
        output.append(UInt32(rowCount))
        output.append(UInt8(hasOffsetColumn ? 1 : 0))
        output.append(UInt8(isLastOfCommit ? 1 : 0) | UInt8(isCommitMark ? 2 : 0))
        output.append(UInt16(columns.count))
        output.append(firstSequence)
        output.append(sequenceSpan)
        output.append(arrival)
        output.append(lastArrival)
        output.append(minimumEventTime)
        output.append(maximumEventTime)
        output.append(commit)
        output.append(blocksInCommit)
        output.append(placeInCommit)
        output.append(durableThrough)
        output.append(UInt32(producers.count))
        output.append(UInt32(bookmarks.reduce(0) { $0 + $1.encodedLength }))
        output.append(UInt64(logicalByteCount))
        output.append(columnsChecksum)
        output.append(UInt32(0))
        assert(output.byteCount == Self.fixedLength)
        for column in columns { column.encode(into: &output) }
        for producer in producers { producer.encode(into: &output) }
        for bookmark in bookmarks { bookmark.encode(into: &output) }
        output.appendZeros(headerLength - output.byteCount)
        return output.finishWithChecksum(at: 188)
    }

    /// Reads a header at the start of `bytes`, which may reach beyond the block.
    ///
    /// Everything is checked before it is believed: magic, version, features, lengths, checksum, every table.
    /// The columns themselves are not read. O(header length).
    package init(parsing bytes: Buffer) throws(FormatError) {
        guard bytes.byteCount >= Self.fixedLength else {
            throw FormatError(.truncated, "\(bytes.byteCount) bytes are too few for a block header of 192")
        }
        guard bytes.load(at: 0, as: UInt64.self) == Self.magic else {
            throw FormatError(.notEsker, "no block starts here", at: 0)
        }
        let version = bytes.load(at: 8, as: UInt16.self)
        let length = Int(bytes.load(at: 12, as: UInt32.self))
        guard length >= Self.fixedLength, length <= Self.maximumLength, length % Self.alignment == 0 else {
            throw FormatError(.malformed, "header length \(length) is not a multiple of 64 in 192...1048576", at: 12)
        }
        guard length <= bytes.byteCount else {
            throw FormatError(.truncated, "header of \(length) bytes is cut at \(bytes.byteCount)", at: 12)
        }
        let stored = bytes.load(at: 188, as: UInt32.self)
        let found = Self.checksum(of: bytes.slice(0..<length), excluding: 188)
        guard stored == found else {
            throw FormatError(.checksum, "header checksum is \(hex(found)), the header says \(hex(stored))", at: 188)
        }
        guard version == Self.version else {
            throw FormatError(.newerVersion, "block version \(version); this version reads \(Self.version)", at: 8)
        }
        requiredFeatures = bytes.load(at: 24, as: UInt32.self)
        guard requiredFeatures & ~Self.knownFeatures == 0 else {
            throw FormatError(.newerVersion, "block needs features \(hex(requiredFeatures)) unknown here", at: 24)
        }
        try readFixedFields(bytes, length: length)
        try readTables(bytes)
    }

    /// The checksum of bytes with a four-byte field taken as zero.
    package static func checksum(of bytes: Buffer, excluding field: Int) -> UInt32 {
        let before = Checksum.crc32c(bytes.slice(0..<field))
        let zeros = Checksum.crc32c(Buffer(copying: [0, 0, 0, 0] as [UInt8]), continuing: before)
        return Checksum.crc32c(bytes.slice((field + 4)..<bytes.byteCount), continuing: zeros)
    }

    private mutating func readFixedFields(_ bytes: Buffer, length: Int) throws(FormatError) {
        guard let profile = Profile(rawValue: bytes.load(at: 10, as: UInt16.self)) else {
            throw FormatError(.malformed, "unknown profile", at: 10)
        }
        self.profile = profile
        headerLength = length
        let total = bytes.load(at: 16, as: UInt64.self)
        guard total >= UInt64(length), total <= UInt64(Self.maximumTotalLength), total % UInt64(Self.alignment) == 0
        else { throw FormatError(.malformed, "total length \(total) does not fit a header of \(length)", at: 16) }
        totalLength = Int(total)
        optionalFeatures = bytes.load(at: 28, as: UInt32.self)
        store = StoreID(high: bytes.load(at: 32, as: UInt64.self), low: bytes.load(at: 40, as: UInt64.self))
        epoch = bytes.load(at: 48, as: UInt64.self)
        stream = bytes.load(at: 56, as: UInt32.self)
        partition = bytes.load(at: 60, as: UInt32.self)
        partitionVersion = bytes.load(at: 64, as: UInt32.self)
        schemaVersion = bytes.load(at: 68, as: UInt32.self)
        baseOffset = bytes.load(at: 72, as: Int64.self)
        offsetSpan = bytes.load(at: 80, as: Int64.self)
        rowCount = Int(bytes.load(at: 88, as: UInt32.self))
        hasOffsetColumn = bytes.load(at: 92, as: UInt8.self) == 1
        let flags = bytes.load(at: 93, as: UInt8.self)
        isLastOfCommit = flags & 1 != 0
        isCommitMark = flags & 2 != 0
        firstSequence = bytes.load(at: 96, as: Int64.self)
        sequenceSpan = bytes.load(at: 104, as: Int64.self)
        arrival = bytes.load(at: 112, as: Int64.self)
        lastArrival = bytes.load(at: 120, as: Int64.self)
        minimumEventTime = bytes.load(at: 128, as: Int64.self)
        maximumEventTime = bytes.load(at: 136, as: Int64.self)
        commit = bytes.load(at: 144, as: UInt64.self)
        blocksInCommit = bytes.load(at: 152, as: UInt32.self)
        placeInCommit = bytes.load(at: 156, as: UInt32.self)
        durableThrough = bytes.load(at: 160, as: UInt64.self)
        logicalByteCount = Int(clamping: bytes.load(at: 176, as: UInt64.self))
        columnsChecksum = bytes.load(at: 184, as: UInt32.self)
        guard baseOffset >= 0, offsetSpan >= Int64(rowCount), baseOffset <= Int64.max - offsetSpan else {
            throw FormatError(.malformed, "offsets \(baseOffset) + \(offsetSpan) do not hold \(rowCount) rows", at: 72)
        }
        guard firstSequence >= 0, sequenceSpan >= 0, firstSequence <= Int64.max - sequenceSpan else {
            throw FormatError(.malformed, "sequences \(firstSequence) + \(sequenceSpan) are out of range", at: 96)
        }
    }

    private mutating func readTables(_ bytes: Buffer) throws(FormatError) {
        let columnCount = Int(bytes.load(at: 94, as: UInt16.self))
        let producerCount = Int(bytes.load(at: 168, as: UInt32.self))
        let bookmarkBytes = Int(bytes.load(at: 172, as: UInt32.self))
        let columnsEnd = Self.fixedLength + columnCount * ColumnEntry.length
        let producersEnd = columnsEnd + producerCount * ProducerRecord.length
        guard producersEnd + bookmarkBytes <= headerLength else {
            throw FormatError(.malformed, "tables of the header are longer than the header", at: 94)
        }
        columns.reserveCapacity(columnCount)
        for index in 0..<columnCount {
            let start = Self.fixedLength + index * ColumnEntry.length
            let entry = try ColumnEntry(parsing: bytes, at: start)
            guard entry.offset >= headerLength, entry.storedLength <= totalLength - entry.offset else {
                throw FormatError(.malformed, "column \(entry.id) lies outside its block", at: start)
            }
            columns.append(entry)
        }
        for index in 0..<producerCount {
            producers.append(ProducerRecord(parsing: bytes, at: columnsEnd + index * ProducerRecord.length))
        }
        bookmarks = try Bookmark.parse(bytes.slice(producersEnd..<(producersEnd + bookmarkBytes)))
    }
}

/// A number as `0x` and eight digits, for messages about checksums and bit sets.
func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}

extension GrowableBuffer {
    /// Ends writing after storing the checksum of all bytes at `field`, which counts as zero itself.
    package consuming func finishWithChecksum(at field: Int) -> Buffer {
        store(UInt32(0), at: field)
        store(currentChecksum, at: field)
        return finish()
    }
}

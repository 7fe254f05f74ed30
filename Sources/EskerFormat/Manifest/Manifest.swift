/// All that a store knows besides its rows: streams, segments, views, and where the journal begins.
///
/// A manifest is written whole into a new file that is synced and renamed over the old one, so that it is never torn:
/// any damage is corruption and is reported as such. It stays small (about 150 bytes a segment of 64–256 MB), and is
/// written only when a segment is sealed or a definition changes.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 8 | magic `EskerMan` |
/// | 8 | 2 | version, 1 |
/// | 10 | 2 | zero |
/// | 12 | 4 | CRC32C of the whole file, taken with this field zero |
/// | 16 | 8 | length of the file |
/// | 24 | 16 | UUID of the store |
/// | 40 | 8 | edition: grows by one with every manifest written |
/// | 48 | 8 | epoch: grows by one with every opening for writing |
/// | 56 | 8 | number of the first journal file still needed |
/// | 64 | 8 | commit floor: every commit below it is sealed or dropped |
/// | 72 | 8 | next segment id |
/// | 80 | 4 | next stream id |
/// | 84 | 4 | records |
/// | 88 | … | records: UInt16 kind, UInt16 zero, UInt32 length, content |
///
/// Kinds: 1 stream (``StreamRecord``), 2 segment (``SegmentRecord``), 3 view (``ViewRecord``), 4 partition
/// (``PartitionRecord``), 5 producer (``ProducerState``). A reader refuses a kind it does not know.
///
/// Example, the manifest of a store without streams; one with a record of each kind is
/// `Fixtures/Formats/manifest.txt`.
///
/// ```hex
///    0  45 73 6b 65 72 4d 61 6e                          magic "EskerMan"
///    8  01 00                                            version 1
///   10  00 00                                            zeros
///   12  ff 1e c4 f8                                      CRC32C of the file
///   16  58 00 00 00 00 00 00 00                          length of the file 88
///   24  00 11 22 33 44 55 46 77 88 99 aa bb cc dd ee ff  store 00112233-4455-4677-8899-aabbccddeeff
///   40  00 00 00 00 00 00 00 00                          edition 0
///   48  00 00 00 00 00 00 00 00                          epoch 0
///   56  01 00 00 00 00 00 00 00                          first journal file 1
///   64  01 00 00 00 00 00 00 00                          commit floor 1
///   72  01 00 00 00 00 00 00 00                          next segment 1
///   80  01 00 00 00                                      next stream 1
///   84  00 00 00 00                                      records 0
/// ```
package struct Manifest: Hashable, Sendable {
    static let magic: UInt64 = 0x6E61_4D72_656B_7345  // "EskerMan"
    static let version: UInt16 = 1
    static let headerLength = 88
    /// No manifest is longer: bounds what is read into memory. About two million segments.
    package static let maximumLength = 1 << 30

    package var store: StoreID
    package var edition: UInt64 = 0
    package var epoch: UInt64 = 0
    package var firstJournalFile: UInt64 = 1
    package var commitFloor: UInt64 = 1
    package var nextSegment: UInt64 = 1
    package var nextStream: UInt32 = 1
    package var streams: [StreamRecord] = []
    package var segments: [SegmentRecord] = []
    package var views: [ViewRecord] = []
    package var partitions: [PartitionRecord] = []
    package var producers: [ProducerState] = []

    package init(store: StoreID) { self.store = store }

    /// The file's bytes.
    package func encode() -> Buffer {
        var output = GrowableBuffer(capacity: 4096)
        output.append(Self.magic)
        output.append(Self.version)
        output.append(UInt16(0))
        output.append(UInt32(0))
        output.append(UInt64(0))
        output.append(store.high)
        output.append(store.low)
        output.append(edition)
        output.append(epoch)
        output.append(firstJournalFile)
        output.append(commitFloor)
        output.append(nextSegment)
        output.append(nextStream)
        let records = streams.count + segments.count + views.count + partitions.count + producers.count
        output.append(UInt32(records))
        for record in streams { Self.frame(1, &output) { record.encode(into: &$0) } }
        for record in segments { Self.frame(2, &output) { record.encode(into: &$0) } }
        for record in views { Self.frame(3, &output) { record.encode(into: &$0) } }
        for record in partitions { Self.frame(4, &output) { record.encode(into: &$0) } }
        for record in producers { Self.frame(5, &output) { record.encode(into: &$0) } }
        output.store(UInt64(output.byteCount), at: 16)
        return output.finishWithChecksum(at: 12)
    }

    private static func frame(
        _ kind: UInt16, _ output: inout GrowableBuffer, _ body: (inout GrowableBuffer) -> Void
    ) {
        output.append(kind)
        output.append(UInt16(0))
        let lengthAt = output.byteCount
        output.append(UInt32(0))
        body(&output)
        output.store(UInt32(output.byteCount - lengthAt - 4), at: lengthAt)
    }

    /// Reads a whole manifest file, checking everything. O(bytes).
    package init(parsing bytes: Buffer) throws(FormatError) {
        guard bytes.byteCount >= 8, bytes.load(at: 0, as: UInt64.self) == Self.magic else {
            throw FormatError(.notEsker, "not a manifest of a store", at: 0)
        }
        guard bytes.byteCount >= Self.headerLength else {
            throw FormatError(.truncated, "manifest is cut in its header")
        }
        let length = bytes.load(at: 16, as: UInt64.self)
        guard length == UInt64(bytes.byteCount) else {
            let code: FormatError.Code = length > UInt64(bytes.byteCount) ? .truncated : .malformed
            throw FormatError(code, "manifest of \(length) bytes stands in a file of \(bytes.byteCount)", at: 16)
        }
        let stored = bytes.load(at: 12, as: UInt32.self)
        let found = BlockHeader.checksum(of: bytes, excluding: 12)
        guard stored == found else {
            throw FormatError(.checksum, "manifest checksum is \(hex(found)), the file says \(hex(stored))", at: 12)
        }
        let version = bytes.load(at: 8, as: UInt16.self)
        guard version == Self.version else {
            throw FormatError(.newerVersion, "manifest version \(version); this version reads \(Self.version)", at: 8)
        }
        store = StoreID(high: bytes.load(at: 24, as: UInt64.self), low: bytes.load(at: 32, as: UInt64.self))
        edition = bytes.load(at: 40, as: UInt64.self)
        epoch = bytes.load(at: 48, as: UInt64.self)
        firstJournalFile = bytes.load(at: 56, as: UInt64.self)
        commitFloor = bytes.load(at: 64, as: UInt64.self)
        nextSegment = bytes.load(at: 72, as: UInt64.self)
        nextStream = bytes.load(at: 80, as: UInt32.self)
        let counters = [edition, epoch, firstJournalFile, commitFloor, nextSegment]
        guard counters.allSatisfy({ $0 <= JournalFileHeader.greatestCounter }), commitFloor > 0,
            nextStream < UInt32.max
        else { throw FormatError(.malformed, "the manifest has an impossible counter", at: 40) }
        let records = bytes.load(at: 84, as: UInt32.self)
        var reader = ByteReader(bytes.slice(Self.headerLength..<bytes.byteCount))
        for _ in 0..<records { try readRecord(&reader) }
        guard reader.remaining == 0 else { throw FormatError(.malformed, "manifest has bytes after its last record") }
    }

    mutating func readRecord(_ reader: inout ByteReader) throws(FormatError) {
        let start = reader.position + Self.headerLength
        let kind: UInt16 = try reader.read()
        _ = try reader.read(UInt16.self)
        let length: UInt32 = try reader.read()
        var content = ByteReader(try reader.readSlice(Int(length)))
        switch kind {
        case 1: streams.append(try StreamRecord(parsing: &content))
        case 2: segments.append(try SegmentRecord(parsing: &content))
        case 3: views.append(try ViewRecord(parsing: &content))
        case 4: partitions.append(try PartitionRecord(parsing: &content))
        case 5: producers.append(try ProducerState(parsing: &content))
        default: throw FormatError(.newerVersion, "manifest record kind \(kind) is unknown to this version", at: start)
        }
        guard content.remaining == 0 else {
            throw FormatError(
                .newerVersion, "manifest record of kind \(kind) is longer than this version knows", at: start)
        }
    }
}

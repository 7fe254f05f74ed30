/// The parts of a segment file that are not blocks: its header, footer and trailer.
///
/// | part | content |
/// |---|---|
/// | header, 64 bytes | 0: 8 magic `EskerSeg` · 8: 2 version, 2 (1: without pools) · 10: 1 tier: 0 standard, 1 compact (``Tier``) · 11: 1 zero · 12: 4 CRC32C of the header, this field zero · 16: 16 store UUID · 32: 8 segment id · 40: 4 stream · 44: 4 partition · 48: 8 time of sealing, µs · 56: 8 zero |
/// | blocks | one after another, each a multiple of 64 bytes, in offset order; see ``BlockHeader`` |
/// | pools, if any | ``PoolDirectory``, then the pools |
/// | footer | see ``SegmentFooter`` |
/// | trailer, 32 bytes | 0: 8 footer offset · 8: 4 footer length · 12: 4 CRC32C of the footer · 16: 4 CRC32C of the file before the trailer · 20: 4 CRC32C of the trailer, this field zero · 24: 8 magic `EskerEnd` |
///
/// Example of a header:
///
/// ```hex
///    0  45 73 6b 65 72 53 65 67                          magic "EskerSeg"
///    8  02 00                                            version 2
///   10  00                                               tier standard
///   11  00                                               zeros
///   12  91 f5 a6 6e                                      CRC32C of the header
///   16  00 11 22 33 44 55 46 77 88 99 aa bb cc dd ee ff  store 00112233-4455-4677-8899-aabbccddeeff
///   32  06 00 00 00 00 00 00 00                          segment 6
///   40  03 00 00 00 01 00 00 00                          stream 3, partition 1
///   48  00 c7 b3 49 48 47 06 00                          sealed at 1767225660000000
///   56  00 00 00 00 00 00 00 00                          zeros
/// ```
package struct SegmentHeader: Hashable, Sendable {
    static let magic: UInt64 = 0x6765_5372_656B_7345  // "EskerSeg"
    static let version: UInt16 = 2
    package static let length = 64

    package let store: StoreID
    package let id: UInt64
    package let stream: UInt32
    package let partition: UInt32
    package let sealedAt: Int64
    package let tier: Tier

    package init(
        store: StoreID, id: UInt64, stream: UInt32, partition: UInt32, sealedAt: Int64, tier: Tier = .standard
    ) {
        self.store = store
        self.id = id
        self.stream = stream
        self.partition = partition
        self.sealedAt = sealedAt
        self.tier = tier
    }

    package func encode() -> Buffer {
        var output = GrowableBuffer(capacity: Self.length)
        output.append(Self.magic)
        output.append(Self.version)
        output.append(tier.rawValue)
        output.append(UInt8(0))
        output.append(UInt32(0))
        output.append(store.high)
        output.append(store.low)
        output.append(id)
        output.append(stream)
        output.append(partition)
        output.append(sealedAt)
        output.append(UInt64(0))
        return output.finishWithChecksum(at: 12)
    }

    package init(parsing bytes: Buffer) throws(FormatError) {
        guard bytes.byteCount >= 8, bytes.load(at: 0, as: UInt64.self) == Self.magic else {
            throw FormatError(.notEsker, "not a segment", at: 0)
        }
        guard bytes.byteCount >= Self.length else { throw FormatError(.truncated, "segment is cut in its header") }
        let stored = bytes.load(at: 12, as: UInt32.self)
        guard stored == BlockHeader.checksum(of: bytes.slice(0..<Self.length), excluding: 12) else {
            throw FormatError(.checksum, "checksum of the segment header does not match", at: 12)
        }
        let version = bytes.load(at: 8, as: UInt16.self)
        guard version >= 1, version <= Self.version else {
            throw FormatError(.newerVersion, "segment version \(version); this version reads \(Self.version)", at: 8)
        }
        store = StoreID(high: bytes.load(at: 16, as: UInt64.self), low: bytes.load(at: 24, as: UInt64.self))
        id = bytes.load(at: 32, as: UInt64.self)
        stream = bytes.load(at: 40, as: UInt32.self)
        partition = bytes.load(at: 44, as: UInt32.self)
        sealedAt = bytes.load(at: 48, as: Int64.self)
        tier = try Tier(stored: bytes.load(at: 10, as: UInt8.self), at: 10)
    }
}

/// The last 32 bytes of a segment; see ``SegmentHeader`` for the table.
///
/// Example:
///
/// ```hex
///    0  40 05 00 00 00 00 00 00                          footer at 1344
///    8  bd 00 00 00                                      length of the footer 189
///   12  78 56 34 12                                      CRC32C of the footer 0x12345678
///   16  f0 de bc 9a                                      CRC32C of the file before the trailer 0x9abcdef0
///   20  77 24 de 1c                                      CRC32C of the trailer
///   24  45 73 6b 65 72 45 6e 64                          magic "EskerEnd"
/// ```
package struct SegmentTrailer: Hashable, Sendable {
    static let magic: UInt64 = 0x646E_4572_656B_7345  // "EskerEnd"
    package static let length = 32

    package let footerOffset: Int
    package let footerLength: Int
    package let footerChecksum: UInt32
    package let fileChecksum: UInt32

    package init(footerOffset: Int, footerLength: Int, footerChecksum: UInt32, fileChecksum: UInt32) {
        self.footerOffset = footerOffset
        self.footerLength = footerLength
        self.footerChecksum = footerChecksum
        self.fileChecksum = fileChecksum
    }

    package func encode() -> Buffer {
        var output = GrowableBuffer(capacity: Self.length)
        output.append(UInt64(footerOffset))
        output.append(UInt32(footerLength))
        output.append(footerChecksum)
        output.append(fileChecksum)
        output.append(UInt32(0))
        output.append(Self.magic)
        return output.finishWithChecksum(at: 20)
    }

    /// Reads the trailer at the end of a file of `fileLength` bytes.
    package init(parsing bytes: Buffer, fileLength: Int) throws(FormatError) {
        guard bytes.byteCount == Self.length, fileLength >= SegmentHeader.length + Self.length else {
            throw FormatError(.truncated, "\(fileLength) bytes are too few for a segment")
        }
        guard bytes.load(at: 24, as: UInt64.self) == Self.magic else {
            throw FormatError(.truncated, "segment does not end with a trailer", at: fileLength - 8)
        }
        guard bytes.load(at: 20, as: UInt32.self) == BlockHeader.checksum(of: bytes, excluding: 20) else {
            throw FormatError(.checksum, "checksum of the segment trailer does not match", at: fileLength - 12)
        }
        let offset = bytes.load(at: 0, as: UInt64.self)
        let length = bytes.load(at: 8, as: UInt32.self)
        guard offset >= UInt64(SegmentHeader.length), offset % 64 == 0,
            offset <= UInt64(fileLength - Self.length), UInt64(length) == UInt64(fileLength - Self.length) - offset
        else {
            throw FormatError(.malformed, "footer does not reach from \(offset) to the trailer", at: fileLength - 32)
        }
        footerOffset = Int(offset)
        footerLength = Int(length)
        footerChecksum = bytes.load(at: 12, as: UInt32.self)
        fileChecksum = bytes.load(at: 16, as: UInt32.self)
    }
}

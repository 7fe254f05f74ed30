/// The first page of a journal file, written and synced before the first commit goes in.
///
/// A recycled file keeps old blocks behind what is written anew. They cannot be taken for new ones: a block belongs to
/// the file only when it carries the file's epoch and the next commit id.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 8 | magic `EskerJnl` |
/// | 8 | 2 | version, 1 |
/// | 10 | 2 | zero |
/// | 12 | 4 | CRC32C of bytes 0 ..< 72, this field zero |
/// | 16 | 16 | UUID of the store |
/// | 32 | 8 | number of the file: names it, grows by one |
/// | 40 | 8 | epoch of all commits in it |
/// | 48 | 8 | id of the first commit that may stand in it |
/// | 56 | 8 | time the file was begun, µs |
/// | 64 | 8 | length of the file in bytes, 0 when not said: a shorter file was cut |
/// | 72 | 4024 | zeros: the first commit starts at 4,096 |
///
/// Example:
///
/// ```hex
///    0  45 73 6b 65 72 4a 6e 6c                          magic "EskerJnl"
///    8  01 00                                            version 1
///   10  00 00                                            zeros
///   12  79 6c 62 b1                                      CRC32C of the header
///   16  00 11 22 33 44 55 46 77 88 99 aa bb cc dd ee ff  store 00112233-4455-4677-8899-aabbccddeeff
///   32  05 00 00 00 00 00 00 00                          number 5
///   40  02 00 00 00 00 00 00 00                          epoch 2
///   48  09 00 00 00 00 00 00 00                          first commit 9
///   56  00 40 20 46 48 47 06 00                          begun at 1767225600000000
///   64  00 00 40 00 00 00 00 00                          length of the file 4194304
///   72  00 × 4024                                        zeros
/// ```
package struct JournalFileHeader: Hashable, Sendable {
    static let magic: UInt64 = 0x6C6E_4A72_656B_7345  // "EskerJnl"
    static let version: UInt16 = 1
    /// Commits start at multiples of this many bytes, so that a torn sector harms no other commit.
    package static let pageLength = 4096
    static let length = 72
    /// File numbers, epochs and commit ids never grow so far: a reader can count on from any of them.
    package static let greatestCounter: UInt64 = 1 << 62

    package let store: StoreID
    package let number: UInt64
    package let epoch: UInt64
    package let firstCommit: UInt64
    package let begunAt: Int64
    package let fileLength: UInt64

    package init(
        store: StoreID, number: UInt64, epoch: UInt64, firstCommit: UInt64, begunAt: Int64, fileLength: UInt64 = 0
    ) {
        self.store = store
        self.number = number
        self.epoch = epoch
        self.firstCommit = firstCommit
        self.begunAt = begunAt
        self.fileLength = fileLength
    }

    /// A whole page.
    package func encode() -> Buffer {
        var output = GrowableBuffer(capacity: Self.pageLength)
        output.append(Self.magic)
        output.append(Self.version)
        output.append(UInt16(0))
        output.append(UInt32(0))
        output.append(store.high)
        output.append(store.low)
        output.append(number)
        output.append(epoch)
        output.append(firstCommit)
        output.append(begunAt)
        output.append(fileLength)
        output.store(output.currentChecksum, at: 12)
        output.appendZeros(Self.pageLength - Self.length)
        return output.finish()
    }

    package init(parsing bytes: Buffer) throws(FormatError) {
        guard bytes.byteCount >= 8, bytes.load(at: 0, as: UInt64.self) == Self.magic else {
            throw FormatError(.notEsker, "not a journal file", at: 0)
        }
        guard bytes.byteCount >= Self.pageLength else {
            throw FormatError(.truncated, "journal file is cut in its header")
        }
        let stored = bytes.load(at: 12, as: UInt32.self)
        guard stored == BlockHeader.checksum(of: bytes.slice(0..<Self.length), excluding: 12) else {
            throw FormatError(.checksum, "checksum of the journal file's header does not match", at: 12)
        }
        let version = bytes.load(at: 8, as: UInt16.self)
        guard version == Self.version else {
            throw FormatError(.newerVersion, "journal version \(version); this version reads \(Self.version)", at: 8)
        }
        store = StoreID(high: bytes.load(at: 16, as: UInt64.self), low: bytes.load(at: 24, as: UInt64.self))
        number = bytes.load(at: 32, as: UInt64.self)
        epoch = bytes.load(at: 40, as: UInt64.self)
        firstCommit = bytes.load(at: 48, as: UInt64.self)
        begunAt = bytes.load(at: 56, as: Int64.self)
        fileLength = bytes.load(at: 64, as: UInt64.self)
        guard (1...Self.greatestCounter).contains(number), (1...Self.greatestCounter).contains(firstCommit),
            epoch <= Self.greatestCounter
        else {
            throw FormatError(
                .malformed, "journal file \(number) of epoch \(epoch) begins with commit \(firstCommit)", at: 32)
        }
    }
}

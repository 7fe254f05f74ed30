/// Where a column lies in its block and how it is written.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | column id |
/// | 4 | 8 | type, see ``TypeCode`` |
/// | 12 | 1 | encoding: 0 plain, 1 dictionary, 2 constant, 3 runs, 4 tree |
/// | 13 | 1 | codec over the region: 0 none, 1 LZ4, 2 zstd |
/// | 14 | 1 | bytes a dictionary code: 1, 2 or 4; else 0 |
/// | 15 | 1 | flags: bit 0 validity present, bit 1 statistics present |
/// | 16 | 8 | offset of the region from the start of the block, a multiple of 64 |
/// | 24 | 8 | stored length of the region, a multiple of 64 |
/// | 32 | 8 | length of the region once decompressed |
/// | 40 | 4 | rows without a value |
/// | 44 | 4 | values in the dictionary, or number of runs |
/// | 48 | 8 | bytes of variable-width values (of the dictionary, when there is one) |
/// | 56 | 4 | CRC32C of the stored region |
/// | 60 | 4 | zero |
/// | 64 | 16 | least value, see ``ColumnStatistics`` |
/// | 80 | 16 | greatest value |
///
/// The region is a row of buffers, each padded with zeros to a multiple of 64 bytes:
///
/// | encoding | buffers |
/// |---|---|
/// | any | validity, one bit a row, when flagged |
/// | plain | bits · or values · or Int32 offsets (rows + 1), bytes |
/// | dictionary | codes · then the dictionary's values as plain |
/// | constant | one value as plain |
/// | runs | UInt32 end row of each run · Int64 value of each run |
///
/// A tree has no such buffers: its region is told by ``EncodingNode``, validity included.
///
/// Example, the first column of `Fixtures/Formats/hot-block.txt`, where its region stands, too; the other encodings
/// are in `cold-block.txt`:
///
/// ```hex
///    0  01 00 00 00                                      column 1
///    4  04 00 00 00 ff ff ff ff                          bigint: code 4, element 0, modifier -1
///   12  00                                               encoding plain
///   13  00                                               codec none
///   14  00                                               bytes a code 0
///   15  02                                               flags: no validity, statistics
///   16  c0 01 00 00 00 00 00 00                          region at 448
///   24  40 00 00 00 00 00 00 00 40 00 00 00 00 00 00 00  stored length 64, decompressed 64
///   40  00 00 00 00                                      rows without a value 0
///   44  00 00 00 00                                      dictionary or runs 0
///   48  00 00 00 00 00 00 00 00                          bytes of variable-width values 0
///   56  cc 50 2d 34                                      CRC32C of the region 0x342d50cc
///   60  00 00 00 00                                      zeros
///   64  ff ff ff ff ff ff ff ff 00 00 00 00 00 00 00 00  least value -1
///   80  07 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  greatest value 7
/// ```
package struct ColumnEntry: Hashable, Sendable {
    package static let length = 96

    package enum Encoding: UInt8, Sendable { case plain = 0, dictionary = 1, constant = 2, runs = 3, tree = 4 }

    package var id: UInt32
    package var type: TypeCode
    package var encoding: Encoding = .plain
    package var codec: Codec = .none
    package var codeWidth = 0
    package var hasValidity = false
    package var statistics: ColumnStatistics?
    package var offset = 0
    package var storedLength = 0
    package var plainLength = 0
    package var nullCount = 0
    package var dictionaryCount = 0
    package var variableByteCount = 0
    package var checksum: UInt32 = 0

    package init(id: UInt32, type: TypeCode) {
        self.id = id
        self.type = type
    }

    func encode(into output: inout GrowableBuffer) {
        output.append(id)
        output.append(type.code)
        output.append(type.element)
        output.append(type.modifier)
        output.append(encoding.rawValue)
        output.append(codec.rawValue)
        output.append(UInt8(codeWidth))
        output.append(UInt8(hasValidity ? 1 : 0) | UInt8(statistics == nil ? 0 : 2))
        output.append(UInt64(offset))
        output.append(UInt64(storedLength))
        output.append(UInt64(plainLength))
        output.append(UInt32(nullCount))
        output.append(UInt32(dictionaryCount))
        output.append(UInt64(variableByteCount))
        output.append(checksum)
        output.append(UInt32(0))
        let bounds = statistics ?? ColumnStatistics(minimum: .zero, maximum: .zero)
        output.append(bounds.minimum.first)
        output.append(bounds.minimum.second)
        output.append(bounds.maximum.first)
        output.append(bounds.maximum.second)
    }

    /// Reads an entry whose bytes are known to be there; the place of the region is checked by the caller.
    init(parsing bytes: Buffer, at start: Int) throws(FormatError) {
        id = bytes.load(at: start, as: UInt32.self)
        type = TypeCode(
            code: bytes.load(at: start + 4, as: UInt16.self), element: bytes.load(at: start + 6, as: UInt16.self),
            modifier: bytes.load(at: start + 8, as: Int32.self))
        guard let encoding = Encoding(rawValue: bytes.load(at: start + 12, as: UInt8.self)) else {
            throw FormatError(.newerVersion, "column \(id) has an encoding unknown to this version", at: start + 12)
        }
        guard let codec = Codec(rawValue: bytes.load(at: start + 13, as: UInt8.self)) else {
            throw FormatError(.newerVersion, "column \(id) has a codec unknown to this version", at: start + 13)
        }
        self.encoding = encoding
        self.codec = codec
        codeWidth = Int(bytes.load(at: start + 14, as: UInt8.self))
        guard encoding == .dictionary ? [1, 2, 4].contains(codeWidth) : codeWidth == 0 else {
            throw FormatError(.malformed, "column \(id) has codes of \(codeWidth) bytes", at: start + 14)
        }
        let flags = bytes.load(at: start + 15, as: UInt8.self)
        hasValidity = flags & 1 != 0
        let lengths = (16...32).filter { $0 % 8 == 0 }.map { bytes.load(at: start + $0, as: UInt64.self) }
        let variable = bytes.load(at: start + 48, as: UInt64.self)
        guard (lengths + [variable]).allSatisfy({ $0 <= UInt64(BlockHeader.maximumTotalLength) }),
            lengths[0] % 64 == 0, lengths[1] % 64 == 0
        else { throw FormatError(.malformed, "column \(id) has an impossible place or length", at: start + 16) }
        offset = Int(lengths[0])
        storedLength = Int(lengths[1])
        plainLength = Int(lengths[2])
        variableByteCount = Int(variable)
        nullCount = Int(bytes.load(at: start + 40, as: UInt32.self))
        dictionaryCount = Int(bytes.load(at: start + 44, as: UInt32.self))
        checksum = bytes.load(at: start + 56, as: UInt32.self)
        if flags & 2 != 0 {
            statistics = ColumnStatistics(
                minimum: StatisticValue(
                    first: bytes.load(at: start + 64, as: UInt64.self),
                    second: bytes.load(at: start + 72, as: UInt64.self)),
                maximum: StatisticValue(
                    first: bytes.load(at: start + 80, as: UInt64.self),
                    second: bytes.load(at: start + 88, as: UInt64.self)))
        }
    }
}

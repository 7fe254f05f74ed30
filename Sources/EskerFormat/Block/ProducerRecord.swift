/// Which rows of a block came from which producer, so that a retry is recognised also after a crash.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 16 | producer id |
/// | 16 | 8 | producer epoch: grows when a producer starts anew |
/// | 24 | 8 | sequence of the producer's first row here |
/// | 32 | 4 | first row in the block |
/// | 36 | 4 | rows; they carry consecutive sequences |
///
/// Example:
///
/// ```hex
///    0  a1 00 00 00 00 00 00 00 b2 00 00 00 00 00 00 00  producer 0xa1, 0xb2
///   16  03 00 00 00 00 00 00 00                          epoch 3
///   24  28 00 00 00 00 00 00 00                          first sequence 40
///   32  00 00 00 00 02 00 00 00                          first row 0, rows 2
/// ```
package struct ProducerRecord: Hashable, Sendable {
    package static let length = 40

    package let producer: ProducerID
    package let epoch: UInt64
    package let firstSequence: Int64
    package let firstRow: UInt32
    package let rowCount: UInt32

    package init(producer: ProducerID, epoch: UInt64, firstSequence: Int64, firstRow: UInt32, rowCount: UInt32) {
        self.producer = producer
        self.epoch = epoch
        self.firstSequence = firstSequence
        self.firstRow = firstRow
        self.rowCount = rowCount
    }

    /// Sequence of the last row; the greatest there is when the numbers would run over.
    package var lastSequence: Int64 {
        let (last, isOver) = firstSequence.addingReportingOverflow(Int64(rowCount) - 1)
        return isOver ? Int64.max : last
    }

    func encode(into output: inout GrowableBuffer) {
        output.append(producer.high)
        output.append(producer.low)
        output.append(epoch)
        output.append(firstSequence)
        output.append(firstRow)
        output.append(rowCount)
    }

    init(parsing bytes: Buffer, at start: Int) {
        producer = ProducerID(
            high: bytes.load(at: start, as: UInt64.self), low: bytes.load(at: start + 8, as: UInt64.self))
        epoch = bytes.load(at: start + 16, as: UInt64.self)
        firstSequence = bytes.load(at: start + 24, as: Int64.self)
        firstRow = bytes.load(at: start + 32, as: UInt32.self)
        rowCount = bytes.load(at: start + 36, as: UInt32.self)
    }
}

/// Names a producer for as long as it wants its retries recognised. Random, or made by the producer itself.
public struct ProducerID: Hashable, Sendable {
    /// The first eight bytes.
    public let high: UInt64
    /// The last eight bytes.
    public let low: UInt64

    /// A producer's own id.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new random id.
    public static func random() -> ProducerID {
        ProducerID(high: .random(in: 0...UInt64.max), low: .random(in: 0...UInt64.max))
    }
}

/// A source's own place, stored in the commit with the rows it brought.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 2 | length of the name, UTF-8 |
/// | 2 | 4 | length of the value |
/// | 6 | … | name, then value |
///
/// Example:
///
/// ```hex
///    0  07 00                                            length of the name 7
///    2  02 00 00 00                                      length of the value 2
///    6  74 6f 70 69 63 2f 30                             name "topic/0"
///   13  2a 01                                            value 2a 01
/// ```
package struct Bookmark: Hashable, Sendable {
    package let name: String
    package let value: [UInt8]

    package init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }

    package var encodedLength: Int { 6 + name.utf8.count + value.count }

    func encode(into output: inout GrowableBuffer) {
        output.append(UInt16(name.utf8.count))
        output.append(UInt32(value.count))
        for byte in name.utf8 { output.append(byte) }
        for byte in value { output.append(byte) }
    }

    /// Reads bookmarks that fill `bytes` exactly.
    static func parse(_ bytes: Buffer) throws(FormatError) -> [Bookmark] {
        var bookmarks: [Bookmark] = []
        var position = 0
        while position < bytes.byteCount {
            guard bytes.byteCount - position >= 6 else {
                throw FormatError(.malformed, "bookmark is cut", at: position)
            }
            let nameLength = Int(bytes.load(at: position, as: UInt16.self))
            let valueLength = Int(bytes.load(at: position + 2, as: UInt32.self))
            guard bytes.byteCount - position - 6 >= nameLength + valueLength else {
                throw FormatError(.malformed, "bookmark is longer than its table", at: position)
            }
            let nameEnd = position + 6 + nameLength
            let name = (position + 6..<nameEnd).map { bytes.load(at: $0, as: UInt8.self) }
            let value = (nameEnd..<nameEnd + valueLength).map { bytes.load(at: $0, as: UInt8.self) }
            bookmarks.append(Bookmark(name: String(decoding: name, as: UTF8.self), value: value))
            position = nameEnd + valueLength
        }
        return bookmarks
    }
}

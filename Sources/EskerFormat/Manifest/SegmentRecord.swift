/// What the manifest keeps of a segment: enough to choose segments for a query without opening them.
///
/// | field | size |
/// |---|---|
/// | segment id, stream, partition | 8, 4, 4 |
/// | length of the file in bytes, rows | 8, 8 |
/// | base offset, end offset (exclusive) | 8, 8 |
/// | first sequence, end sequence (exclusive) | 8, 8 |
/// | least and greatest arrival time, µs | 8, 8 |
/// | least and greatest event time, µs | 8, 8 |
/// | greatest commit in it | 8 |
/// | logical bytes of the rows | 8 |
/// | CRC32C of the footer | 4 |
/// | ``Tier``, only when it is not standard | 1 |
///
/// A version that knows no tiers so reads a manifest without them, and refuses one that names encodings beyond it.
///
/// Example:
///
/// ```hex
///    0  06 00 00 00 00 00 00 00                          segment 6
///    8  03 00 00 00 01 00 00 00                          stream 3, partition 1
///   16  1d 06 00 00 00 00 00 00 28 00 00 00 00 00 00 00  length of the file 1565, rows 40
///   32  64 00 00 00 00 00 00 00 8c 00 00 00 00 00 00 00  base offset 100, end offset 140
///   48  f4 01 00 00 00 00 00 00 1c 02 00 00 00 00 00 00  first sequence 500, end sequence 540
///   64  00 40 20 46 48 47 06 00 40 82 2f 46 48 47 06 00  arrival times 1767225600000000 to 1767225601000000
///   80  00 00 2c 5a 9b 23 06 00 00 00 2c 5a 9b 23 06 00  event times 1728000000000000 to 1728000000000000
///   96  09 00 00 00 00 00 00 00                          greatest commit 9
///  104  e8 03 00 00 00 00 00 00                          logical bytes 1000
///  112  78 56 34 12                                      CRC32C of the footer 0x12345678
/// ```
package struct SegmentRecord: Hashable, Sendable {
    package var id: UInt64
    package var stream: UInt32
    package var partition: UInt32
    package var fileLength: Int64 = 0
    package var rowCount: Int64 = 0
    package var baseOffset: Int64 = 0
    package var endOffset: Int64 = 0
    package var firstSequence: Int64 = 0
    package var endSequence: Int64 = 0
    package var minimumArrival = Int64.max
    package var maximumArrival = Int64.min
    package var minimumEventTime = Int64.max
    package var maximumEventTime = Int64.min
    package var lastCommit: UInt64 = 0
    package var logicalByteCount: Int64 = 0
    package var footerChecksum: UInt32 = 0
    package var tier = Tier.standard

    package init(id: UInt64, stream: UInt32, partition: UInt32) {
        self.id = id
        self.stream = stream
        self.partition = partition
    }

    func encode(into output: inout GrowableBuffer) {
        output.append(id)
        output.append(stream)
        output.append(partition)
        for value in [
            fileLength, rowCount, baseOffset, endOffset, firstSequence, endSequence, minimumArrival, maximumArrival,
            minimumEventTime, maximumEventTime,
        ] { output.append(value) }
        output.append(lastCommit)
        output.append(logicalByteCount)
        output.append(footerChecksum)
        if tier != .standard { output.append(tier.rawValue) }
    }

    init(parsing reader: inout ByteReader) throws(FormatError) {
        id = try reader.read()
        stream = try reader.read()
        partition = try reader.read()
        fileLength = try reader.read()
        rowCount = try reader.read()
        baseOffset = try reader.read()
        endOffset = try reader.read()
        firstSequence = try reader.read()
        endSequence = try reader.read()
        minimumArrival = try reader.read()
        maximumArrival = try reader.read()
        minimumEventTime = try reader.read()
        maximumEventTime = try reader.read()
        lastCommit = try reader.read()
        logicalByteCount = try reader.read()
        footerChecksum = try reader.read()
        if reader.remaining > 0 { tier = try Tier(stored: try reader.read(), at: reader.position) }
        guard fileLength >= 0, rowCount >= 0, baseOffset >= 0, endOffset >= baseOffset, firstSequence >= 0 else {
            throw FormatError(.malformed, "segment \(id) has impossible bounds", at: reader.position)
        }
    }
}

/// What the manifest keeps of a partition: stream (4), partition (4), sealed through (8): every offset below it is in
/// segments or dropped.
///
/// Example:
///
/// ```hex
///    0  03 00 00 00 01 00 00 00                          stream 3, partition 1
///    8  8c 00 00 00 00 00 00 00                          sealed through 140
/// ```
package struct PartitionRecord: Hashable, Sendable {
    package let stream: UInt32
    package let partition: UInt32
    package var sealedThrough: Int64

    package init(stream: UInt32, partition: UInt32, sealedThrough: Int64) {
        self.stream = stream
        self.partition = partition
        self.sealedThrough = sealedThrough
    }

    func encode(into output: inout GrowableBuffer) {
        output.append(stream)
        output.append(partition)
        output.append(sealedThrough)
    }

    init(parsing reader: inout ByteReader) throws(FormatError) {
        stream = try reader.read()
        partition = try reader.read()
        sealedThrough = try reader.read()
        guard sealedThrough >= 0 else { throw FormatError(.malformed, "partition sealed through a negative offset") }
    }
}

/// What the manifest keeps of a view: name, text of its SELECT, options as pairs of text.
///
/// Example:
///
/// ```hex
///    0  06 00 00 00                                      length of the name 6
///    4  72 65 63 65 6e 74                                name "recent"
///   10  13 00 00 00                                      length of the query 19
///   14  53 45 4c 45 43 54 20 2a 20 46 52 4f 4d 20 73 61  query "SELECT * FROM sales"
///   30  6c 65 73
///   33  01 00 00 00                                      options 1
///   37  06 00 00 00                                      length of the key 6
///   41  77 69 6e 64 6f 77                                key "window"
///   47  04 00 00 00                                      length of the value 4
///   51  74 69 6d 65                                      value "time"
/// ```
package struct ViewRecord: Hashable, Sendable {
    package var name: String
    package var query: String
    package var options: [String: String]

    package init(name: String, query: String, options: [String: String]) {
        self.name = name
        self.query = query
        self.options = options
    }

    func encode(into output: inout GrowableBuffer) {
        output.append(counted: name)
        output.append(counted: query)
        output.append(UInt32(options.count))
        for (key, value) in options.sorted(by: { $0.key < $1.key }) {
            output.append(counted: key)
            output.append(counted: value)
        }
    }

    init(parsing reader: inout ByteReader) throws(FormatError) {
        name = try reader.readString()
        query = try reader.readString()
        options = [:]
        for _ in 0..<(try reader.readCount(itemLength: 8)) {
            let key = try reader.readString()
            options[key] = try reader.readString()
        }
    }
}

/// How far a producer's rows are stored: stream (4), zero (4), producer id (16), epoch (8), last sequence (8), offset
/// of that row (8), its partition (4), zero (4), time of the last append in µs (8).
///
/// Example:
///
/// ```hex
///    0  03 00 00 00                                      stream 3
///    4  00 00 00 00                                      zeros
///    8  a1 00 00 00 00 00 00 00 b2 00 00 00 00 00 00 00  producer 0xa1, 0xb2
///   24  03 00 00 00 00 00 00 00                          epoch 3
///   32  29 00 00 00 00 00 00 00                          last sequence 41
///   40  8b 00 00 00 00 00 00 00                          offset of that row 139
///   48  01 00 00 00                                      its partition 1
///   52  00 00 00 00                                      zeros
///   56  00 40 20 46 48 47 06 00                          last append at 1767225600000000
/// ```
package struct ProducerState: Hashable, Sendable {
    static let length = 64

    package var stream: UInt32
    package var producer: ProducerID
    package var epoch: UInt64
    package var lastSequence: Int64
    package var lastOffset: Int64
    package var lastPartition: UInt32
    package var lastSeen: Int64

    package init(
        stream: UInt32, producer: ProducerID, epoch: UInt64, lastSequence: Int64, lastOffset: Int64,
        lastPartition: UInt32, lastSeen: Int64
    ) {
        self.stream = stream
        self.producer = producer
        self.epoch = epoch
        self.lastSequence = lastSequence
        self.lastOffset = lastOffset
        self.lastPartition = lastPartition
        self.lastSeen = lastSeen
    }

    func encode(into output: inout GrowableBuffer) {
        output.append(stream)
        output.append(UInt32(0))
        output.append(producer.high)
        output.append(producer.low)
        output.append(epoch)
        output.append(lastSequence)
        output.append(lastOffset)
        output.append(lastPartition)
        output.append(UInt32(0))
        output.append(lastSeen)
    }

    init(parsing reader: inout ByteReader) throws(FormatError) {
        stream = try reader.read()
        _ = try reader.read(UInt32.self)
        producer = ProducerID(high: try reader.read(), low: try reader.read())
        epoch = try reader.read()
        lastSequence = try reader.read()
        lastOffset = try reader.read()
        lastPartition = try reader.read()
        _ = try reader.read(UInt32.self)
        lastSeen = try reader.read()
    }
}

import EskerFormat

/// One message of an Arrow stream: a head that says what it is, and a body of buffers.
///
/// | bytes | meaning |
/// |---|---|
/// | 4 | `FF FF FF FF` |
/// | 4 | Int32 length of what follows up to the body |
/// | n | FlatBuffer with the table `Message`, zeros up to a multiple of ``alignment`` from the message's start |
/// | body | buffers, each padded with zeros to a multiple of ``alignment`` |
///
/// So every buffer begins at a multiple of 64 bytes from the beginning of the stream, and a file of it can be mapped and
/// read in place. Source: Apache Arrow, "Arrow Columnar Format", Serialization and Interprocess Communication, 1.5;
/// format/Message.fbs for numbers and slots.
enum ArrowMessage {
    static let alignment = 64
    /// `MetadataVersion.V5`: Arrow 1.0 (2020) and later.
    private static let version: Int16 = 4

    /// What the stream begins with.
    static func schema(_ fields: [FlatTable]) -> Buffer {
        head(1, FlatTable([.short(0), .tables(fields)]), bodyLength: 0)
    }

    /// A stretch of rows.
    static func recordBatch(rows: Int, _ body: ArrowBody) -> [Buffer] {
        [head(3, table(rows: rows, body), bodyLength: body.byteCount)] + body.pieces
    }

    /// The values of a dictionary, in place of those it had before.
    static func dictionary(_ number: Int64, rows: Int, _ body: ArrowBody) -> [Buffer] {
        let batch = FlatTable([.long(number), .table(table(rows: rows, body))])
        return [head(2, batch, bodyLength: body.byteCount)] + body.pieces
    }

    /// What the stream ends with: a head of no length.
    static let end = Buffer(copying: [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0] as [UInt8])

    /// The table `RecordBatch`.
    private static func table(rows: Int, _ body: ArrowBody) -> FlatTable {
        FlatTable([.long(Int64(rows)), .pairs(body.nodes), .pairs(body.buffers)])
    }

    private static func head(_ kind: UInt8, _ header: FlatTable, bodyLength: Int) -> Buffer {
        var bytes = FlatBuffer.encode(
            FlatTable([.short(version), .byte(kind), .table(header), .long(Int64(bodyLength))]))
        while (bytes.count + 8) % alignment != 0 { bytes.append(0) }
        let length = UInt32(bytes.count)
        let prefix: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF] + (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
        return Buffer(copying: prefix + bytes)
    }
}

/// The body of a message while it is put together: buffers are named, not copied.
struct ArrowBody {
    /// The bytes, padding included, in order.
    private(set) var pieces: [Buffer] = []
    /// Rows and rows without a value, for each column and list element in the order of the fields.
    private(set) var nodes: [(Int64, Int64)] = []
    /// Place and length of each buffer.
    private(set) var buffers: [(Int64, Int64)] = []
    /// Length so far; a multiple of ``ArrowMessage/alignment``.
    private(set) var byteCount = 0

    private static let zeros = Buffer(copying: [UInt8](repeating: 0, count: ArrowMessage.alignment))

    /// Begins a column, with its bitmap of rows that have a value.
    mutating func startColumn(_ column: Column) {
        nodes.append((Int64(column.count), Int64(column.nullCount)))
        append(column.validity.map { $0.buffer.slice(0..<Bitmap.byteCount(column.count)) } ?? .empty)
    }

    /// Adds a buffer of the column begun last.
    mutating func append(_ buffer: Buffer) {
        buffers.append((Int64(byteCount), Int64(buffer.byteCount)))
        guard buffer.byteCount > 0 else { return }
        pieces.append(buffer)
        let rest = buffer.byteCount % ArrowMessage.alignment
        if rest != 0 { pieces.append(Self.zeros.slice(rest..<ArrowMessage.alignment)) }
        byteCount += buffer.byteCount + (rest == 0 ? 0 : ArrowMessage.alignment - rest)
    }
}

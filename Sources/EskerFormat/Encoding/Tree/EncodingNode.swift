/// One node of a column's encoding tree: how a run of values is written, by itself or by way of its children.
///
/// The region of a column whose entry says encoding 4 (tree) begins with the nodes in preorder:
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | bytes of this table |
/// | 4 | 2 | nodes, at most 256 |
/// | 6 | 2 | zero |
/// | 8 | … | the nodes |
///
/// | offset in a node | size | field |
/// |---|---|---|
/// | 0 | 1 | kind, see ``Kind`` |
/// | 1 | 1 | children |
/// | 2 | 1 | buffers |
/// | 3 | 1 | argument, its meaning given by the kind |
/// | 4 | 4 | values |
/// | 8 | 8 | parameter, its meaning given by the kind |
/// | 16 | 16 × buffers | UInt32 offset in the region, a multiple of 8 · UInt32 stored length · UInt32 plain length · UInt8 codec · 3 zero |
///
/// The buffers follow, each at a multiple of 8 bytes. A general codec may be the last stage of any buffer.
///
/// | kind | children | buffers | argument, parameter |
/// |---|---|---|---|
/// | 0 raw | strings: lengths | bits, values or bytes | |
/// | 1 constant | | the value | |
/// | 2 runs | lengths of the runs, their values | | |
/// | 3 dictionary | codes, values | | |
/// | 4 pooled | codes | | parameter: pool of the segment |
/// | 5 packed | | ``PackedIntegers`` | |
/// | 6 planes | | ``IntegerPlanes`` | |
/// | 7 decimal floats | | ``ALPFloats`` | |
/// | 8 split floats | | ``ALPRDFloats`` | |
/// | 9 symbols | compressed lengths | ``FSST`` | parameter: bytes once decompressed |
/// | 10 front coded | | ``FrontCoding`` | parameter: bytes once decompressed |
/// | 11 hexadecimal | | binary values | argument: 0 lower case, 1 upper case, 2 UUID, lower case; parameter: bytes a value |
/// | 12 decimal text | the numbers | | argument: digits at least |
/// | 13 template | parts, whole strings of the rows that do not fit | the template, UInt32 rows that do not fit | |
/// | 14 mapped | selector, where the map gives a choice | | parameter: source column + pool of the map << 32 |
/// | 15 nullable | validity (bits), values of all rows | | |
struct EncodingNode: Sendable {
    enum Kind: UInt8, Sendable {
        case raw = 0, constant, runs, dictionary, pooled, packed, planes, decimalFloats, splitFloats, symbols
        case frontCoded, hexadecimal, decimalText, template, mapped, nullable
    }

    /// A buffer of a node, as it is stored.
    struct Part: Sendable {
        var stored: Buffer
        var codec = Codec.none
        var plainLength: Int

        init(_ plain: Buffer) {
            stored = plain
            plainLength = plain.byteCount
        }

        init(stored: Buffer, codec: Codec, plainLength: Int) {
            self.stored = stored
            self.codec = codec
            self.plainLength = plainLength
        }
    }

    var kind: Kind
    var count: Int
    var argument: UInt8 = 0
    var parameter: UInt64 = 0
    var parts: [Part] = []
    var children: [EncodingNode] = []

    init(_ kind: Kind, count: Int, parts: [Part] = [], children: [EncodingNode] = []) {
        self.kind = kind
        self.count = count
        self.parts = parts
        self.children = children
    }

    /// No tree has more nodes or is deeper: bounds what a reader does for a hostile file.
    static let maximumNodes = 256
    static let maximumDepth = 8
    /// No block of encoded trees has more values: bounds what a short file can make a reader allocate.
    static let maximumCount = 65_536
    /// A buffer that would grow by more when decompressed is kept as it is.
    static let maximumExpansion = 4096

    static let headerLength = 8
    private static let fixedLength = 16
    private static let partLength = 16

    /// Bytes of the node's own line in the table.
    private var lineLength: Int { Self.fixedLength + parts.count * Self.partLength }

    /// Bytes of the tree and its buffers, without the padding of the region.
    var storedLength: Int { Self.headerLength + treeLength + bufferLength }

    private var treeLength: Int { children.reduce(lineLength) { $0 + $1.treeLength } }

    private var bufferLength: Int {
        let own = parts.reduce(0) { $0 + ($1.stored.byteCount + 7) & ~7 }
        return children.reduce(own) { $0 + $1.bufferLength }
    }

    private var nodeCount: Int { children.reduce(1) { $0 + $1.nodeCount } }

    /// The region: the table of nodes, then their buffers. O(bytes).
    func encode() -> Buffer {
        precondition(nodeCount <= Self.maximumNodes)
        let tableLength = Self.headerLength + treeLength
        var table = GrowableBuffer(capacity: storedLength)
        table.append(UInt32(tableLength))
        table.append(UInt16(nodeCount))
        table.append(UInt16(0))
        var buffers: [Buffer] = []
        var offset = tableLength
        append(to: &table, &buffers, &offset)
        for buffer in buffers {
            table.append(buffer)
            table.pad(to: 8)
        }
        return table.finish()
    }

    private func append(to table: inout GrowableBuffer, _ buffers: inout [Buffer], _ offset: inout Int) {
        table.append(kind.rawValue)
        table.append(UInt8(children.count))
        table.append(UInt8(parts.count))
        table.append(argument)
        table.append(UInt32(count))
        table.append(parameter)
        for part in parts {
            table.append(UInt32(offset))
            table.append(UInt32(part.stored.byteCount))
            table.append(UInt32(part.plainLength))
            table.append(UInt32(part.codec.rawValue))
            buffers.append(part.stored)
            offset += (part.stored.byteCount + 7) & ~7
        }
        for child in children { child.append(to: &table, &buffers, &offset) }
    }

    /// Reads the tree at the start of a region. Every offset, length and count is checked; the meaning of the nodes is
    /// checked by ``NodeDecoder``.
    init(parsing region: Buffer, limit: Int = EncodingNode.maximumCount) throws(FormatError) {
        guard region.byteCount >= Self.headerLength else {
            throw FormatError(.truncated, "an encoding tree needs 8 bytes, not \(region.byteCount)")
        }
        let length = Int(region.load(at: 0, as: UInt32.self))
        let nodes = Int(region.load(at: 4, as: UInt16.self))
        guard length <= region.byteCount, nodes <= Self.maximumNodes, length >= Self.headerLength else {
            throw FormatError(.malformed, "an encoding tree of \(nodes) nodes in \(length) bytes")
        }
        var position = Self.headerLength
        var left = nodes
        try self.init(
            region, tableLength: length, &position, &left, depth: 0, limit: limit)
        guard left == 0, position == length else {
            throw FormatError(.malformed, "an encoding tree has \(left) nodes more than it uses", at: position)
        }
    }

    private init(
        _ region: Buffer, tableLength: Int, _ position: inout Int, _ left: inout Int, depth: Int, limit: Int
    ) throws(FormatError) {
        let start = position
        guard left > 0, depth < Self.maximumDepth, tableLength - start >= Self.fixedLength else {
            throw FormatError(.malformed, "an encoding tree is deeper or larger than it says", at: start)
        }
        left -= 1
        guard let kind = Kind(rawValue: region.load(at: start, as: UInt8.self)) else {
            throw FormatError(.newerVersion, "an encoding unknown to this version", at: start)
        }
        let childCount = Int(region.load(at: start + 1, as: UInt8.self))
        let partCount = Int(region.load(at: start + 2, as: UInt8.self))
        self.init(kind, count: Int(region.load(at: start + 4, as: UInt32.self)))
        argument = region.load(at: start + 3, as: UInt8.self)
        parameter = region.load(at: start + 8, as: UInt64.self)
        guard count <= limit, childCount <= left,
            partCount * Self.partLength <= tableLength - start - Self.fixedLength
        else { throw FormatError(.malformed, "a node of \(count) values, \(childCount) children", at: start) }
        position = start + Self.fixedLength
        for _ in 0..<partCount {
            parts.append(try Self.part(region, at: position, after: tableLength))
            position += Self.partLength
        }
        for _ in 0..<childCount {
            children.append(
                try EncodingNode(
                    region, tableLength: tableLength, &position, &left, depth: depth + 1, limit: limit))
        }
    }

    private static func part(_ region: Buffer, at place: Int, after tableLength: Int) throws(FormatError) -> Part {
        let offset = Int(region.load(at: place, as: UInt32.self))
        let stored = Int(region.load(at: place + 4, as: UInt32.self))
        let plain = Int(region.load(at: place + 8, as: UInt32.self))
        guard let codec = Codec(rawValue: region.load(at: place + 12, as: UInt8.self)) else {
            throw FormatError(.newerVersion, "a codec unknown to this version", at: place + 12)
        }
        guard offset >= tableLength, offset % 8 == 0, offset <= region.byteCount,
            stored <= region.byteCount - offset,
            codec == .none ? plain == stored : plain <= stored * maximumExpansion
        else { throw FormatError(.malformed, "a buffer of \(stored) bytes at \(offset) of the region", at: place) }
        return Part(stored: region.slice(offset..<(offset + stored)), codec: codec, plainLength: plain)
    }
}

extension EncodingNode.Part {
    /// The bytes as they were before the last stage. O(1), or O(bytes) where a codec was used.
    func plain() throws(FormatError) -> Buffer {
        codec == .none ? stored : try codec.decompress(stored, plainLength: plainLength)
    }
}

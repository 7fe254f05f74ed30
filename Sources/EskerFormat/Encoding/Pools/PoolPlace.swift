/// Where a pool lies in its segment: a dictionary that all blocks of the segment share, or a map from the codes of one
/// column to those of another.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 8 | offset in the file, a multiple of 64 |
/// | 8 | 8 | length in bytes |
/// | 16 | 4 | CRC32C |
/// | 20 | 4 | values; of a map: codes of the source |
/// | 24 | 8 | type of the values, see ``TypeCode``; zero for a map |
/// | 32 | 1 | 0 dictionary in the order of first use, 1 sorted dictionary, 2 map |
/// | 33 | 7 | zero |
///
/// The pool itself is an encoding tree, see ``EncodingNode``. A map is a node of kind dictionary whose children are the
/// number of choices for each code of the source, and the choices.
package struct PoolPlace: Hashable, Sendable {
    static let length = 40

    package enum Kind: UInt8, Sendable { case firstUse = 0, sorted = 1, map = 2 }

    package var offset: Int
    package var length: Int
    package var checksum: UInt32
    package var count: Int
    package var type: TypeCode
    package var kind: Kind

    package init(offset: Int, length: Int, checksum: UInt32, count: Int, type: TypeCode, kind: Kind) {
        self.offset = offset
        self.length = length
        self.checksum = checksum
        self.count = count
        self.type = type
        self.kind = kind
    }

    func encode(into output: inout GrowableBuffer) {
        output.append(UInt64(offset))
        output.append(UInt64(length))
        output.append(checksum)
        output.append(UInt32(count))
        output.append(type.code)
        output.append(type.element)
        output.append(type.modifier)
        output.append(kind.rawValue)
        output.appendZeros(7)
    }

    init(parsing reader: inout ByteReader) throws(FormatError) {
        let place: UInt64 = try reader.read()
        let size: UInt64 = try reader.read()
        checksum = try reader.read()
        count = Int(try reader.read(UInt32.self))
        type = TypeCode(code: try reader.read(), element: try reader.read(), modifier: try reader.read())
        let code: UInt8 = try reader.read()
        _ = try reader.readSlice(7)
        guard let kind = Kind(rawValue: code) else {
            throw FormatError(.newerVersion, "a pool of a kind unknown to this version", at: reader.position)
        }
        self.kind = kind
        guard place <= UInt64(Int64.max / 2), size <= UInt64(UInt32.max), place % 64 == 0 else {
            throw FormatError(.malformed, "a pool at \(place) of \(size) bytes", at: reader.position)
        }
        offset = Int(place)
        length = Int(size)
    }
}

/// The list of a segment's pools. It stands right behind the last block, so that blocks can be read, too, when the footer
/// is damaged; the pools follow it, each at a multiple of 64 bytes.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 8 | magic `EskerPol` |
/// | 8 | 4 | pools, 1 to 4,096 |
/// | 12 | 4 | CRC32C of the directory, this field zero |
/// | 16 | 40 × pools | ``PoolPlace`` |
/// | … | | zeros up to a multiple of 64 |
package struct PoolDirectory: Hashable, Sendable {
    static let magic: UInt64 = 0x6C6F_5072_656B_7345  // "EskerPol"
    /// Most pools: a stream has at most 1,600 columns, and few have more than two.
    package static let maximumCount = 4096

    package let places: [PoolPlace]

    /// Bytes of a directory of that many pools.
    package static func length(_ count: Int) -> Int { count == 0 ? 0 : padded(16 + count * PoolPlace.length) }

    /// The places of pools that follow a directory at `start` of the file.
    package init(_ pools: [EncodedPool], at start: Int) {
        var offset = start + Self.length(pools.count)
        var places: [PoolPlace] = []
        for pool in pools {
            places.append(pool.place(at: offset))
            offset += padded(pool.region.byteCount)
        }
        self.places = places
    }

    /// Where the last pool ends, rounded up; `start` without pools.
    package func end(from start: Int) -> Int {
        places.last.map { padded($0.offset + $0.length) } ?? start
    }

    package func encode() -> Buffer {
        var output = GrowableBuffer(capacity: Self.length(places.count))
        output.append(Self.magic)
        output.append(UInt32(places.count))
        output.append(UInt32(0))
        for place in places { place.encode(into: &output) }
        output.pad(to: BlockHeader.alignment)
        return output.finishWithChecksum(at: 12)
    }

    /// Reads the directory at `start` of a segment whose pools end before `limit`.
    package init(parsing file: Buffer, at start: Int, limit: Int) throws(FormatError) {
        guard start >= 0, limit <= file.byteCount, limit - start >= 64,
            file.load(at: start, as: UInt64.self) == Self.magic
        else { throw FormatError(.malformed, "no directory of pools behind the last block", at: start) }
        let count = Int(file.load(at: start + 8, as: UInt32.self))
        guard count >= 1, count <= Self.maximumCount, Self.length(count) <= limit - start else {
            throw FormatError(.malformed, "a directory of \(count) pools", at: start + 8)
        }
        let bytes = file.slice(start..<(start + Self.length(count)))
        guard bytes.load(at: 12, as: UInt32.self) == BlockHeader.checksum(of: bytes, excluding: 12) else {
            throw FormatError(.checksum, "checksum of the directory of pools does not match", at: start + 12)
        }
        var reader = ByteReader(bytes.slice(16..<(16 + count * PoolPlace.length)))
        var places: [PoolPlace] = []
        var end = start + bytes.byteCount
        for index in 0..<count {
            let place = try PoolPlace(parsing: &reader)
            guard place.offset == end, place.length <= limit - place.offset else {
                throw FormatError(.malformed, "pool \(index) lies outside its room", at: start + 16 + index * 40)
            }
            end = padded(place.offset + place.length)
            places.append(place)
        }
        guard end <= limit else { throw FormatError(.malformed, "the last pool reaches into the footer", at: start) }
        self.places = places
    }

    /// The directory of a segment whose footer cannot be read: searched behind the blocks in steps of 64 bytes.
    package static func search(_ file: Buffer) -> PoolDirectory? {
        var position = SegmentHeader.length
        while position + 64 <= file.byteCount {
            if file.load(at: position, as: UInt64.self) == magic,
                let found = try? PoolDirectory(parsing: file, at: position, limit: file.byteCount)
            {
                return found
            }
            position += 64
        }
        return nil
    }
}

import Synchronization

/// The shared dictionaries and maps of a segment, decoded when they are first asked for and kept then.
///
/// Blocks hold codes only, so that equal values have equal codes in all blocks of a segment and operators can tell by
/// the identity of the ``ColumnDictionary``.
package final class SegmentPools: Sendable {
    /// Where each pool lies.
    package let places: [PoolPlace]
    let regions: [Buffer]
    private let decoded: Mutex<[Decoded?]>

    private enum Decoded {
        case dictionary(ColumnDictionary)
        case map(CodeMap)
    }

    /// A pool has at most so many values a stored byte: bounds what a short file can make a reader allocate.
    static let maximumValuesPerByte = 1024
    /// And at most so many values.
    static let maximumCount = 1 << 24

    /// Pools whose places lie inside `file`, the bytes of the segment: the directory's parser checked that.
    package init(_ directory: PoolDirectory, in file: Buffer) {
        places = directory.places
        regions = places.map { file.slice($0.offset..<($0.offset + $0.length)) }
        decoded = Mutex([Decoded?](repeating: nil, count: places.count))
    }

    /// The pools of a segment; `nil` when it has none.
    package convenience init?(_ footer: SegmentFooter, in file: Buffer) throws(FormatError) {
        guard footer.poolCount > 0 else { return nil }
        let directory = try PoolDirectory(parsing: file, at: footer.blocksEnd, limit: file.byteCount)
        guard directory.places.count == footer.poolCount else {
            throw FormatError(
                .malformed, "\(directory.places.count) pools where the footer says \(footer.poolCount)",
                at: footer.blocksEnd)
        }
        self.init(directory, in: file)
    }

    package var count: Int { places.count }

    /// Values of a dictionary, or codes of a map's source, by what its place says; `nil` when there is no such pool.
    func valueCount(_ index: Int) -> Int? { places.indices.contains(index) ? places[index].count : nil }

    /// The values of a dictionary, in a plain layout. O(values) the first time, then O(1).
    package func dictionary(_ index: Int) throws(FormatError) -> ColumnDictionary {
        guard case .dictionary(let dictionary) = try decoded(index) else {
            throw FormatError(.malformed, "pool \(index) is no dictionary")
        }
        return dictionary
    }

    /// Whether the codes of a dictionary are in the order of its values.
    package func isSorted(_ index: Int) -> Bool { places.indices.contains(index) && places[index].kind == .sorted }

    /// The values of a dictionary, which must have the form asked for.
    func values(_ index: Int, _ form: PlainValues.Form) throws(FormatError) -> PlainValues {
        let column = try dictionary(index).column
        let values = PlainValues(column)
        guard values.form == form else { throw FormatError(.malformed, "pool \(index) has values of another form") }
        return values
    }

    func map(_ index: Int) throws(FormatError) -> CodeMap {
        guard case .map(let map) = try decoded(index) else {
            throw FormatError(.malformed, "pool \(index) is no map")
        }
        return map
    }

    /// Compares the checksum of every pool and decodes it. O(bytes).
    package func verify() throws(FormatError) {
        for index in places.indices { _ = try decoded(index) }
    }

    private func decoded(_ index: Int) throws(FormatError) -> Decoded {
        guard places.indices.contains(index) else {
            throw FormatError(.malformed, "pool \(index) of a segment that has \(places.count)")
        }
        if let known = decoded.withLock({ $0[index] }) { return known }
        // Two threads may both decode a pool; the first to finish is kept, so that identity holds.
        let fresh = try decode(index)
        return decoded.withLock { pools in
            if let known = pools[index] { return known }
            pools[index] = fresh
            return fresh
        }
    }

    private func decode(_ index: Int) throws(FormatError) -> Decoded {
        let place = places[index]
        let region = regions[index]
        guard Checksum.crc32c(region) == place.checksum else {
            throw FormatError(.checksum, "checksum of pool \(index) does not match", at: place.offset)
        }
        let limit = min(Self.maximumCount, region.byteCount * Self.maximumValuesPerByte)
        let node = try EncodingNode(parsing: region, limit: limit)
        let decoder = NodeDecoder.standalone
        if place.kind == .map {
            guard node.kind == .dictionary, node.children.count == 2, node.children[0].count == place.count else {
                throw FormatError(.malformed, "pool \(index) is no map of \(place.count) codes", at: place.offset)
            }
            let choices = try decoder.plain(node.children[0], .counts)
            let targets = try decoder.plain(node.children[1], .counts)
            return .map(try CodeMap(choices: choices, targets: targets))
        }
        guard node.count == place.count else {
            throw FormatError(.malformed, "pool \(index) has \(node.count) values, not \(place.count)")
        }
        let type = try place.type.dataType()
        let values = try decoder.plain(node, PlainValues.Form(type))
        return .dictionary(
            ColumnDictionary(Column(type: type, count: values.count, validity: nil, values: values.columnValues)))
    }
}

extension NodeDecoder {
    /// A decoder of trees that refer to nothing outside themselves.
    static var standalone: NodeDecoder {
        NodeDecoder(
            pools: nil,
            siblingCodes: { (_) throws(FormatError) in
                throw FormatError(.malformed, "a pool that refers to a column")
            })
    }
}

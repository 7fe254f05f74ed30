/// An encoding tree told to people: `template(2): pooled, packed 4 bit · decimal(packed 20 bit)`.
///
/// Derived from the tree whenever it is asked for; nothing of it is stored.
package struct TreeDescription: Hashable, Sendable {
    /// The whole tree with the bits of its packed numbers.
    package let text: String
    /// The same without numbers that differ from block to block: equal for trees of one shape.
    package let shape: String
    /// Why such a tree was chosen, in few words; `nil` where nothing better was found.
    package let reason: String?
    /// What takes most of the bytes.
    package let weight: Weight
    /// Dictionaries and maps of the segment that the tree refers to, each once.
    package let pools: [Int]

    /// A kind of bytes, by what could be done about them.
    package enum Weight: String, Hashable, Sendable {
        /// Strings as they are.
        case strings
        /// Strings or numbers under the general codec.
        case compressed
        /// Strings as symbols.
        case symbols
        /// Hexadecimal strings as binary values.
        case hexadecimal
        /// Sorted strings without their common beginnings.
        case frontCoded
        /// Floating-point numbers as they are.
        case floats
        /// Floating-point numbers as decimals, or cut in two.
        case codedFloats
        /// Integers by their distance from a base.
        case distances
        /// Integers by the steps between neighbours, which only rise.
        case steps
        /// Integers by the steps between neighbours, which rise and fall.
        case unorderedSteps
        /// Integers byte by byte.
        case planes
        /// Numbers of a dictionary's values.
        case codes
        /// Choices among the values that go with another column's.
        case choices
        /// Booleans, validity and values of 16 bytes.
        case bits
        /// Nearly nothing.
        case nothing
    }
}

extension Block {
    /// How a column of the block is written. O(bytes of the column).
    ///
    /// - Parameter name: what the column of an id is called.
    package func describe(
        _ entry: ColumnEntry, name: @escaping (UInt32) -> String
    ) throws(FormatError) -> TreeDescription {
        guard entry.encoding == .tree else { return TreeDescription(plain: entry) }
        let root = try tree(entry)
        var teller = TreeTeller(pools: pools, name: name)
        return teller.describe(root, PlainValues.Form(try entry.type.dataType()))
    }
}

extension SegmentPools {
    /// How the dictionary or map of a number is written. O(bytes).
    package func describe(_ index: Int) throws(FormatError) -> TreeDescription {
        let place = places[index]
        let node = try EncodingNode(
            parsing: regions[index], limit: min(Self.maximumCount, regions[index].byteCount * Self.maximumValuesPerByte)
        )
        var teller = TreeTeller(pools: nil, name: { "column \($0)" })
        if place.kind == .map { return teller.describe(map: node) }
        return teller.describe(node, PlainValues.Form(try place.type.dataType()))
    }
}

extension TreeDescription {
    /// A column without a tree: of the journal, or of a segment of the first version.
    init(plain entry: ColumnEntry) {
        let base: String
        switch entry.encoding {
        case .plain: (base, reason) = ("plain", nil)
        case .dictionary: (base, reason) = ("dictionary", "repeats")
        case .constant: (base, reason) = ("constant", "all equal")
        case .runs: (base, reason) = ("runs", "in runs")
        case .tree: preconditionFailure("a tree is told by its nodes")
        }
        text = entry.codec == .none ? base : "\(base) + \(entry.codec)"
        shape = text
        weight = entry.codec == .none ? .strings : .compressed
        pools = []
    }
}

package import EskerFormat

/// What a column takes in a segment, or in many, and why, beside what it would take without its encodings.
package struct ColumnCost: Sendable {
    /// A shape of tree that blocks of the column have.
    package struct Tree: Sendable {
        /// The words for it that fit most of these blocks.
        package var text: String { texts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "" }
        package let reason: String?
        package let weight: TreeDescription.Weight
        package fileprivate(set) var blockCount = 0
        fileprivate var texts: [String: Int] = [:]
    }

    package let id: UInt32
    package private(set) var name: String
    /// PostgreSQL's name of the type.
    package let type: String
    /// Bytes of the column in its blocks.
    package private(set) var storedLength = 0
    /// Bytes of the dictionaries and maps that it has in the segment's pools.
    package var poolLength = 0
    /// Values of those dictionaries.
    package var pooledValueCount = 0
    package private(set) var rowCount = 0
    package private(set) var nullCount = 0
    /// Bytes of the values themselves; without those of blocks that cannot be read.
    package var plainLength = 0
    /// What ``PlainCost`` says.
    package var plainZstdLength = 0
    private var shapes: [String: Tree] = [:]

    init(_ entry: ColumnEntry, name: String) {
        id = entry.id
        self.name = name
        type = (try? entry.type.dataType())?.name ?? "type code \(entry.type.code)"
    }

    /// Bytes of the file that the column is the reason for.
    package var byteCount: Int { storedLength + poolLength }
    package var bytesPerRow: Double? { rowCount == 0 ? nil : Double(byteCount) / Double(rowCount) }
    /// Bytes for each byte of plain + zstd.
    package var zstdRatio: Double? { plainZstdLength == 0 ? nil : Double(byteCount) / Double(plainZstdLength) }

    /// The shapes of its trees, the most frequent first.
    package var trees: [Tree] {
        shapes.sorted { ($1.value.blockCount, $0.key) < ($0.value.blockCount, $1.key) }.map(\.value)
    }

    /// The most frequent tree, and how many others there are.
    package var encoding: String {
        let trees = trees
        guard let first = trees.first else { return "-" }
        switch trees.count {
        case 1: return first.text
        case 2: return first.text + " (and 1 other)"
        default: return first.text + " (and \(trees.count - 1) others)"
        }
    }

    package var reason: String? { trees.first?.reason }

    /// Takes in the column of a block.
    mutating func add(_ entry: ColumnEntry, rowCount rows: Int, _ tree: TreeDescription?) {
        storedLength += entry.storedLength
        rowCount += rows
        nullCount += entry.nullCount
        guard let tree else { return }
        shapes[tree.shape, default: Tree(reason: tree.reason, weight: tree.weight)].blockCount += 1
        shapes[tree.shape]?.texts[tree.text, default: 0] += 1
    }

    /// Takes in the same column of another segment.
    mutating func add(_ other: ColumnCost) {
        storedLength += other.storedLength
        poolLength += other.poolLength
        pooledValueCount += other.pooledValueCount
        rowCount += other.rowCount
        nullCount += other.nullCount
        plainLength += other.plainLength
        plainZstdLength += other.plainZstdLength
        for (shape, tree) in other.shapes {
            shapes[shape, default: Tree(reason: tree.reason, weight: tree.weight)].blockCount += tree.blockCount
            for (text, count) in tree.texts { shapes[shape]?.texts[text, default: 0] += count }
        }
    }

    /// The same under another name.
    func named(_ name: String) -> ColumnCost {
        var copy = self
        copy.name = name
        return copy
    }
}

/// A dictionary or map that the blocks of a segment share.
package struct PoolReport: Sendable {
    package let number: Int
    /// `dictionary`, `sorted dictionary` or `map`.
    package let kind: String
    /// PostgreSQL's name of the values' type; `nil` for a map.
    package let type: String?
    /// Values of a dictionary, codes of a map's source.
    package let valueCount: Int
    /// Bytes in the file, padding included.
    package let byteCount: Int
    package let encoding: String
    /// The column that it belongs to; `nil` when none refers to it.
    package internal(set) var column: String?

    init(_ place: PoolPlace, number: Int, encoding: String) {
        self.number = number
        switch place.kind {
        case .firstUse: kind = "dictionary"
        case .sorted: kind = "sorted dictionary"
        case .map: kind = "map"
        }
        type = place.kind == .map ? nil : (try? place.type.dataType())?.name
        valueCount = place.count
        byteCount = (place.length + BlockHeader.alignment - 1) & ~(BlockHeader.alignment - 1)
        self.encoding = encoding
    }
}

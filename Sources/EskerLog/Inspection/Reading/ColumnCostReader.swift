import EskerFormat

/// Finds what each column of a segment takes, and what it would take as plain values under zstd: decodes everything,
/// column after column and block after block.
struct ColumnCostReader {
    let image: SegmentImage
    let names: ColumnNames
    private(set) var columns: [ColumnCost] = []
    private(set) var pools: [PoolReport] = []
    /// Columns that cannot be decoded.
    private(set) var problems: [String] = []

    /// O(plain bytes of the segment).
    init(_ image: SegmentImage, names: ColumnNames) {
        self.image = image
        self.names = names
        readPools()
        for id in columnIDs() { readColumn(id) }
    }

    private mutating func readPools() {
        guard let pools = image.pools else { return }
        for (number, place) in pools.places.enumerated() {
            let text = (try? pools.describe(number))?.text
            self.pools.append(PoolReport(place, number: number, encoding: text ?? "unreadable"))
        }
    }

    /// The columns in the order in which they first come.
    private func columnIDs() -> [UInt32] {
        var seen: Set<UInt32> = []
        return image.blocks.flatMap(\.header.columns).map(\.id).filter { seen.insert($0).inserted }
    }

    private mutating func readColumn(_ id: UInt32) {
        var cost: ColumnCost?
        var used: [Int] = []
        let plain = PlainCost()
        let names = names
        for block in image.blocks {
            guard let entry = block.entry(id) else { continue }
            var column = cost ?? ColumnCost(entry, name: names.column(id, in: block.header))
            let tree = try? block.describe(entry) { names.column($0, in: block.header) }
            column.add(entry, rowCount: block.header.rowCount, tree)
            cost = column
            used += tree?.pools ?? []
            do throws(FormatError) {
                if let values = try block.column(id) { plain.add(values) }
            } catch {
                let place = "offset \(block.header.baseOffset)"
                problems.append("column \(column.name) of the block at \(place): \(error.message)")
            }
        }
        guard var cost else { return }
        cost.plainLength = plain.plainLength
        cost.plainZstdLength = plain.compressedLength()
        own(used, &cost)
        columns.append(cost)
    }

    /// Gives the column the pools that no column before it uses.
    private mutating func own(_ used: [Int], _ cost: inout ColumnCost) {
        for number in used where pools.indices.contains(number) && pools[number].column == nil {
            pools[number].column = cost.name
            cost.poolLength += pools[number].byteCount
            if pools[number].type != nil { cost.pooledValueCount += pools[number].valueCount }
        }
    }
}

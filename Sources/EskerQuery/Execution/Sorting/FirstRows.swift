import EskerFormat

/// Keeps the first row of each combination of key values, in the order of the rows: DISTINCT ON.
///
/// Combinations are numbered, whatever their order, and a flag for each tells whether a row of it was kept. One look-up
/// a row and key column.
struct FirstRows {
    /// Places of the key columns.
    let keys: [Int]
    let types: [DataType]

    func run(_ input: any PartSource, context: QueryContext) throws -> StoredChunks {
        let groups = GroupKeys(types)
        var ids: [UInt32] = []
        var isKept: [Bool] = []
        var kept: [Chunk] = []
        for part in 0..<input.partCount {
            try context.checkCancellation()
            try input.produce(part) { chunk in
                if chunk.count == 0 { return true }
                groups.assign(keys.map { chunk.columns[$0] }, count: chunk.count, into: &ids)
                isKept += repeatElement(false, count: groups.count - isKept.count)
                var rows: [UInt32] = []
                for row in 0..<chunk.count where !isKept[Int(ids[row])] {
                    rows.append(UInt32(row))
                    isKept[Int(ids[row])] = true
                }
                if !rows.isEmpty { kept.append(chunk.gather(rows)) }
                return true
            }
        }
        return StoredChunks(chunks: kept)
    }
}

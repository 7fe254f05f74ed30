/// The order of a finished pool: sorted, so that ranges compare on codes, or by first use, which follows the data and
/// takes fewer bits where values come in waves (session ids) or a few are very frequent.
struct PoolOrder {
    let kind: PoolPlace.Kind
    /// Numbers of first use in the order of the pool; `nil` when they are that order.
    let order: [UInt32]?
    /// From the number of first use to the code.
    let ranks: [UInt32]

    /// Blocks whose codes are measured under each order.
    static let measuredBlocks = 4
    /// How much more sorted codes may take: comparisons on codes and the front coding of the values are worth it.
    static let sortedAllowance = 1.04

    static func choose(_ builder: PoolBuilder, _ blocks: [DictionaryCodes], _ chooser: NodeChooser) -> PoolOrder {
        let sorted = builder.sortedOrder()
        var ranks = [UInt32](repeating: 0, count: sorted.count)
        for (rank, number) in sorted.enumerated() { ranks[Int(number)] = UInt32(rank) }
        let step = max(1, blocks.count / measuredBlocks)
        var sortedBytes = 0
        var firstBytes = 0
        for block in stride(from: 0, to: blocks.count, by: step) {
            let values = PlainValues(.counts, count: blocks[block].count, blocks[block].buffer)
            firstBytes += chooser.codesNode(DictionaryCodes(narrowing: values, limit: builder.count)).storedLength
            let remapped = remap(values, ranks)
            sortedBytes += chooser.codesNode(DictionaryCodes(narrowing: remapped, limit: builder.count)).storedLength
        }
        if Double(sortedBytes) <= Double(firstBytes) * sortedAllowance {
            return PoolOrder(kind: .sorted, order: sorted, ranks: ranks)
        }
        return PoolOrder(kind: .firstUse, order: nil, ranks: Array(UInt32(0)..<UInt32(builder.count)))
    }

    private static func remap(_ codes: PlainValues, _ ranks: [UInt32]) -> PlainValues {
        let table = PlainValues(.counts, count: ranks.count, Buffer(copying: ranks))
        let wide = DictionaryCodes(buffer: codes.buffer, width: 4, count: codes.count)
        do { return try NodeDecoder.gather(table, wide) } catch { preconditionFailure("\(error)") }
    }
}

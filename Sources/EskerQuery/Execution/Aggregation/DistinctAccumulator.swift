// Unsafe: ids are written to scratch arrays that were made as long as the chunk.

import EskerFormat

/// An aggregate over the distinct values of each group: `count(DISTINCT x)`, `sum(DISTINCT x)`.
///
/// Values are numbered over all groups, then pairs of (group, value) are: a pair seen for the first time counts.
/// The inner aggregate sees the pairs once, at the end, so that states can be merged.
@safe
final class DistinctAccumulator: Accumulator {
    private let values: ColumnKeys
    private let pairs = IntegerIndex()
    /// nil: only counts.
    private let inner: (any Accumulator)?
    private var isSingleGroup = true
    /// For plain counts of integers without groups: the small values seen, a bit each.
    private var small = SmallIntegerSet()

    init(_ type: DataType, inner: (any Accumulator)?) {
        values = ColumnKeys(type)
        self.inner = inner
    }

    func add(_ column: Column?, _ groups: RowGroups) {
        guard var column else { return }
        var groups = groups
        if let validity = column.validity {
            let rows = (0..<UInt32(groups.rowCount)).filter { validity[Int($0)] }
            column = column.gather(rows.span)
            groups = groups.gather(rows)
        }
        if groups.ids == nil, inner == nil { column = small.insert(column) }
        if column.count == 0 { return }
        if groups.ids == nil { groups = RowGroups(ids: nil, rowCount: column.count, groupCount: groups.groupCount) }
        var ids = [UInt32](repeating: 0, count: groups.rowCount)
        unsafe ids.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe values.assign(column, into: start)
            guard let rowGroups = groups.ids else { return }
            isSingleGroup = false
            unsafe pairs.assign(count: groups.rowCount, into: start) { row in
                unsafe UInt64(rowGroups[row]) << 32 | UInt64(start[row])
            }
        }
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) {
        guard let other = other as? DistinctAccumulator else { preconditionFailure("merging different aggregates") }
        small.formUnion(other.small)
        let (column, groups) = other.distinctRows()
        let mapped = groups.map {
            RowGroups(ids: $0.map { map[Int($0)] }, rowCount: column.count, groupCount: groupCount)
        }
        add(column, mapped ?? RowGroups(ids: nil, rowCount: column.count, groupCount: groupCount))
    }

    /// Each pair once: the value, and its group unless there is only one.
    private func distinctRows() -> (Column, [UInt32]?) {
        let distinct = values.finish()
        if isSingleGroup { return (distinct, nil) }
        var groups = [UInt32](repeating: 0, count: pairs.count)
        var codes = groups
        for pair in 0..<pairs.count {
            groups[pair] = UInt32(truncatingIfNeeded: pairs.key(pair) >> 32)
            codes[pair] = UInt32(truncatingIfNeeded: pairs.key(pair))
        }
        return (distinct.gather(codes.span), groups)
    }

    func finish(groupCount: Int) throws -> Column {
        guard let inner else { return counts(groupCount) }
        let (column, groups) = distinctRows()
        try inner.add(column, RowGroups(ids: groups, rowCount: column.count, groupCount: groupCount))
        return try inner.finish(groupCount: groupCount)
    }

    private func counts(_ groupCount: Int) -> Column {
        var counts = [Int64](repeating: 0, count: groupCount)
        if isSingleGroup {
            if groupCount > 0 { counts[0] = Int64(values.count + small.count) }
        } else {
            for pair in 0..<pairs.count { counts[Int(pairs.key(pair) >> 32)] += 1 }
        }
        return Column(type: .int8, count: groupCount, validity: nil, values: .fixed(Buffer(copying: counts)))
    }
}

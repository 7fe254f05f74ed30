// Unsafe: adds to counters through pointers to as many groups as `grow` made room for; ids are below that by contract
// of GroupKeys, which numbered them.

import EskerFormat

/// `count(*)` and `count(x)`.
@safe
final class CountAccumulator: Accumulator {
    private let counts = GroupArray<Int64>(initial: 0)

    func add(_ column: Column?, _ groups: RowGroups) {
        counts.grow(to: groups.groupCount)
        guard let ids = groups.ids else {
            counts[0] += Int64(groups.rowCount - (column?.nullCount ?? 0))
            return
        }
        if let column, let validity = column.validity {
            for row in 0..<groups.rowCount where validity[row] { counts[Int(ids[row])] += 1 }
            return
        }
        unsafe ids.withUnsafeBufferPointer { unsafe Self.count($0, groups, counts.base) }
    }

    /// Four tables when there are few groups, so that runs of one group do not wait for each other's store.
    @unsafe
    private static func count(
        _ ids: UnsafeBufferPointer<UInt32>, _ groups: RowGroups, _ counts: UnsafeMutablePointer<Int64>
    ) {
        let rows = groups.rowCount
        precondition(ids.count >= rows)
        var row = 0
        if groups.groupCount <= LanedTable.maximumGroups && rows >= 4 * groups.groupCount {
            unsafe LanedTable.with(groups: groups.groupCount, of: Int64.self, zero: 0) { lanes in
                while row < rows {
                    unsafe lanes[Int(ids[row]) &* 4 &+ (row & 3)] &+= 1
                    row &+= 1
                }
                for group in 0..<groups.groupCount {
                    let base = group * 4
                    unsafe counts[group] &+= lanes[base] &+ lanes[base + 1] &+ lanes[base + 2] &+ lanes[base + 3]
                }
            }
            return
        }
        while row < rows {
            unsafe counts[Int(ids[row])] &+= 1
            row &+= 1
        }
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) {
        guard let other = other as? CountAccumulator else { preconditionFailure("merging different aggregates") }
        counts.grow(to: groupCount)
        for group in 0..<min(other.counts.count, map.count) { counts[Int(map[group])] += other.counts[group] }
    }

    func finish(groupCount: Int) -> Column {
        counts.grow(to: groupCount)
        let buffer = unsafe Buffer(copying: Array(UnsafeBufferPointer(start: counts.base, count: groupCount)))
        return Column(type: .int8, count: groupCount, validity: nil, values: .fixed(buffer))
    }
}

/// Scratch of four states a group for one chunk.
enum LanedTable {
    /// 4 × 8 bytes × 1,024: half of a 64 KiB first-level cache at most.
    static let maximumGroups = 1_024

    @unsafe
    @inline(__always)
    static func with<Element: BitwiseCopyable>(
        groups: Int, of type: Element.Type, zero: Element, _ body: (UnsafeMutablePointer<Element>) -> Void
    ) {
        unsafe withUnsafeTemporaryAllocation(of: Element.self, capacity: groups * 4) { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe base.initialize(repeating: zero, count: groups * 4)
            unsafe body(base)
        }
    }
}

// Unsafe: adds through pointers to as many groups as `grow` made room for; ids are below that by contract of
// GroupKeys, which numbered them, and rows are below the column's count.

import EskerFormat

/// A floating-point number whose sum is kept in double precision.
private protocol DoubleConvertible: BitwiseCopyable {
    var asDouble: Double { get }
}

extension Float: DoubleConvertible {
    @inline(__always) fileprivate var asDouble: Double { Double(self) }
}

extension Double: DoubleConvertible {
    @inline(__always) fileprivate var asDouble: Double { self }
}

/// `sum` and `avg` of floating-point numbers, added in double precision.
@safe
final class FloatSum: Accumulator {
    private struct State: BitwiseCopyable {
        var sum: Double = 0
        var count: Int64 = 0
    }

    private let states = GroupArray(initial: State())
    private let resultType: DataType
    private let isAverage: Bool

    init(_ resultType: DataType, isAverage: Bool) {
        self.resultType = resultType
        self.isAverage = isAverage
    }

    // Not a generic class: its methods would be called through the protocol without ever being specialised.
    func add(_ column: Column?, _ groups: RowGroups) {
        guard let column = column?.plain else { return }
        states.grow(to: groups.groupCount)
        if case .float4 = column.type {
            unsafe add(column.pointer(as: Float.self), column, groups)
        } else {
            unsafe add(column.pointer(as: Double.self), column, groups)
        }
    }

    @unsafe
    @inline(__always)
    private func add<Value: DoubleConvertible>(
        _ values: UnsafePointer<Value>, _ column: Column, _ groups: RowGroups
    ) {
        let rows = groups.rowCount
        precondition(column.count >= rows && (groups.ids?.count ?? rows) >= rows)
        let target = unsafe states.base
        if let validity = column.validity {
            for row in 0..<rows where validity[row] {
                let group = groups.ids.map { Int($0[row]) } ?? 0
                unsafe target[group].sum += values[row].asDouble
                unsafe target[group].count &+= 1
            }
            return
        }
        guard let ids = groups.ids else {
            unsafe target[0].sum += Self.total(values, rows)
            unsafe target[0].count &+= Int64(rows)
            return
        }
        unsafe ids.withUnsafeBufferPointer { ids in
            if groups.groupCount <= LanedTable.maximumGroups && rows >= 4 * groups.groupCount {
                unsafe Self.addLaned(values, ids, groups, target)
                return
            }
            var row = 0
            while row < rows {
                let group = unsafe Int(ids[row])
                unsafe target[group].sum += values[row].asDouble
                unsafe target[group].count &+= 1
                row &+= 1
            }
        }
    }

    /// Few groups: four states each, so that an addition seldom waits for the one before.
    @unsafe
    @inline(__always)
    private static func addLaned<Value: DoubleConvertible>(
        _ values: UnsafePointer<Value>, _ ids: UnsafeBufferPointer<UInt32>, _ groups: RowGroups,
        _ states: UnsafeMutablePointer<State>
    ) {
        unsafe LanedTable.with(groups: groups.groupCount, of: State.self, zero: State()) { lanes in
            let rows = groups.rowCount
            var row = 0
            while row < rows {
                let lane = unsafe Int(ids[row]) &* 4 &+ (row & 3)
                unsafe lanes[lane].sum += values[row].asDouble
                unsafe lanes[lane].count &+= 1
                row &+= 1
            }
            for group in 0..<groups.groupCount {
                for lane in (group * 4)..<(group * 4 + 4) {
                    unsafe states[group].sum += lanes[lane].sum
                    unsafe states[group].count += lanes[lane].count
                }
            }
        }
    }

    /// Eight running sums: additions need not wait for each other, and their order depends on the chunk alone.
    @unsafe
    @inline(__always)
    private static func total<Value: DoubleConvertible>(_ values: UnsafePointer<Value>, _ rows: Int) -> Double {
        var sums = SIMD8<Double>(repeating: 0)
        var row = 0
        while row &+ 8 <= rows {
            var next = SIMD8<Double>()
            for lane in 0..<8 { unsafe next[lane] = values[row &+ lane].asDouble }
            sums += next
            row &+= 8
        }
        var total = sums.sum()
        while row < rows {
            total += unsafe values[row].asDouble
            row &+= 1
        }
        return total
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) {
        guard let other = other as? FloatSum else { preconditionFailure("merging different aggregates") }
        states.grow(to: groupCount)
        for group in 0..<min(other.states.count, map.count) {
            states[Int(map[group])].sum += other.states[group].sum
            states[Int(map[group])].count += other.states[group].count
        }
    }

    func finish(groupCount: Int) -> Column {
        states.grow(to: groupCount)
        let builder = ColumnBuilder(resultType, capacity: groupCount)
        for group in 0..<groupCount {
            let state = states[group]
            let value = isAverage ? state.sum / Double(state.count) : state.sum
            if state.count == 0 {
                builder.appendNull()
            } else if case .float4 = resultType {
                builder.append(fixed: Float(value))
            } else {
                builder.append(fixed: value)
            }
        }
        return builder.finish()
    }
}

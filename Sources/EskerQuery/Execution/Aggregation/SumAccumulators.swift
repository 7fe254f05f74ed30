// Unsafe: adds through pointers to as many groups as `grow` made room for; ids are below that by contract of
// GroupKeys, which numbered them, and rows are below the column's count.

import EskerFormat

/// `sum` and `avg` of integers, exact: 128-bit sums cannot overflow in fewer than 2^63 rows.
@safe
final class IntegerSum<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable & Sendable>: Accumulator {
    private struct State: BitwiseCopyable {
        var sum: Int128 = 0
        var count: Int64 = 0
    }

    private let states = GroupArray(initial: State())
    private let resultType: DataType
    private let isAverage: Bool

    init(_ resultType: DataType, isAverage: Bool) {
        self.resultType = resultType
        self.isAverage = isAverage
    }

    func add(_ column: Column?, _ groups: RowGroups) {
        guard let column = column?.plain else { return }
        states.grow(to: groups.groupCount)
        let values = unsafe column.pointer(as: Value.self)
        let rows = groups.rowCount
        precondition(column.count >= rows)
        if let validity = column.validity {
            for row in 0..<rows where validity[row] {
                let group = groups.ids.map { Int($0[row]) } ?? 0
                states[group].sum += unsafe Int128(values[row])
                states[group].count += 1
            }
            return
        }
        guard let ids = groups.ids else {
            states[0].sum += unsafe Self.total(values, rows)
            states[0].count += Int64(rows)
            return
        }
        precondition(ids.count >= rows)
        let target = unsafe states.base
        unsafe ids.withUnsafeBufferPointer { ids in
            var row = 0
            while row < rows {
                let group = unsafe Int(ids[row])
                unsafe target[group].sum &+= Int128(truncatingIfNeeded: values[row])
                unsafe target[group].count &+= 1
                row &+= 1
            }
        }
    }

    /// The halves of each value are summed apart: neither sum can overflow in 2^31 rows, and both loops vectorise.
    @unsafe
    private static func total(_ values: UnsafePointer<Value>, _ rows: Int) -> Int128 {
        var low: UInt64 = 0
        var high: Int64 = 0
        var row = 0
        while row < rows {
            let value = unsafe Int64(truncatingIfNeeded: values[row])
            low &+= UInt64(bitPattern: value) & 0xFFFF_FFFF
            high &+= value &>> 32
            row &+= 1
        }
        return Int128(high) << 32 + Int128(low)
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) {
        guard let other = other as? IntegerSum<Value> else { preconditionFailure("merging different aggregates") }
        states.grow(to: groupCount)
        for group in 0..<min(other.states.count, map.count) {
            states[Int(map[group])].sum += other.states[group].sum
            states[Int(map[group])].count += other.states[group].count
        }
    }

    func finish(groupCount: Int) throws -> Column {
        states.grow(to: groupCount)
        let builder = ColumnBuilder(resultType, capacity: groupCount)
        for group in 0..<groupCount {
            let state = states[group]
            if state.count == 0 {
                builder.appendNull()
            } else if case .int8 = resultType {
                guard let sum = Int64(exactly: state.sum) else {
                    throw QueryError(.numericValueOutOfRange, "bigint out of range")
                }
                builder.append(fixed: sum)
            } else {
                try NumericResults.append(sum: state.sum, count: isAverage ? state.count : nil, to: builder)
            }
        }
        return builder.finish()
    }
}

/// `sum` and `avg` of floating-point numbers, added in double precision.
@safe
final class FloatSum<Value: BinaryFloatingPoint & BitwiseCopyable & Sendable>: Accumulator {
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

    func add(_ column: Column?, _ groups: RowGroups) {
        guard let column = column?.plain else { return }
        states.grow(to: groups.groupCount)
        let values = unsafe column.pointer(as: Value.self)
        let rows = groups.rowCount
        precondition(column.count >= rows)
        if let validity = column.validity {
            for row in 0..<rows where validity[row] {
                let group = groups.ids.map { Int($0[row]) } ?? 0
                states[group].sum += unsafe Double(values[row])
                states[group].count += 1
            }
            return
        }
        guard let ids = groups.ids else {
            states[0].sum += unsafe Self.total(values, rows)
            states[0].count += Int64(rows)
            return
        }
        precondition(ids.count >= rows)
        unsafe ids.withUnsafeBufferPointer { ids in
            if groups.groupCount <= LanedTable.maximumGroups && rows >= 4 * groups.groupCount {
                unsafe Self.addLaned(values, ids, groups, states.base)
            } else {
                let target = unsafe states.base
                var row = 0
                while row < rows {
                    let group = unsafe Int(ids[row])
                    unsafe target[group].sum += Double(values[row])
                    unsafe target[group].count &+= 1
                    row &+= 1
                }
            }
        }
    }

    /// Few groups: four states each, so that an addition seldom waits for the one before.
    @unsafe
    private static func addLaned(
        _ values: UnsafePointer<Value>, _ ids: UnsafeBufferPointer<UInt32>, _ groups: RowGroups,
        _ states: UnsafeMutablePointer<State>
    ) {
        unsafe LanedTable.with(groups: groups.groupCount, of: State.self, zero: State()) { lanes in
            var row = 0
            while row < groups.rowCount {
                let lane = unsafe Int(ids[row]) &* 4 &+ (row & 3)
                unsafe lanes[lane].sum += Double(values[row])
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

    /// Eight running sums: the order of additions is the same for every run over the same chunk.
    @unsafe
    private static func total(_ values: UnsafePointer<Value>, _ rows: Int) -> Double {
        var sums = SIMD8<Double>(repeating: 0)
        var row = 0
        while row &+ 8 <= rows {
            var next = SIMD8<Double>()
            for lane in 0..<8 { unsafe next[lane] = Double(values[row &+ lane]) }
            sums += next
            row &+= 8
        }
        var total = sums.sum()
        while row < rows {
            total += unsafe Double(values[row])
            row &+= 1
        }
        return total
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) {
        guard let other = other as? FloatSum<Value> else { preconditionFailure("merging different aggregates") }
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

// Unsafe: adds through pointers to as many groups as `grow` made room for; ids are below that by contract of
// GroupKeys, which numbered them, and rows are below the column's count.

import EskerFormat

/// `sum` and `avg` of integers, exact: 128-bit sums cannot overflow in fewer than 2^63 rows.
@safe
final class IntegerSum: Accumulator {
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

    // Not a generic class: its methods would be called through the protocol without ever being specialised.
    func add(_ column: Column?, _ groups: RowGroups) {
        guard let column = column?.plain else { return }
        states.grow(to: groups.groupCount)
        switch column.type {
        case .int2: unsafe add(column.pointer(as: Int16.self), column, groups)
        case .int4: unsafe add(column.pointer(as: Int32.self), column, groups)
        default: unsafe add(column.pointer(as: Int64.self), column, groups)
        }
    }

    @unsafe
    @inline(__always)
    private func add<Value: FixedWidthInteger & SignedInteger>(
        _ values: UnsafePointer<Value>, _ column: Column, _ groups: RowGroups
    ) {
        let rows = groups.rowCount
        precondition(column.count >= rows && (groups.ids?.count ?? rows) >= rows)
        let target = unsafe states.base
        if let validity = column.validity {
            for row in 0..<rows where validity[row] {
                let group = groups.ids.map { Int($0[row]) } ?? 0
                unsafe target[group].sum &+= Int128(truncatingIfNeeded: values[row])
                unsafe target[group].count &+= 1
            }
            return
        }
        guard let ids = groups.ids else {
            unsafe target[0].sum &+= Self.total(values, rows)
            unsafe target[0].count &+= Int64(rows)
            return
        }
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
    @inline(__always)
    private static func total<Value: FixedWidthInteger & SignedInteger>(
        _ values: UnsafePointer<Value>, _ rows: Int
    ) -> Int128 {
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
        guard let other = other as? IntegerSum else { preconditionFailure("merging different aggregates") }
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

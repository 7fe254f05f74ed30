// Unsafe: updates through pointers to as many groups as `grow` made room for; ids are below that by contract of
// GroupKeys, which numbered them, and rows are below the column's count.

import EskerFormat

/// `min` and `max` of fixed-width numbers and times, as unsigned integers of the same order.
@safe
final class FixedExtremum: Accumulator {
    private struct State: BitwiseCopyable {
        /// Ascending for `max`, complemented for `min`, so that the greater always wins.
        var rank: UInt64 = 0
        var isSet = false
    }

    private let states = GroupArray(initial: State())
    private let type: DataType
    private let order: ValueOrder
    private let flip: UInt64

    /// - Parameter order: one of the fixed-width numbers.
    init(_ type: DataType, order: ValueOrder, greatest: Bool) {
        self.type = type
        self.order = order
        flip = greatest ? 0 : .max
    }

    // Not a generic class: its methods would be called through the protocol without ever being specialised.
    func add(_ column: Column?, _ groups: RowGroups) {
        guard let column = column?.plain else { return }
        states.grow(to: groups.groupCount)
        switch order {
        case .int16: unsafe add(column.pointer(as: Int16.self), column, groups)
        case .int32: unsafe add(column.pointer(as: Int32.self), column, groups)
        case .int64: unsafe add(column.pointer(as: Int64.self), column, groups)
        case .float32: unsafe add(column.pointer(as: Float.self), column, groups)
        case .float64: unsafe add(column.pointer(as: Double.self), column, groups)
        default: preconditionFailure("not a fixed-width number")
        }
    }

    @unsafe
    @inline(__always)
    private func add<Value: OrderedFixed>(
        _ values: UnsafePointer<Value>, _ column: Column, _ groups: RowGroups
    ) {
        let rows = groups.rowCount
        precondition(column.count >= rows && (groups.ids?.count ?? rows) >= rows)
        let (target, flip) = unsafe (states.base, flip)
        if column.validity != nil {
            for row in 0..<rows where column.isValid(row) {
                unsafe Self.put(values[row].orderedBits ^ flip, at: target + (groups.ids.map { Int($0[row]) } ?? 0))
            }
            return
        }
        guard let ids = groups.ids else {
            if rows == 0 { return }
            var best: UInt64 = 0
            var row = 0
            while row < rows {
                let rank = unsafe values[row].orderedBits ^ flip
                best = rank > best ? rank : best
                row &+= 1
            }
            return unsafe Self.put(best, at: target)
        }
        unsafe ids.withUnsafeBufferPointer { ids in
            var row = 0
            while row < rows {
                unsafe Self.put(values[row].orderedBits ^ flip, at: target + Int(ids[row]))
                row &+= 1
            }
        }
    }

    @unsafe
    @inline(__always)
    private static func put(_ rank: UInt64, at state: UnsafeMutablePointer<State>) {
        if unsafe rank >= state.pointee.rank { unsafe state.pointee = State(rank: rank, isSet: true) }
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) {
        guard let other = other as? FixedExtremum else { preconditionFailure("merging different aggregates") }
        states.grow(to: groupCount)
        for group in 0..<min(other.states.count, map.count) where other.states[group].isSet {
            let place = Int(map[group])
            if other.states[group].rank >= states[place].rank { states[place] = other.states[group] }
        }
    }

    func finish(groupCount: Int) -> Column {
        states.grow(to: groupCount)
        let builder = ColumnBuilder(type, capacity: groupCount)
        for group in 0..<groupCount {
            let state = states[group]
            if state.isSet { append(state.rank ^ flip, to: builder) } else { builder.appendNull() }
        }
        return builder.finish()
    }

    private func append(_ bits: UInt64, to builder: ColumnBuilder) {
        switch order {
        case .int16: builder.append(fixed: Int16(truncatingIfNeeded: bits ^ 1 << 63))
        case .int32: builder.append(fixed: Int32(truncatingIfNeeded: bits ^ 1 << 63))
        case .int64: builder.append(fixed: Int64(bitPattern: bits ^ 1 << 63))
        case .float32: builder.append(fixed: Float(Double(orderedBits: bits)))
        case .float64: builder.append(fixed: Double(orderedBits: bits))
        default: preconditionFailure("not a fixed-width number")
        }
    }
}

/// `min` and `max` of any other type with an order: the best row of each group is kept as a column of one row.
final class RowExtremum: Accumulator {
    private let type: DataType
    private let order: ValueOrder
    private let greatest: Bool
    private var best: [Column?] = []

    init(_ type: DataType, order: ValueOrder, greatest: Bool) {
        self.type = type
        self.order = order
        self.greatest = greatest
    }

    func add(_ column: Column?, _ groups: RowGroups) {
        guard let column else { return }
        grow(to: groups.groupCount)
        // The best row of this chunk first, so that a value is copied once a chunk and group at most.
        var rows: [Int: Int] = [:]
        var table = [Int32](repeating: -1, count: groups.groupCount <= groups.rowCount ? groups.groupCount : 0)
        for row in 0..<groups.rowCount where column.isValid(row) {
            let group = groups.ids.map { Int($0[row]) } ?? 0
            let current = table.isEmpty ? rows[group] ?? -1 : Int(table[group])
            if current >= 0 {
                let difference = order.compare(column, row, column, current)
                if greatest ? difference <= 0 : difference >= 0 { continue }
            }
            if table.isEmpty { rows[group] = row } else { table[group] = Int32(row) }
        }
        for (group, row) in rows { put(column, row, group) }
        for group in table.indices where table[group] >= 0 { put(column, Int(table[group]), group) }
    }

    private func grow(to count: Int) {
        if best.count < count { best += Array(repeating: nil, count: count - best.count) }
    }

    private func put(_ column: Column, _ row: Int, _ group: Int) {
        if let current = best[group] {
            let difference = order.compare(column, row, current, 0)
            if greatest ? difference <= 0 : difference >= 0 { return }
        }
        let builder = ColumnBuilder(type, capacity: 1)
        builder.appendRow(row, of: column)
        best[group] = builder.finish()
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) {
        guard let other = other as? RowExtremum else { preconditionFailure("merging different aggregates") }
        grow(to: groupCount)
        for (group, value) in other.best.enumerated() where group < map.count {
            if let value { put(value, 0, Int(map[group])) }
        }
    }

    func finish(groupCount: Int) -> Column {
        grow(to: groupCount)
        let builder = ColumnBuilder(type, capacity: groupCount)
        for value in best {
            if let value { builder.appendRow(0, of: value) } else { builder.appendNull() }
        }
        return builder.finish()
    }
}

/// `bool_and` and `bool_or`.
final class BooleanAccumulator: Accumulator {
    /// 0: nothing yet, 1: false, 2: true.
    private let states = GroupArray<UInt8>(initial: 0)
    private let isAnd: Bool

    init(isAnd: Bool) { self.isAnd = isAnd }

    func add(_ column: Column?, _ groups: RowGroups) {
        guard let column = column?.plain else { return }
        states.grow(to: groups.groupCount)
        for row in 0..<groups.rowCount where column.isValid(row) {
            put(column.bool(at: row) ? 2 : 1, groups.ids.map { Int($0[row]) } ?? 0)
        }
    }

    private func put(_ value: UInt8, _ group: Int) {
        let current = states[group]
        states[group] = current == 0 ? value : isAnd ? min(current, value) : max(current, value)
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) {
        guard let other = other as? BooleanAccumulator else { preconditionFailure("merging different aggregates") }
        states.grow(to: groupCount)
        for group in 0..<min(other.states.count, map.count) where other.states[group] != 0 {
            put(other.states[group], Int(map[group]))
        }
    }

    func finish(groupCount: Int) -> Column {
        states.grow(to: groupCount)
        let builder = ColumnBuilder(.bool, capacity: groupCount)
        for group in 0..<groupCount {
            if states[group] == 0 { builder.appendNull() } else { builder.append(bool: states[group] == 2) }
        }
        return builder.finish()
    }
}

// Unsafe: updates through pointers to as many groups as `grow` made room for; ids are below that by contract of
// GroupKeys, which numbered them, and rows are below the column's count.

import EskerFormat

/// `min` and `max` of fixed-width numbers and times.
@safe
final class FixedExtremum<Value: OrderedFixed>: Accumulator {
    private struct State: BitwiseCopyable {
        var value: Value
        var isSet = false
    }

    private let states: GroupArray<State>
    private let type: DataType
    private let greatest: Bool

    init(_ type: DataType, greatest: Bool) {
        self.type = type
        self.greatest = greatest
        states = GroupArray(initial: State(value: 0))
    }

    func add(_ column: Column?, _ groups: RowGroups) {
        guard let column = column?.plain else { return }
        states.grow(to: groups.groupCount)
        let values = unsafe column.pointer(as: Value.self)
        let rows = groups.rowCount
        precondition(column.count >= rows && (groups.ids?.count ?? rows) >= rows)
        if column.validity == nil, rows > 0, groups.ids == nil {
            return unsafe put(Self.extremum(values, rows, greatest: greatest), 0)
        }
        if column.validity == nil, let ids = groups.ids {
            let target = unsafe states.base
            var row = 0
            while row < rows {
                let group = Int(ids[row])
                let value = unsafe values[row]
                let current = unsafe target[group]
                let better = greatest ? Value.isLess(current.value, value) : Value.isLess(value, current.value)
                if !current.isSet || better { unsafe target[group] = State(value: value, isSet: true) }
                row &+= 1
            }
            return
        }
        for row in 0..<rows where column.isValid(row) {
            unsafe put(values[row], groups.ids.map { Int($0[row]) } ?? 0)
        }
    }

    private func put(_ value: Value, _ group: Int) {
        let current = states[group]
        let better = greatest ? Value.isLess(current.value, value) : Value.isLess(value, current.value)
        if !current.isSet || better { states[group] = State(value: value, isSet: true) }
    }

    @unsafe
    private static func extremum(_ values: UnsafePointer<Value>, _ rows: Int, greatest: Bool) -> Value {
        var best = unsafe values[0]
        var row = 1
        if greatest {
            while row < rows {
                let value = unsafe values[row]
                best = Value.isLess(best, value) ? value : best
                row &+= 1
            }
        } else {
            while row < rows {
                let value = unsafe values[row]
                best = Value.isLess(value, best) ? value : best
                row &+= 1
            }
        }
        return best
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) {
        guard let other = other as? FixedExtremum<Value> else { preconditionFailure("merging different aggregates") }
        states.grow(to: groupCount)
        for group in 0..<min(other.states.count, map.count) where other.states[group].isSet {
            put(other.states[group].value, Int(map[group]))
        }
    }

    func finish(groupCount: Int) -> Column {
        states.grow(to: groupCount)
        let builder = ColumnBuilder(type, capacity: groupCount)
        for group in 0..<groupCount {
            if states[group].isSet { builder.append(fixed: states[group].value) } else { builder.appendNull() }
        }
        return builder.finish()
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

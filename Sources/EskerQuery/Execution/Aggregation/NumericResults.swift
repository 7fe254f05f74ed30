import EskerFormat

/// Exact results of aggregates as `numeric`.
enum NumericResults {
    /// Appends a sum, or with a count the average.
    static func append(sum: Int128, count: Int64?, to builder: ColumnBuilder) throws {
        // A sum of 64-bit integers has far fewer than the 38 digits that fit.
        try append(Numeric(coefficient: sum, scale: 0), count: count, to: builder)
    }

    static func append(_ sum: Numeric, count: Int64?, to builder: ColumnBuilder) throws {
        do throws(ValueError) {
            let value = if let count { try sum.divided(by: Numeric(count)) } else { sum }
            var bytes: [UInt8] = []
            value.appendBinary(to: &bytes)
            builder.append(bytes)
        } catch {
            throw QueryError(error)
        }
    }
}

/// `sum` and `avg` of numeric, exact.
final class NumericSum: Accumulator {
    private var sums: [Numeric] = []
    private var counts: [Int64] = []
    private let isAverage: Bool

    init(isAverage: Bool) { self.isAverage = isAverage }

    func add(_ column: Column?, _ groups: RowGroups) throws {
        guard let column else { return }
        grow(to: groups.groupCount)
        for row in 0..<groups.rowCount where column.isValid(row) {
            try put(column.numeric(at: row), 1, groups.ids.map { Int($0[row]) } ?? 0)
        }
    }

    private func grow(to count: Int) {
        if sums.count >= count { return }
        sums += Array(repeating: .zero, count: count - sums.count)
        counts += Array(repeating: 0, count: count - counts.count)
    }

    private func put(_ value: Numeric, _ count: Int64, _ group: Int) throws {
        do throws(ValueError) {
            sums[group] = counts[group] == 0 ? value : try sums[group].adding(value)
            counts[group] += count
        } catch {
            throw QueryError(error)
        }
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) throws {
        guard let other = other as? NumericSum else { preconditionFailure("merging different aggregates") }
        grow(to: groupCount)
        for group in other.sums.indices where other.counts[group] > 0 && group < map.count {
            try put(other.sums[group], other.counts[group], Int(map[group]))
        }
    }

    func finish(groupCount: Int) throws -> Column {
        grow(to: groupCount)
        let builder = ColumnBuilder(.numeric(precision: nil, scale: 0), capacity: groupCount)
        for group in 0..<groupCount {
            if counts[group] == 0 {
                builder.appendNull()
            } else {
                try NumericResults.append(sums[group], count: isAverage ? counts[group] : nil, to: builder)
            }
        }
        return builder.finish()
    }
}

/// `sum` and `avg` of intervals.
final class IntervalSum: Accumulator {
    private var sums: [Interval] = []
    private var counts: [Int64] = []
    private let isAverage: Bool

    init(isAverage: Bool) { self.isAverage = isAverage }

    func add(_ column: Column?, _ groups: RowGroups) throws {
        guard let column else { return }
        grow(to: groups.groupCount)
        for row in 0..<groups.rowCount where column.isValid(row) {
            try put(column.interval(at: row), 1, groups.ids.map { Int($0[row]) } ?? 0)
        }
    }

    private func grow(to count: Int) {
        if sums.count >= count { return }
        sums += Array(repeating: Interval(), count: count - sums.count)
        counts += Array(repeating: 0, count: count - counts.count)
    }

    private func put(_ value: Interval, _ count: Int64, _ group: Int) throws {
        do throws(ValueError) {
            sums[group] = try sums[group].adding(value)
            counts[group] += count
        } catch {
            throw QueryError(error)
        }
    }

    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) throws {
        guard let other = other as? IntervalSum else { preconditionFailure("merging different aggregates") }
        grow(to: groupCount)
        for group in other.sums.indices where other.counts[group] > 0 && group < map.count {
            try put(other.sums[group], other.counts[group], Int(map[group]))
        }
    }

    func finish(groupCount: Int) throws -> Column {
        grow(to: groupCount)
        let builder = ColumnBuilder(.interval, capacity: groupCount)
        for group in 0..<groupCount {
            if counts[group] == 0 {
                builder.appendNull()
                continue
            }
            do throws(ValueError) {
                let value = isAverage ? try sums[group].divided(by: Double(counts[group])) : sums[group]
                builder.append(fixed: SIMD2(value.words.0, value.words.1))
            } catch {
                throw QueryError(error)
            }
        }
        return builder.finish()
    }
}

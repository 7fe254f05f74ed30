// Unsafe: ids are written to scratch arrays that were made as long as the chunk.

import EskerFormat

/// Gives each distinct combination of key values a group number.
///
/// Each key column numbers its own values; combinations are numbered pair by pair: (first, second) → p, (p, third) → q.
/// So a group-by of any types costs one integer look-up a row and column once the values have numbers, and
/// dictionaries are never spread out. Not thread-safe.
@safe
final class GroupKeys {
    private let columns: [ColumnKeys]
    /// `pairs[k]` numbers (number of the columns up to k, number of column k + 1).
    private let pairs: [IntegerIndex]
    private var scratch: [UInt32] = []

    init(_ types: [DataType]) {
        columns = types.map { ColumnKeys($0) }
        pairs = types.dropFirst().map { _ in IntegerIndex() }
    }

    /// Groups so far. Without keys there is one group from the start.
    var count: Int { columns.isEmpty ? 1 : pairs.last?.count ?? columns[0].count }

    /// Writes the group of each row.
    func assign(_ keys: [Column], count rows: Int, into ids: inout [UInt32]) {
        precondition(keys.count == columns.count && !keys.isEmpty, "one column a key")
        if ids.count < rows { ids = [UInt32](repeating: 0, count: rows) }
        unsafe ids.withUnsafeMutableBufferPointer { buffer in
            guard let output = buffer.baseAddress else { return }
            unsafe columns[0].assign(keys[0], into: output)
            for index in pairs.indices {
                unsafe assignPair(index, keys[index + 1], rows, output)
            }
        }
    }

    @unsafe
    private func assignPair(_ index: Int, _ key: Column, _ rows: Int, _ ids: UnsafeMutablePointer<UInt32>) {
        if scratch.count < rows { scratch = [UInt32](repeating: 0, count: rows) }
        unsafe scratch.withUnsafeMutableBufferPointer { buffer in
            guard let second = buffer.baseAddress else { return }
            unsafe columns[index + 1].assign(key, into: second)
            unsafe pairs[index].assign(count: rows, into: ids) { row in
                unsafe UInt64(ids[row]) << 32 | UInt64(second[row])
            }
        }
    }

    /// The key values of each group, in the order of the group numbers. Ends the use of this object.
    ///
    /// Strings come as dictionaries of their distinct values.
    func finish() -> [Column] {
        let groups = count
        var codes = [[UInt32]](repeating: [], count: columns.count)
        var current = Array(0..<UInt32(groups))
        for index in pairs.indices.reversed() {
            var left = current
            var right = current
            for group in current.indices {
                let pair = pairs[index].key(Int(current[group]))
                left[group] = UInt32(truncatingIfNeeded: pair >> 32)
                right[group] = UInt32(truncatingIfNeeded: pair)
            }
            codes[index + 1] = right
            current = left
        }
        if !columns.isEmpty { codes[0] = current }
        return columns.indices.map { index in
            let values = columns[index].finish()
            if columns.count == 1 { return values }
            if case .variable = values.type.layout, values.nullCount == 0 {
                return Column(
                    type: values.type, count: groups, validity: nil,
                    values: .dictionary(
                        codes: Buffer(copying: codes[index]), codeWidth: 4, values: ColumnDictionary(values)))
            }
            let rows = codes[index]
            return values.gather(rows.span)
        }
    }
}

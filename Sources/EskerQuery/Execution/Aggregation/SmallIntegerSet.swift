// Unsafe: sets bits through pointers; every value is checked against the set's size first.

import EskerFormat

/// Non-negative integers below a limit, a bit each: many times cheaper than hashing them.
///
/// Identifiers are mostly numbered from 1, so that a few hundred kilobytes take in all of them.
struct SmallIntegerSet {
    /// 2^26 bits are 8 MiB: about the second-level caches of all cores.
    private static let limit: UInt64 = 1 << 26

    private var words: [UInt64] = []

    /// Takes in the values it can hold.
    ///
    /// - Returns: the rows it cannot hold; the column itself when it is no plain integer column without nulls.
    mutating func insert(_ column: Column) -> Column {
        guard case .fixed = column.values, column.nullCount == 0 else { return column }
        let rest: [UInt32]
        switch column.type {
        case .int2: rest = unsafe insert(column.pointer(as: Int16.self), column.count)
        case .int4: rest = unsafe insert(column.pointer(as: Int32.self), column.count)
        case .int8: rest = unsafe insert(column.pointer(as: Int64.self), column.count)
        default: return column
        }
        let rows = rest
        return column.gather(rows.span)
    }

    @unsafe
    @inline(__always)
    private mutating func insert<Value: FixedWidthInteger>(_ values: UnsafePointer<Value>, _ count: Int) -> [UInt32] {
        var greatest: UInt64 = 0
        var row = 0
        while row < count {
            let value = unsafe UInt64(truncatingIfNeeded: values[row])
            greatest = value > greatest && value < Self.limit ? value : greatest
            row &+= 1
        }
        if words.count <= Int(greatest >> 6) {
            words += Array(repeating: 0, count: max(words.count, Int(greatest >> 6) + 1 - words.count))
        }
        var rest: [UInt32] = []
        let size = UInt64(words.count) &<< 6
        unsafe words.withUnsafeMutableBufferPointer { words in
            var row = 0
            while row < count {
                let value = unsafe UInt64(truncatingIfNeeded: values[row])
                if value < size {
                    unsafe words[Int(truncatingIfNeeded: value &>> 6)] |= 1 &<< (value & 63)
                } else {
                    rest.append(UInt32(truncatingIfNeeded: row))
                }
                row &+= 1
            }
        }
        return rest
    }

    mutating func formUnion(_ other: SmallIntegerSet) {
        if words.count < other.words.count {
            words += Array(repeating: 0, count: other.words.count - words.count)
        }
        for index in other.words.indices { words[index] |= other.words[index] }
    }

    /// Values held. O(limit / 64).
    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}

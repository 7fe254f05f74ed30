import EskerFormat

/// Splits rows so that their values, spread out, take a bounded number of bytes.
///
/// A dictionary or a constant of long texts can stand for far more bytes than it takes itself.
package enum RowRanges {
    /// Ranges of rows whose values take `limit` bytes at most; a single row may take more.
    package static func split(_ columns: [Column], count: Int, ofAtMost limit: Int) -> [Range<Int>] {
        if count == 0 { return [] }
        let bound = columns.reduce(0) { $0 + $1.greatestSpreadByteCount }
        if count == 1 || bound <= limit { return [0..<count] }
        if columns.reduce(0, { $0 + $1.spreadByteCount }) <= limit { return [0..<count] }
        let middle = count / 2
        let left = split(columns.map { $0.slice(0..<middle) }, count: middle, ofAtMost: limit)
        let right = split(columns.map { $0.slice(middle..<count) }, count: count - middle, ofAtMost: limit)
        return left + right.map { ($0.lowerBound + middle)..<($0.upperBound + middle) }
    }
}

extension Column {
    private var lengths: [Int] {
        guard case .variable(let offsets, _) = values else { return [] }
        let places = offsets.span(as: Int32.self)
        return (0..<count).map { Int(places[$0 + 1] &- places[$0]) }
    }

    /// An upper bound of ``spreadByteCount``. O(dictionary).
    fileprivate var greatestSpreadByteCount: Int {
        guard case .dictionary(_, _, let dictionary) = values, case .variable = type.layout else {
            return logicalByteCount
        }
        return count * (dictionary.column.lengths.max() ?? 0)
    }

    /// Bytes of the values without a dictionary. O(rows).
    fileprivate var spreadByteCount: Int {
        guard case .dictionary(_, _, let dictionary) = values, case .variable = type.layout else {
            return logicalByteCount
        }
        let lengths = dictionary.column.lengths
        return lengths.isEmpty ? 0 : (0..<count).reduce(0) { $0 + lengths[physicalRow($1)] }
    }
}

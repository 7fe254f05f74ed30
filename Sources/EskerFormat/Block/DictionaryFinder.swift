// Unsafe: hashes and compares the bytes of variable-width values in place.
import CEskerKernels

/// Finds constants and repeated strings in a column about to be sealed.
///
/// One pass over the rows with an open-addressing table of row numbers; given up as soon as a sample of 4,096 rows, or
/// the whole, shows that more than half of the values differ: a dictionary would not pay then.
enum DictionaryFinder {
    /// Rows looked at before a column of different values is given up.
    static let sampleLength = 4096
    /// Most values a dictionary of one block holds: codes stay at two bytes.
    static let maximumDistinct = 65_536

    /// The column as constant or dictionary where that pays, else the column itself.
    static func reencode(_ column: Column) -> Column {
        switch column.values {
        case .dictionary, .constant, .bits: return column
        case .fixed: return constant(column) ?? column
        case .variable: return dictionary(column) ?? column
        }
    }

    private static func constant(_ column: Column) -> Column? {
        guard column.count > 1, column.nullCount == 0 else { return nil }
        guard case .fixed(let width) = column.type.layout, case .fixed(let buffer) = column.values else { return nil }
        // All values are equal exactly when the bytes equal themselves shifted by one value.
        let length = (column.count - 1) * width
        let start = unsafe buffer.base
        guard unsafe esker_compare_bytes(start, start + width, length) == 0 else { return nil }
        return Column(
            type: column.type, count: column.count, validity: nil,
            values: .constant(ColumnDictionary(column.slice(0..<1))))
    }

    private static func dictionary(_ column: Column) -> Column? {
        guard column.count >= 16, case .variable = column.values else { return nil }
        let limit = min(maximumDistinct, column.count / 2)
        var table = [UInt32](repeating: 0, count: tableSize(for: limit))  // 1 + place among the distinct; 0 empty
        let mask = UInt64(table.count - 1)
        var distinctRows: [UInt32] = []
        var codes = [UInt16](repeating: 0, count: column.count)
        for row in 0..<column.count {
            if row == sampleLength, distinctRows.count > sampleLength / 2 { return nil }
            guard column.isValid(row) else { continue }
            let value = unsafe column.bytes(at: row)
            var slot = Int(unsafe hash(value) & mask)
            while true {
                let entry = table[slot]
                if entry == 0 {
                    guard distinctRows.count < limit else { return nil }
                    distinctRows.append(UInt32(row))
                    table[slot] = UInt32(distinctRows.count)
                    codes[row] = UInt16(distinctRows.count - 1)
                    break
                }
                let known = unsafe column.bytes(at: Int(distinctRows[Int(entry) - 1]))
                if unsafe equal(known, value) {
                    codes[row] = UInt16(entry - 1)
                    break
                }
                slot = (slot + 1) & Int(mask)
            }
        }
        return encoded(column, distinctRows, codes)
    }

    private static func encoded(_ column: Column, _ distinctRows: [UInt32], _ codes: [UInt16]) -> Column? {
        guard !distinctRows.isEmpty else { return nil }
        let values = withoutValidity(column).gather(distinctRows.span)
        let narrow = distinctRows.count <= 256
        let buffer = narrow ? Buffer(copying: codes.map { UInt8($0) }) : Buffer(copying: codes)
        if distinctRows.count == 1, column.nullCount == 0 {
            return Column(
                type: column.type, count: column.count, validity: nil, values: .constant(ColumnDictionary(values)))
        }
        return Column(
            type: column.type, count: column.count, validity: column.validity, nullCount: column.nullCount,
            values: .dictionary(codes: buffer, codeWidth: narrow ? 1 : 2, values: ColumnDictionary(values)))
    }

    private static func withoutValidity(_ column: Column) -> Column {
        Column(type: column.type, count: column.count, validity: nil, values: column.values)
    }

    /// A power of two that keeps the table at most half full.
    private static func tableSize(for distinct: Int) -> Int {
        var size = 64
        while size < distinct * 2 { size *= 2 }
        return size
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        unsafe esker_xxh3(bytes.baseAddress, bytes.count)
    }

    private static func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        unsafe left.count == right.count
            && esker_compare_bytes(left.baseAddress, right.baseAddress, left.count) == 0
    }
}

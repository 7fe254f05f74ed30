// Unsafe: loops over code buffers through typed pointers; lengths are checked against the row count first, and codes are
// below the dictionary's count, as the column promises.

import CEskerKernels
import EskerFormat

/// Loops over the codes of a dictionary column.
enum CodeKernels {
    /// Writes `table[code]` for each row.
    ///
    /// - Returns: `true` only if none of them is ``EntryNumbers/unknown``; sure to be when all are below 2^31.
    @unsafe
    static func map(
        _ codes: Buffer, width: Int, count: Int, through table: UnsafePointer<UInt32>,
        into output: UnsafeMutablePointer<UInt32>
    ) -> Bool {
        precondition(codes.byteCount >= count * width)
        return unsafe esker_number_codes(table, codes.base, UInt32(width), count, output) >> 31 == 0
    }

    /// The rows with a value whose number is not known, and the codes that they need numbers for, each once in the order
    /// of the rows.
    @unsafe
    static func unknown(
        _ column: Column, _ ids: UnsafePointer<UInt32>, table: UnsafeMutablePointer<UInt32>
    ) -> (rows: [UInt32], codes: [UInt32]) {
        var rows: [UInt32] = []
        var codes: [UInt32] = []
        var row = 0
        while row < column.count {
            if unsafe ids[row] == EntryNumbers.unknown && column.isValid(row) {
                let code = column.physicalRow(row)
                rows.append(UInt32(truncatingIfNeeded: row))
                if unsafe table[code] == EntryNumbers.unknown {
                    // Any other number will do: it is written over before it is read.
                    unsafe table[code] = 0
                    codes.append(UInt32(truncatingIfNeeded: code))
                }
            }
            row &+= 1
        }
        return (rows, codes)
    }
}

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

    /// The codes of rows with a value for which `table` holds no number, each once, in the order of the rows.
    @unsafe
    static func unknown(
        _ column: Column, codes: Buffer, width: Int, table: UnsafeMutablePointer<UInt32>
    ) -> [UInt32] {
        precondition(codes.byteCount >= column.count * width)
        var found: [UInt32] = []
        func collect<Code: FixedWidthInteger & BitwiseCopyable>(_ span: Span<Code>) {
            var row = 0
            while row < column.count {
                let code = Int(truncatingIfNeeded: span[row])
                if unsafe table[code] == EntryNumbers.unknown && column.isValid(row) {
                    // Any other number will do: it is written over before it is read.
                    unsafe table[code] = 0
                    found.append(UInt32(truncatingIfNeeded: code))
                }
                row &+= 1
            }
        }
        switch width {
        case 1: collect(codes.span(as: UInt8.self))
        case 2: collect(codes.span(as: UInt16.self))
        default: collect(codes.span(as: UInt32.self))
        }
        return found
    }
}

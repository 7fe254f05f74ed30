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

    /// Gives the rows whose number is ``EntryNumbers/unknown`` and that have a value their numbers.
    ///
    /// - Parameters:
    ///   - scratch: room for as many places as there are rows.
    ///   - number: gives the numbers of entries that have none yet, each named once, in the order of the rows.
    @unsafe
    static func fillUnknown(
        _ column: Column, codes: Buffer, width: Int, _ ids: UnsafeMutablePointer<UInt32>,
        table: UnsafeMutablePointer<UInt32>, scratch: UnsafeMutablePointer<UInt32>, _ number: ([UInt32]) -> [UInt32]
    ) {
        let count = unsafe esker_places(ids, column.count, EntryNumbers.unknown, scratch)
        var fresh: [UInt32] = []
        for place in 0..<count {
            let row = unsafe Int(scratch[place])
            let code = code(codes, width, row)
            if unsafe table[code] == EntryNumbers.unknown && column.isValid(row) {
                // Any other number will do: it is written over before it is read.
                unsafe table[code] = 0
                fresh.append(UInt32(truncatingIfNeeded: code))
            }
        }
        for (code, id) in zip(fresh, number(fresh)) { unsafe table[Int(code)] = id }
        for place in 0..<count {
            let row = unsafe Int(scratch[place])
            unsafe ids[row] = table[code(codes, width, row)]
        }
    }

    @inline(__always)
    private static func code(_ codes: Buffer, _ width: Int, _ row: Int) -> Int {
        switch width {
        case 1: Int(codes.load(at: row, as: UInt8.self))
        case 2: Int(codes.load(at: row &* 2, as: UInt16.self))
        default: Int(codes.load(at: row &* 4, as: UInt32.self))
        }
    }
}

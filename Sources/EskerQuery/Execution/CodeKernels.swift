// Unsafe: loops over code buffers through typed pointers; lengths are checked against the row count first.

import EskerFormat

/// Loops over the codes of a dictionary column.
enum CodeKernels {
    /// Writes `table[code]` for each row.
    @unsafe
    static func map(
        _ codes: Buffer, width: Int, count: Int, through table: UnsafePointer<UInt32>,
        into output: UnsafeMutablePointer<UInt32>
    ) {
        precondition(codes.byteCount >= count * width)
        switch width {
        case 1: unsafe map(codes.base.assumingMemoryBound(to: UInt8.self), count, table, output)
        case 2: unsafe map(codes.base.assumingMemoryBound(to: UInt16.self), count, table, output)
        default: unsafe map(codes.base.assumingMemoryBound(to: UInt32.self), count, table, output)
        }
    }

    @inline(__always)
    private static func map<Code: FixedWidthInteger>(
        _ codes: UnsafePointer<Code>, _ count: Int, _ table: UnsafePointer<UInt32>,
        _ output: UnsafeMutablePointer<UInt32>
    ) {
        var row = 0
        while row < count {
            unsafe output[row] = table[Int(truncatingIfNeeded: codes[row])]
            row &+= 1
        }
    }

    /// Which codes occur in rows that have a value.
    static func used(_ column: Column, codes: Buffer, width: Int, entries: Int) -> [Bool] {
        var used = [Bool](repeating: false, count: entries)
        func mark<Code: UnsignedInteger & FixedWidthInteger & BitwiseCopyable>(_ span: Span<Code>) {
            precondition(span.count >= column.count)
            var row = 0
            if let validity = column.validity {
                while row < column.count {
                    if validity[row] { used[Int(span[row])] = true }
                    row &+= 1
                }
            } else {
                while row < column.count {
                    used[Int(unsafe span[unchecked: row])] = true
                    row &+= 1
                }
            }
        }
        switch width {
        case 1: mark(codes.span(as: UInt8.self))
        case 2: mark(codes.span(as: UInt16.self))
        default: mark(codes.span(as: UInt32.self))
        }
        return used
    }
}

// Unsafe: copies the bytes of single values.

import EskerFormat

/// Bytes that are equal exactly when SQL finds two values of a type equal, for types whose stored bytes are not.
enum CanonicalKey {
    static func bytes(of column: Column, at row: Int) -> [UInt8] {
        switch column.type {
        case .char: return unsafe Array(trimmingBlanks(column.bytes(at: row)))
        case .uuid:
            return unsafe withUnsafeBytes(of: column.value(at: row, as: SIMD16<UInt8>.self)) { unsafe Array($0) }
        default: return unsafe Array(column.bytes(at: row))
        }
    }
}

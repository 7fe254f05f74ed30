// Unsafe: copies the bytes of single values.

import EskerFormat

/// Bytes that are equal exactly when SQL finds two values of a type equal, for types whose stored bytes are not.
enum CanonicalKey {
    static func bytes(of column: Column, at row: Int) -> [UInt8] {
        switch column.type {
        case .char: return unsafe Array(trimmingBlanks(column.bytes(at: row)))
        case .uuid:
            return unsafe withUnsafeBytes(of: column.value(at: row, as: SIMD16<UInt8>.self)) { unsafe Array($0) }
        case .numeric: return numeric(column.numeric(at: row))
        case .interval: return unsafe withUnsafeBytes(of: length(column.interval(at: row))) { unsafe Array($0) }
        case .timetz:
            return unsafe withUnsafeBytes(of: column.value(at: row, as: SIMD16<UInt8>.self)) { unsafe Array($0) }
        default: return unsafe Array(column.bytes(at: row))
        }
    }

    /// Without trailing zeros behind the point.
    private static func numeric(_ value: Numeric) -> [UInt8] {
        if let (coefficient, scale) = value.small {
            var (rest, digits) = (coefficient, scale)
            while digits > 0 && rest % 10 == 0 { (rest, digits) = (rest / 10, digits - 1) }
            let key = Numeric(coefficient: rest, scale: rest == 0 ? 0 : digits)
            var bytes: [UInt8] = []
            key.appendBinary(to: &bytes)
            return bytes
        }
        var text = Array(value.description.utf8)
        if text.contains(UInt8(ascii: ".")) {
            while text.last == UInt8(ascii: "0") { text.removeLast() }
        }
        return text
    }

    /// Microseconds, a month counting 30 days and a day 24 hours, as PostgreSQL compares intervals.
    private static func length(_ interval: Interval) -> Int128 {
        (Int128(interval.months) * 30 + Int128(interval.days)) * 86_400_000_000 + Int128(interval.microseconds)
    }

    /// The same as far as it fits.
    static func clampedLength(_ interval: Interval) -> Int64 { Int64(clamping: length(interval)) }
}

// Unsafe: reads the bytes of numbers in place, while their column lives.

import EskerFormat

/// Numbers of a declared precision as Arrow's Decimal128: the digits as one 128-bit integer, the scale in the schema.
enum ArrowDecimal {
    /// 16 bytes a row of a plain `numeric` column; zeros for rows without a value.
    ///
    /// - Throws: for NaN, which PostgreSQL lets into such columns, and for numbers that do not fit.
    static func buffer(_ column: Column, precision: Int, scale: Int) throws(UnfitValue) -> Buffer {
        let limit = power(precision)
        var out = GrowableBuffer(capacity: column.count * 16)
        for row in 0..<column.count {
            var value: Int128 = 0
            if column.isValid(row) {
                guard let found = coefficient(column, row, scale: scale), found.magnitude < limit else {
                    throw UnfitValue(row: row, reason: reason(column, row, precision, scale))
                }
                value = found
            }
            out.append(UInt64(truncatingIfNeeded: value))
            out.append(UInt64(truncatingIfNeeded: value >> 64))
        }
        return out.finish()
    }

    /// The number times 10^`scale`, if that is whole and has at most 38 digits.
    private static func coefficient(_ column: Column, _ row: Int, scale: Int) -> Int128? {
        let bytes = unsafe column.bytes(at: row)
        let span = unsafe Span<UInt8>(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self))
        guard let number = Numeric.short(span) else { return nil }
        if number.scale == scale { return number.coefficient }
        if number.scale < scale {
            let (product, overflow) = number.coefficient.multipliedReportingOverflow(
                by: Int128(power(scale - number.scale)))
            return overflow ? nil : product
        }
        guard number.scale - scale <= 38 else { return number.coefficient == 0 ? 0 : nil }
        let (quotient, rest) = number.coefficient.quotientAndRemainder(dividingBy: Int128(power(number.scale - scale)))
        return rest == 0 ? quotient : nil
    }

    /// 10^`exponent`, which is 0…38.
    private static func power(_ exponent: Int) -> UInt128 {
        (0..<exponent).reduce(1) { product, _ in product * 10 }
    }

    private static func reason(_ column: Column, _ row: Int, _ precision: Int, _ scale: Int) -> String {
        let text = (try? Value(of: column, row: row))?.text() ?? "what stands there"
        return "\(text) is no Arrow decimal of \(precision) digits, \(scale) of them behind the point"
    }
}

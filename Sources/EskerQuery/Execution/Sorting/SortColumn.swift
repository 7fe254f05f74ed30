// Unsafe: reads columns of checked length through typed pointers.

import EskerFormat
import Glibc

/// One key of a sort, prepared: an unsigned integer a row that sorts like the key, or like its first bytes.
@safe
struct SortColumn {
    /// Ascending words give the wanted order, NULLs and direction included.
    let words: [UInt64]
    /// Compares rows whose words are equal; nil when equal words mean equal keys.
    private let exact: Column?
    private let order: ValueOrder
    private let isDescending: Bool

    init(_ column: Column, _ key: SortKey) throws {
        guard let order = ValueOrder(column.type) else {
            switch column.type {
            case .array, .jsonb:
                throw QueryError.unsupported("ordering by type \(column.type.name)", at: key.expression.location)
            default: break
            }
            throw QueryError(
                .undefinedFunction, "could not identify an ordering operator for type \(column.type.name)",
                at: key.expression.location, hint: "Use an explicit ordering operator or modify the query.")
        }
        self.order = order
        isDescending = key.isDescending
        var words = Self.words(column, order)
        var isExact: Bool
        switch order {
        case .bool, .int16, .int32, .int64, .float32, .float64: isExact = true
        case .bytes, .blankPadded, .uuid, .numeric, .interval, .timetz: isExact = false
        }
        if key.isDescending { for row in words.indices { words[row] = ~words[row] } }
        if let validity = column.validity {
            // The lowest bit makes room for "is NULL" at the top.
            isExact = false
            let (null, value): (UInt64, UInt64) = key.nullsFirst ? (0, 1 << 63) : (.max, 0)
            for row in words.indices { words[row] = validity[row] ? words[row] >> 1 | value : null }
        }
        self.words = words
        exact = isExact ? nil : column
    }

    private static func words(_ column: Column, _ order: ValueOrder) -> [UInt64] {
        let plain = column.plain
        let count = column.count
        switch order {
        case .bool: return (0..<count).map { plain.bool(at: $0) ? 1 : 0 }
        case .int16: return fixed(plain, Int16.self)
        case .int32: return fixed(plain, Int32.self)
        case .int64: return fixed(plain, Int64.self)
        case .float32: return fixed(plain, Float.self)
        case .float64: return fixed(plain, Double.self)
        case .bytes, .blankPadded:
            return (0..<count).map { row in
                let bytes = unsafe plain.bytes(at: row)
                return unsafe prefix(order == .bytes ? bytes : trimmingBlanks(bytes))
            }
        case .uuid: return (0..<count).map { UInt64(bigEndian: plain.value(at: $0, as: SIMD2<UInt64>.self)[0]) }
        case .numeric:
            // Rounding keeps the order; equal roundings are told apart exactly.
            return valued(plain) { row in
                let number = plain.numeric(at: row)
                return ((try? number.double()) ?? (number.signum < 0 ? -Double.infinity : .infinity)).orderedBits
            }
        case .interval: return valued(plain) { CanonicalKey.clampedLength(plain.interval(at: $0)).orderedBits }
        case .timetz:
            return valued(plain) { row in
                let time = plain.timeWithZone(at: row)
                return (time.microseconds &- Int64(time.secondsEast) &* 1_000_000).orderedBits
            }
        }
    }

    private static func valued(_ column: Column, _ word: (Int) -> UInt64) -> [UInt64] {
        (0..<column.count).map { column.isValid($0) ? word($0) : 0 }
    }

    private static func fixed<T: OrderedFixed>(_ column: Column, _ type: T.Type) -> [UInt64] {
        let values = unsafe column.pointer(as: T.self)
        return (0..<column.count).map { unsafe values[$0].orderedBits }
    }

    /// The first eight bytes, missing ones as zeros.
    @unsafe
    private static func prefix(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        if bytes.count >= 8 { return unsafe UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) }
        var word: UInt64 = 0
        for index in 0..<bytes.count { word |= unsafe UInt64(bytes[index]) << UInt64(56 - 8 * index) }
        return word
    }

    /// Whether a row of equal word sorts before another; nil when the keys are equal.
    @inline(__always)
    func resolveTie(_ left: Int, _ right: Int) -> Bool? {
        guard let exact else { return nil }
        if !exact.isValid(left) || !exact.isValid(right) {
            // Only NULLs share their word with the greatest or least value: told apart by the validity alone.
            if exact.isValid(left) == exact.isValid(right) { return nil }
            return (words[left] == 0) != exact.isValid(left)
        }
        let difference = order.compare(exact, left, exact, right)
        if difference == 0 { return nil }
        return isDescending ? difference > 0 : difference < 0
    }
}

// Unsafe: compares values through typed pointers into columns whose layout was checked when they were made.

import EskerFormat
import Glibc

/// How values of a type are compared, hashed and sorted without calling a function.
enum ValueOrder: Equatable {
    case bool, int16, int32, int64, float32, float64
    /// Unsigned bytes, shorter first on a common prefix: text in collation C, bytea, uuid.
    case bytes
    /// As ``bytes``, blanks at the end left out: char(n).
    case blankPadded
    case uuid
    case numeric, interval, timetz

    /// nil for types without an order, and for arrays and jsonb.
    init?(_ type: DataType) {
        switch type {
        case .bool: self = .bool
        case .int2: self = .int16
        case .int4, .date: self = .int32
        case .int8, .time, .timestamp, .timestamptz: self = .int64
        case .float4: self = .float32
        case .float8: self = .float64
        case .text, .varchar, .bytea: self = .bytes
        case .char: self = .blankPadded
        case .uuid: self = .uuid
        case .numeric: self = .numeric
        case .interval: self = .interval
        case .timetz: self = .timetz
        case .json, .jsonb, .array: return nil
        }
    }
}

/// A fixed-width number that sorts like an unsigned integer.
protocol OrderedFixed: SQLOrdered, Sendable {
    /// An integer with the same order.
    var orderedBits: UInt64 { get }
}

extension Int16: OrderedFixed {
    @inline(__always) var orderedBits: UInt64 { UInt64(bitPattern: Int64(self)) ^ (1 << 63) }
}

extension Int32: OrderedFixed {
    @inline(__always) var orderedBits: UInt64 { UInt64(bitPattern: Int64(self)) ^ (1 << 63) }
}

extension Int64: OrderedFixed {
    @inline(__always) var orderedBits: UInt64 { UInt64(bitPattern: self) ^ (1 << 63) }
}

extension Float: OrderedFixed {
    @inline(__always) var orderedBits: UInt64 { Double(self).orderedBits }
}

extension Double: OrderedFixed {
    /// NaN, whatever its bits, is above infinity; both zeros are one.
    @inline(__always) var orderedBits: UInt64 {
        if isNaN { return .max }
        let bits = (self == 0 ? 0.0 : self).bitPattern
        return bits >> 63 == 0 ? bits | (1 << 63) : ~bits
    }

    /// The number with those ``orderedBits``.
    init(orderedBits bits: UInt64) {
        self = bits == .max ? .nan : Double(bitPattern: bits >> 63 != 0 ? bits & ~(1 << 63) : ~bits)
    }
}

extension Column {
    /// The values of a plain fixed-width column. Valid while the column lives.
    @unsafe
    @inline(__always)
    func pointer<T: BitwiseCopyable>(as type: T.Type) -> UnsafePointer<T> {
        guard case .fixed(let buffer) = values else { preconditionFailure("not a plain fixed-width column") }
        precondition(buffer.byteCount >= count &* MemoryLayout<T>.stride)
        return unsafe buffer.base.assumingMemoryBound(to: T.self)
    }

    /// Offsets and bytes of a plain variable-width column. Valid while the column lives.
    @unsafe
    @inline(__always)
    var textPointers: (offsets: UnsafePointer<Int32>, bytes: UnsafePointer<UInt8>) {
        guard case .variable(let offsets, let bytes) = values else { preconditionFailure("not a plain text column") }
        return unsafe (
            offsets.base.assumingMemoryBound(to: Int32.self), bytes.base.assumingMemoryBound(to: UInt8.self)
        )
    }
}

/// Negative, zero or positive, as the first bytes are below, equal to or above the second.
@unsafe
@inline(__always)
func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let common = min(left.count, right.count)
    if common > 0 {
        let order = unsafe memcmp(left.baseAddress!, right.baseAddress!, common)
        if order != 0 { return Int(order) }
    }
    return left.count - right.count
}

/// The bytes without the blanks at their end.
@unsafe
func trimmingBlanks(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var end = bytes.count
    while end > 0, unsafe bytes[end - 1] == 0x20 { end -= 1 }
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[0..<end])
}

extension ValueOrder {
    /// Negative, zero or positive. Both rows have a value; any encoding. For single values, not for loops over rows.
    func compare(_ left: Column, _ leftRow: Int, _ right: Column, _ rightRow: Int) -> Int {
        func fixed<T: OrderedFixed>(_ type: T.Type) -> Int {
            let first = left.value(at: leftRow, as: T.self)
            let second = right.value(at: rightRow, as: T.self)
            return T.isLess(first, second) ? -1 : T.isEqual(first, second) ? 0 : 1
        }
        switch self {
        case .bool: return (left.bool(at: leftRow) ? 1 : 0) - (right.bool(at: rightRow) ? 1 : 0)
        case .int16: return fixed(Int16.self)
        case .int32: return fixed(Int32.self)
        case .int64: return fixed(Int64.self)
        case .float32: return fixed(Float.self)
        case .float64: return fixed(Double.self)
        case .bytes: return unsafe compareBytes(left.bytes(at: leftRow), right.bytes(at: rightRow))
        case .blankPadded:
            return unsafe compareBytes(
                trimmingBlanks(left.bytes(at: leftRow)), trimmingBlanks(right.bytes(at: rightRow)))
        case .uuid:
            let first = left.value(at: leftRow, as: SIMD16<UInt8>.self)
            let second = right.value(at: rightRow, as: SIMD16<UInt8>.self)
            for index in 0..<16 where first[index] != second[index] { return Int(first[index]) - Int(second[index]) }
            return 0
        case .numeric: return Numeric.compare(left.numeric(at: leftRow), right.numeric(at: rightRow))
        case .interval:
            let (first, second) = (left.interval(at: leftRow), right.interval(at: rightRow))
            return first < second ? -1 : second < first ? 1 : 0
        case .timetz:
            let (first, second) = (left.timeWithZone(at: leftRow), right.timeWithZone(at: rightRow))
            return first < second ? -1 : second < first ? 1 : 0
        }
    }
}

extension Column {
    /// A value of a numeric column. Bytes come from builders and checked blocks: malformed ones trap.
    func numeric(at row: Int) -> Numeric {
        let bytes = unsafe Span<UInt8>(_unsafeBytes: self.bytes(at: row))
        guard let value = try? Numeric(binary: bytes) else { preconditionFailure("malformed numeric in a column") }
        return value
    }

    /// A value of an interval column.
    func interval(at row: Int) -> Interval {
        let words = value(at: row, as: SIMD2<UInt64>.self)
        return Interval(words: (words[0], words[1]))
    }

    /// A value of a timetz column.
    func timeWithZone(at row: Int) -> TimeWithZone {
        let words = value(at: row, as: SIMD2<UInt64>.self)
        return TimeWithZone(
            microseconds: Int64(bitPattern: words[0]), secondsEast: Int32(truncatingIfNeeded: words[1]))
    }
}

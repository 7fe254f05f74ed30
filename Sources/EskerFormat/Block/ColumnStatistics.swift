// Unsafe: reads the first bytes of variable-width values.
import CEskerKernels

/// The least or greatest value of a column in a block, in 16 bytes whose meaning follows from the type.
///
/// | type | first 8 bytes | last 8 bytes |
/// |---|---|---|
/// | bool, int2/4/8, date, time, timestamp, timestamptz | Int64 | zero |
/// | float4, float8 | Double; NaN is the greatest | zero |
/// | uuid | its 16 bytes | |
/// | text, varchar, char, bytea, json | the first 15 bytes of the value, then its length when ≤ 15, else 255 | |
///
/// A value cut to 15 bytes is a lower bound; as a greatest value it means "starts with these bytes".
///
/// Example, the bounds of two columns of `Fixtures/Formats/cold-block.txt`:
///
/// ```hex
///    0  01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  bigint, least: 1
///   16  02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  bigint, greatest: 2
///   32  6e 6f 00 00 00 00 00 00 00 00 00 00 00 00 00 02  text, least: "no"
///   48  79 65 73 2c 20 69 6e 64 65 65 64 2c 20 61 6c ff  text, greatest: "yes, indeed, al"…
/// ```
package struct StatisticValue: Hashable, Sendable {
    package let first: UInt64
    package let second: UInt64

    package static let zero = StatisticValue(first: 0, second: 0)

    package init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    package init(_ integer: Int64) { self.init(first: UInt64(bitPattern: integer), second: 0) }
    package init(_ number: Double) { self.init(first: number.bitPattern, second: 0) }

    /// The first 15 bytes of a value and what is known of its length.
    @unsafe
    package init(prefixOf bytes: UnsafeRawBufferPointer) {
        var words: (UInt64, UInt64) = (0, 0)
        for index in 0..<min(15, bytes.count) {
            let byte = unsafe UInt64(bytes[index])
            if index < 8 { words.0 |= byte << UInt64(8 * index) } else { words.1 |= byte << UInt64(8 * (index - 8)) }
        }
        words.1 |= UInt64(bytes.count <= 15 ? bytes.count : 255) << 56
        self.init(first: words.0, second: words.1)
    }

    package var integer: Int64 { Int64(bitPattern: first) }
    package var number: Double { Double(bitPattern: first) }

    /// The bytes kept of a variable-width value, and whether they are all of it.
    package var prefix: (bytes: [UInt8], isWhole: Bool) {
        let length = Int(second >> 56)
        let kept = length > 15 ? 15 : length
        var bytes: [UInt8] = []
        for index in 0..<kept {
            let word: UInt64 = index < 8 ? first : second
            bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * (index % 8))))
        }
        return (bytes, length <= 15)
    }
}

/// Bounds of the values of a column in a block, over the rows that have one.
package struct ColumnStatistics: Hashable, Sendable {
    package let minimum: StatisticValue
    package let maximum: StatisticValue

    package init(minimum: StatisticValue, maximum: StatisticValue) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Measures a column; `nil` when no row has a value or its type keeps none. O(rows), or O(distinct) on dictionaries.
    ///
    /// - Parameter includingVariable: whether to measure variable-width values, which costs a comparison a value.
    package static func measure(_ column: Column, includingVariable: Bool) -> ColumnStatistics? {
        guard column.count > column.nullCount else { return nil }
        let values = column.physical
        guard values.count > 0 else { return nil }
        switch column.type {
        case .int2: return integers(values.span(as: Int16.self), column)
        case .int4, .date: return integers(values.span(as: Int32.self), column)
        case .int8, .time, .timestamp, .timestamptz: return integers(values.span(as: Int64.self), column)
        case .float4: return floats(values.span(as: Float.self), column)
        case .float8: return floats(values.span(as: Double.self), column)
        case .text, .varchar, .char, .bytea, .json:
            return includingVariable ? prefixes(values, column) : nil
        case .bool, .numeric, .timetz, .interval, .uuid, .jsonb, .array: return nil
        }
    }

    /// Rows of a plain column count only where valid; in a dictionary every value counts, used or not: still bounds.
    private static func validity(_ column: Column) -> Bitmap? {
        switch column.values {
        case .dictionary, .constant: nil
        default: column.validity
        }
    }

    private static func integers<T: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ values: Span<T>, _ column: Column
    ) -> ColumnStatistics? {
        var least = T.max
        var greatest = T.min
        var row = 0
        if let validity = validity(column) {
            while row < values.count {
                if validity[row] {
                    least = min(least, values[row])
                    greatest = max(greatest, values[row])
                }
                row &+= 1
            }
        } else {
            while row < values.count {
                least = min(least, values[row])
                greatest = max(greatest, values[row])
                row &+= 1
            }
        }
        return ColumnStatistics(minimum: StatisticValue(Int64(least)), maximum: StatisticValue(Int64(greatest)))
    }

    private static func floats<T: BinaryFloatingPoint & BitwiseCopyable>(
        _ values: Span<T>, _ column: Column
    ) -> ColumnStatistics? {
        var least = T.infinity
        var greatest = -T.infinity
        var hasNaN = false
        var hasNumber = false
        let validity = validity(column)
        for row in values.indices where validity?[row] ?? true {
            let value = values[row]
            if value.isNaN {
                hasNaN = true
            } else {
                hasNumber = true
                least = min(least, value)
                greatest = max(greatest, value)
            }
        }
        return ColumnStatistics(
            minimum: StatisticValue(hasNumber ? Double(least) : .nan),
            maximum: StatisticValue(hasNaN ? .nan : Double(greatest)))
    }

    private static func prefixes(_ values: Column, _ column: Column) -> ColumnStatistics? {
        guard case .variable(let offsets, let bytes) = values.values else { preconditionFailure() }
        var (least, greatest) = (0, 0)
        unsafe esker_string_bounds(
            offsets.base.assumingMemoryBound(to: Int32.self), bytes.base.assumingMemoryBound(to: UInt8.self),
            values.count, validity(column)?.buffer.base.assumingMemoryBound(to: UInt8.self), &least, &greatest)
        guard least < values.count else { return nil }
        return unsafe ColumnStatistics(
            minimum: StatisticValue(prefixOf: values.bytes(at: least)),
            maximum: StatisticValue(prefixOf: values.bytes(at: greatest)))
    }
}

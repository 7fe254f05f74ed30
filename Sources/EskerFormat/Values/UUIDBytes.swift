/// A UUID: sixteen bytes, kept in the order they are written.
public struct UUIDBytes: Hashable, Comparable, Sendable {
    /// The first eight bytes, the first of them most significant.
    public var high: UInt64
    /// The last eight bytes.
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public static func < (a: UUIDBytes, b: UUIDBytes) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }

    /// The 16 bytes of a column, in the order they are written, as two little-endian words.
    package var words: (UInt64, UInt64) { (high.byteSwapped, low.byteSwapped) }

    package init(words: (UInt64, UInt64)) { self.init(high: words.0.byteSwapped, low: words.1.byteSwapped) }
}

extension ValueParser {
    /// A `uuid`: 32 hexadecimal digits, a hyphen allowed after every four, braces allowed around.
    package static func uuid(_ bytes: Span<UInt8>) throws(ValueError) -> UUIDBytes {
        var index = 0
        var end = bytes.count
        if end > 1 && bytes[0] == 0x7B {
            guard bytes[end - 1] == 0x7D else { throw .invalidText("uuid", bytes) }
            index = 1
            end -= 1
        }
        var value = UUIDBytes(high: 0, low: 0)
        var digits = 0
        while digits < 32 {
            guard index < end, let digit = ASCII.hexValue(bytes[index]) else { throw .invalidText("uuid", bytes) }
            if digits < 16 {
                value.high = value.high << 4 | UInt64(digit)
            } else {
                value.low = value.low << 4 | UInt64(digit)
            }
            digits += 1
            index += 1
            if digits & 3 == 0 && digits < 32 && index < end && bytes[index] == 0x2D { index += 1 }
        }
        guard index == end else { throw .invalidText("uuid", bytes) }
        return value
    }
}

extension ValueWriter {
    /// `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11`
    package static func uuid(_ value: UUIDBytes, to out: inout [UInt8]) {
        ByteCursor.append(to: &out, atMost: 36) { cursor in
            for index in 0..<32 as Range<UInt64> {
                if index == 8 || index == 12 || index == 16 || index == 20 { cursor.append(0x2D) }
                let word = index < 16 ? value.high : value.low
                cursor.append(ASCII.hexDigit(UInt8(truncatingIfNeeded: word >> (60 &- (index & 15) &* 4)) & 15))
            }
        }
    }
}

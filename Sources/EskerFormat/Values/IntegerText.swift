/// Parsers of PostgreSQL's text forms, one function a type; none allocates unless it throws or its value needs memory.
package enum ValueParser {}

/// Writers of PostgreSQL's text forms: each appends UTF-8 bytes to a buffer.
package enum ValueWriter {}

extension ValueParser {
    /// A `smallint`: blanks, sign, digits, blanks.
    package static func int2(_ bytes: Span<UInt8>) throws(ValueError) -> Int16 {
        guard let value = Int16(exactly: try integer(bytes, "smallint", Int64(Int16.min))) else {
            throw .textOutOfRange("smallint", bytes)
        }
        return value
    }

    /// An `integer`.
    package static func int4(_ bytes: Span<UInt8>) throws(ValueError) -> Int32 {
        guard let value = Int32(exactly: try integer(bytes, "integer", Int64(Int32.min))) else {
            throw .textOutOfRange("integer", bytes)
        }
        return value
    }

    /// A `bigint`.
    package static func int8(_ bytes: Span<UInt8>) throws(ValueError) -> Int64 {
        try integer(bytes, "bigint", .min)
    }

    @inline(__always)
    private static func integer(
        _ bytes: Span<UInt8>, _ type: StaticString, _ least: Int64
    ) throws(ValueError) -> Int64 {
        // The common shape: an optional minus and at most 18 digits, which cannot overflow.
        let count = bytes.count
        if count > 0 && count < 19 {
            let negative = bytes[0] == 0x2D
            var index = negative ? 1 : 0
            var magnitude: Int64 = 0
            while count &- index >= 8, let eight = EightDigits.value(bytes, index) {
                magnitude = magnitude &* 100_000_000 &+ eight
                index &+= 8
            }
            while index < count {
                let digit = bytes[index] &- 0x30
                if digit > 9 { break }
                magnitude = magnitude &* 10 &+ Int64(digit)
                index &+= 1
            }
            if index == count && !(negative && count == 1) { return negative ? 0 &- magnitude : magnitude }
        }
        return try generalInteger(bytes, String(describing: type), least)
    }

    @inline(never)
    private static func generalInteger(
        _ bytes: Span<UInt8>, _ type: String, _ least: Int64
    ) throws(ValueError) -> Int64 {
        var index = 0
        let count = bytes.count
        while index < count && ASCII.isSpace(bytes[index]) { index += 1 }
        var negative = false
        if index < count && (bytes[index] == 0x2D || bytes[index] == 0x2B) {
            negative = bytes[index] == 0x2D
            index += 1
        }
        let firstDigit = index
        var value: Int64 = 0  // kept negative, so that the least value fits
        while index < count && ASCII.isDigit(bytes[index]) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (difference, overflow2) = product.subtractingReportingOverflow(Int64(bytes[index] - 0x30))
            if overflow || overflow2 { throw .textOutOfRange(type, bytes) }
            value = difference
            index += 1
        }
        if value < least { throw .textOutOfRange(type, bytes) }
        if index == firstDigit { throw .invalidText(type, bytes) }
        while index < count && ASCII.isSpace(bytes[index]) { index += 1 }
        if index < count { throw .invalidText(type, bytes) }
        if negative { return value }
        if value == least { throw .textOutOfRange(type, bytes) }
        return -value
    }

    /// A `boolean`: any unique prefix of true, false, yes, no, or on, off, 1, 0.
    package static func bool(_ bytes: Span<UInt8>) throws(ValueError) -> Bool {
        let range = ASCII.trimmed(bytes)
        let length = range.count
        let start = range.lowerBound
        guard length > 0 else { throw .invalidText("boolean", bytes) }
        switch ASCII.lower(bytes[start]) {
        case 0x74 where isPrefix(bytes, range, of: "true"): return true
        case 0x66 where isPrefix(bytes, range, of: "false"): return false
        case 0x79 where isPrefix(bytes, range, of: "yes"): return true
        case 0x6E where isPrefix(bytes, range, of: "no"): return false
        case 0x6F where length > 1 && isPrefix(bytes, range, of: "on"): return true
        case 0x6F where length > 1 && isPrefix(bytes, range, of: "off"): return false
        case 0x31 where length == 1: return true
        case 0x30 where length == 1: return false
        default: throw .invalidText("boolean", bytes)
        }
    }

    private static func isPrefix(_ bytes: Span<UInt8>, _ range: Range<Int>, of word: String) -> Bool {
        var index = range.lowerBound
        for letter in word.utf8 {
            if index == range.upperBound { return true }
            if ASCII.lower(bytes[index]) != letter { return false }
            index += 1
        }
        return index == range.upperBound
    }
}

extension ValueWriter {
    /// `t` or `f`, as PostgreSQL's output function writes it.
    package static func bool(_ value: Bool, to out: inout [UInt8]) {
        out.append(value ? 0x74 : 0x66)
    }

    /// A signed decimal integer.
    package static func integer(_ value: Int64, to out: inout [UInt8]) {
        ByteCursor.append(to: &out, atMost: 20) { cursor in
            if value < 0 { cursor.append(0x2D) }
            cursor.digits(value.magnitude)
        }
    }

    /// An unsigned decimal integer, padded with zeros to `width` digits at least (at most 20).
    package static func unsigned(_ value: UInt64, width: Int = 1, to out: inout [UInt8]) {
        ByteCursor.append(to: &out, atMost: 20) { $0.digits(value, width: width) }
    }
}

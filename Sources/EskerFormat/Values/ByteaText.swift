extension ValueParser {
    /// A `bytea`: `\x` and hexadecimal digits, or the escape form: `\\` and `\ooo`.
    package static func bytea(_ bytes: Span<UInt8>) throws(ValueError) -> [UInt8] {
        if bytes.count >= 2 && bytes[0] == 0x5C && bytes[1] == 0x78 { return try hexadecimal(bytes) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x5C else {
                result.append(bytes[index])
                index += 1
                continue
            }
            if index + 1 < bytes.count && bytes[index + 1] == 0x5C {
                result.append(0x5C)
                index += 2
            } else if index + 3 < bytes.count, bytes[index + 1] & 0xFC == 0x30, bytes[index + 2] & 0xF8 == 0x30,
                bytes[index + 3] & 0xF8 == 0x30
            {
                result.append((bytes[index + 1] & 3) << 6 | (bytes[index + 2] & 7) << 3 | bytes[index + 3] & 7)
                index += 4
            } else {
                throw ValueError(sqlState: "22P02", message: "invalid input syntax for type bytea")
            }
        }
        return result
    }

    private static func hexadecimal(_ bytes: Span<UInt8>) throws(ValueError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / 2)
        var index = 2
        while index < bytes.count {
            if [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) {
                index += 1
                continue
            }
            let high = try hexDigit(bytes, index)
            guard index + 1 < bytes.count else {
                throw ValueError(sqlState: "22023", message: "invalid hexadecimal data: odd number of digits")
            }
            result.append(high << 4 | (try hexDigit(bytes, index + 1)))
            index += 2
        }
        return result
    }

    private static func hexDigit(_ bytes: Span<UInt8>, _ index: Int) throws(ValueError) -> UInt8 {
        if let digit = ASCII.hexValue(bytes[index]) { return digit }
        // Show the whole character.
        var end = index + 1
        while end < bytes.count && bytes[end] & 0xC0 == 0x80 { end += 1 }
        throw ValueError(
            sqlState: "22023",
            message: "invalid hexadecimal digit: \"\(ValueError.text(bytes.extracting(index..<end)))\"")
    }
}

extension ValueWriter {
    /// `\x` and two hexadecimal digits a byte.
    package static func bytea(_ value: Span<UInt8>, to out: inout [UInt8]) {
        ByteCursor.append(to: &out, atMost: 2 + value.count * 2) { cursor in
            cursor.append(0x5C)
            cursor.append(0x78)
            var index = 0
            while index < value.count {
                cursor.append(ASCII.hexDigit(value[index] >> 4))
                cursor.append(ASCII.hexDigit(value[index] & 15))
                index &+= 1
            }
        }
    }
}

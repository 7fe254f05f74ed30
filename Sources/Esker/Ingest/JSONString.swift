/// The escapes of JSON strings.
enum JSONString {
    /// Decodes the inside of a string.
    ///
    /// - Returns: what is wrong, or nil.
    static func decode(_ text: Span<UInt8>, into out: inout [UInt8]) -> String? {
        var index = 0
        while index < text.count {
            let byte = text[index]
            guard byte == 0x5C else {
                if byte < 0x20 { return "control character 0x\(hex(byte)) in a string: write it as an escape" }
                out.append(byte)
                index += 1
                continue
            }
            guard index + 1 < text.count else { return "string ends in an escape" }
            let kind = text[index + 1]
            index += 2
            switch kind {
            case 0x22, 0x5C, 0x2F: out.append(kind)
            case 0x62: out.append(0x08)
            case 0x66: out.append(0x0C)
            case 0x6E: out.append(0x0A)
            case 0x72: out.append(0x0D)
            case 0x74: out.append(0x09)
            case 0x75:
                guard let scalar = scalar(text, &index) else { return "invalid \\u escape in a string" }
                if scalar.value == 0 { return "\\u0000 cannot be converted to text" }
                out.append(contentsOf: UTF8.encode(scalar)!)
            default: return "invalid escape \\\(String(decoding: [kind], as: UTF8.self)) in a string"
            }
        }
        return nil
    }

    /// Four digits at `index`, and the second half of a surrogate pair if they are the first.
    private static func scalar(_ text: Span<UInt8>, _ index: inout Int) -> Unicode.Scalar? {
        guard let first = unit(text, &index) else { return nil }
        if first & 0xFC00 != 0xD800 { return Unicode.Scalar(first) }
        guard index + 1 < text.count, text[index] == 0x5C, text[index + 1] == 0x75 else { return nil }
        index += 2
        guard let second = unit(text, &index), second & 0xFC00 == 0xDC00 else { return nil }
        return Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
    }

    private static func unit(_ text: Span<UInt8>, _ index: inout Int) -> UInt32? {
        guard index + 4 <= text.count else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(text[index])).hexDigitValue, text[index] < 0x80 else {
                return nil
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
    }
}

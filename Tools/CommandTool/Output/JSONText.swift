// Unsafe: reads bytes that the caller lends for the length of one call.

import EskerFormat

/// Values as JSON, in the forms of PostgreSQL's `row_to_json`.
enum JSONText {
    /// Appends a string in quotes.
    static func appendString(_ text: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var start = 0
        for index in text.indices {
            let byte = unsafe text[index]
            guard byte < 0x20 || byte == 0x22 || byte == 0x5C else { continue }
            unsafe out.append(contentsOf: text[start..<index])
            appendEscape(byte, to: &out)
            start = index + 1
        }
        unsafe out.append(contentsOf: text[start...])
        out.append(UInt8(ascii: "\""))
    }

    /// Appends a string in quotes.
    static func appendString(_ text: String, to out: inout [UInt8]) {
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { unsafe appendString($0, to: &out) }
    }

    /// Whether all values of a plain column of texts are JSON strings as they are, but for the quotes.
    static func keepsAll(_ values: Column) -> Bool {
        guard case .variable(let offsets, let bytes) = values.values else { return false }
        let starts = offsets.span(as: Int32.self)
        let text = bytes.slice(Int(starts[0])..<Int(starts[values.count]))
        return unsafe !ByteScan.contains(text.unsafeBytes) { words in
            ByteScan.below(words, 0x20) | ByteScan.equal(words, 0x22) | ByteScan.equal(words, 0x5C)
        }
    }

    private static func appendEscape(_ byte: UInt8, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5C: out.append(byte)
        case 0x08: out.append(UInt8(ascii: "b"))
        case 0x09: out.append(UInt8(ascii: "t"))
        case 0x0A: out.append(UInt8(ascii: "n"))
        case 0x0C: out.append(UInt8(ascii: "f"))
        case 0x0D: out.append(UInt8(ascii: "r"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            out.append(contentsOf: "u00".utf8)
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
    }

    /// Appends one value of any type.
    static func append(_ value: Value, _ settings: TextSettings, to out: inout [UInt8]) {
        switch value {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let flag): out.append(contentsOf: flag ? "true".utf8 : "false".utf8)
        case .int2, .int4, .int8: value.write(settings, to: &out)
        case .array(let array): append(array, settings, to: &out)
        case .timestamp, .timestamptz:
            var text: [UInt8] = []
            value.write(settings, to: &text)
            var isZoned = false
            if case .timestamptz = value { isZoned = true }
            makeISO(&text, from: 0, hasZone: isZoned)
            appendString(String(decoding: text, as: UTF8.self), to: &out)
        case .float4, .float8, .numeric:
            let text = value.text(settings)
            // NaN and the infinities are no JSON numbers.
            if text.utf8.last.map({ (0x30...0x39).contains($0) }) == true {
                out.append(contentsOf: text.utf8)
            } else {
                appendString(text, to: &out)
            }
        default: appendString(value.text(settings), to: &out)
        }
    }

    /// Appends an array, its dimensions nested.
    static func append(_ array: ArrayValue, _ settings: TextSettings, to out: inout [UInt8]) {
        var next = 0
        func nest(_ level: Int, _ out: inout [UInt8]) {
            guard level < array.dimensions.count else {
                append(array.elements[next], settings, to: &out)
                next += 1
                return
            }
            out.append(UInt8(ascii: "["))
            for index in 0..<array.dimensions[level].count {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                nest(level + 1, &out)
            }
            out.append(UInt8(ascii: "]"))
        }
        if array.dimensions.isEmpty { return out.append(contentsOf: "[]".utf8) }
        nest(0, &out)
    }

    /// Makes ISO 8601 of a timestamp's text that begins at `start`: `2026-11-24 10:00:00+00` becomes
    /// `2026-11-24T10:00:00+00:00`. Leaves `infinity` as it is.
    static func makeISO(_ out: inout [UInt8], from start: Int, hasZone: Bool) {
        guard let blank = out[start...].firstIndex(of: 0x20) else { return }
        out[blank] = UInt8(ascii: "T")
        guard hasZone else { return }
        let end = out[blank...].firstIndex(of: 0x20) ?? out.count
        let sign = out[blank..<end].lastIndex { $0 == 0x2B || $0 == 0x2D }
        guard let sign, end - sign == 3 else { return }
        out.insert(contentsOf: ":00".utf8, at: end)
    }
}

// Unsafe: reads bytes that the caller lends for the length of one call.

import EskerFormat

/// Fields of comma-separated text, quoted as PostgreSQL's `COPY … WITH (FORMAT csv)` quotes them.
enum CSVText {
    /// Appends a field; one that is empty, or holds a comma, a quote or a line end, in quotes. (No value is an empty
    /// field without quotes.)
    static func append(_ text: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        guard unsafe needsQuotes(text) else { return unsafe out.append(contentsOf: text) }
        out.append(UInt8(ascii: "\""))
        for index in text.indices {
            let byte = unsafe text[index]
            if byte == UInt8(ascii: "\"") { out.append(byte) }
            out.append(byte)
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Appends a field.
    static func append(_ text: String, to out: inout [UInt8]) {
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { unsafe append($0, to: &out) }
    }

    /// Whether all values of a plain column of texts are fields as they are.
    static func keepsAll(_ values: Column) -> Bool {
        guard case .variable(let offsets, let bytes) = values.values else { return false }
        let starts = offsets.span(as: Int32.self)
        let text = bytes.slice(Int(starts[0])..<Int(starts[values.count]))
        let isSpecial = unsafe ByteScan.contains(text.unsafeBytes) { words in
            ByteScan.equal(words, 0x2C) | ByteScan.equal(words, 0x22) | ByteScan.equal(words, 0x0A)
                | ByteScan.equal(words, 0x0D)
        }
        if isSpecial { return false }
        var isShort = false
        for row in 0..<values.count { isShort = starts[row + 1] &- starts[row] <= 2 ? true : isShort }
        if !isShort { return true }
        return (0..<values.count).allSatisfy { row in
            unsafe !values.isValid(row) || !needsQuotes(values.bytes(at: row))
        }
    }

    private static func needsQuotes(_ text: UnsafeRawBufferPointer) -> Bool {
        if text.count == 0 { return true }
        for index in text.indices {
            let byte = unsafe text[index]
            if byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D { return true }
        }
        // A lone \. would end COPY's input.
        return unsafe text.count == 2 && text[0] == 0x5C && text[1] == 0x2E
    }
}

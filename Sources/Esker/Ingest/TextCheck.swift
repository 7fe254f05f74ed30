/// What bytes must be to be text: UTF-8 without zero bytes, as in PostgreSQL.
enum TextCheck {
    /// - Returns: what is wrong, in PostgreSQL's words, or nil.
    static func fault(_ bytes: Span<UInt8>) -> String? {
        for index in bytes.indices where bytes[index] == 0 { return reason("0x00") }
        do {
            _ = try UTF8Span(validating: bytes)
            return nil
        } catch {
            let range = error.byteOffsets.lowerBound..<min(error.byteOffsets.upperBound, bytes.count)
            let shown = range.map { index in
                let digits = String(bytes[index], radix: 16)
                return "0x" + (digits.count < 2 ? "0" + digits : digits)
            }
            return reason(shown.joined(separator: " "))
        }
    }

    private static func reason(_ bytes: String) -> String { "invalid byte sequence for encoding \"UTF8\": \(bytes)" }
}

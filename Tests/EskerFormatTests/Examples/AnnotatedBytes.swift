/// Bytes told apart into fields, as lines of a ``LayoutExample``.
struct AnnotatedBytes {
    static let offsetWidth = 4
    static let hexWidth = 16 * 3 - 1

    private let bytes: [UInt8]
    private(set) var position = 0
    private(set) var lines: [String] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether all bytes were taken.
    var isComplete: Bool { position == bytes.count }

    /// The next bytes are one field: up to 16 a line, or one line when it is long and all its bytes are equal.
    mutating func take(_ count: Int, _ words: String) {
        let end = min(position + count, bytes.count)
        let field = bytes[position..<end]
        guard let first = field.first else { return }
        if field.count > 16, field.allSatisfy({ $0 == first }) {
            add("\(Self.digits(first)) × \(field.count)", words)
            position = end
            return
        }
        var words = words
        while position < end {
            let part = bytes[position..<min(position + 16, end)]
            add(part.map(Self.digits).joined(separator: " "), words)
            position += part.count
            words = ""
        }
    }

    /// The next bytes are zeros; says so only when they are.
    mutating func takeZeros(_ count: Int) {
        let field = bytes[position..<min(position + count, bytes.count)]
        take(count, field.allSatisfy { $0 == 0 } ? "zeros" : "not zeros")
    }

    /// The next bytes up to a multiple of 64 are zeros.
    mutating func pad() { takeZeros((64 - position % 64) % 64) }

    private mutating func add(_ hex: String, _ words: String) {
        let offset = String(position)
        let start = String(repeating: " ", count: max(0, Self.offsetWidth - offset.count)) + offset + "  " + hex
        let gap = String(repeating: " ", count: Self.hexWidth - hex.count + 2)
        lines.append(words.isEmpty ? start : start + gap + words)
    }

    static func digits(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

/// A checksum as examples show it.
func hex(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}

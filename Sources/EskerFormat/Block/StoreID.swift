/// The random UUID that every file of a store carries, so that a block of another store is never taken for its own.
public struct StoreID: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes, as a little-endian number.
    public let high: UInt64
    /// The last eight bytes, as a little-endian number.
    public let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static let zero = StoreID(high: 0, low: 0)

    /// A new random UUID, version 4.
    package static func random() -> StoreID {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & ~(0xF0 << 48) | (0x40 << 48)  // byte 6: version 4
        let low = generator.next() & ~0xC0 | 0x80  // byte 8: variant 1
        return StoreID(high: high, low: low)
    }

    /// The usual form with hyphens.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for index in 0..<16 {
            let word = index < 8 ? high : low
            let byte = UInt8(truncatingIfNeeded: word >> UInt64(8 * (index % 8)))
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

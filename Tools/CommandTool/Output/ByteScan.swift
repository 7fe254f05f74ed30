// Unsafe: loads 32 bytes at a time from memory that the caller lends for the length of one call.

/// Looks whether bytes of some kind occur in a text: eight in each word, by arithmetic that sets the highest bit of a
/// byte (H. S. Warren, Hacker's Delight, 2002, "Find First 0-Byte"). Comparing SIMD16<UInt8> came out byte by byte.
enum ByteScan {
    typealias Words = SIMD4<UInt64>
    static let width = 32

    /// Whether `isWanted` gives anything but zeros for some bytes. O(bytes).
    @inline(__always)
    static func contains(_ text: UnsafeRawBufferPointer, _ isWanted: (Words) -> Words) -> Bool {
        var found = Words.zero
        var index = 0
        while index &+ width <= text.count {
            found |= isWanted(unsafe text.loadUnaligned(fromByteOffset: index, as: Words.self))
            index &+= width
        }
        while index < text.count {
            // One byte, and others that nobody looks for.
            let byte = unsafe UInt64(text[index])
            found |= isWanted(Words(repeating: spread(UInt8(ascii: "a")) & ~0xFF | byte))
            index &+= 1
        }
        return found != .zero
    }

    /// Not zero when a byte of the words is `byte`.
    @inline(__always)
    static func equal(_ words: Words, _ byte: UInt8) -> Words {
        let difference = words ^ Words(repeating: spread(byte))
        return (difference &- Words(repeating: spread(1))) & ~difference & Words(repeating: spread(0x80))
    }

    /// Not zero when a byte of the words is below `limit`, which is at most 128.
    @inline(__always)
    static func below(_ words: Words, _ limit: UInt8) -> Words {
        (words &- Words(repeating: spread(limit))) & ~words & Words(repeating: spread(0x80))
    }

    /// The byte eight times.
    @inline(__always)
    private static func spread(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }
}

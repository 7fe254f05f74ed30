import EskerFormat
import Testing

/// Leaves with one byte changed: what a reader may meet when checksums were forged or not yet checked.
enum Damage {
    /// Calls `read` with the bytes of a leaf, one byte of them changed: each byte of the first 512 and every seventh
    /// after that, to five other values. `read` says whether the parser believed them.
    static func forEach(_ bytes: [UInt8], _ read: (Buffer) -> Bool) {
        var believed = 0
        var refused = 0
        for position in bytes.indices where position < 512 || position % 7 == 0 {
            for change: UInt8 in [0x01, 0x07, 0x80, 0xff, bytes[position]] where change != 0 {
                var damaged = bytes
                damaged[position] ^= change
                if read(Room.exact(damaged)) { believed += 1 } else { refused += 1 }
            }
        }
        #expect(believed > 0 && refused > 0, "some damage is seen by the parser, some is not")
    }
}

import EskerFormat
import Testing

/// Damage done to leaves: whatever a reader makes of it, it must not trap or leave the bytes.
enum DamagedLeaf {
    /// Gives `read` the leaf with each byte changed in several ways, and each of its beginnings, all in memory of exactly
    /// their length. `read` may throw. Says how many were read without an error.
    @discardableResult
    static func tryAll(_ leaf: Buffer, _ read: (Buffer) throws(FormatError) -> Void) -> Int {
        let bytes = leaf.array
        var taken = 0
        func attempt(_ damaged: [UInt8]) {
            do throws(FormatError) {
                try read(Buffer(copying: damaged))
                taken += 1
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        for position in bytes.indices {
            for change: UInt8 in [0x01, 0x80, 0xFF, bytes[position], ~bytes[position]] {
                var damaged = bytes
                damaged[position] ^= change
                attempt(damaged)
            }
            attempt(Array(bytes[..<position]))
        }
        return taken
    }
}

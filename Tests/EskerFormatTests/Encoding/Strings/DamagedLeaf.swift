// Unsafe: gives readers memory that ends exactly where its bytes do, so that a sanitizer sees every read too far.
import EskerFormat
import Testing

/// Bytes in memory of exactly their length.
@safe
private final class ExactMemory {
    let start: UnsafeMutableRawPointer

    init(_ bytes: [UInt8]) {
        unsafe start = .allocate(byteCount: bytes.count, alignment: 16)
        unsafe start.copyMemory(from: bytes, byteCount: bytes.count)
    }

    deinit { unsafe start.deallocate() }
}

extension Buffer {
    /// Copies bytes without the padding that buffers have otherwise.
    static func exact(_ bytes: [UInt8]) -> Buffer {
        let memory = ExactMemory(bytes)
        return unsafe Buffer(base: memory.start, byteCount: bytes.count, owner: memory)
    }
}

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
                try read(.exact(damaged))
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

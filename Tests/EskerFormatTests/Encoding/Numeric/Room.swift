// Unsafe: gives decoders exactly the room that they are promised, so that the address sanitizer sees a write behind it.
import EskerFormat

/// Room for decoded values.
enum Room {
    /// What `fill` writes into room for `count` values.
    static func values<T>(of count: Int, as: T.Type, _ fill: (UnsafeMutablePointer<T>) throws -> Void) rethrows -> [T] {
        let room = UnsafeMutablePointer<T>.allocate(capacity: max(count, 1))
        defer { unsafe room.deallocate() }
        try unsafe fill(room)
        return unsafe Array(UnsafeBufferPointer(start: room, count: count))
    }

    /// What `fill` writes into room for one vector.
    static func vector<T>(as type: T.Type, _ fill: (UnsafeMutablePointer<T>) throws -> Void) rethrows -> [T] {
        try unsafe values(of: Vector.length, as: type, fill)
    }

    /// A buffer of memory that ends with its last byte.
    static func exact(_ bytes: [UInt8]) -> Buffer {
        let memory = ExactMemory(bytes)
        return unsafe Buffer(base: UnsafeRawPointer(memory.base), byteCount: bytes.count, owner: memory)
    }
}

@safe
private final class ExactMemory {
    let base: UnsafeMutableRawPointer

    init(_ bytes: [UInt8]) {
        unsafe base = .allocate(byteCount: max(bytes.count, 1), alignment: 8)
        unsafe bytes.withUnsafeBytes {
            if let start = $0.baseAddress { unsafe base.copyMemory(from: start, byteCount: $0.count) }
        }
    }

    deinit { unsafe base.deallocate() }
}

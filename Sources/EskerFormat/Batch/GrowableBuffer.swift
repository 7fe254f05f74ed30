// Unsafe: appends store through raw pointers inside a capacity that was checked first.

/// A 64-byte aligned buffer that grows while it is written and becomes an immutable ``Buffer`` at the end.
///
/// Appending is amortised O(1); growth doubles. Not thread-safe: it has one owner by type.
@safe
@frozen
public struct GrowableBuffer: ~Copyable {
    @usableFromInline var base: UnsafeMutableRawPointer
    @usableFromInline var allocation: AnyObject
    @usableFromInline var end: Int
    @usableFromInline var capacity: Int

    /// Bytes written so far.
    @inlinable
    public var byteCount: Int { end }

    /// An empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 64) {
        let allocation = Allocation(capacity: capacity)
        unsafe self.base = allocation.base
        self.allocation = allocation
        self.capacity = allocation.capacity
        self.end = 0
    }

    /// Appends one value, little-endian, without padding.
    @inlinable
    @inline(__always)
    public mutating func append<T: BitwiseCopyable>(_ value: T) {
        let newEnd = end &+ MemoryLayout<T>.size
        if newEnd > capacity { grow(to: newEnd) }
        unsafe base.storeBytes(of: value, toByteOffset: byteCount, as: T.self)
        end = newEnd
    }

    /// Appends bytes.
    @inlinable
    @inline(__always)
    public mutating func append(bytes: UnsafeRawBufferPointer) {
        let newEnd = end &+ bytes.count
        if newEnd > capacity { grow(to: newEnd) }
        if let start = bytes.baseAddress {
            unsafe (base + byteCount).copyMemory(from: start, byteCount: bytes.count)
        }
        end = newEnd
    }

    /// Appends the bytes of another buffer.
    public mutating func append(_ other: Buffer) {
        unsafe append(bytes: other.unsafeBytes)
    }

    /// Appends `count` zero bytes.
    public mutating func appendZeros(_ count: Int) {
        let newEnd = end + count
        if newEnd > capacity { grow(to: newEnd) }
        unsafe (base + byteCount).initializeMemory(as: UInt8.self, repeating: 0, count: count)
        end = newEnd
    }

    /// Appends zeros up to the next multiple of `alignment` bytes.
    public mutating func pad(to alignment: Int) {
        let rest = byteCount % alignment
        if rest != 0 { appendZeros(alignment - rest) }
    }

    /// Overwrites bytes written before. Traps when the value would not lie inside them.
    @inlinable
    public mutating func store<T: BitwiseCopyable>(_ value: T, at offset: Int) {
        precondition(offset >= 0 && offset &+ MemoryLayout<T>.size <= byteCount)
        unsafe base.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }

    /// Reads back a value written before. Traps when it would not lie inside the bytes written.
    @inlinable
    public func load<T: BitwiseCopyable>(at offset: Int, as type: T.Type) -> T {
        precondition(offset >= 0 && offset &+ MemoryLayout<T>.size <= byteCount)
        return unsafe base.loadUnaligned(fromByteOffset: offset, as: T.self)
    }

    /// Makes room for `additional` bytes and lets `body` write them; it returns how many it wrote.
    public mutating func append(upTo additional: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
        let newEnd = end + additional
        if newEnd > capacity { grow(to: newEnd) }
        let written = unsafe body(UnsafeMutableRawBufferPointer(start: base + byteCount, count: additional))
        precondition(written >= 0 && written <= additional)
        end += written
    }

    /// Forgets what was written, keeping the room. Only for buffers that were never finished.
    public mutating func removeAll() { end = 0 }

    /// Drops bytes from the end.
    @inlinable
    public mutating func truncate(to length: Int) {
        precondition(length >= 0 && length <= byteCount)
        end = length
    }

    /// Ends writing: the bytes so far, padded with zeros to the next 64-byte boundary of memory.
    public consuming func finish() -> Buffer {
        let length = end
        pad(to: Allocation.alignment)
        return unsafe Buffer(base: UnsafeRawPointer(base), byteCount: length, owner: allocation)
    }

    @usableFromInline
    @inline(never)
    mutating func grow(to needed: Int) {
        let larger = Allocation(capacity: max(needed, capacity &* 2))
        unsafe larger.base.copyMemory(from: UnsafeRawPointer(base), byteCount: byteCount)
        unsafe base = larger.base
        allocation = larger
        capacity = larger.capacity
    }
}

extension GrowableBuffer {
    /// CRC32C of the bytes written so far.
    package var currentChecksum: UInt32 {
        unsafe Checksum.crc32c(UnsafeRawBufferPointer(start: base, count: end))
    }
}

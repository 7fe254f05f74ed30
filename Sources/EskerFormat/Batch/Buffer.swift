// Unsafe: this file turns raw memory into bounded spans; every other file goes through them.

/// Memory with a 64-byte aligned start, freed when the last ``Buffer`` on it goes.
@safe
final class Allocation: @unchecked Sendable {
    // Unchecked: written only before a Buffer is made of it, read-only afterwards.
    let base: UnsafeMutableRawPointer
    let capacity: Int

    /// The alignment of every column buffer in memory and on disk: one cache line, the widest vector load.
    static let alignment = 64

    init(capacity: Int) {
        let rounded = (max(capacity, 1) + Self.alignment - 1) & ~(Self.alignment - 1)
        unsafe self.base = .allocate(byteCount: rounded, alignment: Self.alignment)
        self.capacity = rounded
    }

    deinit { unsafe base.deallocate() }
}

/// An immutable run of bytes that keeps its memory alive: an allocation, a mapped file or a part of either.
///
/// Copying a buffer copies no bytes. Buffers that hold column values start at a multiple of 64 bytes, or at a
/// multiple of the value's width when they are slices.
@safe
public struct Buffer: @unchecked Sendable {
    // Unchecked: the bytes are never written while a Buffer on them exists (mapped journal blocks are written
    // before they are published), and the owner is only retained, never used.
    /// The first byte; valid for `byteCount` bytes while this buffer, or a copy, lives.
    public let base: UnsafeRawPointer
    /// Length in bytes.
    public let byteCount: Int
    @usableFromInline let owner: AnyObject?

    /// Wraps memory that `owner` keeps alive.
    @unsafe
    package init(base: UnsafeRawPointer, byteCount: Int, owner: AnyObject?) {
        precondition(byteCount >= 0)
        unsafe self.base = base
        self.byteCount = byteCount
        self.owner = owner
    }

    /// A buffer without bytes.
    public static let empty = Buffer(copying: [UInt8]())

    /// Copies the elements of an array, padded with zeros to a multiple of 64 bytes of memory.
    public init<T: BitwiseCopyable>(copying elements: [T]) {
        let length = elements.count * MemoryLayout<T>.stride
        let allocation = Allocation(capacity: length)
        unsafe allocation.base.initializeMemory(as: UInt8.self, repeating: 0, count: allocation.capacity)
        unsafe elements.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { unsafe allocation.base.copyMemory(from: start, byteCount: length) }
        }
        unsafe self.init(base: UnsafeRawPointer(allocation.base), byteCount: length, owner: allocation)
    }

    /// Makes a buffer of `byteCount` bytes that `fill` writes; the bytes start as zeros.
    public static func make(byteCount: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) -> Buffer {
        let allocation = Allocation(capacity: byteCount)
        unsafe allocation.base.initializeMemory(as: UInt8.self, repeating: 0, count: allocation.capacity)
        unsafe fill(UnsafeMutableRawBufferPointer(start: allocation.base, count: byteCount))
        return unsafe Buffer(base: UnsafeRawPointer(allocation.base), byteCount: byteCount, owner: allocation)
    }

    /// The bytes as values of `T`; a last partial value is left out. The base must be aligned for `T`.
    @inlinable
    @_lifetime(borrow self)
    public func span<T: BitwiseCopyable>(as type: T.Type) -> Span<T> {
        let count = byteCount / MemoryLayout<T>.stride
        precondition(unsafe UInt(bitPattern: base) % UInt(MemoryLayout<T>.alignment) == 0, "misaligned buffer")
        let typed = unsafe base.assumingMemoryBound(to: T.self)
        let span = unsafe Span(_unsafeStart: typed, count: count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The bytes themselves.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The bytes as a raw pointer pair, for system calls and C kernels; valid while this buffer lives.
    @inlinable
    public var unsafeBytes: UnsafeRawBufferPointer {
        @unsafe get { unsafe UnsafeRawBufferPointer(start: base, count: byteCount) }
    }

    /// The value whose bytes start at `offset`, aligned or not. Traps outside the buffer: readers of foreign bytes
    /// check lengths first.
    @inlinable
    public func load<T: BitwiseCopyable>(at offset: Int, as type: T.Type) -> T {
        precondition(offset >= 0 && offset &+ MemoryLayout<T>.size <= byteCount, "load outside its buffer")
        return unsafe base.loadUnaligned(fromByteOffset: offset, as: T.self)
    }

    /// A part of the buffer, sharing its memory. Traps outside `0...byteCount`.
    @inlinable
    public func slice(_ range: Range<Int>) -> Buffer {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "slice outside its buffer")
        return unsafe Buffer(unchecked: base + range.lowerBound, byteCount: range.count, owner: owner)
    }

    @usableFromInline
    @unsafe
    init(unchecked base: UnsafeRawPointer, byteCount: Int, owner: AnyObject?) {
        unsafe self.base = base
        self.byteCount = byteCount
        self.owner = owner
    }
}

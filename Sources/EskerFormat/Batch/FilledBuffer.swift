// Unsafe: hands out the memory of a buffer that is still being made.

/// A buffer that is filled once by a kernel, then only read.
@safe
struct FilledBuffer {
    /// The bytes; not to be read before they are filled.
    let buffer: Buffer
    /// Where the bytes are written to.
    let base: UnsafeMutableRawPointer

    /// Room for `byteCount` bytes, not cleared, and for at least 64 more behind them, which are: kernels may write
    /// beyond the end by as much.
    init(byteCount: Int) {
        let allocation = Allocation(capacity: byteCount + 64)
        unsafe (allocation.base + byteCount).initializeMemory(
            as: UInt8.self, repeating: 0, count: allocation.capacity - byteCount)
        buffer = unsafe Buffer(
            base: UnsafeRawPointer(allocation.base), byteCount: byteCount, owner: allocation)
        unsafe base = allocation.base
    }

    /// The start as a pointer to values of `T`.
    @unsafe
    func pointer<T>(as type: T.Type) -> UnsafeMutablePointer<T> { unsafe base.assumingMemoryBound(to: type) }
}

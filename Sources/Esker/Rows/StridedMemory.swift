// Unsafe: reads values at equal distances; whoever makes one vouches for base, stride and count.

/// Values of one property in the memory of many rows.
@safe
struct StridedMemory {
    /// The first value.
    let base: UnsafeRawPointer
    /// Bytes from one value to the next.
    let stride: Int
    let count: Int

    /// - Parameter base: aligned and initialised values lie at `base + n × stride` for each n below `count`, and stay
    ///   there until the call ends that this is handed to.
    @unsafe
    init(base: UnsafeRawPointer, stride: Int, count: Int) {
        unsafe self.base = base
        self.stride = stride
        self.count = count
    }

    /// The value of a row below `count`, of the type that lies there.
    @unsafe
    @inline(__always)
    func pointer<T>(_ row: Int, to type: T.Type) -> UnsafePointer<T> {
        unsafe (base + row &* stride).assumingMemoryBound(to: T.self)
    }
}

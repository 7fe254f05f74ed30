// Unsafe: turns arrays into the pointers that `File` takes, for the length of one call.

/// Whole arrays of bytes, for small files and tests; hot paths hand over their own memory.
extension File {
    /// Writes `bytes` from `offset` on; errors as ``File/write(_:at:)``.
    package func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
        try unsafe bytes.withUnsafeBufferPointer { (pointer) throws(FileError) in
            try unsafe write([UnsafeRawBufferPointer(pointer)], at: offset)
        }
    }

    /// Up to `count` bytes from `offset` on; fewer only at the end of file.
    package func read(at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let length = try unsafe bytes.withUnsafeMutableBufferPointer { (pointer) throws(FileError) in
            try unsafe read(into: UnsafeMutableRawBufferPointer(pointer), at: offset)
        }
        bytes.removeLast(count - length)
        return bytes
    }
}

// Unsafe: hands on memory that the caller lends for the length of one call.

import Esker

/// A file whose beginning was looked at already, from its beginning on.
struct ResumedSource: ByteSource {
    private var beginning: MemoryByteSource
    private var rest: FileDescriptorByteSource
    private var isBeyond = false

    /// - Parameters:
    ///   - beginning: the bytes that were read.
    ///   - rest: the file, standing behind them.
    init(_ beginning: [UInt8], _ rest: FileDescriptorByteSource) {
        self.beginning = MemoryByteSource(beginning)
        self.rest = rest
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if !isBeyond {
            let count = unsafe beginning.read(into: buffer)
            if count > 0 { return count }
            isBeyond = true
        }
        return unsafe try rest.read(into: buffer)
    }

    var wouldWait: Bool { isBeyond && rest.wouldWait }
}

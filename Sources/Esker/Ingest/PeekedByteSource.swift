// Unsafe: reads into memory that the caller lends for the length of one call, and into an array of its own.

/// A source whose beginning has been read and is handed out again: for looking at a text, such as standard input,
/// before reading it.
public struct PeekedByteSource: ByteSource {
    /// The first bytes.
    public let beginning: [UInt8]
    /// Whether they are all.
    public let isWhole: Bool
    private var source: any ByteSource
    private var position = 0

    /// Reads the first `length` bytes of `source`, or all if it has fewer.
    public init(_ source: any ByteSource, length: Int = 1 << 20) throws {
        precondition(length > 0)
        var source = source
        var bytes = [UInt8](repeating: 0, count: length)
        var end = 0
        var ended = false
        while end < length && !ended {
            let got = unsafe try bytes.withUnsafeMutableBytes { room in
                unsafe try source.read(into: UnsafeMutableRawBufferPointer(rebasing: room[end...]))
            }
            ended = got == 0
            end += got
        }
        bytes.removeSubrange(end...)
        beginning = bytes
        isWhole = ended
        self.source = source
    }

    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if position == beginning.count { return isWhole ? 0 : unsafe try source.read(into: buffer) }
        let count = min(buffer.count, beginning.count - position)
        unsafe beginning.withUnsafeBytes { source in
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[position..<(position + count)]))
        }
        position += count
        return count
    }

    public var wouldWait: Bool { position == beginning.count && !isWhole && source.wouldWait }
}

// Unsafe: reads into memory that the caller lends for the length of one call.

internal import Glibc

/// Where a reader of text gets its bytes.
public protocol ByteSource {
    /// Reads the next bytes, at most as many as `buffer` holds, waiting for the first of them.
    ///
    /// - Returns: How many bytes were read; 0 at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int

    /// Whether ``read(into:)`` would have to wait now. A reader then hands out the rows it has instead of waiting for
    /// a full batch. Sources that never wait need not say.
    var wouldWait: Bool { get }
}

extension ByteSource {
    /// False: the source never waits.
    public var wouldWait: Bool { false }
}

/// Bytes in memory.
public struct MemoryByteSource: ByteSource {
    private let bytes: [UInt8]
    private let largestRead: Int
    private var position = 0

    /// Reads `bytes`, at most `largestRead` of them in one call.
    public init(_ bytes: [UInt8], largestRead: Int = .max) {
        precondition(largestRead > 0)
        self.bytes = bytes
        self.largestRead = largestRead
    }

    /// Reads the UTF-8 bytes of `text`.
    public init(_ text: String) {
        self.init(Array(text.utf8))
    }

    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, largestRead, bytes.count - position)
        unsafe bytes.withUnsafeBytes { source in
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[position..<(position + count)]))
        }
        position += count
        return count
    }
}

/// An open file, pipe, socket or terminal, such as standard input (descriptor 0). Does not close it.
public struct FileDescriptorByteSource: ByteSource {
    private let descriptor: Int32
    private let name: String

    /// Reads `descriptor`, which messages call `name`.
    public init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            let number = errno
            switch number {
            case EINTR: continue
            case EAGAIN: waitForInput()
            default: throw IngestError(.unreadable, "cannot read \(name): \(unsafe String(cString: strerror(number)))")
            }
        }
    }

    /// Whether nothing can be read now; at the end of a file or of a closed pipe something can: its end.
    public var wouldWait: Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&request, 1, 0) == 0
    }

    private func waitForInput() {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&request, 1, -1)
    }
}

// Unsafe: hands bytes to write(2).

import EskerFormat
import Glibc

/// Standard output with a buffer: rows go out in pieces of 64 KiB, and at once when `flush` is called.
///
/// A failure ends the command. Swift's `print` locks and copies a line at a time, which costs more than the rows.
final class StandardOutput {
    private var bytes: [UInt8] = []
    private let descriptor: Int32
    private let name: String
    private let cleanUp: () -> Void
    private static let pieceLength = 64 << 10

    /// - Parameters:
    ///   - descriptor: 1 for standard output.
    ///   - name: what an error calls it.
    ///   - cleanUp: done before a failure ends the command.
    init(descriptor: Int32 = 1, name: String = "standard output", cleanUp: @escaping () -> Void = {}) {
        self.descriptor = descriptor
        self.name = name
        self.cleanUp = cleanUp
        bytes.reserveCapacity(Self.pieceLength * 2)
    }

    /// Whether somebody looks at it.
    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Lets `body` append to the buffer.
    func write(_ body: (inout [UInt8]) -> Void) {
        body(&bytes)
        if bytes.count >= Self.pieceLength { flush() }
    }

    func write(_ text: String) {
        write { $0.append(contentsOf: text.utf8) }
    }

    /// Writes bytes; many of them without a copy.
    func write(_ piece: [UInt8]) {
        if piece.count < Self.pieceLength { return write { $0 += piece } }
        flush()
        unsafe piece.withUnsafeBytes { unsafe writeAll($0) }
    }

    /// Writes what is buffered. A reader that went away ends the command, as it ends any other in a pipe.
    func flush() {
        unsafe bytes.withUnsafeBytes { unsafe writeAll($0) }
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes pieces of memory one behind the other, without a copy.
    func write(_ pieces: [Buffer]) {
        flush()
        var vectors = unsafe pieces.filter { $0.byteCount > 0 }.map { piece in
            unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: piece.base), iov_len: piece.byteCount)
        }[...]
        while unsafe !vectors.isEmpty {
            let count = unsafe vectors.prefix(Self.vectorLimit).withUnsafeBufferPointer { some in
                unsafe writev(descriptor, some.baseAddress, Int32(some.count))
            }
            if count < 0 {
                if errno == EINTR { continue }
                fail(errno)
            }
            var rest = count
            while let first = unsafe vectors.first, unsafe rest >= first.iov_len {
                unsafe rest -= first.iov_len
                unsafe vectors.removeFirst()
            }
            if rest > 0 {
                unsafe vectors[vectors.startIndex].iov_base += rest
                unsafe vectors[vectors.startIndex].iov_len -= rest
            }
        }
        // Until here the memory must live.
        withExtendedLifetime(pieces) {}
    }

    /// The system's limit for one call, IOV_MAX.
    private static let vectorLimit = 1024

    private func writeAll(_ all: UnsafeRawBufferPointer) {
        var start = 0
        while start < all.count {
            let count = unsafe Glibc.write(descriptor, all.baseAddress! + start, all.count - start)
            if count < 0 {
                if errno == EINTR { continue }
                fail(errno)
            }
            start += count
        }
    }

    private func fail(_ error: Int32) -> Never {
        cleanUp()
        if error != EPIPE {
            let reason = unsafe String(cString: strerror(error))
            StandardError.write("esker: cannot write to \(name): \(reason)\n")
        }
        exit(ExitStatus.failed.rawValue)
    }
}

/// Standard error, unbuffered.
enum StandardError {
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { all in
            _ = unsafe Glibc.write(2, all.baseAddress, all.count)
        }
    }

    /// Whether somebody looks at it.
    static var isTerminal: Bool { isatty(2) == 1 }

    /// Empties the line that the cursor is in, on a terminal.
    static var clearedLine: String { isTerminal ? "\r\u{1B}[K" : "" }
}

// Unsafe: hands bytes to write(2).

import Glibc

/// Standard output with a buffer: rows go out in pieces of 64 KiB, and at once when `flush` is called.
///
/// Swift's `print` locks and copies a line at a time, which costs more than the rows.
final class StandardOutput {
    private var bytes: [UInt8] = []
    private let descriptor: Int32
    private static let pieceLength = 64 << 10

    /// - Parameter descriptor: 1 for standard output.
    init(descriptor: Int32 = 1) {
        self.descriptor = descriptor
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

    /// Writes what is buffered. A reader that went away ends the command, as it ends any other in a pipe.
    func flush() {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { all in
                unsafe Glibc.write(descriptor, all.baseAddress! + start, all.count - start)
            }
            if count < 0 {
                if errno == EINTR { continue }
                if errno != EPIPE {
                    let reason = unsafe String(cString: strerror(errno))
                    StandardError.write("esker: cannot write to standard output: \(reason)\n")
                }
                exit(ExitStatus.failed.rawValue)
            }
            start += count
        }
        bytes.removeAll(keepingCapacity: true)
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

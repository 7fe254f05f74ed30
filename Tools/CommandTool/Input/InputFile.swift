// Unsafe: asks the system for a file's length, and for its words about an error.

import Esker
import Glibc

/// A file to read, or standard input.
struct InputFile: Sendable {
    /// What messages call it.
    let name: String
    /// Bytes in it; nil for a pipe, a terminal or the like.
    let byteCount: Int?
    private let descriptor: Int32

    /// Opens a file; `-` is standard input.
    init(_ path: String) throws {
        if path == "-" {
            name = "standard input"
            descriptor = 0
        } else {
            name = path
            descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        }
        var status = stat()
        guard descriptor >= 0, unsafe fstat(descriptor, &status) == 0 else {
            throw Failure("esker: cannot open \(path): \(unsafe String(cString: strerror(errno)))")
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw Failure("esker: cannot read \(path): it is a directory; name a file in it")
        }
        byteCount = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    /// The bytes.
    var source: FileDescriptorByteSource { FileDescriptorByteSource(descriptor, name: name) }

    /// Whether somebody types them.
    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// All bytes as text.
    ///
    /// - Throws: when they are not UTF-8.
    func text() throws -> String {
        var source = source
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe try piece.withUnsafeMutableBytes { unsafe try source.read(into: $0) }
            if count == 0 { break }
            bytes += piece[..<count]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure("esker: \(name) is not UTF-8 text; convert it, for example with iconv")
        }
        return text
    }
}

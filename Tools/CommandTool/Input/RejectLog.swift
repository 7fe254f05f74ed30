// Unsafe: hands bytes to write(2).

import Esker
import Glibc

/// Where bad lines go: the first few are told on standard error, all are kept in a file when one is named.
///
/// The file has a JSON object a line: `line` and `byte` (where it begins in the input), `column`, `reason`, and `text`,
/// the line itself (its first kilobyte).
final class RejectLog {
    /// Bad lines so far.
    private(set) var count = 0
    private let descriptor: Int32?
    private let path: String
    private static let shown = 10

    /// - Parameter path: nil: no file. An existing file is written anew.
    init(path: String?) throws {
        self.path = path ?? ""
        guard let path else {
            descriptor = nil
            return
        }
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw Failure("esker: cannot open \(path) for rejects: \(unsafe String(cString: strerror(errno)))")
        }
        descriptor = file
    }

    deinit { if let descriptor { close(descriptor) } }

    /// Takes in bad lines.
    func add(_ rejects: [RejectedLine]) throws {
        if rejects.isEmpty { return }
        for reject in rejects.prefix(max(0, Self.shown - count)) {
            StandardError.write("\(StandardError.clearedLine)esker: \(reject.message)\n")
        }
        if count < Self.shown, count + rejects.count > Self.shown {
            StandardError.write("esker: more bad lines follow; --rejects FILE keeps them all\n")
        }
        count += rejects.count
        guard let descriptor else { return }
        var bytes: [UInt8] = []
        for reject in rejects {
            bytes += Array("{\"line\":\(reject.line),\"byte\":\(reject.byteOffset),\"column\":".utf8)
            if let column = reject.column {
                JSONText.appendString(column, to: &bytes)
            } else {
                bytes += Array("null".utf8)
            }
            bytes += Array(",\"reason\":".utf8)
            JSONText.appendString(reject.reason, to: &bytes)
            bytes += Array(",\"text\":".utf8)
            JSONText.appendString(reject.text, to: &bytes)
            bytes += Array("}\n".utf8)
        }
        try write(bytes, to: descriptor)
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { all in
                unsafe Glibc.write(descriptor, all.baseAddress! + start, all.count - start)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure("esker: cannot write rejects to \(path): \(unsafe String(cString: strerror(errno)))")
            }
            start += count
        }
    }
}

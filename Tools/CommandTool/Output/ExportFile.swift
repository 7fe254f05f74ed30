// Unsafe: hands paths and memory to the system's calls.

import EskerFormat
import Glibc

/// Where an export goes: standard output, or a file that gets its name when it is whole.
///
/// Until then the bytes stand beside it under another name, which is removed when the export fails. What is no regular
/// file (a pipe, a device) is written to as it is.
final class ExportFile {
    private let output: StandardOutput
    private let descriptor: Int32
    /// The path that was asked for, and the one that is written; nil for standard output and for what is no file.
    private let paths: (final: String, partial: String)?
    private(set) var byteCount = 0

    /// Standard output.
    init() {
        descriptor = 1
        paths = nil
        output = StandardOutput()
    }

    /// A file to be.
    init(_ path: String) throws {
        var status = stat()
        let exists = unsafe stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT != S_IFREG {
            descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            if descriptor < 0 { throw Self.failure("open", path) }
            paths = nil
            output = StandardOutput(descriptor: descriptor, name: path)
            return
        }
        // Of a link, the file that it leads to is replaced.
        let final = exists ? Self.resolved(path) : path
        let partial = "\(final).partial-\(getpid())"
        descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw Self.failure("create", partial) }
        paths = (final, partial)
        output = StandardOutput(descriptor: descriptor, name: partial) { _ = unsafe unlink(partial) }
    }

    /// Whether somebody looks at it.
    var isTerminal: Bool { isatty(descriptor) == 1 }

    func write(_ pieces: ExportPieces) {
        byteCount += pieces.byteCount
        switch pieces {
        case .text(let pieces): for piece in pieces { output.write(piece) }
        case .memory(let pieces): output.write(pieces)
        }
    }

    /// Syncs what was written and gives it its name. Call once, at the end of a good export.
    func finish() throws {
        output.flush()
        guard let paths else { return }
        guard fsync(descriptor) == 0, close(descriptor) == 0 else {
            throw give(up: Self.failure("sync", paths.partial))
        }
        guard unsafe rename(paths.partial, paths.final) == 0 else {
            throw give(up: Self.failure("rename \(paths.partial) to", paths.final))
        }
    }

    /// Removes what was written.
    func discard() {
        if let paths { _ = unsafe unlink(paths.partial) }
    }

    private func give(up failure: Failure) -> Failure {
        discard()
        return failure
    }

    private static func resolved(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static func failure(_ what: String, _ path: String) -> Failure {
        Failure("esker: cannot \(what) \(path): \(unsafe String(cString: strerror(errno)))")
    }
}

// Unsafe: copies the C library's words for an error number.
import Glibc

/// Why a file operation failed: what was tried, where, the system's reason, and what to do about it.
package struct FileError: Error, Hashable, CustomStringConvertible {
    /// What callers decide by.
    package let code: Code
    /// The operation as a verb: "open", "write", "sync" …
    package let operation: String
    package let path: String
    /// Byte offset in the file, where there is one.
    package let offset: Int64?
    /// The system's number, 0 when the cause is not a system call.
    package let errno: Int32
    /// The reason in words.
    package let message: String

    /// A failure that has no number of the system's.
    package init(_ code: Code, _ operation: String, _ path: String, offset: Int64? = nil, message: String) {
        self.code = code
        self.operation = operation
        self.path = path
        self.offset = offset
        self.errno = 0
        self.message = message
    }

    /// A failed system call.
    package init(errno: Int32, _ operation: String, _ path: String, offset: Int64? = nil) {
        self.code = Code(errno: errno)
        self.operation = operation
        self.path = path
        self.offset = offset
        self.errno = errno
        self.message = Self.reason(of: errno)
    }

    package var description: String {
        let place = offset.map { " at byte \($0)" } ?? ""
        let number = errno == 0 ? "" : " (errno \(errno))"
        let advice = code.advice.map { ". \($0)" } ?? ""
        return "cannot \(operation) \(path)\(place): \(message)\(number)\(advice)"
    }

    /// The C library's words. Since glibc 2.32 the buffer belongs to the thread, so no other thread can change it.
    private static func reason(of errno: Int32) -> String {
        guard let words = unsafe strerror(errno) else { return "unknown error" }
        return unsafe String(cString: words)
    }
}

extension FileError {
    /// The kinds of failure. More may be added, so a `switch` needs a default.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case notFound, exists, noSpace, io, locked, permission, tooManyOpenFiles, isDirectory, notDirectory
            case notEmpty, readOnly, tooLarge, invalid, unsupported, closed, crashed, other
        }

        private let kind: Kind

        package var description: String { kind.rawValue }

        /// No file or directory has this name.
        package static let notFound = Code(kind: .notFound)
        /// The name is taken.
        package static let exists = Code(kind: .exists)
        /// The disk or the quota is full; goes away when space is freed.
        package static let noSpace = Code(kind: .noSpace)
        /// The device failed.
        package static let io = Code(kind: .io)
        /// Someone else holds the lock.
        package static let locked = Code(kind: .locked)
        package static let permission = Code(kind: .permission)
        /// The process or the system has no descriptor left.
        package static let tooManyOpenFiles = Code(kind: .tooManyOpenFiles)
        package static let isDirectory = Code(kind: .isDirectory)
        package static let notDirectory = Code(kind: .notDirectory)
        /// A directory that still has entries cannot be removed or replaced.
        package static let notEmpty = Code(kind: .notEmpty)
        /// The file system, or this opening of the file, is read-only.
        package static let readOnly = Code(kind: .readOnly)
        /// The file would grow past the file system's limit.
        package static let tooLarge = Code(kind: .tooLarge)
        /// The range is not in the file, or the system refused an argument.
        package static let invalid = Code(kind: .invalid)
        /// This file system cannot do it.
        package static let unsupported = Code(kind: .unsupported)
        /// The file was closed before.
        package static let closed = Code(kind: .closed)
        /// A simulated power cut: see ``FaultyFileSystem``.
        package static let crashed = Code(kind: .crashed)
        package static let other = Code(kind: .other)

        private init(kind: Kind) { self.kind = kind }

        fileprivate init(errno: Int32) {
            switch errno {
            case ENOENT: kind = .notFound
            case EEXIST: kind = .exists
            case ENOSPC, EDQUOT: kind = .noSpace
            case EIO: kind = .io
            case EWOULDBLOCK: kind = .locked
            case EACCES, EPERM: kind = .permission
            case EMFILE, ENFILE: kind = .tooManyOpenFiles
            case EISDIR: kind = .isDirectory
            case ENOTDIR: kind = .notDirectory
            case ENOTEMPTY: kind = .notEmpty
            case EROFS, EBADF: kind = .readOnly
            case EFBIG: kind = .tooLarge
            case EINVAL: kind = .invalid
            case EOPNOTSUPP, ENOSYS: kind = .unsupported
            default: kind = .other
            }
        }

        /// What whoever reads the message can do.
        fileprivate var advice: String? {
            switch kind {
            case .noSpace: "Free space on that disk or raise the quota; writing can then go on"
            case .io: "Check the disk; bytes written since the last successful sync may be lost"
            case .locked: "Close the store there, or open it read-only here"
            case .permission: "Check the owner and mode of the file and of the directories above it"
            case .tooManyOpenFiles: "Raise the limit of open files (ulimit -n)"
            case .readOnly: "Open the file for writing, on a file system that is mounted for writing"
            case .unsupported: "Put the store on a local disk (ext4 or xfs)"
            default: nil
            }
        }
    }
}

extension FileError {
    static func closed(_ operation: String, _ path: String) -> FileError {
        FileError(.closed, operation, path, message: "the file was closed before")
    }

    /// A mapping of bytes that are not there.
    static func outsideFile(_ path: String, offset: Int64, length: Int, size: Int64) -> FileError {
        let message = "\(length) bytes from there are not in the file, which has \(size)"
        return FileError(.invalid, "map", path, offset: offset, message: message)
    }
}

// Unsafe: passes pointers to system calls and reads what they return.
import CPlatform
import Glibc

/// The disk, through Linux system calls.
///
/// New files get mode 0644 and new directories 0755, less the process's umask. Every descriptor closes on exec.
package struct PosixFileSystem: FileSystem {
    package init() {}

    package func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any File {
        let descriptor = try Self.descriptor(path, mode.flags, "open")
        var status = stat()
        let result = unsafe fstat(descriptor, &status)
        let failure = result == 0 ? (status.st_mode & S_IFMT == S_IFDIR ? EISDIR : 0) : errno
        guard failure == 0 else {
            Glibc.close(descriptor)
            throw FileError(errno: failure, "open", path)
        }
        return PosixFile(path, descriptor)
    }

    package func rename(_ from: String, to: String) throws(FileError) {
        guard unsafe Glibc.rename(from, to) == 0 else { throw FileError(errno: errno, "rename to \(to)", from) }
    }

    package func remove(_ path: String) throws(FileError) {
        guard unsafe Glibc.remove(path) == 0 else { throw FileError(errno: errno, "remove", path) }
    }

    package func link(_ from: String, to: String) throws(FileError) {
        guard unsafe Glibc.link(from, to) == 0 else { throw FileError(errno: errno, "link to \(to)", from) }
    }

    package func makeDirectory(_ path: String) throws(FileError) {
        if unsafe mkdir(path, 0o755) == 0 { return }
        let failure = errno
        switch failure {
        case EEXIST:
            guard try isDirectory(path) else { throw FileError(errno: ENOTDIR, "make directory", path) }
        case ENOENT:
            guard let parent = path.parentPath, parent != path else { fallthrough }
            try makeDirectory(parent)
            guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
                throw FileError(errno: errno, "make directory", path)
            }
        default:
            throw FileError(errno: failure, "make directory", path)
        }
    }

    package func list(_ path: String) throws(FileError) -> [String] {
        guard let directory = unsafe opendir(path) else { throw FileError(errno: errno, "list", path) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while true {
            var name: UnsafePointer<CChar>?
            let failure = unsafe esker_next_entry(directory, &name)
            guard failure == 0 else { throw FileError(errno: failure, "list", path) }
            guard let text = unsafe name.map({ unsafe String(cString: $0) }) else { break }
            if text != "." && text != ".." { names.append(text) }
        }
        return names.sortedByBytes()
    }

    package func exists(_ path: String) throws(FileError) -> Bool {
        if unsafe access(path, F_OK) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw FileError(errno: errno, "look for", path) }
        return false
    }

    package func syncDirectory(_ path: String) throws(FileError) {
        let descriptor = try Self.descriptor(path, O_RDONLY | O_DIRECTORY, "sync directory")
        defer { Glibc.close(descriptor) }
        guard retryingInterrupts({ fsync(descriptor) }) == 0 else {
            throw FileError(errno: errno, "sync directory", path)
        }
    }

    package func freeSpace(_ path: String) throws(FileError) -> Int64 {
        var bytes: Int64 = 0
        let failure = unsafe esker_free_space(path, &bytes)
        guard failure == 0 else { throw FileError(errno: failure, "ask for space of", path) }
        return bytes
    }

    package func lock(_ path: String) throws(FileError) -> any FileLock {
        let descriptor = try Self.descriptor(path, O_RDWR | O_CREAT, "lock")
        return try PosixFileLock.take(path, descriptor)
    }

    private func isDirectory(_ path: String) throws(FileError) -> Bool {
        var status = Glibc.stat()
        guard unsafe stat(path, &status) == 0 else { throw FileError(errno: errno, "look at", path) }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    private static func descriptor(_ path: String, _ flags: Int32, _ operation: String) throws(FileError) -> Int32 {
        let descriptor = retryingInterrupts { unsafe Glibc.open(path, flags | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else { throw FileError(errno: errno, operation, path) }
        return descriptor
    }
}

/// Repeats a call that a signal interrupted before it did anything.
func retryingInterrupts(_ call: () -> Int32) -> Int32 {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

extension OpenMode {
    fileprivate var flags: Int32 {
        switch self {
        case .read: O_RDONLY
        case .readWrite: O_RDWR
        case .create: O_RDWR | O_CREAT | O_EXCL
        case .createOrOpen: O_RDWR | O_CREAT
        }
    }
}

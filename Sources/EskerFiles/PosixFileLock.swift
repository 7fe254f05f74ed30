import Glibc
import Synchronization

/// An exclusive `flock` on a file that holds the owner's process id as text, so that whoever is refused can say who
/// has it. The lock belongs to this opening: it also keeps out a second opening in the same process.
final class PosixFileLock: FileLock {
    let path: String
    /// -1 once released.
    private let descriptor: Atomic<Int32>

    private init(_ path: String, _ descriptor: Int32) {
        self.path = path
        self.descriptor = Atomic(descriptor)
    }

    /// Takes the lock, and the descriptor with it: that is closed when the lock cannot be had.
    static func take(_ path: String, _ descriptor: Int32) throws(FileError) -> PosixFileLock {
        let lock = PosixFileLock(path, descriptor)
        guard retryingInterrupts({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 else {
            let failure = errno
            guard failure == EWOULDBLOCK else { throw FileError(errno: failure, "lock", path) }
            let owner = readOwner(PosixFile(path, dup(descriptor))) ?? "another opening"
            throw FileError(.locked, "lock", path, message: "\(owner) holds it")
        }
        // The owner's id only serves messages: a full disk must not keep a store closed.
        let note = PosixFile(path, dup(descriptor))
        try? note.truncate(to: 0)
        try? note.write(Array("\(getpid())\n".utf8), at: 0)
        note.close()
        return lock
    }

    deinit { release() }

    func release() {
        let descriptor = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
        if descriptor >= 0 { Glibc.close(descriptor) }
    }

    private static func readOwner(_ file: PosixFile) -> String? {
        guard let bytes = try? file.read(at: 0, count: 20) else { return nil }
        let text = String(decoding: bytes.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }, as: UTF8.self)
        return Int32(text).map { "process \($0)" }
    }
}

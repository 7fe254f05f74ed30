import Glibc
import Synchronization

/// A disk in memory whose power can be cut.
///
/// It behaves like the disk under Linux, down to which call makes what durable (see ``FileSystem``), and
/// ``crashClone(keep:)`` returns the disk as it could be found afterwards. Useful for tests and for stores that shall
/// not outlive the process; not for large data: a file holds at most 1 GiB.
///
/// Paths start at one root; "a/b" and "/a/b" are the same file. ".." is not understood.
package final class MemoryFileSystem: FileSystem {
    /// One lock for everything, so that a power cut is one instant for all files.
    private let disk: Mutex<MemoryDisk>

    /// A disk with space for `capacity` bytes, in blocks of 4096; nil: no limit.
    package init(capacity: Int64? = nil) {
        disk = Mutex(MemoryDisk(capacity: capacity))
    }

    private init(_ disk: MemoryDisk) {
        self.disk = Mutex(disk)
    }

    /// The disk as it could be found after a power cut now. This one goes on as if nothing had happened.
    package func crashClone(keep powerCut: PowerCut) -> MemoryFileSystem {
        MemoryFileSystem(disk.withLock { $0.afterPowerCut(powerCut) })
    }

    /// ``crashClone(keep:)`` with every unsynced sector and name kept or lost at random.
    package func crashClone(seed: UInt64) -> MemoryFileSystem {
        crashClone(keep: .random(seed: seed))
    }

    /// Bytes that files may take; below what they take already, every write that needs space fails.
    package var capacity: Int64? {
        get { disk.withLock { $0.capacity } }
        set { disk.withLock { $0.capacity = newValue } }
    }

    package func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any File {
        let (file, opening) = try withDisk { (disk) throws(FileError) in
            (try disk.open(path, mode, "open"), disk.makeNumber())
        }
        return MemoryFile(self, path, file: file, opening: opening, isWritable: mode != .read)
    }

    package func rename(_ from: String, to: String) throws(FileError) {
        try withDisk { (disk) throws(FileError) in try disk.rename(from, to) }
    }

    package func remove(_ path: String) throws(FileError) {
        try withDisk { (disk) throws(FileError) in try disk.remove(path) }
    }

    package func link(_ from: String, to: String) throws(FileError) {
        try withDisk { (disk) throws(FileError) in try disk.link(from, to) }
    }

    package func makeDirectory(_ path: String) throws(FileError) {
        try withDisk { (disk) throws(FileError) in try disk.makeDirectory(path) }
    }

    package func list(_ path: String) throws(FileError) -> [String] {
        try withDisk { (disk) throws(FileError) in disk.names.list(try disk.directory(path, "list")) }
    }

    package func exists(_ path: String) throws(FileError) -> Bool {
        if path.pathComponents.isEmpty { return true }
        do {
            return try withDisk { (disk) throws(FileError) in try disk.resolve(path, "look for").1 != nil }
        } catch  where error.code == .notFound || error.code == .notDirectory {
            return false
        }
    }

    package func syncDirectory(_ path: String) throws(FileError) {
        try withDisk { (disk) throws(FileError) in try disk.syncDirectory(path) }
    }

    package func freeSpace(_ path: String) throws(FileError) -> Int64 {
        try withDisk { (disk) throws(FileError) in
            if !path.pathComponents.isEmpty, try disk.resolve(path, "ask for space of").1 == nil {
                throw FileError(errno: ENOENT, "ask for space of", path)
            }
            return disk.freeBytes
        }
    }

    package func lock(_ path: String) throws(FileError) -> any FileLock {
        let file = try withDisk { (disk) throws(FileError) in
            let file = try disk.open(path, .createOrOpen, "lock")
            guard !disk.contents[file]!.isLocked else {
                disk.close(file)
                throw FileError(.locked, "lock", path, message: "process \(getpid()) (this one) holds it")
            }
            disk.contents[file]!.isLocked = true
            return file
        }
        return MemoryFileLock(self, path, file: file)
    }

    /// One step that no other thread sees half done.
    func withDisk<Result: Sendable>(
        _ body: (inout MemoryDisk) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        try disk.withLock { (disk) throws(FileError) in try body(&disk) }
    }
}

/// A whole-file lock between openings in this process.
private final class MemoryFileLock: FileLock {
    let path: String
    private let fileSystem: MemoryFileSystem
    private let file: Int
    private let isReleased = Atomic(false)

    init(_ fileSystem: MemoryFileSystem, _ path: String, file: Int) {
        self.fileSystem = fileSystem
        self.path = path
        self.file = file
    }

    deinit { release() }

    func release() {
        guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
        try? fileSystem.withDisk { (disk) throws(FileError) in
            disk.contents[file]?.isLocked = false
            disk.close(file)
        }
    }
}

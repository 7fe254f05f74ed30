// Unsafe: carries callers' memory to the content of one file.
import Glibc
import Synchronization

/// An open file of a ``MemoryFileSystem``.
final class MemoryFile: File {
    let path: String
    private let fileSystem: MemoryFileSystem
    private let file: Int
    /// Owner of this opening's range locks.
    private let opening: Int
    private let isWritable: Bool
    private let isClosed = Atomic(false)

    init(_ fileSystem: MemoryFileSystem, _ path: String, file: Int, opening: Int, isWritable: Bool) {
        self.fileSystem = fileSystem
        self.path = path
        self.file = file
        self.opening = opening
        self.isWritable = isWritable
    }

    deinit { close() }

    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        try? fileSystem.withDisk { (disk) throws(FileError) in
            disk.contents[file]?.rangeLocks.releaseAll(of: opening)
            disk.close(file)
        }
    }

    func size() throws(FileError) -> Int64 {
        try withDisk("ask for size of") { (disk) throws(FileError) in disk.contents[file]!.size }
    }

    func write(_ pieces: [UnsafeRawBufferPointer], at offset: Int64) throws(FileError) {
        precondition(offset >= 0, "negative file offset")
        try change("write") { (disk) throws(FileError) in
            let count = unsafe pieces.reduce(0) { $0 + $1.count }
            guard count > 0 else { return }
            // As on a disk: what fits is written, then the error comes.
            let (end, errno) = disk.room(for: offset..<offset + Int64(count), in: file)
            disk.contents[file]!.allocate(offset..<end)
            unsafe disk.contents[file]!.write(pieces, at: offset, count: Int(end - offset))
            guard errno == 0 else { throw FileError(errno: errno, "write", path, offset: end) }
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FileError) -> Int {
        precondition(offset >= 0, "negative file offset")
        return try withDisk("read") { (disk) throws(FileError) in
            unsafe disk.contents[file]!.read(into: buffer, at: offset)
        }
    }

    func sync() throws(FileError) {
        try withDisk("sync") { (disk) throws(FileError) in disk.contents[file]!.sync() }
    }

    func truncate(to size: Int64) throws(FileError) {
        precondition(size >= 0, "negative file size")
        try change("truncate") { (disk) throws(FileError) in
            guard size <= MemoryContent.maximumSize else {
                throw FileError(errno: EFBIG, "truncate", path, offset: size)
            }
            disk.contents[file]!.cut(to: size)
            disk.contents[file]!.grow(to: size)
        }
    }

    func reserve(from start: Int64, to end: Int64) throws(FileError) {
        precondition(start >= 0 && start <= end, "not a range of a file")
        try change("reserve") { (disk) throws(FileError) in try reserve(start..<end, &disk) }
    }

    func fillWithZeros(from start: Int64, to end: Int64) throws(FileError) {
        precondition(start >= 0 && start <= end, "not a range of a file")
        try change("fill with zeros") { (disk) throws(FileError) in
            try reserve(start..<end, &disk)
            disk.contents[file]!.writeZeros(start..<end)
        }
    }

    func map(offset: Int64, length: Int) throws(FileError) -> MappedRegion {
        precondition(offset >= 0 && length >= 0, "not a range of a file")
        return try withDisk("map") { (disk) throws(FileError) in
            let size = disk.contents[file]!.size
            guard offset <= size, Int64(length) <= size - offset else {
                throw FileError.outsideFile(path, offset: offset, length: length, size: size)
            }
            return MappedRegion(disk.contents[file]!.pages(), skipping: Int(offset), count: length)
        }
    }

    func lockRange(_ start: Int64, _ length: Int64, _ kind: RangeLock) throws(FileError) -> Bool {
        precondition(start >= 0 && length > 0, "not a range of a file")
        return try withDisk("lock range of") { (disk) throws(FileError) in
            guard kind != .exclusive || isWritable else {
                throw FileError(errno: EBADF, "lock range of", path, offset: start)
            }
            return disk.contents[file]!.rangeLocks.set(kind, start..<start + length, owner: opening)
        }
    }

    /// Makes a sync fail that loses bytes; for ``FaultyFileSystem``.
    func failSync(losing loss: SyncLoss) {
        try? withDisk("sync") { (disk) throws(FileError) in disk.contents[file]!.failSync(losing: loss) }
    }

    private func reserve(_ range: Range<Int64>, _ disk: inout MemoryDisk) throws(FileError) {
        guard !range.isEmpty else { return }
        let errno = disk.room(for: range, in: file).errno
        guard errno == 0 else { throw FileError(errno: errno, "reserve", path, offset: range.lowerBound) }
        disk.contents[file]!.allocate(range)
        disk.contents[file]!.grow(to: range.upperBound)
    }

    private func change(
        _ operation: String, _ body: (inout MemoryDisk) throws(FileError) -> Void
    ) throws(FileError) {
        try withDisk(operation) { (disk) throws(FileError) in
            guard isWritable else { throw FileError(errno: EBADF, operation, path) }
            try body(&disk)
        }
    }

    private func withDisk<Result: Sendable>(
        _ operation: String, _ body: (inout MemoryDisk) throws(FileError) -> Result
    ) throws(FileError) -> Result {
        try fileSystem.withDisk { (disk) throws(FileError) in
            guard !isClosed.load(ordering: .acquiring) else { throw FileError.closed(operation, path) }
            return try body(&disk)
        }
    }
}

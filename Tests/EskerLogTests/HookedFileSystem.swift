// Unsafe: passes callers' memory on.
import EskerFiles

/// A file system that calls a hook before every operation that changes the disk: the places where power can go.
final class HookedFileSystem: FileSystem {
    let base: any FileSystem
    let hook: @Sendable () -> Void

    init(_ base: any FileSystem, beforeChange hook: @escaping @Sendable () -> Void) {
        self.base = base
        self.hook = hook
    }

    func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any File {
        if mode == .create || mode == .createOrOpen { hook() }
        return HookedFile(try base.open(path, mode), hook)
    }

    func rename(_ from: String, to: String) throws(FileError) {
        hook()
        try base.rename(from, to: to)
    }

    func remove(_ path: String) throws(FileError) {
        hook()
        try base.remove(path)
    }

    func link(_ from: String, to: String) throws(FileError) {
        hook()
        try base.link(from, to: to)
    }

    func makeDirectory(_ path: String) throws(FileError) {
        hook()
        try base.makeDirectory(path)
    }

    func syncDirectory(_ path: String) throws(FileError) {
        hook()
        try base.syncDirectory(path)
    }

    func list(_ path: String) throws(FileError) -> [String] { try base.list(path) }
    func exists(_ path: String) throws(FileError) -> Bool { try base.exists(path) }
    func freeSpace(_ path: String) throws(FileError) -> Int64 { try base.freeSpace(path) }
    func lock(_ path: String) throws(FileError) -> any FileLock { try base.lock(path) }
}

/// An open file whose changes call the hook first.
private final class HookedFile: File {
    let base: any File
    let hook: @Sendable () -> Void

    init(_ base: any File, _ hook: @escaping @Sendable () -> Void) {
        self.base = base
        self.hook = hook
    }

    var path: String { base.path }

    func write(_ pieces: [UnsafeRawBufferPointer], at offset: Int64) throws(FileError) {
        hook()
        try unsafe base.write(pieces, at: offset)
    }

    func sync() throws(FileError) {
        hook()
        try base.sync()
    }

    func truncate(to size: Int64) throws(FileError) {
        hook()
        try base.truncate(to: size)
    }

    func reserve(from start: Int64, to end: Int64) throws(FileError) {
        hook()
        try base.reserve(from: start, to: end)
    }

    func fillWithZeros(from start: Int64, to end: Int64) throws(FileError) {
        hook()
        try base.fillWithZeros(from: start, to: end)
    }

    func size() throws(FileError) -> Int64 { try base.size() }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FileError) -> Int {
        try unsafe base.read(into: buffer, at: offset)
    }

    func map(offset: Int64, length: Int) throws(FileError) -> MappedRegion {
        try base.map(offset: offset, length: length)
    }

    func lockRange(_ start: Int64, _ length: Int64, _ kind: RangeLock) throws(FileError) -> Bool {
        try base.lockRange(start, length, kind)
    }

    func close() { base.close() }
}

/// What the rooms above may ask of a disk, and nothing more.
///
/// Three types fulfil it: ``PosixFileSystem`` (the disk), ``MemoryFileSystem`` (a disk in memory whose power can be
/// cut) and ``FaultyFileSystem`` (a wrapper that makes any other one fail on command). The seam is crossed once per
/// I/O, so `any FileSystem` costs nothing that could be measured beside a system call.
///
/// Paths are plain strings joined with "/". What is durable when:
/// - a file's bytes and size: after ``File/sync()`` of that file;
/// - a name (created, renamed, removed, linked): after ``syncDirectory(_:)`` of the directory that holds it, and of
///   both directories for a rename across directories.
///
/// All methods may be called from any thread and block until the system call returns.
package protocol FileSystem: Sendable {
    /// Opens a regular file. Errors: `.notFound`, `.exists` (with `.create`), `.isDirectory`, `.permission`,
    /// `.tooManyOpenFiles`, `.noSpace`.
    func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any File

    /// Gives a file or directory another name; replaces a file that has the new name, atomically.
    func rename(_ from: String, to: String) throws(FileError)

    /// Removes a name of a file, or an empty directory. Open files and mappings stay usable.
    func remove(_ path: String) throws(FileError)

    /// Gives a file a second name (a hard link). `.exists` when the new name is taken.
    func link(_ from: String, to: String) throws(FileError)

    /// Makes a directory and those above it; none of them is durable until its parent is synced. Fine if it exists.
    func makeDirectory(_ path: String) throws(FileError)

    /// Names in a directory, sorted by their bytes, without "." and "..".
    func list(_ path: String) throws(FileError) -> [String]

    /// Whether a file or directory has this name.
    func exists(_ path: String) throws(FileError) -> Bool

    /// Makes the names in a directory durable.
    func syncDirectory(_ path: String) throws(FileError)

    /// Bytes that can still be written on the disk that holds `path`.
    func freeSpace(_ path: String) throws(FileError) -> Int64

    /// Takes the whole-file exclusive lock at `path` (the file is created when missing and stays when released).
    /// `.locked` when someone else has it; the message names the process when known.
    func lock(_ path: String) throws(FileError) -> any FileLock
}

/// An open file. Reads and writes carry their offset, so that several threads can share it.
package protocol File: AnyObject, Sendable {
    /// The path that was opened; it does not follow renames.
    var path: String { get }

    /// Bytes in the file.
    func size() throws(FileError) -> Int64

    /// Writes the pieces one after the other from `offset` on: all of them, or an error after which any part of
    /// them may have been written.
    func write(_ pieces: [UnsafeRawBufferPointer], at offset: Int64) throws(FileError)

    /// Fills `buffer` from `offset` on and returns the number of bytes; less than asked for only at the end of file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FileError) -> Int

    /// Makes the bytes and the size durable. After an error nothing may be assumed about any byte written since the
    /// last success, also if a later call succeeds: the system has dropped them (write them again elsewhere).
    func sync() throws(FileError)

    /// Cuts or grows the file to `size` bytes; new bytes are zero.
    func truncate(to size: Int64) throws(FileError)

    /// Allocates `start..<end`, so that writing there cannot fail for lack of space. Grows the file, keeps bytes.
    func reserve(from start: Int64, to end: Int64) throws(FileError)

    /// Allocates `start..<end` and writes zeros over it, so that a later ``sync()`` of a write there changes no
    /// metadata: 102 µs instead of 163–197 µs a commit (4 KiB, ext4, measured 2026-11-23).
    func fillWithZeros(from start: Int64, to end: Int64) throws(FileError)

    /// Maps bytes that are in the file for reading. Later writes show through; the mapping outlives the file and its
    /// name, but bytes that are cut off by ``truncate(to:)`` must not be read any more.
    func map(offset: Int64, length: Int) throws(FileError) -> MappedRegion

    /// Takes, changes or gives back a lock on `length` bytes (> 0) from `start` on, without waiting; `false` when
    /// another opening of the file holds a conflicting one. Locks belong to this opening and end with it. An
    /// exclusive lock needs a writable file.
    func lockRange(_ start: Int64, _ length: Int64, _ kind: RangeLock) throws(FileError) -> Bool

    /// Closes the file; closing twice is fine, other calls fail with `.closed` from then on. No other call may be
    /// running at the same time.
    func close()
}

/// A held whole-file lock; ends with ``release()``, with the object, or with the process.
package protocol FileLock: AnyObject, Sendable {
    var path: String { get }
    /// Gives the lock back; doing so twice is fine.
    func release()
}

/// How to open a file.
package enum OpenMode: String, Sendable {
    /// An existing file, for reading only.
    case read
    /// An existing file, for reading and writing.
    case readWrite
    /// A new file, for reading and writing; an error if the name is taken.
    case create
    /// An existing or new file, for reading and writing.
    case createOrOpen
}

/// Kinds of byte-range lock.
package enum RangeLock: String, Sendable {
    /// Any number of holders, while nobody has it exclusively.
    case shared
    /// One holder.
    case exclusive
    /// Give back.
    case unlock
}

/// How mapped bytes are about to be read.
package enum AccessPattern: Sendable {
    case normal, sequential, random, willNeed
}

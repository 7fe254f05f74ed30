// Unsafe: passes callers' memory to system calls.
import CPlatform
import Glibc
import Synchronization

/// An open file of the disk.
final class PosixFile: File {
    let path: String
    /// -1 once closed.
    private let descriptor: Atomic<Int32>

    init(_ path: String, _ descriptor: Int32) {
        self.path = path
        self.descriptor = Atomic(descriptor)
    }

    deinit { close() }

    func close() {
        let descriptor = descriptor.exchange(-1, ordering: .acquiringAndReleasing)
        if descriptor >= 0 { Glibc.close(descriptor) }  // not repeated on EINTR: Linux has closed it
    }

    func size() throws(FileError) -> Int64 {
        var status = stat()
        let descriptor = try opened("ask for size of")
        guard unsafe fstat(descriptor, &status) == 0 else { throw error("ask for size of") }
        return Int64(status.st_size)
    }

    func write(_ pieces: [UnsafeRawBufferPointer], at offset: Int64) throws(FileError) {
        precondition(offset >= 0, "negative file offset")
        let descriptor = try opened("write")
        var rest = unsafe PieceCursor(pieces)
        var position = offset
        let capacity = unsafe max(1, min(pieces.count, PieceCursor.maximumVectorCount))
        let failure = unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: capacity) { vector in
            while true {
                let count = unsafe rest.fill(vector)
                if count == 0 { return Int32(0) }
                let written = unsafe pwritev(descriptor, vector.baseAddress, Int32(count), Int(position))
                if written < 0 && errno == EINTR { continue }
                if written < 0 { return errno }
                if written == 0 { return EIO }  // no progress and no reason: never loop for ever
                position += Int64(written)
                rest.advance(by: written)
            }
        }
        guard failure == 0 else { throw FileError(errno: failure, "write", path, offset: position) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FileError) -> Int {
        precondition(offset >= 0, "negative file offset")
        let descriptor = try opened("read")
        var count = 0
        while count < buffer.count {
            let position = Int(offset) + count
            let result = unsafe pread(descriptor, buffer.baseAddress! + count, buffer.count - count, position)
            if result < 0 && errno == EINTR { continue }
            if result < 0 { throw error("read", at: Int64(position)) }
            if result == 0 { break }
            count += result
        }
        return count
    }

    func sync() throws(FileError) {
        let descriptor = try opened("sync")
        guard retryingInterrupts({ fdatasync(descriptor) }) == 0 else { throw error("sync") }
    }

    func truncate(to size: Int64) throws(FileError) {
        precondition(size >= 0, "negative file size")
        let descriptor = try opened("truncate")
        guard retryingInterrupts({ ftruncate(descriptor, Int(size)) }) == 0 else { throw error("truncate", at: size) }
    }

    func reserve(from start: Int64, to end: Int64) throws(FileError) {
        precondition(start >= 0 && start <= end, "not a range of a file")
        guard start < end else { return }
        let failure = try esker_allocate(opened("reserve"), start, end - start)
        if failure == EOPNOTSUPP {
            // The file system cannot allocate ahead. Writing what lies past the end at least claims that.
            let size = try size()
            if size < end { try writeZeros(from: max(size, start), to: end) }
        } else if failure != 0 {
            throw FileError(errno: failure, "reserve", path, offset: start)
        }
    }

    func fillWithZeros(from start: Int64, to end: Int64) throws(FileError) {
        try reserve(from: start, to: end)
        try writeZeros(from: start, to: end)
    }

    func map(offset: Int64, length: Int) throws(FileError) -> MappedRegion {
        precondition(offset >= 0 && length >= 0, "not a range of a file")
        let size = try size()
        guard offset <= size, Int64(length) <= size - offset else {
            throw FileError.outsideFile(path, offset: offset, length: length, size: size)
        }
        let skipped = Int(offset) & (PageMemory.pageSize - 1)
        let memory =
            length == 0
            ? PageMemory.reserve(PageMemory.pageSize)
            : PageMemory.map(descriptor: try opened("map"), offset: offset - Int64(skipped), count: length + skipped)
        guard let memory else { throw error("map", at: offset) }
        return MappedRegion(memory, skipping: length == 0 ? 0 : skipped, count: length)
    }

    func lockRange(_ start: Int64, _ length: Int64, _ kind: RangeLock) throws(FileError) -> Bool {
        precondition(start >= 0 && length > 0, "not a range of a file")
        let request =
            switch kind {
            case .shared: ESKER_LOCK_SHARED
            case .exclusive: ESKER_LOCK_EXCLUSIVE
            case .unlock: ESKER_UNLOCK
            }
        let failure = try esker_lock_range(opened("lock range of"), start, length, Int32(request))
        guard failure == 0 || failure == EAGAIN else {
            throw FileError(errno: failure, "lock range of", path, offset: start)
        }
        return failure == 0
    }

    /// Writes zeros in requests of 1 MiB, which reach the disk's full speed.
    private func writeZeros(from start: Int64, to end: Int64) throws(FileError) {
        let block = 64 << 10
        guard let zeros = PageMemory.reserve(block) else { throw error("fill with zeros", at: start) }
        let piece = unsafe UnsafeRawBufferPointer(start: zeros.base, count: block)
        let request = unsafe [UnsafeRawBufferPointer](repeating: piece, count: 16)
        let requestBytes = Int64(16 * block)
        var position = start
        while position < end {
            let left = end - position
            if left >= requestBytes {
                try unsafe write(request, at: position)
                position += requestBytes
            } else {
                let count = Int(min(left, Int64(block)))
                try unsafe write([UnsafeRawBufferPointer(rebasing: piece[..<count])], at: position)
                position += Int64(count)
            }
        }
        withExtendedLifetime(zeros) {}
    }

    private func opened(_ operation: String) throws(FileError) -> Int32 {
        let descriptor = descriptor.load(ordering: .acquiring)
        guard descriptor >= 0 else { throw .closed(operation, path) }
        return descriptor
    }

    /// The error of the system call that has just failed on this thread.
    private func error(_ operation: String, at offset: Int64? = nil) -> FileError {
        FileError(errno: errno, operation, path, offset: offset)
    }
}

import EskerFiles
import Glibc
import Testing

/// Limits of space, locks between file systems, and what errors say.
struct SpaceAndLockTests {
    @Test("A full disk writes what fits, keeps reserved space usable, and goes on when space is freed")
    func fullDisk() throws {
        let disk = MemoryFileSystem(capacity: 5 * 4096)
        let reserved = try disk.open("reserved", .create)
        try reserved.reserve(from: 0, to: 2 * 4096)
        #expect(try disk.freeSpace("/") == 3 * 4096)
        let file = try disk.open("a", .create)
        let error = expectFailure(.noSpace) { try file.write(pattern(20_000, 1), at: 0) }
        #expect(error?.offset == Int64(3 * 4096))
        #expect(try file.contents() == [UInt8](pattern(20_000, 1)[..<(3 * 4096)]))
        expectFailure(.noSpace) { try disk.open("b", .create).write([1], at: 0) }
        expectFailure(.noSpace) { try disk.open("b", .readWrite).reserve(from: 0, to: 1) }
        try file.write([9], at: 0)
        try reserved.write(pattern(2 * 4096, 2), at: 0)
        try file.truncate(to: 4096)
        try disk.open("b", .readWrite).write([1], at: 0)
        #expect(try disk.freeSpace("/") == 4096)
        try disk.remove("reserved")
        #expect(try disk.freeSpace("/") == 4096)  // still open
        reserved.close()
        #expect(try disk.freeSpace("/") == 3 * 4096)
        disk.capacity = 0
        expectFailure(.noSpace) { try file.write([1], at: 4096) }
        disk.capacity = nil
        try file.write([1], at: 4096)
    }

    @Test("Space of growth that a power cut took back is free again")
    func spaceAfterPowerCut() throws {
        let disk = MemoryFileSystem(capacity: 10 * 4096)
        let file = try disk.open("a", .create)
        try file.write([1], at: 0)
        try file.sync()
        try disk.syncDirectory("/")
        try file.write(pattern(5 * 4096, 1), at: 4096)
        #expect(try disk.freeSpace("/") == 4 * 4096)
        #expect(try disk.crashClone(keep: .everything).freeSpace("/") == 4 * 4096)
        #expect(try disk.crashClone(keep: .synced).freeSpace("/") == 9 * 4096)
    }

    @Test("A file in memory has a greatest size, and says so")
    func greatestSize() throws {
        let file = try MemoryFileSystem().open("a", .create)
        expectFailure(.tooLarge) { try file.truncate(to: 1 << 40) }
        expectFailure(.tooLarge) { try file.write([1], at: .max - 1) }
        expectFailure(.tooLarge) { try file.reserve(from: 0, to: .max) }
        #expect(try file.size() == 0)
    }

    @Test("Locks hold between separate file system objects on the same directory")
    func locksBetweenFileSystems() throws {
        let disk = try DiskUnderTest(.posix)
        let other = PosixFileSystem()
        let lock = try disk.files.lock(disk.path("lock"))
        let error = expectFailure(.locked) { _ = try other.lock(disk.path("lock")) }
        #expect(error?.message == "process \(getpid()) holds it")
        let a = try disk.files.open(disk.path("a"), .create)
        let b = try other.open(disk.path("a"), .readWrite)
        #expect(try a.lockRange(0, 8, .exclusive))
        #expect(try !b.lockRange(7, 1, .exclusive))
        a.close()
        lock.release()
        #expect(try b.lockRange(7, 1, .exclusive))
        try other.lock(disk.path("lock")).release()
    }

    @Test("An error says what, where, why and what to do")
    func errorsSpeak() {
        #expect(
            FileError(errno: ENOSPC, "write", "s/1.journal", offset: 4096).description
                == "cannot write s/1.journal at byte 4096: No space left on device (errno 28). "
                + "Free space on that disk or raise the quota; writing can then go on")
        #expect(
            FileError(.closed, "sync", "a", message: "the file was closed before").description
                == "cannot sync a: the file was closed before")
        let codes: [(Int32, FileError.Code)] = [
            (ENOENT, .notFound), (EEXIST, .exists), (EDQUOT, .noSpace), (EIO, .io), (EACCES, .permission),
            (EMFILE, .tooManyOpenFiles), (EISDIR, .isDirectory), (EROFS, .readOnly), (EFBIG, .tooLarge),
            (EXDEV, .other),
        ]
        for (errno, code) in codes { #expect(FileError(errno: errno, "open", "a").code == code) }
    }
}

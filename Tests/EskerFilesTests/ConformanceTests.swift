// Unsafe: hands arrays to `File.write` as the pieces of one request.
import EskerFiles
import Testing

/// What every file system promises: the same tests for the real disk and the one in memory.
struct ConformanceTests {
    @Test("Written pieces are read back in one run, wherever they start", arguments: DiskUnderTest.Kind.allCases)
    func piecesAreReadBack(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        let file = try disk.files.open(disk.path("a"), .create)
        // More pieces than one system call takes, some of them empty.
        let pieces = (0..<2500).map { pattern($0 % 7, UInt8(truncatingIfNeeded: $0)) }
        try writePieces(pieces, to: file, at: 1000)
        let expected = [UInt8](repeating: 0, count: 1000) + pieces.flatMap { $0 }
        #expect(try file.contents() == expected)
        #expect(try file.size() == Int64(expected.count))
        #expect(try file.read(at: 990, count: 13) == [UInt8](expected[990..<1003]))
    }

    @Test("A read is short only at the end of file", arguments: DiskUnderTest.Kind.allCases)
    func readsEndAtTheEnd(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        let file = try disk.files.open(disk.path("a"), .create)
        try file.write([1, 2, 3], at: 0)
        #expect(try file.read(at: 1, count: 10) == [2, 3])
        #expect(try file.read(at: 3, count: 10) == [])
        #expect(try file.read(at: 99, count: 10) == [])
        try file.write([UInt8](), at: 50)
        #expect(try file.size() == 3)
    }

    @Test("Open modes make, keep and refuse files", arguments: DiskUnderTest.Kind.allCases)
    func openModes(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        let a = disk.path("a")
        expectFailure(.notFound) { _ = try disk.files.open(a, .read) }
        expectFailure(.notFound) { _ = try disk.files.open(a, .readWrite) }
        try disk.files.open(a, .create).write([7], at: 0)
        let error = expectFailure(.exists) { _ = try disk.files.open(a, .create) }
        #expect(error?.path == a)
        #expect(error?.operation == "open")
        #expect(try disk.files.open(a, .createOrOpen).contents() == [7])
        let reader = try disk.files.open(a, .read)
        expectFailure(.readOnly) { try reader.write([8], at: 0) }
        expectFailure(.isDirectory) { _ = try disk.files.open(disk.root, .read) }
        expectFailure(.notFound) { _ = try disk.files.open(disk.path("no/a"), .create) }
        expectFailure(.notDirectory) { _ = try disk.files.open(disk.path("a/b"), .create) }
    }

    @Test("Cut bytes are gone and come back as zeros", arguments: DiskUnderTest.Kind.allCases)
    func truncation(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        let file = try disk.files.open(disk.path("a"), .create)
        let bytes = pattern(10_000, 3)
        try file.write(bytes, at: 0)
        try file.truncate(to: 700)
        #expect(try file.contents() == [UInt8](bytes[..<700]))
        try file.truncate(to: 9000)
        #expect(try file.contents() == bytes[..<700] + [UInt8](repeating: 0, count: 8300))
    }

    @Test("Reserving keeps bytes, filling overwrites them, both grow the file", arguments: DiskUnderTest.Kind.allCases)
    func reserveAndFill(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        let file = try disk.files.open(disk.path("a"), .create)
        let bytes = pattern(5000, 9)
        try file.write(bytes, at: 0)
        try file.reserve(from: 1000, to: 3000)
        #expect(try file.contents() == bytes)
        try file.reserve(from: 4000, to: 2_500_000)
        #expect(try file.size() == 2_500_000)
        #expect(try file.read(at: 0, count: 5000) == bytes)
        try file.fillWithZeros(from: 100, to: 2_600_001)
        #expect(try file.size() == 2_600_001)
        #expect(try file.contents() == bytes[..<100] + [UInt8](repeating: 0, count: 2_599_901))
        try file.fillWithZeros(from: 5, to: 5)
        #expect(try file.read(at: 0, count: 100) == [UInt8](bytes[..<100]))
    }

    @Test("A mapping shows later writes and outlives name, opening and growth", arguments: DiskUnderTest.Kind.allCases)
    func mappings(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        let a = disk.path("a")
        let file = try disk.files.open(a, .create)
        try file.write(pattern(20_000, 1), at: 0)
        let region = try file.map(offset: 5001, length: 10_000)
        for advice in [AccessPattern.sequential, .random, .willNeed, .normal] { region.advise(advice) }
        #expect(region.array == [UInt8](pattern(20_000, 1)[5001..<15_001]))
        try file.write([1, 2, 3], at: 5002)
        #expect(region.array[..<5] == [pattern(5002, 1)[5001], 1, 2, 3, pattern(5006, 1)[5005]])
        try file.write(pattern(3_000_000, 2), at: 20_000)
        try disk.files.rename(a, to: disk.path("b"))
        try disk.files.remove(disk.path("b"))
        try file.write([9], at: 5001)
        file.close()
        #expect(region.array[..<4] == [9, 1, 2, 3])
        #expect(region.count == 10_000)
    }

    @Test("Only bytes that are in the file can be mapped", arguments: DiskUnderTest.Kind.allCases)
    func mappingsAreChecked(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        let file = try disk.files.open(disk.path("a"), .create)
        #expect(try file.map(offset: 0, length: 0).count == 0)
        try file.write([1, 2, 3], at: 0)
        #expect(try file.map(offset: 3, length: 0).array == [])
        #expect(try file.map(offset: 2, length: 1).array == [3])
        expectFailure(.invalid) { _ = try file.map(offset: 2, length: 2) }
        expectFailure(.invalid) { _ = try file.map(offset: 4, length: 0) }
        expectFailure(.invalid) { _ = try file.map(offset: 0, length: .max) }
    }

    @Test("Renaming replaces atomically and follows directories", arguments: DiskUnderTest.Kind.allCases)
    func renames(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        try disk.files.open(disk.path("a"), .create).write([1], at: 0)
        try disk.files.open(disk.path("b"), .create).write([2], at: 0)
        try disk.files.rename(disk.path("a"), to: disk.path("b"))
        #expect(try disk.files.list(disk.root) == ["b"])
        #expect(try disk.files.open(disk.path("b"), .read).contents() == [1])
        expectFailure(.notFound) { try disk.files.rename(disk.path("a"), to: disk.path("b")) }

        try disk.files.makeDirectory(disk.path("d/e"))
        try disk.files.rename(disk.path("b"), to: disk.path("d/e/f"))
        try disk.files.rename(disk.path("d"), to: disk.path("g"))
        #expect(try disk.files.open(disk.path("g/e/f"), .read).contents() == [1])
        expectFailure(.invalid) { try disk.files.rename(disk.path("g"), to: disk.path("g/e/g")) }
        try disk.files.open(disk.path("x"), .create).close()
        expectFailure(.isDirectory) { try disk.files.rename(disk.path("x"), to: disk.path("g")) }
        expectFailure(.notDirectory) { try disk.files.rename(disk.path("g"), to: disk.path("x")) }
    }

    @Test("Names are made, listed in order, linked and removed", arguments: DiskUnderTest.Kind.allCases)
    func names(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        for name in ["b", "a", "é", "B", "a0"] { try disk.files.open(disk.path(name), .create).close() }
        #expect(try disk.files.list(disk.root) == ["B", "a", "a0", "b", "é"])
        try disk.files.makeDirectory(disk.path("d/e/f"))
        try disk.files.makeDirectory(disk.path("d/e/f"))
        #expect(try disk.files.exists(disk.path("d/e")))
        #expect(try !disk.files.exists(disk.path("d/x")))
        #expect(try !disk.files.exists(disk.path("a/x")))
        expectFailure(.notDirectory) { try disk.files.makeDirectory(disk.path("a")) }
        expectFailure(.notEmpty) { try disk.files.remove(disk.path("d/e")) }
        try disk.files.remove(disk.path("d/e/f"))
        #expect(try disk.files.list(disk.path("d/e")) == [])
        expectFailure(.notFound) { try disk.files.remove(disk.path("nothing")) }
        expectFailure(.notFound) { _ = try disk.files.list(disk.path("nothing")) }
        expectFailure(.notDirectory) { _ = try disk.files.list(disk.path("a")) }

        let file = try disk.files.open(disk.path("a"), .readWrite)
        try disk.files.link(disk.path("a"), to: disk.path("d/link"))
        expectFailure(.exists) { try disk.files.link(disk.path("a"), to: disk.path("b")) }
        try disk.files.remove(disk.path("a"))
        try file.write([5], at: 0)
        #expect(try disk.files.open(disk.path("d/link"), .read).contents() == [5])
        try disk.files.syncDirectory(disk.root)
        expectFailure(.notFound) { try disk.files.syncDirectory(disk.path("nothing")) }
        #expect(try disk.files.freeSpace(disk.root) > 0)
    }

    @Test("A closed file refuses everything", arguments: DiskUnderTest.Kind.allCases)
    func closedFiles(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        let file = try disk.files.open(disk.path("a"), .create)
        file.close()
        file.close()
        expectFailure(.closed) { try file.write([1], at: 0) }
        expectFailure(.closed) { _ = try file.read(at: 0, count: 1) }
        expectFailure(.closed) { try file.sync() }
        expectFailure(.closed) { _ = try file.size() }
        expectFailure(.closed) { try file.truncate(to: 1) }
        expectFailure(.closed) { _ = try file.map(offset: 0, length: 0) }
        expectFailure(.closed) { _ = try file.lockRange(0, 1, .unlock) }
    }

    @Test("The whole-file lock has one holder and names it", arguments: DiskUnderTest.Kind.allCases)
    func wholeFileLocks(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        let path = disk.path("lock")
        let first = try disk.files.lock(path)
        for _ in 0..<3 {
            let error = expectFailure(.locked) { _ = try disk.files.lock(path) }
            #expect(error?.message.contains("process ") == true)
        }
        first.release()
        first.release()
        var second: (any FileLock)? = try disk.files.lock(path)
        expectFailure(.locked) { _ = try disk.files.lock(path) }
        #expect(second?.path == path)
        second = nil
        try disk.files.lock(path).release()
        #expect(try disk.files.exists(path))
    }

    @Test("Range locks conflict between openings, not within one", arguments: DiskUnderTest.Kind.allCases)
    func rangeLocks(_ kind: DiskUnderTest.Kind) throws {
        let disk = try DiskUnderTest(kind)
        let a = try disk.files.open(disk.path("a"), .create)
        let b = try disk.files.open(disk.path("a"), .read)
        #expect(try a.lockRange(10, 10, .shared))
        #expect(try b.lockRange(0, 100, .shared))
        #expect(try !a.lockRange(15, 1, .exclusive))
        #expect(try b.lockRange(12, 4, .unlock))
        #expect(try a.lockRange(12, 4, .exclusive))
        #expect(try !b.lockRange(15, 1, .shared))
        #expect(try b.lockRange(16, 1, .shared))
        #expect(try a.lockRange(12, 2, .unlock))
        #expect(try b.lockRange(12, 2, .shared))
        #expect(try !b.lockRange(14, 1, .shared))
        expectFailure(.readOnly) { _ = try b.lockRange(500, 1, .exclusive) }
        b.close()
        #expect(try a.lockRange(0, 100, .exclusive))
    }
}

/// Writes all arrays in one request.
private func writePieces(_ arrays: [[UInt8]], to file: any File, at offset: Int64) throws {
    let joined = arrays.flatMap { $0 }
    try unsafe joined.withUnsafeBytes { bytes in
        var pieces: [UnsafeRawBufferPointer] = unsafe []
        var start = 0
        for array in arrays {
            unsafe pieces.append(UnsafeRawBufferPointer(rebasing: bytes[start..<start + array.count]))
            start += array.count
        }
        try unsafe file.write(pieces, at: offset)
    }
}

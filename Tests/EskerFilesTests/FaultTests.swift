import EskerFiles
import Glibc
import Testing

/// A file system that goes wrong on command does so exactly as told.
struct FaultTests {
    @Test("The n-th matching operation fails with the error asked for, then all is well again")
    func nthOperationFails() throws {
        let disk = FaultyFileSystem(MemoryFileSystem())
        disk.add(Fault(.fail(errno: EIO), on: [.sync], path: ".journal", after: 1, times: 2))
        let journal = try disk.open("1.journal", .create)
        let other = try disk.open("1.other", .create)
        for _ in 0..<5 { try other.sync() }
        try journal.sync()
        let error = expectFailure(.io) { try journal.sync() }
        #expect(error?.errno == EIO && error?.path == "1.journal" && error?.operation == "sync")
        expectFailure(.io) { try journal.sync() }
        try journal.sync()
        #expect(disk.count(of: [.sync]) == 9)
        #expect(disk.count(of: [.sync], path: ".journal") == 4)
    }

    @Test("Every operation can be made to fail, for good, and until told otherwise")
    func everyOperationFails() throws {
        let disk = FaultyFileSystem(MemoryFileSystem())
        let file = try disk.open("a", .create)
        disk.add(Fault(.fail(errno: ENOSPC), on: .all, times: .max))
        let operations: [() throws -> Void] = [
            { _ = try disk.open("a", .read) }, { try disk.rename("a", to: "b") }, { try disk.remove("a") },
            { try disk.link("a", to: "b") }, { try disk.makeDirectory("d") }, { _ = try disk.list("/") },
            { _ = try disk.exists("a") }, { try disk.syncDirectory("/") }, { _ = try disk.freeSpace("/") },
            { _ = try disk.lock("l") }, { _ = try file.size() }, { try file.write([1], at: 0) },
            { _ = try file.read(at: 0, count: 1) }, { try file.sync() }, { try file.truncate(to: 5) },
            { try file.reserve(from: 0, to: 5) }, { try file.fillWithZeros(from: 0, to: 5) },
            { _ = try file.map(offset: 0, length: 0) }, { _ = try file.lockRange(0, 1, .shared) },
        ]
        #expect(operations.count == FileOperation.allCases.count - 1)  // all but close, which cannot fail
        for operation in operations { expectFailure(.noSpace) { try operation() } }
        disk.removeFaults()
        #expect(try disk.list("/") == ["a"])
        #expect(try file.size() == 0)
    }

    @Test("A short write leaves its first bytes, a torn one some of its sectors")
    func shortAndTornWrites() throws {
        let disk = FaultyFileSystem(MemoryFileSystem())
        let file = try disk.open("a", .create)
        disk.add(Fault(.shortWrite(bytes: 3, errno: ENOSPC), on: [.write]))
        expectFailure(.noSpace) { try file.write([1, 2, 3, 4, 5], at: 10) }
        #expect(try file.contents() == [UInt8](repeating: 0, count: 10) + [1, 2, 3])

        var seen: Set<[UInt8]> = []
        for seed in 0..<60 as Range<UInt64> {
            let torn = try disk.open("torn-\(seed)", .create)
            try torn.fillWithZeros(from: 0, to: 2048)
            disk.add(Fault(.tornWrite(seed: seed, errno: EIO), on: [.write]))
            expectFailure(.io) { try torn.write([UInt8](repeating: 1, count: 1500), at: 100) }
            let bytes = try torn.contents()
            for sector in [100..<512, 512..<1024, 1024..<1536, 1536..<1600] {
                #expect(bytes[sector].allSatisfy { $0 == bytes[sector.lowerBound] })
            }
            #expect(bytes[..<100].allSatisfy { $0 == 0 } && bytes[1600...].allSatisfy { $0 == 0 })
            seen.insert([bytes[100], bytes[512], bytes[1024], bytes[1536]])
            disk.removeFaults()
        }
        #expect(seen.count > 8 && !seen.contains([1, 1, 1, 1]))
    }

    @Test("A failed sync loses what was not synced, in each of the ways Linux does")
    func failedSyncs() throws {
        func lose(_ loss: SyncLoss) throws -> (memory: MemoryFileSystem, file: any File) {
            let memory = MemoryFileSystem()
            let disk = FaultyFileSystem(memory)
            let file = try disk.open("a", .create)
            try file.write([UInt8](repeating: 1, count: 1024), at: 0)
            try file.sync()
            try disk.syncDirectory("/")
            try file.write([UInt8](repeating: 2, count: 1024), at: 0)
            disk.add(Fault(.failSync(errno: EIO, losing: loss), on: [.sync]))
            expectFailure(.io) { try file.sync() }
            return (memory, file)
        }
        func afterwards(_ memory: MemoryFileSystem) throws -> [UInt8] {
            let bytes = try memory.crashClone(keep: .everything).open("a", .read).contents()
            return [bytes[0], bytes[512]]
        }
        let dirty = try lose(.nothing)
        try dirty.file.sync()
        #expect(try afterwards(dirty.memory) == [2, 2])

        let evicted = try lose(.atOnce)
        #expect(try evicted.file.read(at: 0, count: 1) == [1])

        let clean = try lose(.atPowerCut)
        try clean.file.sync()  // succeeds, and yet:
        #expect(try clean.file.read(at: 0, count: 1) == [2])
        #expect(try afterwards(clean.memory) == [1, 1])
        try clean.file.write([3], at: 512)  // makes that sector dirty again
        #expect(try clean.memory.crashClone(keep: .synced).open("a", .read).read(at: 512, count: 1) == [1])
        try clean.file.sync()
        #expect(try afterwards(clean.memory) == [1, 3])
    }

    @Test("Operations are recorded in order, with their faults")
    func recording() throws {
        let disk = FaultyFileSystem(MemoryFileSystem())
        disk.record(.changes.union([.close]), strippingPrefix: "store/")
        disk.add(Fault(.fail(errno: EIO), on: [.sync], after: 1))
        try replace(disk, "store", with: [1, 2])
        expectFailure(.io) { try replace(disk, "store", with: [3]) }
        #expect(
            disk.recording == [
                "make-directory store", "sync-directory /", "open new createOrOpen", "truncate new 0",
                "write new 0+2", "sync new", "close new", "rename new current", "sync-directory store",
                "make-directory store", "sync-directory /", "open new createOrOpen", "truncate new 0",
                "write new 0+1", "sync new ! fail 5",
            ])
    }

    @Test("After the planned power cut nothing happens any more")
    func crashing() throws {
        let memory = MemoryFileSystem()
        let disk = FaultyFileSystem(memory)
        let file = try disk.open("a", .create)
        disk.crash(after: 2)
        try file.write([1], at: 0)
        #expect(try file.read(at: 0, count: 1) == [1])
        #expect(!disk.isCrashed)
        try file.write([2], at: 0)
        #expect(disk.isCrashed)
        expectFailure(.crashed) { _ = try file.read(at: 0, count: 1) }
        expectFailure(.crashed) { try file.write([3], at: 0) }
        expectFailure(.crashed) { try disk.remove("a") }
        #expect(try memory.open("a", .read).contents() == [2])
    }

    @Test("A careful replacement survives a power cut at every boundary; on a lying disk it does not")
    func everyBoundary() throws {
        #expect(try violations(lyingAbout: []) == 0)
        #expect(try violations(lyingAbout: [.sync]) > 0)
        #expect(try violations(lyingAbout: [.syncDirectory]) > 0)
    }

    /// Replaces a file twice with the power going after every operation; counts disks that hold anything but the
    /// last acknowledged version or the one being written.
    private func violations(lyingAbout lies: Set<FileOperation>) throws -> Int {
        let versions = [pattern(900, 1), pattern(1700, 2)]
        func run(_ disk: FaultyFileSystem) -> Int {
            var acknowledged = 0
            for version in versions {
                do { try replace(disk, "store", with: version) } catch { break }
                acknowledged += 1
            }
            return acknowledged
        }
        let rehearsal = FaultyFileSystem(MemoryFileSystem())
        #expect(run(rehearsal) == 2)
        var violations = 0
        for boundary in 0...rehearsal.count(of: .changes) {
            let memory = MemoryFileSystem()
            let disk = FaultyFileSystem(memory)
            if !lies.isEmpty { disk.add(Fault(.pretend, on: lies, times: .max)) }
            disk.crash(after: boundary)
            let acknowledged = run(disk)
            for seed in 0..<20 as Range<UInt64> {
                let found = try? memory.crashClone(seed: seed).open("store/current", .read).contents()
                let allowed = ([nil] + versions as [[UInt8]?]).dropFirst(acknowledged).prefix(2)
                if !allowed.contains(found) { violations += 1 }
            }
        }
        return violations
    }
}

/// The careful way to replace a file: write, sync, rename, sync the directory.
private func replace(_ files: any FileSystem, _ directory: String, with bytes: [UInt8]) throws {
    try files.makeDirectory(directory)
    try files.syncDirectory("/")
    let file = try files.open(directory + "/new", .createOrOpen)
    try file.truncate(to: 0)
    try file.write(bytes, at: 0)
    try file.sync()
    file.close()
    try files.rename(directory + "/new", to: directory + "/current")
    try files.syncDirectory(directory)
}

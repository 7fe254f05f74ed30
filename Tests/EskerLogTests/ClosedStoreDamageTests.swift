import EskerFiles
import EskerFormat
import EskerLog
import Testing

@Suite("Opening a store after damage")
struct ClosedStoreDamageTests {
    /// Every bit and length is looked at when `ESKER_CRASH_CASES` asks for 100,000 cases or more; else one in so many.
    #if DEBUG
        static let step = CrashBudget.isFull ? 1 : 97
        static let writerStep = CrashBudget.isFull ? 97 : 1009
    #else
        static let step = CrashBudget.isFull ? 1 : 5
        static let writerStep = CrashBudget.isFull ? 97 : 499
    #endif

    @Test("every flipped bit of a closed store is told with its file, or changes nothing, for those who only read")
    func flipsForReaders() throws {
        let store = try ClosedStore()
        let paths = try store.paths()
        var harmless = 0
        var told = 0
        for path in paths {
            let bytes = try store.read(path)
            let file = try store.disk.open(path, .readWrite)
            for bit in stride(from: 0, to: bytes.count * 8, by: Self.step) {
                let byte = bytes[bit / 8] ^ (1 << UInt8(bit % 8))
                try file.write([byte], at: Int64(bit / 8))
                let isTold = try store.checkReader(store.disk, damaged: path, "bit \(bit % 8) of byte \(bit / 8)")
                if isTold { told += 1 } else { harmless += 1 }
                try file.write([bytes[bit / 8]], at: Int64(bit / 8))
            }
            file.close()
        }
        #expect(try store.checkReader(store.disk, damaged: "", "nothing") == false)
        #expect(told > 0 && harmless > 0)
        print("flipped bits: \(told) told, \(harmless) harmless")
    }

    @Test("every cut of a file of a closed store is told with its file, or changes nothing, for those who only read")
    func cutsForReaders() throws {
        let store = try ClosedStore()
        var told = 0
        for path in try store.paths() {
            let bytes = try store.read(path)
            let file = try store.disk.open(path, .readWrite)
            for length in stride(from: 0, to: bytes.count, by: Self.step) {
                try file.truncate(to: Int64(length))
                if try store.checkReader(store.disk, damaged: path, "cut to \(length) bytes") { told += 1 }
                try file.write(bytes, at: 0)
            }
            file.close()
        }
        #expect(told > 0)
        print("cuts: \(told) told")
    }

    @Test("a store that is opened for writing after damage tells it, or still has all rows and takes more")
    func damageForWriters() throws {
        let store = try ClosedStore()
        for path in try store.paths() {
            let bytes = try store.read(path)
            for bit in stride(from: 0, to: bytes.count * 8, by: Self.writerStep) {
                let clone = store.disk.crashClone(keep: .everything)
                let file = try clone.open(path, .readWrite)
                try file.write([bytes[bit / 8] ^ (1 << UInt8(bit % 8))], at: Int64(bit / 8))
                try store.checkWriter(clone, damaged: path, "bit \(bit % 8) of byte \(bit / 8)")
            }
            for length in stride(from: 0, to: bytes.count, by: Self.writerStep) {
                let clone = store.disk.crashClone(keep: .everything)
                try clone.open(path, .readWrite).truncate(to: Int64(length))
                try store.checkWriter(clone, damaged: path, "cut to \(length) bytes")
            }
        }
    }

    @Test("a reader that follows a writer is told of damage on its way")
    func damageOnTheWay() throws {
        let disk = MemoryFileSystem()
        let harness = try LogHarness(disk)
        defer { harness.log.close() }
        for id in 0..<3 { try harness.append([Int64(id)]) }
        let reader = try StoreReader.open(LogHarness.directory, files: disk)
        let before = try StoreContents.ids(reader.snapshot(named: "events")!)
        for id in 3..<9 { try harness.append([Int64(id)]) }
        // The sixth commit, on the page behind the header and five others.
        try disk.open("/store/journal/0000000000000001.journal", .readWrite).write([0], at: 6 * 4096)
        #expect { try reader.refresh() } throws: { ($0 as? StoreError)?.code == .corrupt }
        #expect(try StoreContents.ids(reader.snapshot(named: "events")!) == before)
    }

    /// The newest journal file is not asked for: a store without it looks as if it had not been begun yet.
    @Test("a missing file of a closed store is told", arguments: ["journal", "segment", "MANIFEST"])
    func missingFiles(kind: String) throws {
        let store = try ClosedStore()
        for path in try store.paths().filter({ $0.hasSuffix(kind) }).prefix(1) {
            let clone = store.disk.crashClone(keep: .everything)
            try clone.remove(path)
            #expect(throws: StoreError.self) { try store.contents(ofReader: clone) }
            #expect(throws: StoreError.self) {
                let log = try StoreLog.open(ClosedStore.directory, files: clone)
                defer { log.close() }
                _ = try StoreContents.ids(log)
            }
        }
    }
}

/// A small store that was closed cleanly: two partitions with sealed rows and a tail, a view, a producer.
struct ClosedStore {
    static let directory = "/store"
    let disk = MemoryFileSystem()
    private let expected: [String: [[Int64]]]

    init() throws {
        var options = LogHarness.smallOptions
        options.firstJournalFileLength = 4096
        options.maximumJournalFileLength = 4096
        options.reservedLength = 64
        let harness = try LogHarness(disk, partitions: 2, options: options)
        try harness.log.createView(ViewRecord(name: "view", query: "SELECT 1", options: ["a": "b"]), replacing: false)
        let stamp = ProducerStamp(producer: ProducerID(high: 1, low: 2), epoch: 1, firstSequence: 0)
        try harness.append(0..<40, to: 0, producer: stamp)
        try harness.append(40..<60, to: 1)
        try harness.log.sealAll()
        try harness.append(60..<70, to: 0)
        try harness.append([70], to: 1)
        expected = ["events": [Array(0..<40) + Array(60..<70), Array(40...59) + [70]]]
        harness.log.close()
    }

    /// Every file of the store.
    func paths() throws -> [String] {
        var paths: [String] = []
        for directory in ["", "/journal", "/segments"] {
            for name in try disk.list(Self.directory + directory) where name != "journal" && name != "segments" {
                paths.append(Self.directory + directory + "/" + name)
            }
        }
        return paths
    }

    func read(_ path: String) throws -> [UInt8] {
        let file = try disk.open(path, .read)
        return try file.read(at: 0, count: Int(file.size()))
    }

    func contents(ofReader disk: MemoryFileSystem) throws -> [String: [[Int64]]] {
        let reader = try StoreReader.open(Self.directory, files: disk, clock: ManualClock())
        guard reader.views.map(\.name) == ["view"], reader.views[0].options == ["a": "b"] else {
            throw StoreModel.Violation("the views are \(reader.views)")
        }
        var contents: [String: [[Int64]]] = [:]
        for record in reader.streams {
            contents[record.name] = try StoreContents.ids(reader.snapshot(named: record.name)!)
        }
        return contents
    }

    /// Whether the damage was told; throws when it was neither told nor harmless.
    func checkReader(_ disk: MemoryFileSystem, damaged path: String, _ what: String) throws -> Bool {
        do {
            let found = try contents(ofReader: disk)
            guard found == expected else { throw StoreModel.Violation("\(path), \(what): rows are \(found)") }
            return false
        } catch let error as StoreError {
            try checkNames(error, path, what)
            return true
        }
    }

    func checkWriter(_ disk: MemoryFileSystem, damaged path: String, _ what: String) throws {
        do {
            let harness = try LogHarness(disk, options: StoreWorkload.quietOptions)
            defer { harness.log.close() }
            let found = try StoreContents.ids(harness.log)
            guard found == expected else { throw StoreModel.Violation("\(path), \(what): rows are \(found)") }
            guard try harness.append([71], to: 1).placements.map(\.offset) == [21] else {
                throw StoreModel.Violation("\(path), \(what): the next row does not stand behind the last")
            }
        } catch let error as StoreError {
            try checkNames(error, path, what)
        }
    }

    private func checkNames(_ error: StoreError, _ path: String, _ what: String) throws {
        guard let file = error.file, path.hasSuffix(file) || file == path else {
            throw StoreModel.Violation("\(path), \(what): the error names another file: \(error)")
        }
    }
}

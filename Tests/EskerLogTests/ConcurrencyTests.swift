import EskerFiles
import EskerFormat
import EskerLog
import Foundation
import Synchronization
import Testing

@Suite("Many threads at once")
struct ConcurrencyTests {
    @Test("writers, old snapshots, sealing, compaction and recycled files do not disturb each other, in memory")
    func inMemory() throws {
        try ConcurrentRun(files: MemoryFileSystem(), directory: "/store").run()
    }

    @Test("writers, old snapshots, sealing, compaction and recycled files do not disturb each other, on disk")
    func onDisk() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "esker-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        try ConcurrentRun(files: PosixFileSystem(), directory: directory.path + "/store").run()
    }

    @Test("closing while others append, seal, compact and define ends every call with an answer")
    func closesUnderLoad() throws {
        for round in 0..<20 {
            let disk = MemoryFileSystem()
            let harness = try LogHarness(disk, options: ConcurrentRun.options)
            let acknowledged = Mutex<[Int64]>([])
            let threads = (0..<3).map { thread in
                WorkerThread {
                    for number in 0..<1_000_000 {
                        let id = Int64(number * 3 + thread)
                        do throws(StoreError) {
                            switch thread {
                            case 0: try harness.append([id])
                            case 1:
                                try harness.append([id])
                                try harness.log.sealAll()
                                try harness.log.compactAll()
                            default:
                                try harness.append([id])
                                let view = ViewRecord(name: "view", query: "\(number)", options: [:])
                                try harness.log.createView(view, replacing: true)
                            }
                        } catch {
                            if error.code != .closed { Issue.record("round \(round): \(error)") }
                            return
                        }
                        acknowledged.withLock { $0.append(id) }
                    }
                }
            }
            while acknowledged.withLock({ $0.count }) < 20 {}
            harness.log.close()
            for thread in threads { thread.join() }
            let reopened = try LogHarness(disk)
            let found = try Set(reopened.ids())
            #expect(acknowledged.withLock { $0.allSatisfy(found.contains) })
            reopened.log.close()
        }
    }
}

/// Some threads that append to a store, blocking and not, some that read it, one that seals it.
struct ConcurrentRun: Sendable {
    static let writers = 4
    static let appendsPerWriter = 300
    static let idsPerWriter: Int64 = 1_000_000

    let files: any FileSystem
    let directory: String

    static var options: LogOptions {
        var options = LogHarness.smallOptions
        options.firstJournalFileLength = 32 << 10
        options.maximumJournalFileLength = 64 << 10
        options.sealLength = 24 << 10
        options.sealsInBackground = true
        options.idleMarkDelay = 50
        options.compactsInBackground = true
        options.compactAge = 20_000
        options.compactionBytesPerSecond = 0
        options.compactedLength = 64 << 10
        return options
    }

    func run() throws {
        let log = try StoreLog.open(directory, files: files, options: Self.options)
        let stream = try log.createStream(named: "events", columns: LogHarness.columns, partitionCount: 2)
        let shared = Shared()
        let writers = (0..<Self.writers).map { writer in
            WorkerThread { Self.write(log, stream, writer, shared) }
        }
        let readers = (0..<2).map { _ in WorkerThread { Self.read(log, shared) } }
        let sealer = WorkerThread {
            while !shared.isDone.load(ordering: .acquiring) {
                do throws(StoreError) { try log.sealAll() } catch { shared.note("sealing: \(error)") }
            }
        }
        for thread in writers { thread.join() }
        shared.isDone.store(true, ordering: .releasing)
        for thread in readers + [sealer] { thread.join() }
        let expected = Int64(Self.writers * Self.appendsPerWriter * 3)
        #expect(log.snapshot(named: "events")!.rowCount == expected)
        log.close()
        let reopened = try StoreLog.open(directory, files: files, options: Self.options)
        #expect(try Self.check(reopened.snapshot(named: "events")!) == expected)
        reopened.close()
        #expect(shared.problems.withLock { $0 } == [])
    }

    /// What the threads of a run share.
    private final class Shared: Sendable {
        let isDone = Atomic<Bool>(false)
        let problems = Mutex<[String]>([])
        func note(_ problem: String) { problems.withLock { $0.append(problem) } }
    }

    private static func write(_ log: StoreLog, _ stream: StreamRecord, _ writer: Int, _ shared: Shared) {
        var next = Int64(writer) * idsPerWriter
        for number in 0..<appendsPerWriter {
            let builder = BatchBuilder(stream.schema)
            for _ in 0..<3 {
                builder.columns[0].append(fixed: next)
                builder.columns[1].append("name \(next % 10)")
                next += 1
            }
            let part = AppendPart(stream: stream.id, partition: writer % 2, batch: builder.finish())
            let level = Acknowledgement.allCases[number % 3]
            // The last one is answered after everything that was submitted before it.
            if writer < 2 || number == appendsPerWriter - 1 {
                do throws(StoreError) { _ = try log.appendBlocking([part], acknowledgement: level) } catch {
                    shared.note("append: \(error)")
                }
            } else {
                let request = AppendRequest(parts: [part], acknowledgement: level) { result in
                    if case .failure(let error) = result { shared.note("submitted append: \(error)") }
                }
                log.submit(request)
            }
        }
    }

    /// Takes snapshots, keeps some while the store goes on, and reads them again later.
    private static func read(_ log: StoreLog, _ shared: Shared) {
        var kept: [(snapshot: StreamSnapshot, rows: Int64)] = []
        repeat {
            do {
                let snapshot = log.snapshot(named: "events")!
                kept.append((snapshot, try check(snapshot)))
                if kept.count > 6 {
                    let old = kept.removeFirst()
                    if try check(old.snapshot) != old.rows { shared.note("a snapshot has changed") }
                }
            } catch { shared.note("reading: \(error)") }
        } while !shared.isDone.load(ordering: .acquiring)
        for old in kept where (try? check(old.snapshot)) != old.rows { shared.note("a snapshot has changed") }
    }

    /// Every writer's rows are there from the first on, in order, without a gap. Returns the number of rows.
    private static func check(_ snapshot: StreamSnapshot) throws -> Int64 {
        var next = (0..<writers).map { Int64($0) * idsPerWriter }
        var rows: Int64 = 0
        for ids in try StoreContents.ids(snapshot) {
            for id in ids {
                let writer = Int(id / idsPerWriter)
                guard id == next[writer] else {
                    throw StoreModel.Violation("row \(id) stands where \(next[writer]) should")
                }
                next[writer] += 1
                rows += 1
            }
        }
        return rows
    }
}

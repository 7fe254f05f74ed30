// Unsafe: reads a variable of the environment.
import EskerFiles
import EskerFormat
import EskerLog
import Glibc
import Synchronization
import Testing

/// How many simulated crashes and faults to try, from `ESKER_CRASH_CASES`; the default keeps a release run under a
/// minute. `ESKER_CRASH_SEED` chooses the first seed.
enum CrashBudget {
    static let cases = number("ESKER_CRASH_CASES") ?? 2000
    static let isFull = cases >= 100_000
    static let firstSeed = UInt64(number("ESKER_CRASH_SEED") ?? 1)

    private static func number(_ name: String) -> Int? {
        unsafe getenv(name).flatMap { unsafe Int(String(cString: $0)) }
    }
}

@Suite("Power cuts and ends of the process")
struct PowerCutTests {
    /// The power is cut before every operation that changes the disk, in three to five ways each: everything unsynced
    /// is lost, everything is kept, or each sector and name is kept or lost on its own. What is found is opened,
    /// compared with the model, appended to, and cut a second time.
    @Test("after a power cut at any moment all acknowledged rows are there, once, in order, and the store goes on")
    func cutsAtEveryChange() throws {
        var seed = CrashBudget.firstSeed
        var tried = 0
        var images: Set<UInt64> = []
        while tried < CrashBudget.cases * 6 / 10 {
            let trial = PowerCutTrial(seed: seed)
            trial.run()
            tried += trial.count
            images.formUnion(trial.images)
            if let failure = trial.failure {
                Issue.record("seed \(seed): \(failure)")
                return
            }
            seed += 1
        }
        print("power cuts: \(tried), different disks: \(images.count), seeds \(CrashBudget.firstSeed)..<\(seed)")
        #expect(tried >= CrashBudget.cases * 6 / 10)
    }

    /// Ends of the process, as by `kill -9`: nothing written is lost then, but it is not synced either, and the power
    /// may go later.
    @Test("what is found after the process ended survives a power cut after the next opening")
    func endsOfTheProcess() throws {
        var seed = CrashBudget.firstSeed
        var tried = 0
        while tried < CrashBudget.cases / 10 {
            let whole = try ProcessEndTrial(seed: seed).run(after: nil)
            var place = Int(seed % 7)
            while place < whole {
                do {
                    _ = try ProcessEndTrial(seed: seed).run(after: place)
                } catch {
                    Issue.record("seed \(seed), process ends after \(place) of \(whole) changes: \(error)")
                    return
                }
                tried += 1
                place += 7
            }
            seed += 1
        }
        print("ends of the process: \(tried), seeds \(CrashBudget.firstSeed)..<\(seed)")
        #expect(tried >= CrashBudget.cases / 10)
    }
}

/// One workload, with the power cut at each of its changes.
final class PowerCutTrial: Sendable {
    private struct State {
        var images: Set<UInt64> = []
        var count = 0
        var boundary = 0
        var failure: String?
        var isChecking = false
    }

    private let seed: UInt64
    private let disk = MemoryFileSystem()
    private let state = Mutex(State())

    init(seed: UInt64) { self.seed = seed }

    var images: Set<UInt64> { state.withLock { $0.images } }
    var count: Int { state.withLock { $0.count } }
    var failure: String? { state.withLock { $0.failure } }

    func run() {
        let model = Mutex<SharedModel?>(nil)
        let files = HookedFileSystem(disk) { [self] in
            if let model = model.withLock({ $0 }) { cut(model) }
        }
        let workload = StoreWorkload(seed: seed, files: files)
        model.withLock { $0 = workload.model }
        do {
            try workload.open()
            for _ in 0..<30 where failure == nil { try workload.step() }
            try workload.model.current.check(workload.contents(), after: .none)
            workload.close()
            workload.model.change { $0.closeEnds() }
            if let complaint = workload.model.complaints.first ?? workload.model.errors.first?.description {
                throw StoreModel.Violation(complaint)
            }
            cut(workload.model)
        } catch {
            workload.close()
            state.withLock { $0.failure = $0.failure ?? "without any fault: \(error)" }
        }
    }

    /// Cuts the power now, in several ways.
    private func cut(_ shared: SharedModel) {
        let boundary = state.withLock { state -> Int? in
            guard state.failure == nil else { return nil }
            state.boundary += 1
            return state.boundary
        }
        guard let boundary else { return }
        // The answers are read before the disk is: an answer that comes in between is not asked for.
        let model = shared.current
        let base = UInt64(boundary) &* 1_000_003 &+ seed &* 7_919
        let cuts: [(String, PowerCut, StoreModel.Loss)] = [
            ("synced only", .synced, .power), ("everything kept", .everything, .process),
            ("random \(base)", .random(seed: base), .power), ("random \(base + 1)", .random(seed: base + 1), .power),
            ("random \(base + 2)", .random(seed: base + 2), .power),
        ]
        for (name, powerCut, loss) in cuts {
            let clone = disk.crashClone(keep: powerCut)
            let image = Self.fingerprint(clone)
            let isNew = state.withLock { $0.images.insert(image &+ UInt64(model.appends.count)).inserted }
            guard isNew else { continue }
            // Checked against the appends sent by now: more may have been sent, and be in the clone, since.
            let now = shared.current
            var latest = model
            latest.appends += now.appends[model.appends.count...].map {
                var append = $0
                append.answer = .none
                return append
            }
            for (name, existence) in now.streams where latest.streams[name] != existence {
                latest.streams[name] = existence == .gone || existence == .going ? .going : .coming
            }
            state.withLock { $0.count += 1 }
            do { try CrashCheck.run(clone, latest, loss, seed: base) } catch {
                state.withLock { $0.failure = $0.failure ?? "power cut at change \(boundary), \(name): \(error)" }
                return
            }
        }
    }

    /// A number for all names and bytes on a disk.
    static func fingerprint(_ disk: MemoryFileSystem) -> UInt64 {
        var hash: UInt64 = 14_695_981_039_346_656_037
        func mix(_ value: UInt64) { hash = (hash ^ value) &* 1_099_511_628_211 }
        for directory in ["/store", "/store/journal", "/store/segments"] {
            for name in (try? disk.list(directory)) ?? [] {
                for byte in name.utf8 { mix(UInt64(byte)) }
                guard let file = try? disk.open(directory + "/" + name, .read), let size = try? file.size(),
                    let bytes = try? file.read(at: 0, count: Int(size))
                else { continue }
                mix(UInt64(size))
                mix(UInt64(Checksum.crc32c(Buffer(copying: bytes))))
            }
        }
        return hash
    }
}

/// What must hold for a disk after a crash.
enum CrashCheck {
    /// Opens the store, compares, appends, cuts the power again, opens and compares again.
    static func run(_ disk: MemoryFileSystem, _ model: StoreModel, _ loss: StoreModel.Loss, seed: UInt64) throws {
        let log = try StoreLog.open(
            StoreWorkload.directory, files: disk, options: StoreWorkload.quietOptions, clock: ManualClock())
        defer { log.close() }
        let found = try StoreContents.ids(log)
        let isThere = try model.check(found, after: loss)
        var settled = model.settled(isThere, found)
        try repeatProducers(log, settled)
        try append(log, &settled)
        let second = disk.crashClone(keep: seed % 2 == 0 ? .synced : .random(seed: seed))
        let reopened = try StoreLog.open(
            StoreWorkload.directory, files: second, options: StoreWorkload.quietOptions, clock: ManualClock())
        defer { reopened.close() }
        try settled.check(StoreContents.ids(reopened), after: .power)
    }

    /// A producer that repeats its last stored append is told so.
    private static func repeatProducers(_ log: StoreLog, _ model: StoreModel) throws {
        var last: [ProducerID: Int] = [:]
        for (number, append) in model.appends.enumerated() where append.isDurable {
            if let stamp = append.stamp { last[stamp.producer] = number }
        }
        for number in last.values {
            let append = model.appends[number]
            guard let receipt = try send(append, log) else { continue }
            guard receipt.duplicates > 0 else { throw StoreModel.Violation("a repeat of append \(number) was stored") }
        }
    }

    /// Appends one row everywhere.
    private static func append(_ log: StoreLog, _ model: inout StoreModel) throws {
        let number = model.appends.count
        var id = Int64(number) * StoreModel.idsPerAppend
        var append = StoreModel.SentAppend(parts: [])
        for record in log.streams {
            for partition in 0..<record.partitionCount {
                append.parts.append(StoreModel.Part(stream: record.name, partition: partition, ids: [id]))
                id += 1
            }
        }
        guard !append.parts.isEmpty else { return }
        append.answer = .acknowledged(.durable)
        model.appends.append(append)
        _ = try send(append, log)
    }

    /// Sends an append durably; `nil` when one of its streams is gone.
    private static func send(_ append: StoreModel.SentAppend, _ log: StoreLog) throws -> AppendReceipt? {
        var parts: [AppendPart] = []
        for part in append.parts {
            guard let record = log.snapshot(named: part.stream)?.record else { return nil }
            let builder = BatchBuilder(record.schema)
            for id in part.ids {
                builder.columns[0].append(fixed: id)
                builder.columns[1].append("name \(id % 10)")
            }
            parts.append(AppendPart(stream: record.id, partition: part.partition, batch: builder.finish()))
        }
        return try log.appendBlocking(parts, producer: append.stamp)
    }
}

/// One workload whose process ends after so many changes; the next one opens what the system still has in memory, goes
/// on, and then the power is cut.
struct ProcessEndTrial {
    let seed: UInt64

    /// Returns the number of changes of the whole run.
    func run(after changes: Int?) throws -> Int {
        let disk = MemoryFileSystem()
        let files = FaultyFileSystem(disk)
        if let changes { files.crash(after: changes) }
        let workload = StoreWorkload(seed: seed, files: files)
        do {
            try workload.open()
            for _ in 0..<20 where !files.isCrashed { try workload.step() }
        } catch {
            guard files.isCrashed else { throw error }
        }
        workload.close()
        let count = files.count(of: .changes)
        guard changes != nil else { return count }
        try goOn(disk, unanswered(workload.model.current))
        return count
    }

    /// What failed because the process had ended was never answered.
    private func unanswered(_ model: StoreModel) -> StoreModel {
        var model = model
        for index in model.appends.indices {
            if model.appends[index].answer.isFailed { model.appends[index].answer = .none }
            model.appends[index].isClosedOver = false
        }
        return model
    }

    private func goOn(_ disk: MemoryFileSystem, _ model: StoreModel) throws {
        let log = try StoreLog.open(
            StoreWorkload.directory, files: disk, options: StoreWorkload.quietOptions, clock: ManualClock())
        let found = try StoreContents.ids(log)
        let isThere = try model.check(found, after: .process)
        log.close()
        // Closed cleanly: whatever was shown is durable.
        let settled = model.settled(isThere, found)
        for (index, powerCut) in [PowerCut.synced, .random(seed: seed)].enumerated() {
            try CrashCheck.run(disk.crashClone(keep: powerCut), settled, .power, seed: seed + UInt64(index))
        }
    }
}

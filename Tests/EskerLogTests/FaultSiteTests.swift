import EskerFiles
import EskerLog
import Glibc
import Testing

@Suite("Failing disks")
struct FaultSiteTests {
    /// Every operation of a run fails once or a few times, each in every way it can fail; one at a time.
    @Test("whatever operation fails, the error is typed, acknowledged rows stay, and appends go on when it is over")
    func failsAtEverySite() throws {
        var seed = CrashBudget.firstSeed
        var tried = 0
        while tried < CrashBudget.cases * 3 / 10 {
            let sites = try FaultTrial(seed: seed).sites()
            // Each seed takes another part of the sites, so that a small budget still meets many runs.
            for (index, fault) in sites.enumerated() where index % 5 == Int(seed % 5) {
                do { try FaultTrial(seed: seed).run(fault) } catch {
                    Issue.record("seed \(seed), fault \(index) of \(sites.count), \(fault): \(error)")
                    return
                }
                tried += 1
            }
            seed += 1
        }
        print("faults: \(tried), seeds \(CrashBudget.firstSeed)..<\(seed)")
        #expect(tried >= CrashBudget.cases * 3 / 10)
    }

    @Test("on a disk that is full at any moment nothing is lost, and appends go on when there is space again")
    func fillsAnyTime() throws {
        for seed in CrashBudget.firstSeed..<CrashBudget.firstSeed + UInt64(max(20, CrashBudget.cases / 100)) {
            let disk = MemoryFileSystem()
            let trial = FaultTrial(seed: seed, disk: disk)
            do { try trial.runFull() } catch {
                Issue.record("seed \(seed): \(error)")
                return
            }
        }
    }
}

/// One workload over a disk that fails.
final class FaultTrial {
    private let seed: UInt64
    private let disk: MemoryFileSystem
    private let files: FaultyFileSystem
    private let workload: StoreWorkload
    private var generator: SeededGenerator
    private var openingFailure: StoreError?
    static let steps = 16

    init(seed: UInt64, disk: MemoryFileSystem = MemoryFileSystem()) {
        self.seed = seed
        self.disk = disk
        files = FaultyFileSystem(disk)
        workload = StoreWorkload(seed: seed, files: files, isFaulty: true)
        generator = SeededGenerator(seed: seed)
    }

    // MARK: Sites

    /// Runs without a fault and returns all that can go wrong on the way.
    func sites() throws -> [Fault] {
        for _ in 0..<Self.steps {
            try workload.open()
            try workload.step()
        }
        workload.close()
        var faults: [Fault] = []
        for operation in FileOperation.allCases where operation != .close {
            for site in 0..<files.count(of: [operation]) {
                for effect in effects(operation) {
                    let times = Int.random(in: 0..<4, using: &generator) == 0 ? 3 : 1
                    faults.append(Fault(effect, on: [operation], after: site, times: times))
                }
            }
        }
        return faults
    }

    private func effects(_ operation: FileOperation) -> [Fault.Effect] {
        switch operation {
        case .write:
            let bytes = Int.random(in: 0..<6000, using: &generator)
            return [
                .fail(errno: EIO), .shortWrite(bytes: bytes, errno: ENOSPC), .tornWrite(seed: seed, errno: EIO),
            ]
        case .sync:
            return [
                .failSync(errno: EIO, losing: .nothing), .failSync(errno: EIO, losing: .atOnce),
                .failSync(errno: EIO, losing: .atPowerCut), .fail(errno: ENOSPC),
            ]
        case .fillWithZeros: return [.fail(errno: EIO), .shortWrite(bytes: 5000, errno: ENOSPC)]
        case .open, .rename, .reserve, .makeDirectory, .syncDirectory, .truncate:
            return [.fail(errno: EIO), .fail(errno: ENOSPC)]
        default: return [.fail(errno: EIO)]
        }
    }

    // MARK: Running

    func run(_ fault: Fault) throws {
        files.add(fault)
        for step in 0..<Self.steps {
            try reopen()
            if workload.isOpen, openingFailure == nil { try? workload.step() }
            if Int.random(in: 0..<Self.steps, using: &generator) == 0 { try cut(step) }
        }
        try finish()
    }

    /// The same with a disk that has no more space after a random moment.
    func runFull() throws {
        let full = Int.random(in: 0..<Self.steps, using: &generator)
        for step in 0..<Self.steps {
            if step == full {
                disk.capacity = Int64.max / 2
                let used = try Int64.max / 2 - disk.freeSpace("/")
                disk.capacity = max(0, used + Int64.random(in: -40_000...40_000, using: &generator))
            }
            try reopen()
            if workload.isOpen, openingFailure == nil { try? workload.step() }
        }
        try cut(0)
        disk.capacity = nil
        try finish()
    }

    /// Opens the store again after a failed or a planned end, and takes what is there as the truth from then on.
    private func reopen() throws {
        let wasOpen = workload.isOpen
        for _ in 0..<5 {
            do {
                try workload.open()
                openingFailure = nil
                break
            } catch { openingFailure = error }
        }
        guard !wasOpen, workload.isOpen else { return }
        try settle()
    }

    private func settle() throws {
        var failure: (any Error)?
        for _ in 0..<5 {
            do {
                let found = try workload.contents()
                let model = workload.model.current
                let isThere = try model.check(found, after: .faults)
                let settled = model.settled(isThere, found)
                workload.model.change { $0 = settled }
                return
            } catch let error as StoreError {
                failure = error  // reading met the fault
            }
        }
        if let failure { throw failure }
    }

    /// The power goes now: what is found must be right too.
    private func cut(_ step: Int) throws {
        let model = workload.model.current
        let clone = disk.crashClone(seed: seed &+ UInt64(step))
        clone.capacity = nil
        try CrashCheck.run(clone, model, .faults, seed: seed)
    }

    /// When nothing fails any more, everything works: without opening anew, and after it.
    private func finish() throws {
        files.removeFaults()
        try reopen()
        if let openingFailure { throw openingFailure }
        let before = workload.model.nextNumber
        for _ in 0..<3 { workload.append() }
        let model = workload.model.current
        for number in before..<model.appends.count {
            if case .failed(let error) = model.appends[number].answer {
                throw StoreModel.Violation("append \(number) fails after the fault is over: \(error)")
            }
        }
        try model.check(workload.contents(), after: .faults)
        try cut(Self.steps)
        workload.close()
        try CrashCheck.run(disk.crashClone(keep: .synced), model, .faults, seed: seed)
        if let complaint = workload.model.complaints.first { throw StoreModel.Violation(complaint) }
    }
}

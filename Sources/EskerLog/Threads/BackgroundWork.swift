import Synchronization

/// The store's three background threads: one seals and drops, one keeps a spare journal file ready, one compacts.
///
/// Three, because sealing takes hundreds of milliseconds and the journal must never wait for its next file, and because
/// compaction takes seconds and sealing must not wait for it.
final class BackgroundWork: Sendable {
    private struct Wishes {
        var isStopping = false
        var sealDue = false
        var spareLength: Int?
        var isSealing = false
        var compactionDue = false
    }

    private let monitor = Monitor()
    private let wishes = Mutex(Wishes())
    private let threads = Mutex<[WorkerThread]>([])

    /// How often age limits are looked at, µs.
    static let pollInterval: Int64 = 1_000_000
    /// How often the age of segments is looked at, µs: nothing there is urgent.
    static let compactionInterval: Int64 = 10_000_000
    /// The longest that compaction stands back behind sealing, µs, at one block: sealing may go on for hours, and
    /// compaction must get on, too.
    static let maximumYield: Int64 = 1_000_000
    /// How far the compacting thread stands back: at 10 it gets a tenth of a busy core and still lets go of locks soon.
    static let compactionNiceness: Int32 = 10

    /// Starts the threads.
    func start(
        seal: @escaping @Sendable () -> Void, prepareSpare: @escaping @Sendable (Int) -> Void,
        compact: @escaping @Sendable () -> Void
    ) {
        let sealer = WorkerThread { [self] in
            while waitForSealing() {
                seal()
                wish { $0.isSealing = false }
            }
        }
        let preparer = WorkerThread { [self] in
            while let length = waitForSpareWish() { prepareSpare(length) }
        }
        let compactor = WorkerThread(niceness: Self.compactionNiceness) { [self] in
            while waitForCompaction() { compact() }
        }
        threads.withLock { $0 = [sealer, preparer, compactor] }
    }

    /// A partition has enough rows to seal.
    func noteSealDue() { wish { $0.sealDue = true } }

    /// The journal wants a spare file of that length.
    func noteSpareWanted(length: Int) { wish { $0.spareLength = length } }

    /// A segment was added.
    func noteCompactionDue() { wish { $0.compactionDue = true } }

    /// Waits while there is something to seal, at most ``maximumYield``.
    func yieldToSealing() {
        sleep(Self.maximumYield) { $0.sealDue || $0.isSealing }
    }

    /// Waits so many microseconds, unless the store stops.
    func pause(_ microseconds: Int64) {
        sleep(microseconds) { _ in true }
    }

    /// Waits while `condition` holds, so many microseconds at most and until the store stops.
    private func sleep(_ microseconds: Int64, while condition: (Wishes) -> Bool) {
        let end = MonotonicTime.now() + microseconds
        monitor.lock()
        defer { monitor.unlock() }
        while wishes.withLock({ !$0.isStopping && condition($0) }) {
            let left = end - MonotonicTime.now()
            guard left > 0 else { return }
            _ = monitor.wait(microseconds: left)
        }
    }

    /// Ends the threads after what they are doing, and waits for them.
    func stop() {
        wish { $0.isStopping = true }
        for thread in threads.withLock({ threads in
            defer { threads = [] }
            return threads
        }) { thread.join() }
    }

    private func wish(_ change: (inout Wishes) -> Void) {
        monitor.lock()
        wishes.withLock { change(&$0) }
        monitor.broadcast()
        monitor.unlock()
    }

    /// Sleeps until there is something to seal or the poll interval is over; `false` when the store stops.
    private func waitForSealing() -> Bool {
        monitor.lock()
        defer { monitor.unlock() }
        var mayWait = true
        while true {
            let now = wishes.withLock { wishes in
                defer { wishes.sealDue = false }
                return wishes
            }
            if now.isStopping { return false }
            if now.sealDue || !mayWait {
                wishes.withLock { $0.isSealing = true }
                return true
            }
            mayWait = monitor.wait(microseconds: Self.pollInterval)
        }
    }

    /// Sleeps until a segment was added or the interval is over; `false` when the store stops.
    private func waitForCompaction() -> Bool {
        let end = MonotonicTime.now() + Self.compactionInterval
        monitor.lock()
        defer { monitor.unlock() }
        while true {
            let now = wishes.withLock { wishes in
                defer { wishes.compactionDue = false }
                return wishes
            }
            if now.isStopping { return false }
            let left = end - MonotonicTime.now()
            if now.compactionDue || left <= 0 { return true }
            _ = monitor.wait(microseconds: left)
        }
    }

    private func waitForSpareWish() -> Int? {
        monitor.lock()
        defer { monitor.unlock() }
        while true {
            let now = wishes.withLock { wishes in
                defer { wishes.spareLength = nil }
                return wishes
            }
            if now.isStopping { return nil }
            if let length = now.spareLength { return length }
            monitor.wait()
        }
    }
}

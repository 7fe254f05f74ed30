import Synchronization

/// The store's two background threads: one seals and drops, one keeps a spare journal file ready.
///
/// Two, because sealing takes hundreds of milliseconds and the journal must never wait for its next file.
final class BackgroundWork: Sendable {
    private struct Wishes {
        var isStopping = false
        var sealDue = false
        var spareLength: Int?
    }

    private let monitor = Monitor()
    private let wishes = Mutex(Wishes())
    private let threads = Mutex<[WorkerThread]>([])

    /// How often age limits are looked at, µs.
    static let pollInterval: Int64 = 1_000_000

    /// Starts the threads.
    func start(seal: @escaping @Sendable () -> Void, prepareSpare: @escaping @Sendable (Int) -> Void) {
        let sealer = WorkerThread { [self] in
            while waitForSealing() { seal() }
        }
        let preparer = WorkerThread { [self] in
            while let length = waitForSpareWish() { prepareSpare(length) }
        }
        threads.withLock { $0 = [sealer, preparer] }
    }

    /// A partition has enough rows to seal.
    func noteSealDue() { wish { $0.sealDue = true } }

    /// The journal wants a spare file of that length.
    func noteSpareWanted(length: Int) { wish { $0.spareLength = length } }

    /// Ends both threads after what they are doing, and waits for them.
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
            if now.sealDue || !mayWait { return true }
            mayWait = monitor.wait(microseconds: Self.pollInterval)
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

// Unsafe: pthread calls on mutexes, conditions and threads that live in memory this file allocates and frees.

import Glibc
import Synchronization

/// A mutex with one condition: the little that the pool needs beyond `Synchronization.Mutex`, which cannot wait.
@safe
final class Monitor: @unchecked Sendable {
    // Unchecked: both pointers are set once; what they point to is made for use from several threads.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition.initialize(to: pthread_cond_t())
        unsafe precondition(pthread_mutex_init(mutex, nil) == 0 && pthread_cond_init(condition, nil) == 0)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func lock() { unsafe precondition(pthread_mutex_lock(mutex) == 0) }
    func unlock() { unsafe precondition(pthread_mutex_unlock(mutex) == 0) }
    /// Call with the lock held; returns with it held.
    func wait() { unsafe precondition(pthread_cond_wait(condition, mutex) == 0) }
    func wakeOne() { unsafe precondition(pthread_cond_signal(condition) == 0) }
    func wakeAll() { unsafe precondition(pthread_cond_broadcast(condition) == 0) }
}

/// A fixed number of plain threads that help running queries.
///
/// Queries never run on Swift's cooperative pool: a scan may wait for the disk. Work is split into parts; the thread
/// that asks takes parts itself while idle threads of the pool help, so that a nested request cannot dead-lock and a
/// small query never leaves its thread.
package final class WorkerPool: Sendable {
    /// Threads that may work on one request at once, the asking one included.
    package let width: Int
    private let queue: JobQueue

    /// - Parameter width: at least 1; the number of cores by default.
    package init(width: Int? = nil) {
        self.width = max(1, width ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        self.queue = JobQueue()
        for _ in 0..<self.width { queue.startThread() }
    }

    deinit { queue.close() }

    /// Runs `job` on one of the pool's threads, soon.
    package func submit(_ job: @escaping @Sendable () -> Void) { queue.add(job) }

    /// Calls `body` once for every part, parts in ascending order but several at a time, and returns when all are
    /// done. After the first error no further part is started, and that error is thrown.
    ///
    /// `worker` is below ``width`` and belongs to one thread for the length of the call: state kept by worker needs
    /// no lock.
    package func forEachPart(
        _ count: Int, helpers: Int? = nil, _ body: @escaping @Sendable (_ worker: Int, _ part: Int) throws -> Void
    ) throws {
        let helping = min(helpers ?? width - 1, width - 1, count - 1)
        if helping <= 0 {
            for part in 0..<max(0, count) { try body(0, part) }
            return
        }
        let shared = PartedJob(count: count, body)
        for _ in 0..<helping { queue.add { shared.help() } }
        try shared.runToEnd()
    }
}

/// Parts of one request, handed out in order to whoever comes.
private final class PartedJob: Sendable {
    private let next = Atomic(0)
    private let count: Int
    private let body: @Sendable (Int, Int) throws -> Void
    private let monitor = Monitor()
    private let state = Mutex(State())

    private struct State {
        var workers = 1
        var active = 0
        var isClosed = false
        var error: (any Error)?
    }

    init(count: Int, _ body: @escaping @Sendable (Int, Int) throws -> Void) {
        self.count = count
        self.body = body
    }

    /// Takes part from a thread of the pool, unless the request is already done.
    func help() {
        let worker: Int? = state.withLock { state in
            if state.isClosed { return nil }
            state.active += 1
            state.workers += 1
            return state.workers - 1
        }
        guard let worker else { return }
        work(as: worker)
        monitor.lock()
        state.withLock { $0.active -= 1 }
        monitor.wakeAll()
        monitor.unlock()
    }

    func runToEnd() throws {
        work(as: 0)
        monitor.lock()
        state.withLock { $0.isClosed = true }
        while state.withLock({ $0.active }) > 0 { monitor.wait() }
        monitor.unlock()
        if let error = state.withLock({ $0.error }) { throw error }
    }

    private func work(as worker: Int) {
        while true {
            let part = next.add(1, ordering: .relaxed).oldValue
            if part >= count { return }
            do {
                try body(worker, part)
            } catch {
                next.store(count, ordering: .relaxed)
                state.withLock { if $0.error == nil { $0.error = error } }
                return
            }
        }
    }
}

/// Jobs waiting for a thread.
private final class JobQueue: Sendable {
    private let monitor = Monitor()
    private let state = Mutex(State())

    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isClosed = false
    }

    func add(_ job: @escaping @Sendable () -> Void) {
        monitor.lock()
        state.withLock { $0.jobs.append(job) }
        monitor.wakeOne()
        monitor.unlock()
    }

    /// Threads end when the jobs that wait are done.
    func close() {
        monitor.lock()
        state.withLock { $0.isClosed = true }
        monitor.wakeAll()
        monitor.unlock()
    }

    func startThread() {
        let entry = unsafe Unmanaged.passRetained(self)
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, JobQueue.stackSize)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let status = unsafe pthread_create(&thread, &attributes, workerThreadMain, entry.toOpaque())
        unsafe pthread_attr_destroy(&attributes)
        precondition(status == 0, "no thread for the query engine: errno \(status)")
    }

    /// Bytes; expressions nest as deep as the parser allows, and are walked by recursion.
    private static let stackSize = 64 << 20

    fileprivate func run() {
        while true {
            monitor.lock()
            var job: (@Sendable () -> Void)?
            while true {
                let (found, isClosed) = state.withLock { state in
                    (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isClosed)
                }
                job = found
                if found != nil || isClosed { break }
                monitor.wait()
            }
            monitor.unlock()
            guard let job else { return }
            job()
        }
    }
}

/// Entry of a pool thread; a free function, so that it is isolated to no actor.
private func workerThreadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    unsafe Unmanaged<JobQueue>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}

// Unsafe: starts a thread, hands it its state through a retained pointer, and waits on a condition of pthreads.

internal import Glibc

/// Reads text on a thread of its own, while the caller stores what was read before.
///
/// Stretches come in order, at most ``depth`` of them waiting. One thread is enough: it reads several times as many
/// rows a second as can be made durable. When the last reference goes, the thread ends before its next stretch (or
/// when its source stops waiting for bytes).
public final class ReadAhead: RowReader {
    /// Stretches read and not yet taken: enough that neither side waits for the other's single slow step.
    public static let depth = 4

    private let queue = Queue()

    /// Starts to read. The reader belongs to the thread from now on. Throws when the system starts no more threads.
    public init(_ reader: sending any RowReader) throws {
        let work = unsafe Unmanaged.passRetained(Work(queue: queue, reader: reader))
        var thread = pthread_t()
        let failure = unsafe pthread_create(&thread, nil, readAheadThread, work.toOpaque())
        if failure != 0 {
            unsafe work.release()
            let cause = unsafe String(cString: strerror(failure))
            throw IngestError(.unreadable, "cannot start a thread to read on: \(cause)")
        }
        pthread_detach(thread)
    }

    deinit { queue.cancel() }

    /// The next stretch of the text, or nil at its end; waits until it is read. Throws what reading threw.
    public func next() throws -> ParsedRows? { try queue.take() }
}

/// What the thread is started with.
private final class Work {
    let queue: Queue
    let reader: any RowReader

    init(queue: Queue, reader: any RowReader) {
        self.queue = queue
        self.reader = reader
    }

    func run() {
        do {
            while let rows = try reader.next() {
                if !queue.put(rows) { return }
            }
            queue.finish(nil)
        } catch {
            queue.finish(error)
        }
    }
}

private func readAheadThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    unsafe Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().run()
    return nil
}

/// Stretches between the two threads.
@safe
private final class Queue: @unchecked Sendable {
    // Unchecked: everything below is touched with `lock` held.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [ParsedRows] = []
    private var end: Result<Void, any Error>?
    private var isCancelled = false

    init() {
        unsafe pthread_mutex_init(lock, nil)
        unsafe pthread_cond_init(changed, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(lock)
        unsafe changed.deallocate()
        unsafe lock.deallocate()
    }

    private func locked<T>(_ body: () throws -> T) rethrows -> T {
        unsafe pthread_mutex_lock(lock)
        defer {
            unsafe pthread_cond_broadcast(changed)
            unsafe pthread_mutex_unlock(lock)
        }
        return try body()
    }

    private func wait() { unsafe pthread_cond_wait(changed, lock) }

    /// - Returns: false when nobody wants more.
    func put(_ rows: ParsedRows) -> Bool {
        locked {
            while waiting.count == ReadAhead.depth && !isCancelled { wait() }
            if !isCancelled { waiting.append(rows) }
            return !isCancelled
        }
    }

    func finish(_ error: (any Error)?) {
        locked { end = error.map { .failure($0) } ?? .success(()) }
    }

    func take() throws -> ParsedRows? {
        try locked {
            while waiting.isEmpty && end == nil { wait() }
            if !waiting.isEmpty { return waiting.removeFirst() }
            try end?.get()
            return nil
        }
    }

    func cancel() { locked { isCancelled = true } }
}

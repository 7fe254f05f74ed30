// Unsafe: passes a retained box through the void pointer of pthread_create.
import Glibc

/// A thread of the store's own, for work that sleeps in system calls and so must not sit on Swift's pool.
package final class WorkerThread: Sendable {
    private final class Box: Sendable {
        let niceness: Int32
        let body: @Sendable () -> Void

        init(_ niceness: Int32, _ body: @escaping @Sendable () -> Void) {
            self.niceness = niceness
            self.body = body
        }

        func run() {
            // On Linux this is the priority of the calling thread alone. Refused or not, the work is done.
            if niceness != 0 { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
            body()
        }
    }

    private let handle: pthread_t

    /// Starts the thread at once. Traps when the system has no thread left.
    ///
    /// - Parameter niceness: 0 to 19; how far the thread stands back behind others.
    package init(niceness: Int32 = 0, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = unsafe Unmanaged.passRetained(Box(niceness, body)).toOpaque()
        let result = unsafe pthread_create(
            &thread, nil,
            { argument in
                unsafe Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, box)
        precondition(result == 0, "the system refused a thread (error \(result))")
        handle = thread
    }

    /// Lets the thread end by itself. Instead of ``join()``.
    package func detach() { pthread_detach(handle) }

    /// Waits until the thread has ended. Call once.
    package func join() { pthread_join(handle, nil) }
}

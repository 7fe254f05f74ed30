// Unsafe: a pthread mutex and condition live at a fixed address for as long as the object does.
import Glibc

/// A lock with a condition to wait on: for the few places where a thread must sleep until another has done its part.
///
/// Waiting uses the monotonic clock. Not recursive.
@safe
package final class Monitor: @unchecked Sendable {
    // Unchecked: both are made for use from any thread.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    package init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    package func lock() { unsafe pthread_mutex_lock(mutex) }
    package func unlock() { unsafe pthread_mutex_unlock(mutex) }

    /// Runs `body` under the lock.
    package func locked<T>(_ body: () -> T) -> T {
        lock()
        defer { unlock() }
        return body()
    }

    /// Sleeps until woken; the lock is given up meanwhile. May return early: callers check their condition.
    package func wait() { unsafe pthread_cond_wait(condition, mutex) }

    /// Sleeps until woken or so many microseconds have passed; `false` when they have.
    package func wait(microseconds: Int64) -> Bool {
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
        let nanoseconds = Int64(deadline.tv_nsec) + (microseconds % 1_000_000) * 1000
        deadline.tv_sec += Int(microseconds / 1_000_000 + nanoseconds / 1_000_000_000)
        deadline.tv_nsec = Int(nanoseconds % 1_000_000_000)
        return unsafe pthread_cond_timedwait(condition, mutex, &deadline) == 0
    }

    /// Wakes one sleeper.
    package func signal() { unsafe pthread_cond_signal(condition) }

    /// Wakes all sleepers.
    package func broadcast() { unsafe pthread_cond_broadcast(condition) }
}

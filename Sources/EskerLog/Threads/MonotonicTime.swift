// Unsafe: one C call that fills a struct on the stack.
import Glibc

/// Time that only runs forward, for pauses: no wall clock, which people set.
enum MonotonicTime {
    /// Microseconds since some moment in the past.
    static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

// Unsafe: one C call that fills a struct on the stack.
import Glibc
import Synchronization

/// What time it is for a store: microseconds since 1970-01-01 00:00:00 UTC.
public protocol StoreClock: Sendable {
    /// The current time, µs.
    func now() -> Int64
}

/// The machine's wall clock.
public struct SystemClock: StoreClock {
    /// The wall clock.
    public init() {}

    public func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

/// A clock that stands still until it is moved: for tests and replays.
public final class ManualClock: StoreClock {
    private let time: Atomic<Int64>

    /// A clock that shows `time`, µs since 1970.
    public init(_ time: Int64 = 1_767_225_600_000_000) { self.time = Atomic(time) }

    public func now() -> Int64 { time.load(ordering: .relaxed) }

    /// Moves the clock by so many microseconds, also back.
    public func advance(by microseconds: Int64) {
        time.wrappingAdd(microseconds, ordering: .relaxed)
    }
}

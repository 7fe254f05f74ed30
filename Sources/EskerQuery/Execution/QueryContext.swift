// Unsafe: asks the C library for the time.
import Glibc
import Synchronization

/// What one run of a statement carries with it: its clock, and the ways to end it early.
package final class QueryContext: Sendable {
    /// The clock and settings that functions see, the same all through the statement.
    package let evaluation: EvaluationContext
    /// Monotonic nanoseconds at which the statement is ended with 57014; nil: never.
    package let deadline: UInt64?
    private let cancelled = Atomic(false)

    /// - Parameter timeoutMilliseconds: nil for no limit.
    package init(_ evaluation: EvaluationContext, timeoutMilliseconds: Int? = nil) {
        self.evaluation = evaluation
        self.deadline = timeoutMilliseconds.map { Self.monotonicNanoseconds() &+ UInt64(max(0, $0)) &* 1_000_000 }
    }

    /// Ends the statement at its next block. May be called from any thread, and more than once.
    package func cancel() { cancelled.store(true, ordering: .relaxed) }

    /// Throws 57014 when the statement was cancelled or has run too long. Called for every block.
    package func checkCancellation() throws(QueryError) {
        if cancelled.load(ordering: .relaxed) {
            throw QueryError(.queryCanceled, "canceling statement due to user request")
        }
        if let deadline, Self.monotonicNanoseconds() >= deadline {
            throw QueryError(.queryCanceled, "canceling statement due to statement timeout")
        }
    }

    private static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}

import Synchronization

/// Counts changes and wakes who waits for the next one: followers of a stream sleep here instead of polling.
package final class ChangeSignal: Sendable {
    private struct State {
        var version: UInt64 = 0
        var isClosed = false
        var waiters: [CheckedContinuation<UInt64?, Never>] = []
    }

    private let state = Mutex(State())

    /// The number of changes so far.
    package var version: UInt64 { state.withLock { $0.version } }

    /// Waits until there were more than `version` changes and returns their number; `nil` when there will be no more.
    package func wait(after version: UInt64) async -> UInt64? {
        await withCheckedContinuation { continuation in
            let answer: UInt64?? = state.withLock { state in
                if state.isClosed { return .some(nil) }
                if state.version > version { return .some(state.version) }
                state.waiters.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    func signal() {
        let (version, woken) = state.withLock { state in
            state.version += 1
            defer { state.waiters = [] }
            return (state.version, state.waiters)
        }
        for waiter in woken { waiter.resume(returning: version) }
    }

    func close() {
        let woken = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in woken { waiter.resume(returning: nil) }
    }
}

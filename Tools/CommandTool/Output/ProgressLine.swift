import Synchronization

/// A line on standard error that shows how far something has come; on a terminal only, and at most five times a second.
final class ProgressLine: Sendable {
    private let isShown = StandardError.isTerminal
    private let shown = Mutex(ContinuousClock.now)

    /// Shows a text in place of the one before, unless that is younger than a fifth of a second.
    func show(_ text: @autoclosure () -> String) {
        guard isShown else { return }
        let isDue = shown.withLock { shown in
            let now = ContinuousClock.now
            guard now - shown > .milliseconds(200) else { return false }
            shown = now
            return true
        }
        if isDue { StandardError.write(StandardError.clearedLine + text()) }
    }

    /// Removes the line.
    func clear() {
        if isShown { StandardError.write(StandardError.clearedLine) }
    }
}

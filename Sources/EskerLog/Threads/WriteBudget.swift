/// Spreads the bytes that background work reads and writes evenly over time: a value without a clock of its own.
///
/// ```
/// time  ─█────────█────────█────▶   each step earns a pause as long as its bytes may take; time that a step itself
///        step     step     step     took counts, time spent idle does not
/// ```
package struct WriteBudget {
    /// 0: no limit.
    package let bytesPerSecond: Int
    /// When all that was read and written so far is paid for, µs.
    private var paidAt = Int64.min

    package init(bytesPerSecond: Int) { self.bytesPerSecond = bytesPerSecond }

    /// Begins a stretch of work at that time: nothing is owed, nothing is saved up.
    package mutating func begin(at now: Int64) { paidAt = now }

    /// How long to pause after a step, µs.
    package mutating func pause(after bytes: Int, at now: Int64) -> Int64 {
        guard bytesPerSecond > 0 else { return 0 }
        let cost = Int64(Double(bytes) * 1_000_000 / Double(bytesPerSecond))
        paidAt += cost
        return max(0, paidAt - now)
    }
}

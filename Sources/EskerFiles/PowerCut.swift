/// What survives a simulated power cut: one decision for each thing that was not yet synced.
///
/// - ``synced``: only what was synced: the least a disk may keep.
/// - ``everything``: all that was done: as if the system had written back everything just in time.
/// - ``random(seed:)``: each unsynced 512-byte sector, file growth and name change is kept or lost on its own, which
///   covers torn writes and writes that reach the disk out of order. The chance itself differs from seed to seed.
package struct PowerCut: Sendable {
    package static let synced = PowerCut(keepChance: 0, generator: nil)
    package static let everything = PowerCut(keepChance: 100, generator: nil)

    package static func random(seed: UInt64) -> PowerCut {
        var generator = SeededGenerator(seed: seed)
        let chances: [UInt64] = [2, 10, 50, 90, 98]
        let chance = chances[Int.random(in: 0..<chances.count, using: &generator)]
        return PowerCut(keepChance: chance, generator: generator)
    }

    /// Percent.
    private let keepChance: UInt64
    private var generator: SeededGenerator?

    private init(keepChance: UInt64, generator: SeededGenerator?) {
        self.keepChance = keepChance
        self.generator = generator
    }

    /// Whether one change is kept.
    mutating func keeps() -> Bool {
        guard generator != nil else { return keepChance == 100 }
        return generator!.next() % 100 < keepChance
    }

    /// One of `count` versions: 0 is the synced one, `count - 1` the newest.
    mutating func version(of count: Int) -> Int {
        if count == 1 || keeps() { return count - 1 }
        guard generator != nil else { return 0 }
        return Int(generator!.next() % UInt64(count))
    }

    /// A multiple of `step` between the two sizes, or one of them.
    mutating func size(from old: Int64, to new: Int64, step: Int64) -> Int64 {
        if old == new || keeps() { return new }
        guard generator != nil, generator!.next() % 2 == 0 else { return old }
        let inside = old + Int64(generator!.next() % UInt64(new - old))
        return max(old, inside - inside % step)
    }
}

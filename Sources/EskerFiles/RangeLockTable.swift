/// Byte-range locks of one file, as Linux keeps them for open file descriptions.
struct RangeLockTable: Sendable {
    private struct Held: Sendable {
        var owner: Int
        var range: Range<Int64>
        var isExclusive: Bool

        /// What is left of the lock outside `hole`: none, one or two pieces.
        func without(_ hole: Range<Int64>) -> [Held] {
            guard range.overlaps(hole) else { return [self] }
            var pieces: [Held] = []
            if range.lowerBound < hole.lowerBound {
                pieces.append(Held(owner: owner, range: range.lowerBound..<hole.lowerBound, isExclusive: isExclusive))
            }
            if hole.upperBound < range.upperBound {
                pieces.append(Held(owner: owner, range: hole.upperBound..<range.upperBound, isExclusive: isExclusive))
            }
            return pieces
        }
    }

    private var held: [Held] = []

    /// Replaces what `owner` holds in `range`; false, and nothing changed, when another owner's lock conflicts.
    mutating func set(_ kind: RangeLock, _ range: Range<Int64>, owner: Int) -> Bool {
        let conflicts = held.contains { other in
            other.owner != owner && other.range.overlaps(range) && (kind == .exclusive || other.isExclusive)
        }
        if kind != .unlock && conflicts { return false }
        held = held.flatMap { lock in lock.owner == owner ? lock.without(range) : [lock] }
        if kind != .unlock { held.append(Held(owner: owner, range: range, isExclusive: kind == .exclusive)) }
        return true
    }

    mutating func releaseAll(of owner: Int) {
        held.removeAll { $0.owner == owner }
    }
}

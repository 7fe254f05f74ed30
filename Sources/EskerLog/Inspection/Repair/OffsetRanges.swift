/// A set of offsets as ranges, ascending and apart from each other.
struct OffsetRanges {
    private(set) var ranges: [Range<Int64>] = []

    init() {}
    init(_ range: Range<Int64>) { insert(range) }

    var isEmpty: Bool { ranges.isEmpty }

    /// Adds the offsets of a range. O(ranges).
    mutating func insert(_ range: Range<Int64>) {
        guard !range.isEmpty else { return }
        var joined = range
        var kept: [Range<Int64>] = []
        for other in ranges {
            if other.upperBound < joined.lowerBound || other.lowerBound > joined.upperBound {
                kept.append(other)
            } else {
                joined = min(joined.lowerBound, other.lowerBound)..<max(joined.upperBound, other.upperBound)
            }
        }
        kept.append(joined)
        ranges = kept.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// Takes the offsets of a range away. O(ranges).
    mutating func remove(_ range: Range<Int64>) {
        guard !range.isEmpty else { return }
        ranges = ranges.flatMap { other -> [Range<Int64>] in
            let low = other.lowerBound..<max(other.lowerBound, min(other.upperBound, range.lowerBound))
            let high = min(other.upperBound, max(other.lowerBound, range.upperBound))..<other.upperBound
            return other.overlaps(range) ? [low, high].filter { !$0.isEmpty } : [other]
        }
    }

    /// The parts of a range that are in the set.
    func common(with range: Range<Int64>) -> [Range<Int64>] {
        ranges.map { $0.clamped(to: range) }.filter { !$0.isEmpty }
    }
}

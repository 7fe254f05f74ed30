/// A set of small numbers (blocks of a file) as bits.
struct BlockSet: Sendable {
    private var words: [UInt64] = []
    private(set) var count = 0

    /// Every block of the set lies in this range.
    var bounds: Range<Int> { 0..<words.count << 6 }

    func contains(_ block: Int) -> Bool {
        let word = block >> 6
        return word < words.count && words[word] & (1 << UInt64(block & 63)) != 0
    }

    func containsAny(of blocks: Range<Int>) -> Bool {
        blocks.contains(where: contains)
    }

    mutating func insert(_ block: Int) {
        let word = block >> 6
        if word >= words.count { words += [UInt64](repeating: 0, count: word + 1 - words.count) }
        if !contains(block) { count += 1 }
        words[word] |= 1 << UInt64(block & 63)
    }

    /// Removes every block from `first` on.
    mutating func remove(from first: Int) {
        for block in first..<max(first, bounds.upperBound) where contains(block) {
            words[block >> 6] &= ~(1 << UInt64(block & 63))
            count -= 1
        }
    }

    /// Runs of neighbouring blocks in the set, in order.
    var runs: [Range<Int>] {
        var runs: [Range<Int>] = []
        for (index, word) in words.enumerated() where word != 0 {
            for bit in 0..<64 where word & (1 << UInt64(bit)) != 0 {
                let block = index << 6 + bit
                if let last = runs.last, last.upperBound == block {
                    runs[runs.count - 1] = last.lowerBound..<block + 1
                } else {
                    runs.append(block..<block + 1)
                }
            }
        }
        return runs
    }
}

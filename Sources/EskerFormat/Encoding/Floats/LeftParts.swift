// Unsafe: samples the caller's numbers through a pointer.

/// Where numbers are best cut in two, and the left parts that become codes.
struct LeftParts {
    /// Bits right of the cut.
    let rightWidth: Int
    /// The most frequent left parts, 1 to 8, the most frequent first.
    let dictionary: [UInt16]
    /// Bits that a number takes, by the sample: right part, code, and its share of patches.
    let bitsPerNumber: Double

    private static let greatestWidth = 16
    private static let sampleLength = 1024
    /// Position and left part.
    private static let patchBits = 32.0

    /// Finds the cut by a sample of 1,024 of `count` > 0 numbers: sorted, equal left parts stand together at every cut.
    init<Bits: PackableInteger>(sampling values: UnsafePointer<Bits>, count: Int) {
        let length = min(count, Self.sampleLength)
        let sample = (0..<length).map { unsafe values[sampledRow($0, of: length, among: count)] }.sorted()
        var best: LeftParts?
        for leftWidth in 1...Self.greatestWidth {
            let parts = LeftParts(sorted: sample, rightWidth: Bits.bitWidth - leftWidth)
            if best == nil || parts.bitsPerNumber < best!.bitsPerNumber { best = parts }
        }
        self = best!
    }

    private init<Bits: PackableInteger>(sorted sample: [Bits], rightWidth: Int) {
        var top: [(left: UInt16, times: Int)] = []
        var start = 0
        while start < sample.count {
            let left = sample[start] >> Bits(rightWidth)
            var end = start + 1
            while end < sample.count, sample[end] >> Bits(rightWidth) == left { end += 1 }
            let place = top.firstIndex { $0.times < end - start } ?? top.count
            if place < ALPRDFloats.greatestSize {
                top.insert((UInt16(truncatingIfNeeded: left), end - start), at: place)
                if top.count > ALPRDFloats.greatestSize { top.removeLast() }
            }
            start = end
        }
        self.init(rightWidth: rightWidth, top: top, sampled: sample.count)
    }

    /// Keeps as many of the left parts as pay for the width of their codes.
    private init(rightWidth: Int, top: [(left: UInt16, times: Int)], sampled: Int) {
        self.rightWidth = rightWidth
        var bestSize = 1
        var leastBits = Double.infinity
        for size in [1, 2, 4, 8] {
            let size = min(size, top.count)
            let held = top.prefix(size).reduce(0) { $0 + $1.times }
            let patched = Double(sampled - held) / Double(sampled)
            let bits = Double(rightWidth + ALPRDFloats.codeWidth(size: size)) + patched * Self.patchBits
            if bits < leastBits {
                leastBits = bits
                bestSize = size
            }
        }
        dictionary = top.prefix(bestSize).map(\.left)
        bitsPerNumber = leastBits
    }
}

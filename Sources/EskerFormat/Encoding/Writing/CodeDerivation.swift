// Unsafe: walks two columns of codes through typed pointers of their own buffers.

/// Codes of a column that follow from those of another: always, or up to a choice among a few.
final class CodeDerivation {
    private let source: UInt32
    private let map: Int
    private let selectors: [Int: EncodingNode]
    private let counts: [Int: Int]

    /// Choices for one code of the source: more, and the selector is hardly smaller than the codes.
    static let maximumChoices = 16

    /// Codes of a source: more, and the table of its choices leaves the second cache.
    static let maximumSourceCount = 1 << 16

    private init(source: UInt32, map: Int, selectors: [Int: EncodingNode], counts: [Int: Int]) {
        self.source = source
        self.map = map
        self.selectors = selectors
        self.counts = counts
    }

    /// The node that stands in the place of the codes of a block.
    func node(_ block: Int) -> EncodingNode? {
        guard let count = counts[block] else { return nil }
        var node = EncodingNode(.mapped, count: count, children: selectors[block].map { [$0] } ?? [])
        node.parameter = UInt64(source) | UInt64(map) << 32
        return node
    }

    /// What deriving would take, before it is decided.
    struct Candidate {
        fileprivate let source: UInt32
        fileprivate let sourceCount: Int
        fileprivate let selectors: [Int: EncodingNode]
        fileprivate let counts: [Int: Int]
        fileprivate let map: EncodingNode
        /// Bytes of map and selectors together.
        let byteCount: Int

        /// Puts the map into the segment.
        func install(_ pools: PoolCollector) -> CodeDerivation {
            let number = pools.add(map, count: sourceCount, type: nil, kind: .map)
            return CodeDerivation(source: source, map: number, selectors: selectors, counts: counts)
        }
    }

    /// Tries to derive `target` from `source`, a column's writer with a pool. `nil` when some code of the source goes
    /// with more than `choices` of the target's. O(rows).
    static func find(
        _ target: ColumnWriter, from source: ColumnWriter, id: UInt32, choices: Int, chooser: NodeChooser
    ) -> Candidate? {
        guard let from = source.pool, target.pool != nil, from.count <= maximumSourceCount else { return nil }
        var links = Links(sources: from.count, width: choices)
        var numbers: [Int: Buffer] = [:]
        var counts: [Int: Int] = [:]
        for block in target.blocks.indices {
            guard let codes = target.finalCodes(block) else { continue }
            guard let keys = source.finalCodes(block), keys.count == codes.count else { return nil }
            guard let selector = links.select(keys, codes) else { return nil }
            // The first block tells whether choices are shorter than codes at all: the walk over the others is long.
            if numbers.isEmpty, links.mostChoices > 1,
                node(selector, chooser).storedLength >= target.codesNode(block).storedLength
            {
                return nil
            }
            numbers[block] = selector
            counts[block] = codes.count
        }
        guard !counts.isEmpty else { return nil }
        var selectors: [Int: EncodingNode] = [:]
        if links.mostChoices > 1 {
            for (block, selector) in numbers { selectors[block] = node(selector, chooser) }
        }
        return links.candidate(id, selectors, counts, chooser: chooser)
    }

    private static func node(_ selector: Buffer, _ chooser: NodeChooser) -> EncodingNode {
        chooser.codesNode(DictionaryCodes(buffer: selector, width: 1, count: selector.byteCount))
    }

    /// For each code of the source the target codes seen beside it, in the order of their first use.
    private struct Links {
        private var choices: [UInt32]
        private var table: [UInt32]
        private(set) var mostChoices: UInt32 = 0

        /// Most choices of a source.
        private let width: Int

        init(sources: Int, width: Int) {
            self.width = width
            choices = [UInt32](repeating: 0, count: sources)
            table = [UInt32](repeating: 0, count: sources * width)
        }

        /// The place of each target code among its source's choices; `nil` when there are too many.
        mutating func select(_ keys: PlainValues, _ codes: PlainValues) -> Buffer? {
            let (keySpan, codeSpan) = (keys.buffer.span(as: UInt32.self), codes.buffer.span(as: UInt32.self))
            let output = FilledBuffer(byteCount: keys.count)
            let selector = unsafe output.pointer(as: UInt8.self)
            var row = 0
            while row < keys.count {
                let key = Int(keySpan[row])
                let code = codeSpan[row]
                let start = key * width
                let count = Int(choices[key])
                var place = 0
                while place < count, table[start + place] != code { place += 1 }
                if place == count {
                    guard count < width else { return nil }
                    table[start + count] = code
                    choices[key] = UInt32(count + 1)
                    mostChoices = max(mostChoices, UInt32(count + 1))
                }
                unsafe selector[row] = UInt8(truncatingIfNeeded: place)
                row += 1
            }
            return output.buffer
        }

        func candidate(
            _ id: UInt32, _ selectors: [Int: EncodingNode], _ counts: [Int: Int], chooser: NodeChooser
        ) -> Candidate {
            var targets: [UInt32] = []
            for (key, count) in choices.enumerated() {
                let start = key * width
                targets += table[start..<(start + Int(count))]
            }
            let children = [
                chooser.lengthsNode(Buffer(copying: choices)), chooser.lengthsNode(Buffer(copying: targets)),
            ]
            let map = EncodingNode(.dictionary, count: choices.count, children: children)
            let size = selectors.values.reduce(map.storedLength) { $0 + $1.storedLength }
            return Candidate(
                source: id, sourceCount: choices.count, selectors: selectors, counts: counts, map: map, byteCount: size)
        }
    }
}

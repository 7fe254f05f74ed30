extension StringTemplate {
    /// A template that at least 98 of 100 sample strings match, or nil when they share nothing.
    ///
    /// The sample should be some hundred rows from all over the column; more than 1,024 are not looked at. It takes
    /// 0.3 ms for URLs, 3 ms for log lines. Whether splitting pays is for the caller to find out, by splitting the sample
    /// and looking at the parts.
    package static func find(in sample: ByteStrings) -> StringTemplate? {
        let limit = TemplateFinder.checkedRows
        let rows = sample.count <= limit ? sample : sample.spread(limit)
        guard rows.count >= TemplateFinder.fewestRows, let finder = TemplateFinder(rows) else { return nil }
        return finder.template()
    }
}

extension ByteStrings {
    /// So many strings, evenly spread.
    func spread(_ number: Int) -> ByteStrings {
        guard number < count else { return self }
        let rows = (0..<number).map { UInt32($0 * count / number) }
        return gather(rows.span)
    }
}

/// Finds what strings have in common.
///
/// Tokens that nearly all strings hold are folded to one common subsequence; neighbours in it that stand side by side in
/// every string become one literal. ``TemplatePruning`` then drops literals that cut through values.
struct TemplateFinder {
    /// Strings that are aligned with each other.
    static let alignedRows = 128
    /// Strings that a template is tried on.
    static let checkedRows = 1024
    /// Fewer strings tell nothing.
    static let fewestRows = 8
    /// One string of so many may be an exception.
    static let exceptionShare = 50
    /// Longer strings are no case for a template.
    static let longestString = 4096
    /// More common tokens than this are text, not a template; also bounds the work of alignment.
    static let mostTokens = 256

    private let sample: ByteStrings
    /// The strings aligned: those that hold every common token.
    private let strings: [TokenString]
    /// One of them, for its bytes.
    private let example: [UInt8]
    /// The common subsequence.
    private let common: [UInt64]

    init?(_ sample: ByteStrings) {
        self.sample = sample
        let spread = sample.spread(Self.alignedRows)
        let rows = (0..<spread.count).filter { spread.length($0) > 0 && spread.length($0) <= Self.longestString }
        let all = rows.map { TokenString(spread.array($0).span) }
        let needed = spread.count - spread.count / Self.exceptionShare
        guard all.count >= needed, let kept = Self.commonTokens(all, needed) else { return nil }
        guard let first = kept.chosen.first else { return nil }
        var common = all[first].kept(kept.tokens)
        for index in kept.chosen.dropFirst() {
            let next = all[index].kept(kept.tokens)
            guard common.count <= Self.mostTokens, next.count <= Self.mostTokens * 4 else { return nil }
            if next != common { common = CommonSubsequence.of(common, next) }
        }
        guard !common.isEmpty, common.count <= Self.mostTokens else { return nil }
        strings = kept.chosen.map { all[$0] }
        example = spread.array(rows[first])
        self.common = common
    }

    /// Tokens that at least `needed` strings hold, so often as each of those does, and the strings that hold them all.
    ///
    /// Rarer tokens are given up first when too few strings hold all.
    private static func commonTokens(
        _ strings: [TokenString], _ needed: Int
    ) -> (tokens: [UInt64], chosen: [Int])? {
        let counted = strings.map(\.countedTokens)
        var frequent = frequencies(counted).filter { $0.count >= needed }.sorted { $0.count < $1.count }
        while !frequent.isEmpty {
            let wanted = frequent.map(\.token).sorted()
            let chosen = strings.indices.filter { holds(counted[$0], wanted) }
            if chosen.count >= needed {
                // Counted tokens are tokens again when they are the first of their kind; the others add none.
                return (wanted, chosen)
            }
            frequent.removeFirst()
        }
        return nil
    }

    /// How many of the lists hold each element; every list is sorted.
    private static func frequencies(_ lists: [[UInt64]]) -> [(token: UInt64, count: Int)] {
        var counts: [(token: UInt64, count: Int)] = []
        for token in lists.joined().sorted() {
            if let last = counts.last, last.token == token {
                counts[counts.count - 1].count += 1
            } else {
                counts.append((token, 1))
            }
        }
        return counts
    }

    /// Whether a sorted list holds all of another.
    private static func holds(_ list: [UInt64], _ wanted: [UInt64]) -> Bool {
        var at = 0
        for token in wanted {
            while at < list.count, list[at] < token { at += 1 }
            guard at < list.count, list[at] == token else { return false }
            at += 1
        }
        return true
    }

    func template() -> StringTemplate? {
        var literals = commonLiterals()
        // A string must have something that varies, and something that does not.
        guard literals.count >= 2, literals.contains(where: { !$0.isEmpty }) else { return nil }
        if literals.count > TemplatePruning.mostLiterals { literals = TemplatePruning.longest(literals) }
        let pruned = TemplatePruning(sample, literals).result()
        guard let pruned, pruned.contains(where: { !$0.isEmpty }) else { return nil }
        return StringTemplate(literals: pruned)
    }

    /// The literals that the common tokens make, the first and the last perhaps empty.
    private func commonLiterals() -> [[UInt8]] {
        var head = 0
        while head < common.count, strings.allSatisfy({ head < $0.tokens.count && $0.tokens[head] == common[head] }) {
            head += 1
        }
        var foot = 0
        while foot < common.count - head,
            strings.allSatisfy({
                foot < $0.tokens.count - head
                    && $0.tokens[$0.tokens.count - 1 - foot] == common[common.count - 1 - foot]
            })
        {
            foot += 1
        }
        let middle = Array(common[head..<(common.count - foot)])
        let places = strings.map { Self.places(of: middle, in: $0.tokens, from: head) }
        var literals = [bytes(0..<head)]
        var index = 0
        while index < middle.count {
            var end = index + 1
            while end < middle.count, places.allSatisfy({ $0[end] == $0[end - 1] + 1 }) { end += 1 }
            literals.append(bytes(places[0][index]..<(places[0][end - 1] + 1)))
            index = end
        }
        let tokens = strings[0].tokens.count
        literals.append(bytes((tokens - foot)..<tokens))
        return literals
    }

    /// The leftmost places of a subsequence, one after another.
    private static func places(of wanted: [UInt64], in tokens: [UInt64], from start: Int) -> [Int] {
        var at = start
        return wanted.map { token in
            while at < tokens.count - 1, tokens[at] != token { at += 1 }
            at += 1
            return at - 1
        }
    }

    /// What some tokens of the example are.
    private func bytes(_ tokens: Range<Int>) -> [UInt8] {
        Array(example[strings[0].starts[tokens.lowerBound]..<strings[0].starts[tokens.upperBound]])
    }
}

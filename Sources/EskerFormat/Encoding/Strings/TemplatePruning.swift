/// Drops literals that cut through values which belong together, until what is left is small and cheap.
///
/// A literal stays when the parts on its two sides are estimated to take less room apart than as one. The estimate of a
/// part is what a number, a dictionary or plain text would take a row, the chance of a value not seen before told by the
/// share of values seen once (I. Good, "The Population Frequencies of Species", 1953).
struct TemplatePruning {
    /// More literals are cut down to the longest ones before they are tried one by one.
    static let mostLiterals = 40
    /// Strings that parts are weighed with.
    static let weighedRows = 256
    /// What a part costs in any case, bytes a row: its column, and the time to join it.
    static let partCost = 0.06
    /// Bytes that a byte of text takes when nothing better is known.
    static let textCost = 0.5

    private let sample: ByteStrings
    private let weighed: ByteStrings
    private var literals: [[UInt8]]

    init(_ sample: ByteStrings, _ literals: [[UInt8]]) {
        self.sample = sample
        self.literals = literals
        weighed = sample.spread(Self.weighedRows)
    }

    /// The longest of the inner literals, and the outer ones.
    static func longest(_ literals: [[UInt8]]) -> [[UInt8]] {
        let inner = literals.indices.dropFirst().dropLast()
        let kept = Set(inner.sorted { literals[$0].count > literals[$1].count }.prefix(mostLiterals - 2))
        return literals.indices.filter { $0 == 0 || $0 == literals.count - 1 || kept.contains($0) }.map { literals[$0] }
    }

    /// The literals that stay, first and last included; nil when too many strings do not match them, or
    /// nothing is left beside them.
    consuming func result() -> [[UInt8]]? {
        literals = literals.map { Array($0.prefix(StringTemplate.maximumLiteralLength)) }
        var places = PartPlaces(literals, weighed)
        guard places.exceptions.count * TemplateFinder.exceptionShare <= weighed.count,
            places.lengths.contains(where: { $0 > 0 })
        else { return nil }
        var costs = (0..<(literals.count - 1)).map { cost(places, $0...$0) }
        var joined = (0..<max(0, literals.count - 2)).map { cost(places, $0...($0 + 1)) }
        while literals.count > 2 {
            // Literal i + 1 stands between the parts i and i + 1.
            let losses = joined.indices.map { joined[$0] - costs[$0] - costs[$0 + 1] - Self.partCost }
            guard let best = losses.indices.min(by: { losses[$0] < losses[$1] }) else { break }
            guard losses[best] <= 0 || literals.count > StringTemplate.maximumParts + 1 else { break }
            literals.remove(at: best + 1)
            places = PartPlaces(literals, weighed)
            // Later literals may now match further left, so that everything from here on has changed.
            costs.replaceSubrange(best..., with: (best..<(literals.count - 1)).map { cost(places, $0...$0) })
            let from = max(0, best - 1)
            joined.replaceSubrange(from..., with: (from..<(literals.count - 2)).map { cost(places, $0...($0 + 1)) })
        }
        let missed = PartPlaces(literals, sample).exceptions.count
        return missed * TemplateFinder.exceptionShare <= sample.count ? literals : nil
    }

    /// Bytes a row that the parts in a range and the literals between them take as one column.
    private func cost(_ places: PartPlaces, _ parts: ClosedRange<Int>) -> Double {
        let rows = weighed.count
        var weight = PartWeight()
        for row in 0..<rows {
            let start = Int(places.starts[parts.lowerBound * rows + row])
            let last = parts.upperBound * rows + row
            weight.add(weighed.bytes.slice(start..<(Int(places.starts[last]) + Int(places.lengths[last]))))
        }
        return weight.cost
    }
}

/// What a column of strings would take, from some of them.
private struct PartWeight {
    private var hashes: [UInt64] = []
    private var bytes = 0
    private var areNumbers = true
    private var least = UInt64.max
    private var greatest: UInt64 = 0
    private var hasPadding = false
    private var shortest = Int.max
    private var longest = 0

    mutating func add(_ value: Buffer) {
        let span = value.span(as: UInt8.self)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var number: UInt64 = 0
        var isNumber = span.count > 0 && span.count <= DecimalText.maximumDigits
        var index = 0
        while index < span.count {
            hash = (hash ^ UInt64(span[index])) &* 0x0000_0100_0000_01B3
            let digit = span[index] &- 0x30
            isNumber = isNumber && digit < 10
            number = number &* 10 &+ UInt64(digit)
            index &+= 1
        }
        hashes.append(hash)
        bytes += span.count
        areNumbers = areNumbers && isNumber
        if isNumber {
            least = min(least, number)
            greatest = max(greatest, number)
            hasPadding = hasPadding || span.count > 1 && span[0] == 0x30
            shortest = min(shortest, span.count)
            longest = max(longest, span.count)
        }
    }

    /// Bytes a row.
    var cost: Double {
        let rows = Double(hashes.count)
        let average = Double(bytes) / rows
        let sorted = hashes.sorted()
        var distinct = 0.0
        var once = 0.0
        var index = 0
        while index < sorted.count {
            var end = index + 1
            while end < sorted.count, sorted[end] == sorted[index] { end += 1 }
            distinct += 1
            if end == index + 1 { once += 1 }
            index = end
        }
        var best = average * TemplatePruning.textCost
        best = min(best, bits(distinct) / 8 + once / rows * average * TemplatePruning.textCost)
        if areNumbers, !hasPadding || shortest == longest {
            best = min(best, bits(Double(greatest - least) + 1) / 8)
        }
        return best
    }

    private func bits(_ values: Double) -> Double { Double(values.exponent) + values.significand - 1 }
}

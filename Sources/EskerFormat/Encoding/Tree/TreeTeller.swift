/// Walks an encoding tree and puts it into words. Whatever is malformed is told as far as it goes: reading the values
/// is what finds faults.
struct TreeTeller {
    let pools: SegmentPools?
    let name: (UInt32) -> String
    private var usedPools: [Int] = []
    private var heaviest = (bytes: 0, weight: TreeDescription.Weight.nothing)

    init(pools: SegmentPools?, name: @escaping (UInt32) -> String) {
        self.pools = pools
        self.name = name
    }

    /// Words for a subtree, with and without numbers.
    private struct Words {
        var text: String
        var shape: String

        init(_ text: String, shape: String? = nil) {
            self.text = text
            self.shape = shape ?? text
        }

        /// The words of both, put together.
        func within(_ before: String, _ after: String = "") -> Words {
            Words(before + text + after, shape: before + shape + after)
        }
    }

    mutating func describe(_ root: EncodingNode, _ form: PlainValues.Form) -> TreeDescription {
        let words = words(root, form, .value)
        var node = root
        if root.kind == .nullable, root.children.count == 2 { node = root.children[1] }
        return TreeDescription(
            text: words.text, shape: words.shape, reason: reason(node), weight: heaviest.weight, pools: usedPools)
    }

    /// A map: for each code of the source how many choices it has, and the codes that they are.
    mutating func describe(map node: EncodingNode) -> TreeDescription {
        let choices = child(node, 0, .counts, .choice)
        let codes = child(node, 1, .counts, .code)
        return TreeDescription(
            text: "choices \(choices.text), codes \(codes.text)", shape: "map", reason: nil, weight: heaviest.weight,
            pools: [])
    }

    // MARK: Words

    /// What a node's numbers stand for.
    private enum Role { case value, code, choice }

    private mutating func words(_ node: EncodingNode, _ form: PlainValues.Form, _ role: Role) -> Words {
        switch node.kind {
        case .raw: return raw(node, form)
        case .constant: return Words("constant")
        case .runs:
            weighLengths(node, 0)
            return child(node, 1, form, role).within("runs(", ")")
        case .dictionary:
            let limit = node.children.count == 2 ? node.children[1].count : 1
            let codes = codes(node, limit: limit)
            return Words(
                "dictionary(\(codes.text); \(child(node, 1, form, .value).text))",
                shape: "dictionary(\(codes.shape))")
        case .pooled:
            let pool = Int(truncatingIfNeeded: node.parameter)
            use(pool)
            let codes = codes(node, limit: pools?.valueCount(pool) ?? 1)
            return codes.within(node.children.first?.kind == .mapped ? "pooled " : "pooled, ")
        case .packed: return packed(node, form, role)
        case .planes: return leaf(node, "planes", role == .value ? .planes : role == .code ? .codes : .choices)
        case .decimalFloats: return leaf(node, "decimal floats", .codedFloats)
        case .splitFloats: return leaf(node, "split floats", .codedFloats)
        case .nullable: return child(node, 1, form, role).within("nullable(", ")")
        case .mapped: return mapped(node)
        case .symbols:
            weigh(node, .symbols)
            weighLengths(node, 0)
            return Words("symbols")
        case .frontCoded:
            weigh(node, .frontCoded)
            return Words("front coded" + codec(node))
        case .hexadecimal:
            weigh(node, .hexadecimal)
            return Words((node.argument == 2 ? "UUID" : "hexadecimal") + codec(node))
        case .decimalText:
            return child(node, 0, .integers(width: 8, isSigned: true), .value).within("decimal(", ")")
        case .template: return template(node)
        }
    }

    private mutating func raw(_ node: EncodingNode, _ form: PlainValues.Form) -> Words {
        let isCompressed = node.parts.contains { $0.codec != .none }
        switch form {
        case .strings:
            weigh(node, isCompressed ? .compressed : .strings)
            weighLengths(node, 0)
        case .floats: weigh(node, isCompressed ? .compressed : .floats)
        case .bits, .opaque: weigh(node, isCompressed ? .compressed : .bits)
        case .integers: weigh(node, isCompressed ? .compressed : .distances)
        }
        return Words("raw" + codec(node))
    }

    private mutating func packed(_ node: EncodingNode, _ form: PlainValues.Form, _ role: Role) -> Words {
        let shape = Self.packing(node, form)
        let isDelta = shape?.isDelta ?? false
        switch role {
        case .value: weigh(node, !isDelta ? .distances : shape?.isRising == true ? .steps : .unorderedSteps)
        case .code: weigh(node, .codes)
        case .choice: weigh(node, .choices)
        }
        let word = isDelta ? "delta" : "packed"
        return Words(shape.map { "\(word) \($0.bits) bit" } ?? word, shape: word)
    }

    /// A leaf that says nothing of its insides but what a value takes on average.
    private mutating func leaf(_ node: EncodingNode, _ word: String, _ weight: TreeDescription.Weight) -> Words {
        weigh(node, weight)
        let bytes = node.parts.reduce(0) { $0 + $1.stored.byteCount }
        let bits = node.count == 0 ? 0 : (bytes * 8 + node.count / 2) / node.count
        return Words("\(word) \(bits) bit" + codec(node), shape: word)
    }

    /// How packed integers are held, over their vectors.
    private struct Packing {
        /// Mean bits of a value, rounded.
        let bits: Int
        /// Whether most vectors hold differences.
        let isDelta: Bool
        /// Whether every vector begins with its least value and ends with its greatest.
        let isRising: Bool
    }

    private static func packing(_ node: EncodingNode, _ form: PlainValues.Form) -> Packing? {
        guard case .integers(let width, let isSigned) = form, let bytes = try? node.parts.first?.plain(),
            let leaf = try? PackedIntegers(parsing: bytes, count: node.count, valueWidth: width, isSigned: isSigned),
            leaf.vectorCount > 0
        else { return nil }
        var bits = 0
        var deltas = 0
        var isRising = true
        for vector in 0..<leaf.vectorCount {
            let shape = leaf.shape(vector: vector)
            bits += shape.width
            if shape.mode == .delta { deltas += 1 }
            let first = vector * Vector.length
            let last = min(first + Vector.length, node.count) - 1
            let bounds = leaf.bounds(vector: vector)
            if bounds.least < leaf.value(at: first) || bounds.greatest > leaf.value(at: last) { isRising = false }
        }
        return Packing(
            bits: (bits + leaf.vectorCount / 2) / leaf.vectorCount, isDelta: deltas * 2 > leaf.vectorCount,
            isRising: isRising)
    }

    private mutating func codes(_ node: EncodingNode, limit: Int) -> Words {
        let form = PlainValues.Form.integers(width: DictionaryCodes.width(limit), isSigned: false)
        return child(node, 0, form, .code)
    }

    private mutating func mapped(_ node: EncodingNode) -> Words {
        use(Int(truncatingIfNeeded: node.parameter >> 32))
        let source = "← \(name(UInt32(truncatingIfNeeded: node.parameter)))"
        guard !node.children.isEmpty else { return Words(source) }
        return child(node, 0, .integers(width: 1, isSigned: false), .choice).within("\(source) + choice ")
    }

    private mutating func template(_ node: EncodingNode) -> Words {
        weigh(node, .strings)
        var parts: [Words] = []
        for index in 0..<max(node.children.count - 1, 0) { parts.append(child(node, index, .strings, .value)) }
        if let whole = node.children.last, whole.count > 0 { _ = words(whole, .strings, .value) }
        let before = "template(\(parts.count)): "
        return Words(
            before + parts.map(\.text).joined(separator: " · "),
            shape: before + parts.map(\.shape).joined(separator: " · "))
    }

    // MARK: Pieces

    private mutating func child(
        _ node: EncodingNode, _ index: Int, _ form: PlainValues.Form, _ role: Role
    ) -> Words {
        index < node.children.count ? words(node.children[index], form, role) : Words("?")
    }

    /// Lengths belong to the values whose lengths they are, and are too plain to be told.
    private mutating func weighLengths(_ node: EncodingNode, _ index: Int) {
        if index < node.children.count { _ = words(node.children[index], .counts, .value) }
    }

    private mutating func weigh(_ node: EncodingNode, _ weight: TreeDescription.Weight) {
        let bytes = node.parts.reduce(0) { $0 + $1.stored.byteCount }
        if bytes > heaviest.bytes { heaviest = (bytes, weight) }
    }

    private mutating func use(_ pool: Int) {
        if !usedPools.contains(pool) { usedPools.append(pool) }
    }

    private func codec(_ node: EncodingNode) -> String {
        node.parts.first { $0.codec != .none }.map { " + \($0.codec)" } ?? ""
    }

    // MARK: Reason

    private func reason(_ node: EncodingNode) -> String? {
        switch node.kind {
        case .raw: return codec(node).isEmpty ? nil : "compressible"
        case .constant: return "all equal"
        case .runs: return "in runs"
        case .dictionary: return "repeats"
        case .pooled:
            guard let codes = node.children.first, codes.kind == .mapped else { return "repeats" }
            let source = name(UInt32(truncatingIfNeeded: codes.parameter))
            return codes.children.isEmpty ? "follows \(source)" : "nearly follows \(source)"
        case .packed:
            switch heaviest.weight {
            case .steps: return "in order"
            case .unorderedSteps: return "nearly in order"
            default: return "small range"
            }
        case .planes: return "equal upper bytes"
        case .decimalFloats: return "decimals"
        case .splitFloats: return "near each other"
        case .symbols: return "common pieces"
        case .frontCoded: return "sorted"
        case .hexadecimal: return node.argument == 2 ? "UUIDs" : "hexadecimal"
        case .decimalText: return "numbers as text"
        case .template: return "one pattern"
        case .mapped: return "follows \(name(UInt32(truncatingIfNeeded: node.parameter)))"
        case .nullable: return nil
        }
    }
}

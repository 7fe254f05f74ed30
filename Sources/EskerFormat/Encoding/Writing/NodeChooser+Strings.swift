/// The choice among the encodings of strings.
extension NodeChooser {
    /// Strings looked at before a candidate is tried on all: 16 stretches of 64.
    private static let stretchCount = 16
    private static let stretchLength = 64
    /// Symbols decode three times as fast as zstd: they may take so much more.
    private static let symbolAllowance = 1.15
    /// A dictionary of one block pays below so many different values in the sample's stretches.
    private static let distinctShare = 0.7

    func strings(_ values: PlainValues, depth: Int) -> EncodingNode {
        let all = ByteStrings(values)
        if let node = number(values, all, depth: depth) ?? hexadecimal(values, all) {
            return shorter(node, values, depth)
        }
        if depth < Self.maximumDepth, let node = dictionary(values, depth: depth) { return node }
        return text(values, all)
    }

    /// A local dictionary of the number or hexadecimal form may still be shorter than the form itself.
    private func shorter(_ node: EncodingNode, _ values: PlainValues, _ depth: Int) -> EncodingNode {
        guard node.kind == .hexadecimal, depth < Self.maximumDepth, let other = dictionary(values, depth: depth),
            other.storedLength < node.storedLength
        else { return node }
        return other
    }

    private func number(_ values: PlainValues, _ all: ByteStrings, depth: Int) -> EncodingNode? {
        guard Self.sample(all).allSatisfy({ DecimalText.read($0) != nil }) else { return nil }
        guard let (form, numbers) = DecimalText.read(all) else { return nil }
        let plain = PlainValues(.integers(width: 8, isSigned: true), count: values.count, numbers)
        var node = EncodingNode(.decimalText, count: values.count, children: [self.node(plain, depth: depth + 1)])
        node.argument = UInt8(form.minimumDigits) | (form.isSigned ? 0x80 : 0)
        return node
    }

    private func hexadecimal(_ values: PlainValues, _ all: ByteStrings) -> EncodingNode? {
        guard Self.sample(all).allSatisfy({ HexText.form(of: $0) != nil }) else { return nil }
        var output = GrowableBuffer(capacity: all.byteCount / 2 + 64)
        guard HexText.encode(all, into: &output) else { return nil }
        return EncodingNode(.hexadecimal, count: values.count, parts: [part(output.finish())])
    }

    /// A dictionary of this block alone, where values repeat near each other.
    private func dictionary(_ values: PlainValues, depth: Int) -> EncodingNode? {
        guard values.count >= 32, Self.repeats(values) else { return nil }
        let builder = PoolBuilder(.strings)
        guard let codes = builder.intern(values), builder.count * 2 <= values.count else { return nil }
        let counts = PlainValues(.counts, count: values.count, codes)
        let narrow = DictionaryCodes(narrowing: counts, limit: builder.count)
        return EncodingNode(
            .dictionary, count: values.count,
            children: [codesNode(narrow), node(builder.values(), depth: depth + 1)])
    }

    /// Whether a first quarter of the values holds enough repetitions to try a dictionary.
    private static func repeats(_ values: PlainValues) -> Bool {
        let length = min(values.count, max(1024, values.count / 4))
        let builder = PoolBuilder(.strings)
        guard builder.intern(values.slice(0..<length)) != nil else { return false }
        return Double(builder.count) <= Double(length) * distinctShare
    }

    /// Free text: symbols, or the general codec.
    private func text(_ values: PlainValues, _ all: ByteStrings) -> EncodingNode {
        let plain = raw(values)
        guard all.byteCount >= 1024 else { return plain }
        var output = GrowableBuffer(capacity: all.byteCount / 2)
        let lengths = FSST.encode(all, into: &output)
        let symbols = EncodingNode(
            .symbols, count: values.count, parts: [.init(output.finish())],
            children: [lengthsNode(Buffer(copying: lengths))])
        let allowance = tier == .compact ? 1.0 : Self.symbolAllowance
        return Double(symbols.storedLength) <= Double(plain.storedLength) * allowance ? symbols : plain
    }

    /// A pool's values: sorted strings share their beginnings with their neighbours.
    func poolNode(_ values: PlainValues, isSorted: Bool) -> EncodingNode {
        let node = node(values, depth: 1)
        guard values.form == .strings, isSorted, values.count > 16 else { return node }
        var output = GrowableBuffer(capacity: values.byteCount / 2 + 64)
        FrontCoding.encode(ByteStrings(values), into: &output)
        let front = EncodingNode(.frontCoded, count: values.count, parts: [part(output.finish())])
        return front.storedLength < node.storedLength ? front : node
    }

    /// Stretches of the strings.
    static func sample(_ strings: ByteStrings) -> [ByteStrings] {
        guard strings.count > stretchCount * stretchLength else { return [strings] }
        let step = (strings.count - stretchLength) / (stretchCount - 1)
        return (0..<stretchCount).map { strings.slice(($0 * step)..<($0 * step + stretchLength)) }
    }
}

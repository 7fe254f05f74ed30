/// The encodings that only strings have.
extension NodeDecoder {
    /// No column of a block has more bytes of strings for each byte stored, beyond a first MiB: bounds what a hostile
    /// file can make a reader allocate.
    static let maximumStringExpansion = 4096

    func strings(_ node: EncodingNode) throws(FormatError) -> PlainValues {
        switch node.kind {
        case .symbols: return PlainValues(try symbols(node))
        case .frontCoded: return PlainValues(try FrontCoding(parsing: try leaf(node, 0), count: node.count).decode())
        case .hexadecimal: return PlainValues(try HexText(parsing: try leaf(node, 0), count: node.count).decode())
        case .decimalText:
            let (values, form) = try decimals(node)
            return PlainValues(form.write(values.span(as: UInt64.self)))
        default: return PlainValues(try template(node))
        }
    }

    private func leaf(_ node: EncodingNode, _ index: Int) throws(FormatError) -> Buffer {
        guard index < node.parts.count else { throw Self.malformed(node, "\(node.parts.count) buffers") }
        return try node.parts[index].plain()
    }

    private func symbols(_ node: EncodingNode) throws(FormatError) -> ByteStrings {
        let lengths = try child(node, 0, .counts, count: node.count)
        let leaf = try FSST(parsing: try leaf(node, 0))
        return try leaf.decode(lengths: lengths.buffer.span(as: UInt32.self).extracting(0..<node.count))
    }

    private func decimals(_ node: EncodingNode) throws(FormatError) -> (values: Buffer, form: DecimalText) {
        let form = try DecimalText(minimumDigits: Int(node.argument & 0x1F), isSigned: node.argument & 0x80 != 0)
        let values = try child(node, 0, .integers(width: 8, isSigned: true), count: node.count)
        return (values.buffer.slice(0..<(node.count * 8)), form)
    }

    private func template(_ node: EncodingNode) throws(FormatError) -> ByteStrings {
        let template = try StringTemplate(parsing: try leaf(node, 0))
        guard node.children.count == template.partCount + 1 else {
            throw Self.malformed(node, "\(node.children.count) children for \(template.partCount) parts")
        }
        var sources: [StringTemplate.Source] = []
        for part in node.children.dropLast() { sources.append(try source(part)) }
        let exceptions = try exceptions(node, whole: node.children[template.partCount])
        let limit = min(Int(Int32.max), (1 << 20) + node.storedLength * Self.maximumStringExpansion)
        return try template.join(sources, count: node.count, exceptions: exceptions, byteLimit: limit)
    }

    /// The rows that the template does not match.
    private func exceptions(
        _ node: EncodingNode, whole: EncodingNode
    ) throws(FormatError) -> StringTemplate.Exceptions {
        if whole.count == 0 { return .none }
        let buffer = try leaf(node, 1)
        let strings = try plain(whole, .strings)
        let span = buffer.span(as: UInt32.self)
        var rows: [UInt32] = []
        for index in span.indices { rows.append(span[index]) }
        return try StringTemplate.Exceptions(rows: rows, strings: ByteStrings(strings), of: node.count)
    }

    /// A part of a template as far decoded as joining needs.
    private func source(_ node: EncodingNode) throws(FormatError) -> StringTemplate.Source {
        switch node.kind {
        case .dictionary, .pooled:
            let (codes, values) = try dictionary(node, .strings)
            return .dictionary(codes: codes.buffer, codeWidth: codes.width, values: ByteStrings(values))
        case .decimalText:
            let (values, form) = try decimals(node)
            return .decimals(values: values, form: form)
        case .constant:
            return .constant(ByteStrings(try constant(node, .strings)).array(0))
        default: return .strings(ByteStrings(try plain(node, .strings)))
        }
    }
}

extension PlainValues {
    init(_ strings: ByteStrings) {
        self.init(count: strings.count, offsets: strings.offsets, bytes: strings.bytes)
    }
}

extension ByteStrings {
    /// Strings whose offsets the decoder checked or made.
    init(_ values: PlainValues) {
        precondition(values.form == .strings)
        self.init(offsets: values.offsets, bytes: values.buffer, count: values.count)
    }
}

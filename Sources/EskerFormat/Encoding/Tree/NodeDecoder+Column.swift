extension NodeDecoder {
    /// The column that a tree stands for. Dictionaries, pooled or not, and constants stay what they are, so that
    /// operators can work on codes.
    func column(_ root: EncodingNode, _ type: DataType, nullCount: Int) throws(FormatError) -> Column {
        var node = root
        var validity: Bitmap?
        if root.kind == .nullable {
            let bits = try child(root, 0, .bits, count: root.count)
            guard root.children.count == 2, root.children[1].count == root.count else {
                throw Self.malformed(root, "validity without values")
            }
            let bitmap = Bitmap(bits.buffer, count: root.count)
            guard root.count - bitmap.setCount == nullCount else {
                throw Self.malformed(root, "\(root.count - bitmap.setCount) nulls, not \(nullCount)")
            }
            validity = bitmap
            node = root.children[1]
        } else if nullCount != 0 {
            throw Self.malformed(root, "no validity though \(nullCount) values are missing")
        }
        let values = try columnValues(node, type)
        return Column(type: type, count: root.count, validity: validity, nullCount: nullCount, values: values)
    }

    private func columnValues(_ node: EncodingNode, _ type: DataType) throws(FormatError) -> Column.Values {
        let form = PlainValues.Form(type)
        switch node.kind {
        case .constant where form != .bits:
            let value = Column(
                type: type, count: 1, validity: nil, values: try constant(node, form).columnValues)
            return .constant(ColumnDictionary(value))
        case .pooled:
            guard let pools else { throw Self.malformed(node, "a dictionary of a segment that is not there") }
            let dictionary = try pools.dictionary(Int(truncatingIfNeeded: node.parameter))
            guard dictionary.column.type.layout == type.layout else {
                throw Self.malformed(node, "a dictionary of another type")
            }
            let codes = try codes(node, below: dictionary.column.count)
            return .dictionary(codes: codes.buffer, codeWidth: codes.width, values: dictionary)
        case .dictionary where form != .bits:
            let (codes, values) = try dictionary(node, form)
            let column = Column(type: type, count: values.count, validity: nil, values: values.columnValues)
            return .dictionary(codes: codes.buffer, codeWidth: codes.width, values: ColumnDictionary(column))
        default: return try plain(node, form).columnValues
        }
    }
}

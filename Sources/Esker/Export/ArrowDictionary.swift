package import EskerFormat

extension DataType {
    /// Whether Arrow dictionaries are written for columns of the type, if they are asked for.
    package var isText: Bool {
        switch self {
        case .text, .varchar, .char: true
        default: false
        }
    }
}

extension Column {
    /// The column as 32-bit codes, and the values they stand for: its own dictionary, or without one, or with one much
    /// larger than the rows, the values of the rows in order.
    var codesAndValues: (codes: Buffer, values: Column) {
        switch values {
        case .dictionary(let codes, 4, let dictionary) where (1...max(count, 1)).contains(dictionary.column.count):
            return (codes.slice(0..<(count * 4)), dictionary.column)
        case .dictionary(_, _, let dictionary) where (1...max(count, 1)).contains(dictionary.column.count):
            return (Buffer(copying: (0..<count).map { Int32(physicalRow($0)) }), dictionary.column)
        case .constant(let dictionary): return (Buffer(copying: [Int32](repeating: 0, count: count)), dictionary.column)
        default:
            let plain = self.plain
            return (
                Buffer(copying: (0..<count).map { Int32($0) }),
                Column(type: type, count: count, validity: nil, values: plain.values)
            )
        }
    }
}

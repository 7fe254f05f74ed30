import EskerFormat

/// Takes single values out of columns, for people to look at. The column was decoded, so its offsets and codes are good.
struct CellReader {
    let column: Column

    /// The value of a row as its type has it; `nil` text when the bytes are no value of the type.
    func value(_ row: Int) throws(FormatError) -> Value {
        guard column.isValid(row) else { return .null }
        let plain = column.physical
        let index = column.physicalRow(row)
        switch plain.values {
        case .bits(let bits): return .bool(bits[index])
        case .fixed(let buffer):
            guard case .fixed(let width) = column.type.layout else { return .null }
            return try Value(binary: buffer.slice(index * width..<(index + 1) * width).span(as: UInt8.self), as: type)
        case .variable(let offsets, let bytes):
            let start = Int(offsets.load(at: index * 4, as: Int32.self))
            let end = Int(offsets.load(at: index * 4 + 4, as: Int32.self))
            return try Value(binary: bytes.slice(start..<end).span(as: UInt8.self), as: type)
        case .dictionary, .constant: return .null
        }
    }

    private var type: DataType { column.type }
}

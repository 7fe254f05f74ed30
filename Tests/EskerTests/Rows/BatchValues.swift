// Unsafe: reads the bytes of values while their column lives.

import EskerFormat

extension Batch {
    /// Every value of a row.
    func values(ofRow row: Int) -> [Value] {
        zip(columns, schema.columns).map { column, definition in
            guard column.isValid(row) else { return .null }
            switch definition.type {
            case .bool: return .bool(column.bool(at: row))
            case .int2: return .int2(column.value(at: row, as: Int16.self))
            case .int4: return .int4(column.value(at: row, as: Int32.self))
            case .int8: return .int8(column.value(at: row, as: Int64.self))
            case .float4: return .float4(column.value(at: row, as: Float.self))
            case .float8: return .float8(column.value(at: row, as: Double.self))
            case .date: return .date(column.value(at: row, as: Int32.self))
            case .time: return .time(column.value(at: row, as: Int64.self))
            case .timestamp: return .timestamp(column.value(at: row, as: Int64.self))
            case .timestamptz: return .timestamptz(column.value(at: row, as: Int64.self))
            default:
                var bytes: [UInt8] = []
                if case .variable = definition.type.layout {
                    unsafe bytes = Array(column.bytes(at: row))
                } else {
                    let words = column.value(at: row, as: SIMD2<UInt64>.self)
                    for word in [words.x, words.y] {
                        for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(byte * 8))) }
                    }
                }
                guard let value = try? Value(binary: bytes.span, as: definition.type) else {
                    return .text("not a \(definition.type.name): \(bytes)")
                }
                return value
            }
        }
    }

    /// The rows as text, for comparison.
    var rowTexts: [String] {
        (0..<count).map { row in values(ofRow: row).map(\.description).joined(separator: " | ") }
    }
}

extension Schema {
    /// A schema of columns by name and type; a name ending in "!" is NOT NULL.
    init(_ columns: KeyValuePairs<String, DataType>) {
        self.init(
            columns: columns.enumerated().map { index, pair in
                let isNullable = !pair.key.hasSuffix("!")
                return ColumnDefinition(
                    id: UInt32(index + 1), name: isNullable ? pair.key : String(pair.key.dropLast()), type: pair.value,
                    isNullable: isNullable)
            })
    }
}

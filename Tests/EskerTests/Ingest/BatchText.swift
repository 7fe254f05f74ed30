// Unsafe: reads values through raw bytes that the column has checked.

import EskerFormat

extension Column {
    /// The value of a text column, or nil.
    func text(at row: Int) -> String? {
        guard isValid(row) else { return nil }
        return unsafe String(decoding: bytes(at: row), as: UTF8.self)
    }

    /// The value of a fixed-width column, or nil.
    func fixed<T: BitwiseCopyable>(at row: Int, as type: T.Type) -> T? {
        isValid(row) ? value(at: row, as: type) : nil
    }
}

extension Batch {
    /// The values of a row of integer, text and double columns, for comparison: `7 'anna' null`.
    func description(ofRow row: Int) -> String {
        columns.map { column -> String? in
            switch column.type {
            case .bool: column.isValid(row) ? String(column.bool(at: row)) : nil
            case .int2: column.fixed(at: row, as: Int16.self).map { String($0) }
            case .int4, .date: column.fixed(at: row, as: Int32.self).map { String($0) }
            case .float4: column.fixed(at: row, as: Float.self).map { String($0) }
            case .float8: column.fixed(at: row, as: Double.self).map { String($0) }
            case .int8, .time, .timestamp, .timestamptz: column.fixed(at: row, as: Int64.self).map { String($0) }
            default: column.text(at: row).map { "'\($0)'" }
            }
        }.map { $0 ?? "null" }.joined(separator: " ")
    }
}

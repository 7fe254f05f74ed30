// Unsafe: reads the bytes of one variable-width value in place.

extension Value {
    /// The value of one row of a column; ``Value/null`` where it has none. For single rows: loops over columns are
    /// written on their buffers.
    ///
    /// - Throws: ``FormatError`` when the bytes are no value of the type.
    public init(of column: Column, row: Int) throws(FormatError) {
        guard column.isValid(row) else {
            self = .null
            return
        }
        switch column.type.layout {
        case .bits: self = .bool(column.bool(at: row))
        case .fixed: self = Self.fixed(column, row)
        case .variable:
            let bytes = unsafe column.bytes(at: row)
            self = try unsafe Value(
                binary: Span(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self)), as: column.type)
        }
    }

    private static func fixed(_ column: Column, _ row: Int) -> Value {
        switch column.type {
        case .int2: return .int2(column.value(at: row, as: Int16.self))
        case .int4: return .int4(column.value(at: row, as: Int32.self))
        case .int8: return .int8(column.value(at: row, as: Int64.self))
        case .float4: return .float4(column.value(at: row, as: Float.self))
        case .float8: return .float8(column.value(at: row, as: Double.self))
        case .date: return .date(column.value(at: row, as: Int32.self))
        case .time: return .time(column.value(at: row, as: Int64.self))
        case .timestamp: return .timestamp(column.value(at: row, as: Int64.self))
        case .timestamptz: return .timestamptz(column.value(at: row, as: Int64.self))
        default: break
        }
        let words = column.value(at: row, as: SIMD2<UInt64>.self)
        switch column.type {
        case .timetz: return .timetz(TimeWithZone(words: (words.x, words.y)))
        case .interval: return .interval(Interval(words: (words.x, words.y)))
        default: return .uuid(UUIDBytes(words: (words.x, words.y)))
        }
    }
}

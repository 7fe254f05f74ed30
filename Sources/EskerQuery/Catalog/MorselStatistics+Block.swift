package import EskerFormat

extension MorselStatistics {
    /// What a block's statistics say of a column; bounds only for types whose statistics keep them.
    ///
    /// - Parameters:
    ///   - statistics: nil when the block keeps none of the column, or all its rows are null.
    ///   - nullCount: nil when unknown.
    package init(_ statistics: ColumnStatistics?, type: DataType, nullCount: Int?) {
        guard let statistics else {
            self.init(bounds: nil, isExact: false, nullCount: nullCount)
            return
        }
        let builder = ColumnBuilder(type, capacity: 2)
        let hasBounds =
            Self.append(statistics.minimum, isUpper: false, to: builder)
            && Self.append(statistics.maximum, isUpper: true, to: builder)
        // Dictionaries count entries that no row names: bounds need not occur.
        self.init(bounds: hasBounds ? builder.finish() : nil, isExact: false, nullCount: nullCount)
    }

    /// Appends a bound; false when the statistics hold none for the type.
    private static func append(_ value: StatisticValue, isUpper: Bool, to builder: ColumnBuilder) -> Bool {
        switch builder.type {
        case .int2: builder.append(fixed: Int16(truncatingIfNeeded: value.integer))
        case .int4, .date: builder.append(fixed: Int32(truncatingIfNeeded: value.integer))
        case .int8, .time, .timestamp, .timestamptz: builder.append(fixed: value.integer)
        case .float4: builder.append(fixed: Float(value.number))
        case .float8: builder.append(fixed: value.number)
        case .text, .varchar:
            var (bytes, isWhole) = value.prefix
            // No byte of UTF-8 is 255: with it the prefix is above every text that starts so.
            if isUpper && !isWhole { bytes.append(255) }
            builder.append(bytes)
        default: return false
        }
        return true
    }
}

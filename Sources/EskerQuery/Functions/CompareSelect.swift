package import EskerFormat

// Unsafe: the loops write through a typed pointer to room for as many row numbers as there are rows, and read
// columns whose length was checked.

extension ComparisonOperator {
    /// The rows whose value compares so with a constant: the filter `column < 7` without a bitmap in between.
    ///
    /// - Parameters:
    ///   - column: fixed-width values of the type that the comparison was resolved for.
    ///   - constant: a column of that type whose first row is compared with.
    ///   - selection: the rows to look at, ascending; nil for all.
    /// - Returns: ascending rows; rows without a value are never in. Nil when the column is no plain fixed-width column
    ///   (a dictionary, for instance): call ``ResolvedFunction/evaluate`` then.
    package func select(_ column: Column, _ constant: Column, within selection: [UInt32]? = nil) -> [UInt32]? {
        guard case .fixed = column.values, constant.count > 0 else { return nil }
        if !constant.isValid(0) || column.nullCount == column.count { return [] }
        guard let found = matching(column, constant, selection) else { return nil }
        guard let validity = column.validity else { return found }
        return Self.valid(found, validity)
    }

    private func matching(_ column: Column, _ constant: Column, _ selection: [UInt32]?) -> [UInt32]? {
        switch column.type.kind {
        case .int2: matching(Int16.self, column, constant, selection)
        case .int4, .date: matching(Int32.self, column, constant, selection)
        case .int8, .time, .timestamp, .timestamptz: matching(Int64.self, column, constant, selection)
        case .float4: matching(Float.self, column, constant, selection)
        case .float8: matching(Double.self, column, constant, selection)
        case .uuid: matching(StoredUUID.self, column, constant, selection)
        case .interval: matching(StoredInterval.self, column, constant, selection)
        case .timetz: matching(StoredTimeTZ.self, column, constant, selection)
        default: nil
        }
    }

    private func matching<Value: SQLOrdered>(
        _: Value.Type, _ column: Column, _ constant: Column, _ selection: [UInt32]?
    ) -> [UInt32] {
        let values = column.span(as: Value.self)
        let bound = constant.value(at: 0, as: Value.self)
        switch self {
        case .equal: return Self.rows(OrderTests<Value>.Equal.self, values, bound, selection)
        case .notEqual: return Self.rows(OrderTests<Value>.NotEqual.self, values, bound, selection)
        case .less: return Self.rows(OrderTests<Value>.Less.self, values, bound, selection)
        case .lessOrEqual: return Self.rows(OrderTests<Value>.LessOrEqual.self, values, bound, selection)
        case .greater: return Self.rows(OrderTests<Value>.Greater.self, values, bound, selection)
        case .greaterOrEqual: return Self.rows(OrderTests<Value>.GreaterOrEqual.self, values, bound, selection)
        }
    }

    @inline(__always)
    private static func rows<C: OrderTest>(
        _: C.Type, _ values: Span<C.Value>, _ bound: C.Value, _ selection: [UInt32]?
    ) -> [UInt32] {
        if let selection { return among(C.self, values, bound, selection.span) }
        return bound.isOrdinary ? allOrdinary(C.self, values, bound) : all(C.self, values, bound)
    }

    /// Every row number is written; the end moves on only past those that match.
    private static func all<C: OrderTest>(_: C.Type, _ values: Span<C.Value>, _ bound: C.Value) -> [UInt32] {
        let count = values.count
        return unsafe [UInt32](unsafeUninitializedCapacity: count) { buffer, length in
            guard let out = buffer.baseAddress else { return }
            var found = 0
            var row = 0
            while row < count {
                unsafe out[found] = UInt32(truncatingIfNeeded: row)
                found &+= C.holds(unsafe values[unchecked: row], bound) ? 1 : 0
                row &+= 1
            }
            length = found
        }
    }

    private static func allOrdinary<C: OrderTest>(_: C.Type, _ values: Span<C.Value>, _ bound: C.Value) -> [UInt32] {
        let count = values.count
        return unsafe [UInt32](unsafeUninitializedCapacity: count) { buffer, length in
            guard let out = buffer.baseAddress else { return }
            var found = 0
            var row = 0
            while row < count {
                unsafe out[found] = UInt32(truncatingIfNeeded: row)
                found &+= C.holds(unsafe values[unchecked: row], ordinary: bound) ? 1 : 0
                row &+= 1
            }
            length = found
        }
    }

    private static func among<C: OrderTest>(
        _: C.Type, _ values: Span<C.Value>, _ bound: C.Value, _ selection: Span<UInt32>
    ) -> [UInt32] {
        let count = selection.count
        return unsafe [UInt32](unsafeUninitializedCapacity: count) { buffer, length in
            guard let out = buffer.baseAddress else { return }
            var found = 0
            var index = 0
            while index < count {
                let row = unsafe selection[unchecked: index]
                unsafe out[found] = row
                found &+= C.holds(values[Int(row)], bound) ? 1 : 0
                index &+= 1
            }
            length = found
        }
    }

    private static func valid(_ rows: [UInt32], _ validity: Bitmap) -> [UInt32] {
        let count = rows.count
        return unsafe [UInt32](unsafeUninitializedCapacity: count) { buffer, length in
            guard let out = buffer.baseAddress else { return }
            var found = 0
            var index = 0
            while index < count {
                let row = rows[index]
                unsafe out[found] = row
                found &+= validity[Int(row)] ? 1 : 0
                index &+= 1
            }
            length = found
        }
    }
}

internal import EskerFormat

// Unsafe: a span borrowed from a column's buffer is given the column's lifetime, which keeps the buffer alive.

/// The values of a plain or constant column of fixed width.
struct FixedRows<Value: BitwiseCopyable>: ~Escapable {
    private let values: Span<Value>
    /// 0 for a constant: every row is row 0 of its dictionary.
    private let step: Int

    @_lifetime(borrow column)
    init(_ column: borrowing Column) {
        let plain = column.physical
        if case .constant = column.values { step = 0 } else { step = 1 }
        values = unsafe _overrideLifetime(plain.span(as: Value.self), borrowing: column)
    }

    /// Traps outside the rows.
    subscript(row: Int) -> Value {
        @inline(__always)
        get { values[row &* step] }
    }
}

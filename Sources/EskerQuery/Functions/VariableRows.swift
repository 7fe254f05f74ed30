internal import EskerFormat

// Unsafe: spans borrowed from a column's buffers are given the column's lifetime, which keeps the buffers alive.

/// The values of a plain or constant column of variable width, as bytes.
struct VariableRows: ~Escapable {
    private let offsets: Span<Int32>
    private let bytes: Span<UInt8>
    /// 0 for a constant: every row is row 0 of its dictionary.
    private let step: Int

    @_lifetime(borrow column)
    init(_ column: borrowing Column) {
        let plain = column.physical
        guard case .variable(let offsets, let bytes) = plain.values else {
            preconditionFailure("not a plain column of variable width")
        }
        if case .constant = column.values { step = 0 } else { step = 1 }
        precondition(plain.count >= 1 || column.count == 0)
        self.offsets = unsafe _overrideLifetime(offsets.span(as: Int32.self), borrowing: column)
        self.bytes = unsafe _overrideLifetime(bytes.span(as: UInt8.self), borrowing: column)
    }

    /// The bytes of a row. Traps outside the rows.
    subscript(row: Int) -> Span<UInt8> {
        @_lifetime(copy self)
        @inline(__always)
        get {
            let place = row &* step
            return bytes.extracting(Int(offsets[place])..<Int(offsets[place &+ 1]))
        }
    }
}

// Unsafe: arrays of positions, written by the scanners and read column by column; rows and columns are checked.

/// Where the fields of up to ``rowCapacity`` rows lie in the text, column by column.
///
/// A field is the bytes `start ..< end`, counted from the text's first byte; `start == end` says "no value". Bit 31 of
/// the end, ``coded``, says that the bytes must be decoded first (quotes in CSV, escapes in JSON); an empty string is a
/// coded field of length 0.
@safe
final class FieldTable {
    /// Rows in one table: as many as keep text, positions and results of common rows in a second-level cache.
    static let rowCapacity = 1024
    /// Says that the field's bytes are not its value yet.
    static let coded: UInt32 = 1 << 31

    let columnCount: Int
    /// Column-major: column c, row r at `c × rowCapacity + r`.
    let starts: UnsafeMutablePointer<UInt32>
    let ends: UnsafeMutablePointer<UInt32>
    /// Where each row begins and ends in the text.
    let rowStarts: UnsafeMutablePointer<UInt32>
    let rowEnds: UnsafeMutablePointer<UInt32>
    /// Rows in the table.
    var count = 0
    /// Whether the text may hold bytes of 0x80 and more, so that text values must be validated.
    var holdsNonASCII = false
    /// Whether the text may hold zero bytes, which no text value may have.
    var holdsZero = false

    init(columnCount: Int) {
        self.columnCount = columnCount
        let cells = columnCount * Self.rowCapacity
        unsafe starts = .allocate(capacity: cells)
        unsafe starts.initialize(repeating: 0, count: cells)
        unsafe ends = .allocate(capacity: cells)
        unsafe ends.initialize(repeating: 0, count: cells)
        unsafe rowStarts = .allocate(capacity: Self.rowCapacity)
        unsafe rowStarts.initialize(repeating: 0, count: Self.rowCapacity)
        unsafe rowEnds = .allocate(capacity: Self.rowCapacity)
        unsafe rowEnds.initialize(repeating: 0, count: Self.rowCapacity)
    }

    deinit {
        unsafe starts.deallocate()
        unsafe ends.deallocate()
        unsafe rowStarts.deallocate()
        unsafe rowEnds.deallocate()
    }

    /// Where a row lies in the text.
    func range(ofRow row: Int) -> Range<Int> {
        precondition(row >= 0 && row < count)
        return unsafe Int(rowStarts[row])..<Int(rowEnds[row])
    }

    /// The fields of one column.
    func fields(ofColumn column: Int, in window: ByteWindow) -> FieldColumn {
        precondition(column >= 0 && column < columnCount && count <= Self.rowCapacity)
        let first = column * Self.rowCapacity
        return unsafe FieldColumn(
            text: window.bytes, starts: UnsafePointer(starts + first), ends: UnsafePointer(ends + first), count: count,
            holdsNonASCII: holdsNonASCII, holdsZero: holdsZero)
    }
}

/// The fields of one column of a ``FieldTable``, valid while its text stays in the window.
@safe
struct FieldColumn {
    let text: UnsafePointer<UInt8>
    let starts: UnsafePointer<UInt32>
    let ends: UnsafePointer<UInt32>
    let count: Int
    let holdsNonASCII: Bool
    let holdsZero: Bool

    /// Bytes of all fields, before decoding; decoding never makes a field longer.
    var byteCount: Int {
        var total = 0
        var row = 0
        while row < count {
            total &+= Int(unsafe (ends[row] & ~FieldTable.coded) &- starts[row])
            row &+= 1
        }
        return total
    }

    /// Whether text values must be looked at: they may hold zero bytes or be no UTF-8.
    var mustCheckText: Bool { holdsNonASCII || holdsZero }

    /// Whether a row has no value. Traps outside the rows.
    func isNull(_ row: Int) -> Bool {
        precondition(row >= 0 && row < count)
        return unsafe starts[row] == ends[row]
    }

    /// Whether the bytes of a row's field must be decoded. Traps outside the rows.
    func isCoded(_ row: Int) -> Bool {
        precondition(row >= 0 && row < count)
        return unsafe ends[row] >= FieldTable.coded
    }

    /// The bytes of one field as they stand in the text. Traps outside the rows.
    @_lifetime(borrow self)
    func raw(_ row: Int) -> Span<UInt8> {
        precondition(row >= 0 && row < count)
        let start = unsafe Int(starts[row])
        let length = unsafe Int(ends[row] & ~FieldTable.coded) - start
        let span = unsafe Span(_unsafeStart: text + start, count: length)
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}

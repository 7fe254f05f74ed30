// Unsafe: hands out room in growing buffers and clears bits in a bitmap it has just made.

internal import EskerFormat

/// The values of one column of the batch that is being read, added a table of rows at a time.
///
/// Unlike ``ColumnBuilder`` it is not called once a value: a loop over one column asks for room once and writes there.
/// A row whose value failed to convert keeps a place here until the batch is finished and the row dropped.
@safe
final class ColumnSink {
    let definition: ColumnDefinition
    /// Rows so far, without the table that is being added.
    private(set) var rows = 0
    private var values = GrowableBuffer()
    private var offsets = GrowableBuffer()
    private var nulls: [UInt32] = []
    /// Rows of the table being added whose text is no value of the column, in order.
    private(set) var failures: [FieldFailure] = []
    /// Where coded fields are decoded; kept for its room.
    var scratch: [UInt8] = []

    init(_ definition: ColumnDefinition) {
        self.definition = definition
        if case .variable = definition.type.layout { offsets.append(Int32(0)) }
    }

    /// Bytes of values so far.
    var byteCount: Int { values.byteCount }

    // MARK: Adding a table of rows

    /// Lets `body` write one fixed-width value a row (booleans: one byte a row).
    func appendFixed<T: BitwiseCopyable>(
        _ type: T.Type, count: Int, _ body: (UnsafeMutablePointer<T>) -> Void
    ) {
        let length = count * MemoryLayout<T>.stride
        unsafe values.append(upTo: length) { room in
            guard let base = room.baseAddress, count > 0 else { return 0 }
            unsafe base.withMemoryRebound(to: T.self, capacity: count) { unsafe body($0) }
            return length
        }
    }

    /// Lets `body` write the bytes of `count` values one after the other, at most `limit`, and the end of each counted
    /// from where the first begins; it returns the end of the last. Behind the limit are 64 bytes of room more, so
    /// that copies may be rounded up.
    func appendVariable(
        count: Int, limit: Int, _ body: (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<Int32>) -> Int
    ) {
        let before = values.byteCount
        precondition(before + limit + 64 <= Int(Int32.max), "a column holds at most 2 GiB of bytes")
        unsafe offsets.append(upTo: count * 4) { ends in
            guard let endsBase = unsafe ends.baseAddress?.assumingMemoryBound(to: Int32.self), count > 0 else {
                return 0
            }
            unsafe values.append(upTo: limit + 64) { bytes in
                let written = unsafe body(bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), endsBase)
                precondition(written <= limit)
                return written
            }
            let base = Int32(before)
            var row = 0
            while row < count {
                unsafe endsBase[row] &+= base
                row &+= 1
            }
            return count * 4
        }
    }

    /// Begins a table: forgets the failures of the one before.
    func startTable() { failures.removeAll(keepingCapacity: true) }

    /// Records that a row of the table has no value, or fails if the column must have one.
    @inline(never)
    func recordNull(_ row: Int) {
        if definition.isNullable {
            nulls.append(UInt32(rows + row))
        } else {
            let name = definition.name
            recordFailure(row, "null value in column \"\(name)\" violates not-null constraint")
        }
    }

    /// Records that the text of a row of the table is no value.
    @inline(never)
    func recordFailure(_ row: Int, _ reason: String) {
        failures.append(FieldFailure(row: row, reason: reason))
    }

    /// Ends the table that was added.
    func advance(_ count: Int) { rows += count }

    /// Adds rows without a value: the text does not have the column.
    func appendNulls(_ count: Int) {
        precondition(definition.isNullable)
        startTable()
        for row in 0..<count { nulls.append(UInt32(rows + row)) }
        switch definition.type.layout {
        case .bits: values.appendZeros(count)
        case .fixed(let width): values.appendZeros(count * width)
        case .variable: for _ in 0..<count { offsets.append(Int32(values.byteCount)) }
        }
        rows += count
    }

    // MARK: Finishing

    /// Ends the batch: the column so far. The sink is then empty.
    func finish() -> Column {
        let count = rows
        let validity = nulls.isEmpty ? nil : validity(count)
        let finished = exchange(&values)
        let column: Column
        switch definition.type.layout {
        case .bits:
            let flags = finished.span(as: UInt8.self)
            let bits = Bitmap(count: count) { flags[$0] != 0 }
            column = Column(type: definition.type, count: count, validity: validity, values: .bits(bits))
        case .fixed:
            column = Column(type: definition.type, count: count, validity: validity, values: .fixed(finished))
        case .variable:
            let ends = exchange(&offsets)
            offsets.append(Int32(0))
            column = Column(
                type: definition.type, count: count, validity: validity,
                values: .variable(offsets: ends, bytes: finished))
        }
        rows = 0
        nulls.removeAll(keepingCapacity: true)
        return column
    }

    private func validity(_ count: Int) -> Bitmap {
        let buffer = unsafe Buffer.make(byteCount: Bitmap.byteCount(count)) { bits in
            for index in 0..<(count >> 3) { unsafe bits[index] = 0xFF }
            if count & 7 != 0 { unsafe bits[count >> 3] = (1 << UInt8(count & 7)) - 1 }
            for row in nulls { unsafe bits[Int(row >> 3)] &= ~(1 << UInt8(row & 7)) }
        }
        return Bitmap(buffer, count: count)
    }

    /// Takes the buffer and leaves one with as much room, because the next batch will be like this one.
    private func exchange(_ buffer: inout GrowableBuffer) -> Buffer {
        var fresh = GrowableBuffer(capacity: buffer.byteCount + buffer.byteCount / 8 + 256)
        swap(&buffer, &fresh)
        return fresh.finish()
    }
}

/// A field that is no value of its column.
struct FieldFailure {
    /// The row in the table.
    let row: Int
    let reason: String
}

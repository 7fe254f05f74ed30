// Unsafe: callers may hand over bytes as raw pointers, which are copied at once.

/// Builds a plain ``Column`` row by row. Not thread-safe: one owner at a time.
///
/// An append costs a few nanoseconds and allocates only when a buffer doubles. The bitmap of rows without a value is
/// made at the first such row.
@safe
public final class ColumnBuilder {
    /// The type of the values.
    public let type: DataType
    /// Rows so far.
    @inlinable
    public var count: Int { rows }
    @usableFromInline var nullCount: Int = 0

    @usableFromInline var rows: Int = 0
    @usableFromInline let width: Int  // bytes a value; 0: bits; −1: variable
    @usableFromInline var valuesBuffer: GrowableBuffer
    @usableFromInline var offsetsBuffer: GrowableBuffer
    var validityBytes: GrowableBuffer

    /// An empty builder with room for `capacity` rows.
    public init(_ type: DataType, capacity: Int = 0) {
        self.type = type
        switch type.layout {
        case .bits: width = 0
        case .fixed(let bytes): width = bytes
        case .variable: width = -1
        }
        valuesBuffer = GrowableBuffer(capacity: max(64, capacity * max(width, 1)))
        offsetsBuffer = GrowableBuffer(capacity: width < 0 ? max(64, (capacity + 1) * 4) : 64)
        validityBytes = GrowableBuffer()
        if width < 0 { offsetsBuffer.append(Int32(0)) }
    }

    /// Bytes of values held so far, without bitmaps.
    public var byteCount: Int { valuesBuffer.byteCount + offsetsBuffer.byteCount }

    /// Appends a fixed-width value. `T` must have the width of the type's layout: trapped once in debug builds.
    @inlinable
    @inline(__always)
    public func append<T: BitwiseCopyable>(fixed value: T) {
        assert(MemoryLayout<T>.size == width, "value of another width")
        valuesBuffer.append(value)
        advance()
    }

    /// Appends a boolean.
    public func append(bool value: Bool) {
        precondition(width == 0)
        let row = rows
        if row & 7 == 0 { valuesBuffer.append(UInt8(0)) }
        if value {
            let byte = valuesBuffer.load(at: row >> 3, as: UInt8.self)
            valuesBuffer.store(byte | (1 << UInt8(row & 7)), at: row >> 3)
        }
        advance()
    }

    /// Appends a variable-width value, copying its bytes. Traps when the column would exceed 2 GiB of bytes.
    @inlinable
    @inline(__always)
    public func append(bytes: UnsafeRawBufferPointer) {
        assert(width < 0, "bytes in a fixed-width column")
        unsafe valuesBuffer.append(bytes: bytes)
        offsetsBuffer.append(Int32(valuesBuffer.byteCount))
        advance()
    }

    /// Appends a string's UTF-8 bytes.
    public func append(_ text: String) {
        var text = text
        text.withUTF8 { unsafe append(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Appends bytes.
    public func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe append(bytes: $0) }
    }

    /// Appends a row without a value.
    public func appendNull() {
        if nullCount == 0 { startValidity() }
        nullCount += 1
        switch width {
        case 0:
            if rows & 7 == 0 { valuesBuffer.append(UInt8(0)) }
        case -1: offsetsBuffer.append(Int32(valuesBuffer.byteCount))
        default: valuesBuffer.appendZeros(width)
        }
        recordValidity(false)
        rows &+= 1
    }

    /// Removes rows from the end, down to `length` rows; for a row that proved bad half-way.
    public func truncate(to length: Int) {
        precondition(length >= 0 && length <= rows)
        while rows > length {
            let row = rows - 1
            if nullCount > 0 {
                let byte = validityBytes.load(at: row >> 3, as: UInt8.self)
                if byte & (1 << UInt8(row & 7)) == 0 { nullCount -= 1 }
                validityBytes.store(byte & ~(1 << UInt8(row & 7)), at: row >> 3)
                validityBytes.truncate(to: (row + 7) >> 3)
                if nullCount == 0 { validityBytes.removeAll() }
            }
            if width == 0 {
                let byte = valuesBuffer.load(at: row >> 3, as: UInt8.self)
                valuesBuffer.store(byte & ~(1 << UInt8(row & 7)), at: row >> 3)
                valuesBuffer.truncate(to: (row + 7) >> 3)
            }
            rows = row
        }
        switch width {
        case 0: break
        case -1:
            offsetsBuffer.truncate(to: (rows + 1) * 4)
            valuesBuffer.truncate(to: Int(offsetsBuffer.load(at: rows * 4, as: Int32.self)))
        default: valuesBuffer.truncate(to: rows * width)
        }
    }

    /// Ends building and empties the builder for the next batch.
    public func finish() -> Column {
        let rowCount = rows
        let values = exchange(&valuesBuffer, capacity: valuesBuffer.byteCount)
        let column: Column
        let validity =
            nullCount == 0 ? nil : Bitmap(exchange(&validityBytes, capacity: 64), count: rowCount)
        switch width {
        case 0:
            column = Column(
                type: type, count: rowCount, validity: validity, values: .bits(Bitmap(values, count: rowCount)))
        case -1:
            let offsets = exchange(&offsetsBuffer, capacity: offsetsBuffer.byteCount)
            offsetsBuffer.append(Int32(0))
            column = Column(
                type: type, count: rowCount, validity: validity, values: .variable(offsets: offsets, bytes: values))
        default:
            column = Column(type: type, count: rowCount, validity: validity, values: .fixed(values))
        }
        rows = 0
        nullCount = 0
        return column
    }

    // MARK: Rows and validity

    @inlinable
    @inline(__always)
    func advance() {
        if nullCount != 0 { recordValidity(true) }
        rows &+= 1
    }

    private func startValidity() {
        validityBytes.removeAll()
        for _ in 0..<(rows >> 3) { validityBytes.append(UInt8(0xFF)) }
        if rows & 7 != 0 { validityBytes.append(UInt8((1 << (rows & 7)) - 1)) }
    }

    @usableFromInline
    @inline(never)
    func recordValidity(_ valid: Bool) {
        let row = rows
        if row & 7 == 0 { validityBytes.append(UInt8(0)) }
        if valid {
            let byte = validityBytes.load(at: row >> 3, as: UInt8.self)
            validityBytes.store(byte | (1 << UInt8(row & 7)), at: row >> 3)
        }
    }

    private func exchange(_ buffer: inout GrowableBuffer, capacity: Int) -> Buffer {
        var fresh = GrowableBuffer(capacity: max(64, capacity))
        swap(&buffer, &fresh)
        return fresh.finish()
    }
}

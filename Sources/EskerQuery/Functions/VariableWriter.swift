internal import EskerFormat

// Unsafe: copies the bytes of spans through their pointers.

/// Writes a column of variable width row by row. A row is added in parts and then ended.
struct VariableWriter: ~Copyable {
    private var offsets: GrowableBuffer
    private var bytes: GrowableBuffer
    private var missing: [Int] = []
    private var rows = 0
    private var isTooLong = false

    /// With room for `rows` rows of `byteCount` bytes in all.
    init(rows: Int, byteCount: Int = 0) {
        offsets = GrowableBuffer(capacity: (rows + 1) * 4)
        bytes = GrowableBuffer(capacity: max(byteCount, 64))
        offsets.append(Int32(0))
    }

    /// Bytes of all rows so far.
    var byteCount: Int { bytes.byteCount }

    /// Adds bytes to the row.
    @inline(__always)
    mutating func add(_ part: Span<UInt8>) {
        unsafe part.withUnsafeBytes { unsafe bytes.append(bytes: $0) }
    }

    @inline(__always)
    mutating func add(_ byte: UInt8) { bytes.append(byte) }

    /// Adds the bytes of an array.
    @inline(__always)
    mutating func add(_ part: [UInt8]) { add(part.span) }

    /// Adds a Unicode scalar as UTF-8.
    mutating func add(_ scalar: Unicode.Scalar) {
        if scalar.isASCII { return bytes.append(UInt8(truncatingIfNeeded: scalar.value)) }
        for unit in UTF8.encode(scalar)! { bytes.append(unit) }
    }

    /// Makes room for `additional` bytes and lets `body` write them; it returns how many it wrote.
    @unsafe
    mutating func add(upTo additional: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
        unsafe bytes.append(upTo: additional, body)
    }

    /// Ends the row.
    @inline(__always)
    mutating func endRow() {
        let end = bytes.byteCount
        if end > Int(Int32.max) { isTooLong = true }
        offsets.append(Int32(truncatingIfNeeded: end))
        rows &+= 1
    }

    /// Ends the row as one without a value; what was added to it is dropped.
    mutating func endWithoutValue() {
        bytes.truncate(to: Int(offsets.load(at: rows * 4, as: Int32.self)))
        missing.append(rows)
        endRow()
    }

    /// The rows as a column.
    ///
    /// - Throws: 54000 when they have more bytes than a column can address (2 GiB).
    consuming func finish(_ type: DataType) throws(QueryError) -> Column {
        if isTooLong {
            throw QueryError(
                .programLimitExceeded, "result of a vector is longer than 2 GiB",
                hint: "Produce shorter strings, or fewer of them at once.")
        }
        let count = rows
        var validity: Bitmap?
        if !missing.isEmpty {
            var flags = [Bool](repeating: true, count: count)
            for row in missing { flags[row] = false }
            validity = Bitmap(count: count) { flags[$0] }
        }
        let values = Column.Values.variable(offsets: offsets.finish(), bytes: bytes.finish())
        return Column(type: type, count: count, validity: validity, values: values)
    }
}

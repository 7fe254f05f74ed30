internal import EskerFormat

/// Writes a column of fixed width row by row, for kernels whose rows may have no value or be in error.
struct FixedWriter<Value: BitwiseCopyable>: ~Copyable {
    private var values: GrowableBuffer
    private var missing: [Int] = []
    private var rows = 0

    /// With room for `rows` rows.
    init(rows: Int) { values = GrowableBuffer(capacity: max(rows, 1) * MemoryLayout<Value>.stride) }

    @inline(__always)
    mutating func append(_ value: Value) {
        values.append(value)
        rows &+= 1
    }

    /// Appends zeros where nobody looks: at a row that has no value anyway.
    mutating func skip() {
        values.appendZeros(MemoryLayout<Value>.size)
        rows &+= 1
    }

    /// Appends a row that has no value because of what the kernel found.
    mutating func appendWithoutValue() {
        missing.append(rows)
        skip()
    }

    consuming func finish(_ type: DataType) -> Column {
        let count = rows
        var validity: Bitmap?
        if !missing.isEmpty {
            var flags = [Bool](repeating: true, count: count)
            for row in missing { flags[row] = false }
            validity = Bitmap(count: count) { flags[$0] }
        }
        return Column(type: type, count: count, validity: validity, values: .fixed(values.finish()))
    }
}

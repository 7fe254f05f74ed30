// Unsafe: copies values inside a buffer of the column's own length.

extension Column {
    /// The same plain column with the value of the row before in every row without one, so that missing values disturb
    /// no run, delta or width. Strings stay: what is missing is empty. O(rows), or O(1) without missing values.
    func filledForward() -> Column {
        guard nullCount > 0, let validity, case .fixed(let buffer) = values,
            case .fixed(let width) = type.layout
        else { return self }
        let output = FilledBuffer(byteCount: count * width)
        unsafe output.base.copyMemory(from: buffer.base, byteCount: count * width)
        let firstValid = (0..<count).first { validity[$0] } ?? 0
        var row = 0
        while row < count {
            if !validity[row] {
                let source = row > firstValid ? row - 1 : firstValid
                unsafe (output.base + row * width).copyMemory(from: output.base + source * width, byteCount: width)
            }
            row += 1
        }
        return Column(type: type, count: count, validity: validity, nullCount: nullCount, values: .fixed(output.buffer))
    }
}

// Unsafe: single-value access through raw bytes whose bounds were checked when the column was made.

/// Values of one type, one a row, in Arrow's physical layout or in an encoding that operators can work on directly.
///
/// A column is immutable and cheap to copy. Its buffers may lie in memory or in a mapped file.
@safe
public struct Column: Sendable {
    /// The type of the values.
    public let type: DataType
    /// Number of rows.
    public let count: Int
    /// Which rows have a value; `nil` when all have.
    public let validity: Bitmap?
    /// Number of rows without a value.
    public let nullCount: Int
    /// The values.
    public let values: Values

    /// How the values of a column are held.
    public indirect enum Values: Sendable {
        /// ``Layout/bits``.
        case bits(Bitmap)
        /// ``Layout/fixed(width:)``: `count` values.
        case fixed(Buffer)
        /// ``Layout/variable``: `count + 1` ascending Int32 offsets into `bytes`.
        case variable(offsets: Buffer, bytes: Buffer)
        /// `count` unsigned codes of 1, 2 or 4 bytes, each the row of its value in `values`.
        /// Rows without a value have an unspecified code below `values.count` (or 0 when it is empty).
        case dictionary(codes: Buffer, codeWidth: Int, values: ColumnDictionary)
        /// Row 0 of the dictionary for every row.
        case constant(ColumnDictionary)
    }

    /// Makes a column. Traps when a buffer is too short for `count` rows: readers of foreign bytes check first.
    public init(type: DataType, count: Int, validity: Bitmap?, nullCount: Int? = nil, values: Values) {
        precondition(count >= 0)
        if let validity { precondition(validity.count >= count) }
        let nulls = validity.map { nullCount ?? (count - $0.slice(0..<count).setCount) } ?? 0
        self.type = type
        self.count = count
        self.validity = nulls == 0 ? nil : validity
        self.nullCount = nulls
        self.values = values
        switch (values, type.layout) {
        case (.bits(let bitmap), .bits): precondition(bitmap.count >= count)
        case (.fixed(let buffer), .fixed(let width)): precondition(buffer.byteCount >= count * width)
        case (.variable(let offsets, _), .variable): precondition(offsets.byteCount >= (count + 1) * 4)
        case (.dictionary(let codes, let width, let dictionary), _):
            precondition(codes.byteCount >= count * width && dictionary.column.type.layout == type.layout)
        case (.constant(let dictionary), _):
            precondition(dictionary.column.type.layout == type.layout && dictionary.column.count == 1)
        default: preconditionFailure("values do not have the layout of \(type.name)")
        }
    }

    /// Whether the row has a value.
    @inlinable
    public func isValid(_ row: Int) -> Bool { validity.map { $0[row] } ?? true }

    /// The fixed-width values as `T`. Traps unless the values are ``Values/fixed(_:)`` of that width.
    @inlinable
    @_lifetime(borrow self)
    public func span<T: BitwiseCopyable>(as type: T.Type) -> Span<T> {
        guard case .fixed(let buffer) = values else { preconditionFailure("not a fixed-width column") }
        let span = unsafe Span(_unsafeStart: buffer.base.assumingMemoryBound(to: T.self), count: count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The row in the dictionary (or in the column itself, when it has none) that holds the value of `row`.
    public func physicalRow(_ row: Int) -> Int {
        precondition(row >= 0 && row < count)
        switch values {
        case .constant: return 0
        case .dictionary(let codes, 1, _): return unsafe Int(codes.base.load(fromByteOffset: row, as: UInt8.self))
        case .dictionary(let codes, 2, _): return unsafe Int(codes.base.load(fromByteOffset: row * 2, as: UInt16.self))
        case .dictionary(let codes, _, _): return unsafe Int(codes.base.load(fromByteOffset: row * 4, as: UInt32.self))
        default: return row
        }
    }

    /// The plain column that ``physicalRow(_:)`` counts in.
    public var physical: Column {
        switch values {
        case .constant(let dictionary), .dictionary(_, _, let dictionary): dictionary.column
        default: self
        }
    }

    /// One value of a ``Layout/variable`` column, as bytes that live as long as the column. Traps outside the rows.
    @unsafe
    public func bytes(at row: Int) -> UnsafeRawBufferPointer {
        let plain = physical
        let index = physicalRow(row)
        guard case .variable(let offsets, let bytes) = plain.values else {
            preconditionFailure("not a variable-width column")
        }
        let start = unsafe Int(offsets.base.load(fromByteOffset: index * 4, as: Int32.self))
        let end = unsafe Int(offsets.base.load(fromByteOffset: index * 4 + 4, as: Int32.self))
        precondition(start >= 0 && start <= end && end <= bytes.byteCount, "offsets outside their bytes")
        return unsafe UnsafeRawBufferPointer(start: bytes.base + start, count: end - start)
    }

    /// One fixed-width value. Traps outside the rows, or when `T` is wider than the column's values.
    public func value<T: BitwiseCopyable>(at row: Int, as type: T.Type) -> T {
        let plain = physical
        let index = physicalRow(row)
        guard case .fixed(let buffer) = plain.values else { preconditionFailure("not a fixed-width column") }
        let offset = index * MemoryLayout<T>.stride
        precondition(offset + MemoryLayout<T>.size <= buffer.byteCount)
        return unsafe buffer.base.loadUnaligned(fromByteOffset: offset, as: T.self)
    }

    /// One boolean. Traps outside the rows.
    public func bool(at row: Int) -> Bool {
        guard case .bits(let bitmap) = physical.values else { preconditionFailure("not a boolean column") }
        return bitmap[physicalRow(row)]
    }

    /// A part of the rows, sharing memory except for bitmaps that start inside a byte.
    public func slice(_ range: Range<Int>) -> Column {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        if range == 0..<count { return self }
        let part: Values
        switch values {
        case .bits(let bitmap): part = .bits(bitmap.slice(range))
        case .fixed(let buffer):
            guard case .fixed(let width) = type.layout else { preconditionFailure() }
            part = .fixed(buffer.slice((range.lowerBound * width)..<(range.upperBound * width)))
        case .variable(let offsets, let bytes):
            part = .variable(
                offsets: offsets.slice((range.lowerBound * 4)..<((range.upperBound + 1) * 4)), bytes: bytes)
        case .dictionary(let codes, let width, let dictionary):
            let slice = codes.slice((range.lowerBound * width)..<(range.upperBound * width))
            part = .dictionary(codes: slice, codeWidth: width, values: dictionary)
        case .constant: part = values
        }
        return Column(type: type, count: range.count, validity: validity?.slice(range), values: part)
    }

    /// The same values under another type of the same layout: `varchar` for `text`, `date` for `int4`.
    public func retyped(_ other: DataType) -> Column {
        Column(type: other, count: count, validity: validity, nullCount: nullCount, values: values)
    }
}

/// The distinct values behind codes. A class, so that operators can tell by identity that two columns share one.
public final class ColumnDictionary: Sendable {
    /// The values, in a plain layout; without duplicates unless it was made by concatenation.
    public let column: Column

    /// Wraps a plain column without nulls: a row without a value is told by the validity of the column that has the
    /// codes. Traps when it has nulls, or is itself a dictionary or constant.
    public init(_ column: Column) {
        precondition(column.nullCount == 0, "a dictionary holds no nulls")
        switch column.values {
        case .dictionary, .constant: preconditionFailure("a dictionary holds plain values")
        default: self.column = column
        }
    }
}

// Unsafe: makes typed pointers of buffers whose lengths the initialisers checked.
import CEskerKernels

/// Values of one physical form, one a row and all present: what encoding nodes are made of and decode to.
@safe
struct PlainValues: Sendable {
    /// How the values lie in ``buffer``.
    enum Form: Hashable, Sendable {
        /// One bit a value, least significant first.
        case bits
        /// Two's complement or unsigned numbers of 1, 2, 4 or 8 bytes.
        case integers(width: Int, isSigned: Bool)
        /// IEEE 754 numbers of 4 or 8 bytes.
        case floats(width: Int)
        /// Values of 16 bytes that are only copied.
        case opaque(width: Int)
        /// Int32 offsets and bytes.
        case strings

        /// Dictionary codes, lengths and run ends.
        static let counts = Form.integers(width: 4, isSigned: false)

        /// Bytes a value; `nil` for bits and strings.
        var width: Int? {
            switch self {
            case .integers(let width, _), .floats(let width), .opaque(let width): width
            case .bits, .strings: nil
            }
        }
    }

    let form: Form
    let count: Int
    /// Bits, values or the bytes of strings.
    let buffer: Buffer
    /// `count + 1` ascending Int32 offsets into ``buffer``; empty unless the values are strings.
    let offsets: Buffer

    /// Values of a fixed width, or bits. Traps when the buffer is too short.
    init(_ form: Form, count: Int, _ buffer: Buffer) {
        precondition(form != .strings)
        precondition(buffer.byteCount >= (form.width.map { $0 * count } ?? Bitmap.byteCount(count)))
        self.form = form
        self.count = count
        self.buffer = buffer
        offsets = .empty
    }

    /// Strings. Traps when there are too few offsets; that they ascend is the caller's promise.
    init(count: Int, offsets: Buffer, bytes: Buffer) {
        precondition(offsets.byteCount >= (count + 1) * 4)
        form = .strings
        self.count = count
        self.offsets = offsets
        buffer = bytes
    }

    /// The values of a plain column; rows without a value have an unspecified one.
    init(_ column: Column) {
        switch column.values {
        case .bits(let bitmap): self.init(.bits, count: column.count, bitmap.buffer)
        case .fixed(let buffer): self.init(Form(column.type), count: column.count, buffer)
        case .variable(let offsets, let bytes): self.init(count: column.count, offsets: offsets, bytes: bytes)
        case .dictionary, .constant: preconditionFailure("a dictionary is not plain")
        }
    }

    /// Bytes of the values themselves.
    var byteCount: Int {
        switch form {
        case .bits: Bitmap.byteCount(count)
        case .integers(let width, _), .floats(let width), .opaque(let width): width * count
        case .strings: stringRange.count
        }
    }

    /// The part of ``buffer`` that strings use.
    var stringRange: Range<Int> {
        let starts = offsets.span(as: Int32.self)
        return Int(starts[0])..<Int(starts[count])
    }

    /// Some of the rows, sharing memory. Bits must start at a multiple of 8.
    func slice(_ rows: Range<Int>) -> PlainValues {
        if rows == 0..<count { return self }
        switch form {
        case .bits:
            precondition(rows.lowerBound & 7 == 0)
            return PlainValues(.bits, count: rows.count, buffer.slice((rows.lowerBound >> 3)..<buffer.byteCount))
        case .integers(let width, _), .floats(let width), .opaque(let width):
            return PlainValues(
                form, count: rows.count, buffer.slice((rows.lowerBound * width)..<(rows.upperBound * width)))
        case .strings:
            return PlainValues(
                count: rows.count, offsets: offsets.slice((rows.lowerBound * 4)..<((rows.upperBound + 1) * 4)),
                bytes: buffer)
        }
    }

    /// The values in the layout of a column's type.
    var columnValues: Column.Values {
        switch form {
        case .bits: .bits(Bitmap(buffer, count: count))
        case .integers, .floats, .opaque: .fixed(buffer)
        case .strings: .variable(offsets: offsets, bytes: buffer)
        }
    }

    /// Whether all values are the same bytes. O(bytes).
    var isConstant: Bool {
        guard count > 1 else { return count == 1 }
        switch form {
        case .bits:
            let set = Bitmap(buffer, count: count).setCount
            return set == 0 || set == count
        case .integers(let width, _), .floats(let width), .opaque(let width):
            return unsafe esker_compare_bytes(buffer.base, buffer.base + width, (count - 1) * width) == 0
        case .strings:
            let starts = offsets.span(as: Int32.self)
            let first = Int(starts[0])
            let length = Int(starts[1]) - first
            guard stringRange.count == length * count else { return false }
            var row = 1
            while row < count {
                guard Int(starts[row]) == first + row * length else { return false }
                row &+= 1
            }
            return unsafe length == 0
                || esker_compare_bytes(buffer.base + first, buffer.base + first + length, (count - 1) * length) == 0
        }
    }
}

extension PlainValues.Form {
    /// The form of a type's values.
    init(_ type: DataType) {
        switch type {
        case .bool: self = .bits
        case .int2: self = .integers(width: 2, isSigned: true)
        case .int4, .date: self = .integers(width: 4, isSigned: true)
        case .int8, .time, .timestamp, .timestamptz: self = .integers(width: 8, isSigned: true)
        case .float4: self = .floats(width: 4)
        case .float8: self = .floats(width: 8)
        case .timetz, .interval, .uuid: self = .opaque(width: 16)
        case .numeric, .text, .varchar, .char, .bytea, .json, .jsonb, .array: self = .strings
        }
    }
}

// Unsafe: looks at the bytes of values through spans over their column's buffers.

import CEskerKernels
import EskerFormat

/// Brings text into the form that a column of its type stores: padded, cut, checked or canonical.
enum TextForm {
    /// A column of `text` under another type, or the faults of rows that are none of it.
    ///
    /// - Parameter raw: a plain column of valid UTF-8.
    static func column(_ raw: Column, as type: DataType, _ faults: inout [ColumnFault]) -> Column {
        switch type {
        case .text, .varchar(nil):
            faults += TextCheck.zeros(raw)
            return raw.retyped(type)
        case .varchar(let limit?) where !VariableValues(raw).hasLonger(than: limit):
            faults += TextCheck.zeros(raw)
            return raw.retyped(type)
        case .json:
            faults += TextCheck.faults(raw.retyped(type))
            return raw.retyped(type)
        default:
            let builder = ColumnBuilder(type, capacity: raw.count)
            for row in 0..<raw.count {
                guard raw.isValid(row) else {
                    builder.appendNull()
                    continue
                }
                do throws(ValueError) {
                    try append(VariableValues(raw).bytes(row), as: type, to: builder)
                } catch {
                    faults.append(ColumnFault(row: row, reason: error.message))
                    builder.appendNull()
                }
            }
            return builder.finish()
        }
    }

    /// Appends one text in the form of the column's type.
    ///
    /// - Parameter bytes: valid UTF-8.
    static func append(_ bytes: Span<UInt8>, as type: DataType, to builder: ColumnBuilder) throws(ValueError) {
        switch type {
        case .jsonb:
            builder.append(try ValueParser.jsonb(bytes))
            return
        case .json:
            try ValueParser.checkJSON(bytes)
            unsafe bytes.withUnsafeBytes { unsafe builder.append(bytes: $0) }
            return
        default: break
        }
        if TextCheck.hasZero(bytes) { throw TextCheck.zeroByte }
        switch type {
        case .varchar(let limit):
            let kept = bytes.extracting(0..<(try ValueParser.varchar(bytes, limit: limit)))
            unsafe kept.withUnsafeBytes { unsafe builder.append(bytes: $0) }
        case .char(let length):
            let (count, blanks) = try ValueParser.char(bytes, length: length)
            var padded: [UInt8] = []
            padded.reserveCapacity(count + blanks)
            for index in 0..<count { padded.append(bytes[index]) }
            padded.append(contentsOf: repeatElement(0x20, count: blanks))
            builder.append(padded)
        default: unsafe bytes.withUnsafeBytes { unsafe builder.append(bytes: $0) }
        }
    }
}

/// The values of a plain ``Layout/variable`` column whose offsets are known to be good.
@safe
struct VariableValues: ~Escapable {
    private let starts: Span<Int32>
    private let all: Span<UInt8>
    let count: Int

    @_lifetime(borrow column)
    init(_ column: borrowing Column) {
        guard case .variable(let offsets, let bytes) = column.values else {
            preconditionFailure("not a plain variable-width column")
        }
        starts = unsafe _overrideLifetime(offsets.span(as: Int32.self), borrowing: column)
        all = unsafe _overrideLifetime(bytes.span(as: UInt8.self), borrowing: column)
        count = column.count
    }

    /// The bytes of a value.
    @_lifetime(copy self)
    func bytes(_ row: Int) -> Span<UInt8> {
        all.extracting(Int(starts[row])..<Int(starts[row + 1]))
    }

    /// The bytes of all values, one after the other.
    @_lifetime(copy self)
    func allBytes() -> Span<UInt8> {
        all.extracting(Int(starts[0])..<Int(starts[count]))
    }

    /// Whether any value has more bytes. Checks four bytes a row and looks at no value.
    func hasLonger(than limit: Int) -> Bool {
        guard limit < Int(Int32.max) else { return false }
        let most = Int32(limit)
        var longer: Int32 = 0
        var row = 0
        while row < count {
            longer |= starts[row &+ 1] &- starts[row] > most ? 1 : 0
            row &+= 1
        }
        return longer != 0
    }

    /// Whether every value begins where a character does, if the bytes as a whole are UTF-8.
    func startsAreBoundaries() -> Bool {
        var row = 0
        while row < count {
            let start = Int(starts[row])
            if start < all.count && all[start] & 0xC0 == 0x80 { return false }
            row &+= 1
        }
        return true
    }
}

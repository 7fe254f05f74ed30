// Unsafe: writes ids through a pointer to room for as many rows as the column has, and reads columns of checked length.

import EskerFormat

/// Gives each distinct value of one key column a number, NULL being a value like any other, and keeps the values.
///
/// Works on encodings: an entry of a dictionary is looked up once however many chunks share the dictionary, a constant
/// once a chunk. Not thread-safe.
@safe
final class ColumnKeys {
    /// How values become keys that are equal exactly when SQL finds the values equal.
    private enum Form {
        case bool, int16, int32, int64, float32, float64
        case bytes
        /// Bytes after a change that joins equal values of different bytes; the first value seen is the one shown.
        case canonical((Column, Int) -> [UInt8])
    }

    let type: DataType
    private let form: Form
    private let integers = IntegerIndex()
    private let bytes = BytesIndex()
    private var dictionaries = RecentDictionaries()
    private var representatives: ColumnBuilder?
    /// The number that stands for NULL; keys of the indexes are numbered around it.
    private var nullID: UInt32?

    init(_ type: DataType) {
        self.type = type
        switch type {
        case .bool: form = .bool
        case .int2: form = .int16
        case .int4, .date: form = .int32
        case .int8, .time, .timestamp, .timestamptz: form = .int64
        case .float4: form = .float32
        case .float8: form = .float64
        case .text, .varchar, .bytea, .json, .jsonb: form = .bytes
        case .char, .numeric, .interval, .timetz, .uuid, .array:
            form = .canonical { CanonicalKey.bytes(of: $0, at: $1) }
        }
        switch form {
        case .float32, .float64, .canonical: representatives = ColumnBuilder(type)
        default: break
        }
    }

    private var distinctValues: Int { integers.count }

    /// Distinct keys so far, NULL included.
    var count: Int { distinctValues + (nullID == nil ? 0 : 1) }

    /// Writes the number of each row's value.
    @unsafe
    func assign(_ column: Column, into ids: UnsafeMutablePointer<UInt32>) {
        let count = column.count
        if count == 0 { return }
        switch column.values {
        case .constant(let dictionary) where column.nullCount == 0 || column.nullCount == count:
            let id = column.nullCount == 0 ? assignEntries([0], of: dictionary.column)[0] : idOfNull()
            unsafe ids.update(repeating: id, count: count)
        case .dictionary(let codes, let width, let dictionary):
            guard let numbers = dictionaries.numbers(of: dictionary, rows: count) else {
                return unsafe assignPlain(column.plain, into: ids)
            }
            unsafe assign(column, codes: codes, width: width, numbers, into: ids)
        default: unsafe assignPlain(column.plain, into: ids)
        }
    }

    /// The numbers of codes: entries that no row named before get theirs first.
    @unsafe
    private func assign(
        _ column: Column, codes: Buffer, width: Int, _ numbers: EntryNumbers, into ids: UnsafeMutablePointer<UInt32>
    ) {
        let table = unsafe numbers.table.base
        let count = column.count
        if unsafe !CodeKernels.map(codes, width: width, count: count, through: table, into: ids) {
            numbers.places.grow(to: count)
            unsafe CodeKernels.fillUnknown(
                column, codes: codes, width: width, ids, table: table, scratch: numbers.places.base
            ) { assignEntries($0, of: numbers.dictionary.column) }
        }
        unsafe overwriteNulls(column, ids)
    }

    /// The numbers of some entries of a dictionary.
    private func assignEntries(_ rows: [UInt32], of entries: Column) -> [UInt32] {
        var found = [UInt32](repeating: 0, count: rows.count)
        unsafe found.withUnsafeMutableBufferPointer { output in
            guard let start = output.baseAddress else { return }
            guard case .bytes = form else { return unsafe assignPlain(entries.gather(rows.span), into: start) }
            let (offsets, text) = unsafe entries.textPointers
            let longer = bytes
            unsafe rows.withUnsafeBufferPointer { rows in
                unsafe integers.assign(count: rows.count, into: start) {
                    unsafe StringKey.key(offsets, text, Int(rows[$0]), longer: longer)
                }
            }
            unsafe shiftPastNull(start, rows.count)
        }
        return found
    }

    @unsafe
    private func assignPlain(_ column: Column, into ids: UnsafeMutablePointer<UInt32>) {
        let count = column.count
        if column.nullCount > 0 { return unsafe assignNullable(column, into: ids) }
        let before = distinctValues
        switch form {
        case .bool: unsafe integers.assign(count: count, into: ids) { column.bool(at: $0) ? 1 : 0 }
        case .int16:
            let values = unsafe column.pointer(as: Int16.self)
            unsafe integers.assign(count: count, into: ids) { unsafe UInt64(bitPattern: Int64(values[$0])) }
        case .int32:
            let values = unsafe column.pointer(as: Int32.self)
            unsafe integers.assign(count: count, into: ids) { unsafe UInt64(bitPattern: Int64(values[$0])) }
        case .int64:
            let values = unsafe column.pointer(as: Int64.self)
            unsafe integers.assign(count: count, into: ids) { unsafe UInt64(bitPattern: values[$0]) }
        case .float32:
            let values = unsafe column.pointer(as: Float.self)
            unsafe integers.assign(count: count, into: ids) { unsafe values[$0].orderedBits }
        case .float64:
            let values = unsafe column.pointer(as: Double.self)
            unsafe integers.assign(count: count, into: ids) { unsafe values[$0].orderedBits }
        case .bytes:
            let (offsets, text) = unsafe column.textPointers
            let longer = bytes
            unsafe integers.assign(count: count, into: ids) { unsafe StringKey.key(offsets, text, $0, longer: longer) }
        case .canonical(let key):
            let longer = bytes
            unsafe integers.assign(count: count, into: ids) { row in
                unsafe key(column, row).withUnsafeBytes { unsafe StringKey.key($0, longer: longer) }
            }
        }
        if distinctValues > before { unsafe keepRepresentatives(of: column, ids: ids, from: before) }
        unsafe shiftPastNull(ids, count)
    }

    /// Keys are numbered without NULL; numbers from NULL's on move up by one.
    @unsafe
    private func shiftPastNull(_ ids: UnsafeMutablePointer<UInt32>, _ count: Int) {
        guard let nullID else { return }
        var row = 0
        while row < count {
            unsafe ids[row] &+= ids[row] >= nullID ? 1 : 0
            row &+= 1
        }
    }

    @unsafe
    private func assignNullable(_ column: Column, into ids: UnsafeMutablePointer<UInt32>) {
        let rows = (0..<UInt32(column.count)).filter { column.isValid(Int($0)) }
        let null = idOfNull()
        unsafe ids.update(repeating: null, count: column.count)
        let valued = column.gather(rows.span)
        let dense = Column(type: valued.type, count: valued.count, validity: nil, values: valued.values)
        var some = [UInt32](repeating: 0, count: rows.count)
        unsafe some.withUnsafeMutableBufferPointer { output in
            if let start = output.baseAddress { unsafe assignPlain(dense, into: start) }
        }
        for (row, id) in zip(rows, some) { unsafe ids[Int(row)] = id }
    }

    @unsafe
    private func overwriteNulls(_ column: Column, _ ids: UnsafeMutablePointer<UInt32>) {
        guard let validity = column.validity else { return }
        let null = idOfNull()
        for row in 0..<column.count where !validity[row] { unsafe ids[row] = null }
    }

    /// NULL takes the next free number when it is first seen.
    private func idOfNull() -> UInt32 {
        if let nullID { return nullID }
        let id = UInt32(distinctValues)
        nullID = id
        return id
    }

    @unsafe
    private func keepRepresentatives(of column: Column, ids: UnsafePointer<UInt32>, from first: Int) {
        guard let representatives else { return }
        var next = first
        for row in 0..<column.count where unsafe Int(ids[row]) == next {
            representatives.appendRow(row, of: column)
            next += 1
        }
    }

    /// The distinct values in the order of their numbers. Ends the use of this object.
    func finish() -> Column {
        let builder: ColumnBuilder
        let values = distinctValues
        if let representatives {
            builder = representatives
        } else {
            builder = ColumnBuilder(type, capacity: values)
            for id in 0..<values { appendValue(id, to: builder) }
        }
        let column = builder.finish()
        guard let nullID else { return column }
        let order = (0..<UInt32(values + 1)).map { id in id < nullID ? id : id == nullID ? UInt32(values) : id - 1 }
        return Column.concatenate([column, .constantNull(type, rows: 1)], type: type).gather(order.span)
    }

    private func appendValue(_ id: Int, to builder: ColumnBuilder) {
        switch form {
        case .bool: builder.append(bool: integers.key(id) != 0)
        case .int16: builder.append(fixed: Int16(truncatingIfNeeded: integers.key(id)))
        case .int32: builder.append(fixed: Int32(truncatingIfNeeded: integers.key(id)))
        case .int64: builder.append(fixed: Int64(bitPattern: integers.key(id)))
        case .bytes: StringKey.append(integers.key(id), longer: bytes, to: builder)
        case .float32, .float64, .canonical: preconditionFailure("kept as representatives")
        }
    }
}

extension ColumnBuilder {
    /// Copies one row of a column of the same layout.
    func appendRow(_ row: Int, of column: Column) {
        guard column.isValid(row) else { return appendNull() }
        switch type.layout {
        case .bits: append(bool: column.bool(at: row))
        case .fixed(2): append(fixed: column.value(at: row, as: UInt16.self))
        case .fixed(4): append(fixed: column.value(at: row, as: UInt32.self))
        case .fixed(8): append(fixed: column.value(at: row, as: UInt64.self))
        case .fixed: append(fixed: column.value(at: row, as: SIMD2<UInt64>.self))
        case .variable: unsafe append(bytes: column.bytes(at: row))
        }
    }
}

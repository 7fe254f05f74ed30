// Unsafe: finds stored properties by their offset in the memory of rows.

import EskerFormat

/// Where the values of a ``RowColumn`` are and how they become a column: the types behind it, erased once.
@safe
struct ColumnSource<Root>: Sendable {
    /// The property's type, for messages.
    let swiftType: String
    /// Whether a column of the type can hold every value, or tell which it cannot.
    let isStorable: @Sendable (DataType) -> Bool
    /// The values of all rows as a column. Called once a batch.
    let column: @Sendable (UnsafeBufferPointer<Root>, DataType, inout [ColumnFault]) -> Column

    init<Value: ColumnValue>(_ keyPath: any KeyPath<Root, Value> & Sendable) {
        let maker = ColumnMaker.of(Value.self)
        swiftType = String(describing: Value.self)
        isStorable = maker.isStorable
        // `nil` for computed and observed properties, and for classes.
        if let offset = MemoryLayout<Root>.offset(of: keyPath) {
            unsafe column = { rows, type, faults in
                guard let start = rows.baseAddress else { return .nulls(type, count: 0) }
                let values = unsafe StridedMemory(
                    base: UnsafeRawPointer(start) + offset, stride: MemoryLayout<Root>.stride, count: rows.count)
                return maker.column(values, type, &faults)
            }
        } else {
            unsafe column = { rows, type, faults in
                var values: [Value] = []
                values.reserveCapacity(rows.count)
                for index in rows.indices { values.append(unsafe rows[index][keyPath: keyPath]) }
                return maker.column(of: values, type, &faults)
            }
        }
    }
}

/// How values of one Swift type that lie in memory become a column.
struct ColumnMaker: Sendable {
    let isStorable: @Sendable (DataType) -> Bool
    let column: @Sendable (StridedMemory, DataType, inout [ColumnFault]) -> Column

    /// Values that lie in an array.
    func column<Value>(of values: [Value], _ type: DataType, _ faults: inout [ColumnFault]) -> Column {
        unsafe values.withUnsafeBufferPointer { values in
            guard let start = values.baseAddress else { return .nulls(type, count: 0) }
            let memory = unsafe StridedMemory(
                base: UnsafeRawPointer(start), stride: MemoryLayout<Value>.stride, count: values.count)
            return column(memory, type, &faults)
        }
    }

    /// The fastest way for a type: its own loop, that of its raw value, else ``ColumnValue/columnValue`` by value.
    static func of<Value: ColumnValue>(_ type: Value.Type) -> ColumnMaker {
        if let quick = type as? any QuickColumnValue.Type { return quick.maker(optional: false) }
        if let optional = type as? any OptionalValue.Type,
            let quick = optional.wrappedType as? any QuickColumnValue.Type
        {
            return quick.maker(optional: true)
        }
        if let raw = type as? any (RawRepresentable & ColumnValue).Type, let maker = ofRawValue(raw) { return maker }
        return ofAny(type)
    }

    private static func ofRawValue<Value: RawRepresentable & ColumnValue>(_: Value.Type) -> ColumnMaker? {
        guard let quick = Value.RawValue.self as? any QuickColumnValue.Type else { return nil }
        let maker = quick.maker(optional: false)
        return ColumnMaker(isStorable: maker.isStorable) { memory, type, faults in
            var values: [Value.RawValue] = []
            values.reserveCapacity(memory.count)
            for row in 0..<memory.count { values.append(unsafe memory.pointer(row, to: Value.self).pointee.rawValue) }
            return maker.column(of: values, type, &faults)
        }
    }

    private static func ofAny<Value: ColumnValue>(_: Value.Type) -> ColumnMaker {
        let natural = Value.columnType
        return ColumnMaker {
            ValueCoercion.canHold(natural, in: $0)
        } column: { memory, type, faults in
            let builder = ColumnBuilder(type, capacity: memory.count)
            var scratch: [UInt8] = []
            for row in 0..<memory.count {
                let value = unsafe memory.pointer(row, to: Value.self).pointee.columnValue
                do throws(ValueError) {
                    builder.append(try ValueCoercion.assign(value, to: type), scratch: &scratch)
                } catch {
                    faults.append(ColumnFault(row: row, reason: error.message))
                    builder.appendNull()
                }
            }
            return builder.finish()
        }
    }
}

/// Tells optionals apart and what they wrap.
private protocol OptionalValue {
    static var wrappedType: Any.Type { get }
}

extension Optional: OptionalValue {
    fileprivate static var wrappedType: Any.Type { Wrapped.self }
}

// Unsafe: reads booleans one by one out of the memory of rows.

import EskerFormat

// The loops of types with fixed-width columns. Each case below is one loop, compiled for its pair of types.

extension FixedWidthInteger where Self: SignedInteger {
    static func isIntegerStorable(as type: DataType) -> Bool {
        switch type {
        case .int2: bitWidth <= 16
        case .int4: bitWidth <= 32
        case .int8, .numeric: true
        default: false
        }
    }

    @inline(__always)
    static func integerColumn(
        _ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault]
    ) -> Column {
        switch type {
        case .int2:
            FixedColumn.make(memory, optional: optional, as: type, none: 0) { (value: Self) in
                Int16(truncatingIfNeeded: value)
            }
        case .int4:
            FixedColumn.make(memory, optional: optional, as: type, none: 0) { (value: Self) in
                Int32(truncatingIfNeeded: value)
            }
        case .int8:
            FixedColumn.make(memory, optional: optional, as: type, none: 0) { (value: Self) in
                Int64(truncatingIfNeeded: value)
            }
        default:
            NumericColumn.make(memory, optional: optional, as: type, &faults) { (value: Self) in
                Numeric(Int64(truncatingIfNeeded: value))
            }
        }
    }
}

extension Int16: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { isIntegerStorable(as: type) }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        integerColumn(memory, optional: optional, as: type, &faults)
    }
}

extension Int32: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { isIntegerStorable(as: type) }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        integerColumn(memory, optional: optional, as: type, &faults)
    }
}

extension Int64: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { isIntegerStorable(as: type) }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        integerColumn(memory, optional: optional, as: type, &faults)
    }
}

extension Int: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { isIntegerStorable(as: type) }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        integerColumn(memory, optional: optional, as: type, &faults)
    }
}

extension Float: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { type == .float4 || type == .float8 }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        type == .float4
            ? FixedColumn.make(memory, optional: optional, as: type, none: 0) { (value: Float) in value }
            : FixedColumn.make(memory, optional: optional, as: type, none: 0) { (value: Float) in Double(value) }
    }
}

extension Double: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { type == .float8 }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        FixedColumn.make(memory, optional: optional, as: type, none: 0) { (value: Double) in value }
    }
}

extension Timestamp: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { type == .timestamptz || type == .timestamp }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        let column = FixedColumn.make(memory, optional: optional, as: type, none: 0) { (value: Timestamp) in
            value.microseconds
        }
        faults += TimeCheck.faults(column)
        return column
    }
}

extension Day: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { type == .date }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        let column = FixedColumn.make(memory, optional: optional, as: type, none: 0) { (value: Day) in value.number }
        faults += TimeCheck.faults(column)
        return column
    }
}

extension TimeOfDay: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { type == .time }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        let column = FixedColumn.make(memory, optional: optional, as: type, none: 0) { (value: TimeOfDay) in
            value.microseconds
        }
        faults += TimeCheck.faults(column)
        return column
    }
}

extension TimeWithZone: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { type == .timetz }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        let column = FixedColumn.make(memory, optional: optional, as: type, none: SIMD2<UInt64>()) {
            (value: TimeWithZone) in SIMD2(value.words.0, value.words.1)
        }
        faults += TimeCheck.faults(column)
        return column
    }
}

extension Interval: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { type == .interval }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        FixedColumn.make(memory, optional: optional, as: type, none: SIMD2<UInt64>()) { (value: Interval) in
            SIMD2(value.words.0, value.words.1)
        }
    }
}

extension UUIDBytes: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { type == .uuid }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        FixedColumn.make(memory, optional: optional, as: type, none: SIMD2<UInt64>()) { (value: UUIDBytes) in
            SIMD2(value.words.0, value.words.1)
        }
    }
}

extension Bool: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool { type == .bool }
    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        var bits = ValidityBits(capacity: memory.count)
        var validity = ValidityBits(capacity: memory.count)
        for row in 0..<memory.count {
            let value =
                unsafe optional
                ? memory.pointer(row, to: Bool?.self).pointee : memory.pointer(row, to: Bool.self).pointee
            bits.append(value ?? false)
            validity.append(value != nil)
        }
        let (bitmap, nulls) = validity.finish()
        return Column(
            type: type, count: memory.count, validity: bitmap, nullCount: nulls, values: .bits(bits.bits()))
    }
}

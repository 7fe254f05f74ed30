// Unsafe: the loops write one value a row into room for exactly that many.

import EskerFormat

/// A Swift type with a loop of its own, compiled for the type here and not in the program that uses the library.
protocol QuickColumnValue: ColumnValue {
    /// Whether a column of the type can hold every value, or tell which it cannot.
    static func isStorable(as type: DataType) -> Bool
    /// The values that lie in memory, of this type or optionals of it, as a column.
    static func column(
        _ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault]
    ) -> Column
}

extension QuickColumnValue {
    static func maker(optional: Bool) -> ColumnMaker {
        ColumnMaker {
            isStorable(as: $0)
        } column: { memory, type, faults in
            column(memory, optional: optional, as: type, &faults)
        }
    }
}

/// Columns of fixed-width values.
enum FixedColumn {
    /// One stored value a row. `T` is what lies in memory, `stored` what the column holds of it.
    @inline(__always)
    static func make<T, Stored: BitwiseCopyable>(
        _ memory: StridedMemory, optional: Bool, as type: DataType, none: Stored, _ stored: (T) -> Stored
    ) -> Column {
        optional
            ? optionals(memory, as: type, none: none, stored) : values(memory, as: type, stored)
    }

    @inline(__always)
    private static func values<T, Stored: BitwiseCopyable>(
        _ memory: StridedMemory, as type: DataType, _ stored: (T) -> Stored
    ) -> Column {
        let length = memory.count * MemoryLayout<Stored>.stride
        var buffer = GrowableBuffer(capacity: length)
        unsafe buffer.append(upTo: length) { room in
            guard memory.count > 0, let start = room.baseAddress else { return 0 }
            let target = unsafe start.assumingMemoryBound(to: Stored.self)
            var row = 0
            while row < memory.count {
                unsafe target[row] = stored(memory.pointer(row, to: T.self).pointee)
                row &+= 1
            }
            return length
        }
        return Column(type: type, count: memory.count, validity: nil, values: .fixed(buffer.finish()))
    }

    @inline(__always)
    private static func optionals<T, Stored: BitwiseCopyable>(
        _ memory: StridedMemory, as type: DataType, none: Stored, _ stored: (T) -> Stored
    ) -> Column {
        let length = memory.count * MemoryLayout<Stored>.stride
        var buffer = GrowableBuffer(capacity: length)
        var validity = ValidityBits(capacity: memory.count)
        unsafe buffer.append(upTo: length) { room in
            guard memory.count > 0, let start = room.baseAddress else { return 0 }
            let target = unsafe start.assumingMemoryBound(to: Stored.self)
            var row = 0
            while row < memory.count {
                if let value = unsafe memory.pointer(row, to: T?.self).pointee {
                    unsafe target[row] = stored(value)
                    validity.append(true)
                } else {
                    unsafe target[row] = none
                    validity.append(false)
                }
                row &+= 1
            }
            return length
        }
        let (bitmap, nulls) = validity.finish()
        return Column(
            type: type, count: memory.count, validity: bitmap, nullCount: nulls, values: .fixed(buffer.finish()))
    }
}

/// A bitmap that is written bit by bit.
struct ValidityBits: ~Copyable {
    private var bytes: GrowableBuffer
    private var pending: UInt8 = 0
    private var count = 0
    private(set) var unsetCount = 0

    init(capacity: Int) { bytes = GrowableBuffer(capacity: Bitmap.byteCount(capacity)) }

    @inline(__always)
    mutating func append(_ bit: Bool) {
        pending |= (bit ? 1 : 0) << UInt8(truncatingIfNeeded: count & 7)
        unsetCount &+= bit ? 0 : 1
        count &+= 1
        if count & 7 == 0 {
            bytes.append(pending)
            pending = 0
        }
    }

    /// The bits, whatever they are.
    consuming func bits() -> Bitmap {
        if count & 7 != 0 { bytes.append(pending) }
        let length = count
        return Bitmap(bytes.finish(), count: length)
    }

    /// As a validity bitmap: none when every bit is set.
    consuming func finish() -> (Bitmap?, nullCount: Int) {
        let nulls = unsetCount
        return (nulls == 0 ? nil : bits(), nulls)
    }
}

extension Column {
    /// A column without a value in any row. O(rows), one pass over zeros.
    static func nulls(_ type: DataType, count: Int) -> Column {
        let validity = Bitmap(repeating: false, count: count)
        let values: Values
        switch type.layout {
        case .bits: values = .bits(Bitmap(repeating: false, count: count))
        case .fixed(let width): values = unsafe .fixed(Buffer.make(byteCount: count * width) { _ in })
        case .variable:
            values = unsafe .variable(offsets: Buffer.make(byteCount: (count + 1) * 4) { _ in }, bytes: .empty)
        }
        return Column(type: type, count: count, validity: validity, nullCount: count, values: values)
    }
}

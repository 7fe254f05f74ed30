// Unsafe: copies the bytes of strings and arrays into room that was measured first.

import EskerFormat

extension String: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool {
        switch type {
        case .text, .varchar, .char, .json, .jsonb: true
        default: false
        }
    }

    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        let raw = unsafe BytesColumn.make(memory, optional: optional, &faults) { row, body in
            if optional {
                unsafe memory.pointer(row, to: String?.self).pointee?.utf8.withContiguousStorageIfAvailable(body)
            } else {
                unsafe memory.pointer(row, to: String.self).pointee.utf8.withContiguousStorageIfAvailable(body)
            }
        }
        return TextForm.column(raw, as: type, &faults)
    }
}

extension Array: QuickColumnValue where Element == UInt8 {
    static func isStorable(as type: DataType) -> Bool { type == .bytea }

    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        unsafe BytesColumn.make(memory, optional: optional, &faults) { row, body in
            if optional {
                unsafe memory.pointer(row, to: [UInt8]?.self).pointee?.withContiguousStorageIfAvailable(body)
            } else {
                unsafe memory.pointer(row, to: [UInt8].self).pointee.withContiguousStorageIfAvailable(body)
            }
        }.retyped(type)
    }
}

/// Columns of values that are bytes already.
enum BytesColumn {
    /// The most bytes a column can count with its Int32 offsets.
    static let byteLimit = Int(Int32.max)

    /// One value a row, as `text` has them. Nothing is allocated or retained for a value.
    ///
    /// - Parameter read: calls its body with the bytes of a row, or returns nil when the row has no value.
    @inline(__always)
    static func make(
        _ memory: StridedMemory, optional: Bool, _ faults: inout [ColumnFault],
        _ read: (Int, (UnsafeBufferPointer<UInt8>) -> Int) -> Int?
    ) -> Column {
        let count = memory.count
        var total = 0
        var row = 0
        while row < count {
            unsafe total &+= read(row) { $0.count } ?? 0
            row &+= 1
        }
        let limit = min(total, byteLimit)
        var offsets = GrowableBuffer(capacity: (count + 1) * 4)
        var bytes = GrowableBuffer(capacity: limit)
        var validity = ValidityBits(capacity: optional ? count : 0)
        var refused: [Int] = []
        offsets.append(Int32(0))
        unsafe offsets.append(upTo: count * 4) { ends in
            guard count > 0, let ends = unsafe ends.baseAddress?.assumingMemoryBound(to: Int32.self) else { return 0 }
            unsafe bytes.append(upTo: limit) { room in
                let target = room.baseAddress!
                var at = 0
                var row = 0
                while row < count {
                    let length = unsafe read(row) { source in
                        guard source.count <= limit &- at else { return -1 }
                        unsafe copy(source, to: target + at)
                        return source.count
                    }
                    if optional { validity.append(length != nil) }
                    if let length {
                        if length < 0 { refused.append(row) } else { at &+= length }
                    }
                    unsafe ends[row] = Int32(truncatingIfNeeded: at)
                    row &+= 1
                }
                return at
            }
            return count * 4
        }
        for row in refused {
            faults.append(ColumnFault(row: row, reason: "a column of one batch holds at most 2 GiB of bytes"))
        }
        let (bitmap, nulls) = validity.finish()
        return Column(
            type: .text, count: count, validity: bitmap, nullCount: nulls,
            values: .variable(offsets: offsets.finish(), bytes: bytes.finish()))
    }

    /// Copies in two overlapping pieces up to 32 bytes: most values are short, and a call of memcpy costs more.
    @inline(__always)
    private static func copy(_ source: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableRawPointer) {
        guard let from = unsafe UnsafeRawPointer(source.baseAddress) else { return }
        let length = source.count
        if length > 32 {
            unsafe target.copyMemory(from: from, byteCount: length)
        } else if length >= 16 {
            unsafe copyEnds(SIMD16<UInt8>.self, from, target, length)
        } else if length >= 8 {
            unsafe copyEnds(UInt64.self, from, target, length)
        } else if length >= 4 {
            unsafe copyEnds(UInt32.self, from, target, length)
        } else {
            for index in 0..<length {
                unsafe target.storeBytes(
                    of: from.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index, as: UInt8.self)
            }
        }
    }

    /// The first and the last piece of a run that is one to two pieces long.
    @inline(__always)
    private static func copyEnds<Piece: BitwiseCopyable>(
        _: Piece.Type, _ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer, _ length: Int
    ) {
        let last = length &- MemoryLayout<Piece>.size
        let head = unsafe from.loadUnaligned(as: Piece.self)
        let tail = unsafe from.loadUnaligned(fromByteOffset: last, as: Piece.self)
        unsafe to.storeBytes(of: head, as: Piece.self)
        unsafe to.storeBytes(of: tail, toByteOffset: last, as: Piece.self)
    }
}

extension Numeric: QuickColumnValue {
    static func isStorable(as type: DataType) -> Bool {
        if case .numeric = type { true } else { false }
    }

    static func column(_ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault])
        -> Column
    {
        NumericColumn.make(memory, optional: optional, as: type, &faults) { (value: Numeric) in value }
    }
}

/// Columns of exact decimals.
enum NumericColumn {
    /// One decimal a row, rounded to the type's scale; a fault where it does not fit the type's precision.
    @inline(__always)
    static func make<T>(
        _ memory: StridedMemory, optional: Bool, as type: DataType, _ faults: inout [ColumnFault],
        _ numeric: (T) -> Numeric
    ) -> Column {
        let builder = ColumnBuilder(type, capacity: memory.count)
        var scratch: [UInt8] = []
        for row in 0..<memory.count {
            let value =
                unsafe optional
                ? memory.pointer(row, to: T?.self).pointee : memory.pointer(row, to: T.self).pointee
            guard let value else {
                builder.appendNull()
                continue
            }
            do throws(ValueError) {
                builder.append(try ValueCoercion.fitted(numeric(value), type), scratch: &scratch)
            } catch {
                faults.append(ColumnFault(row: row, reason: error.message))
                builder.appendNull()
            }
        }
        return builder.finish()
    }
}

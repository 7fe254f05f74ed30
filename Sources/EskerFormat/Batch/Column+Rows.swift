// Unsafe: the copy loops read through row numbers that are checked once against the column's count.

import CEskerKernels

extension Column {
    /// The rows that `selection` names, in its order. Traps on a row outside the column. O(rows selected).
    ///
    /// Dictionaries and constants stay what they are: only codes are copied.
    public func gather(_ selection: Span<UInt32>) -> Column {
        let rows = selection.count
        for index in selection.indices {
            precondition(Int(selection[index]) < count, "selected row outside the column")
        }
        var picked: Bitmap?
        if let validity {
            picked = Bitmap(count: rows) { validity[Int(selection[$0])] }
        }
        let gathered: Values
        switch values {
        case .constant: gathered = values
        case .bits(let bitmap): gathered = .bits(Bitmap(count: rows) { bitmap[Int(selection[$0])] })
        case .fixed(let buffer):
            guard case .fixed(let width) = type.layout else { preconditionFailure() }
            gathered = .fixed(Column.gatherFixed(buffer, width: width, selection))
        case .dictionary(let codes, let width, let dictionary):
            let picked = Column.gatherFixed(codes, width: width, selection)
            gathered = .dictionary(codes: picked, codeWidth: width, values: dictionary)
        case .variable(let offsets, let bytes):
            let (newOffsets, newBytes) = Column.gatherVariable(offsets, bytes, selection)
            gathered = .variable(offsets: newOffsets, bytes: newBytes)
        }
        return Column(type: type, count: rows, validity: picked, values: gathered)
    }

    private static func gatherFixed(_ buffer: Buffer, width: Int, _ selection: Span<UInt32>) -> Buffer {
        switch width {
        case 1: gatherValues(buffer.span(as: UInt8.self), selection)
        case 2: gatherValues(buffer.span(as: UInt16.self), selection)
        case 4: gatherValues(buffer.span(as: UInt32.self), selection)
        case 8: gatherValues(buffer.span(as: UInt64.self), selection)
        default: gatherValues(buffer.span(as: SIMD2<UInt64>.self), selection)
        }
    }

    private static func gatherValues<T: BitwiseCopyable>(_ values: Span<T>, _ selection: Span<UInt32>) -> Buffer {
        unsafe Buffer.make(byteCount: selection.count * MemoryLayout<T>.stride) { output in
            let target = unsafe output.baseAddress!.assumingMemoryBound(to: T.self)
            var index = 0
            while index < selection.count {
                unsafe target[index] = values[unchecked: Int(selection[unchecked: index])]
                index &+= 1
            }
        }
    }

    private static func gatherVariable(
        _ offsets: Buffer, _ bytes: Buffer, _ selection: Span<UInt32>
    ) -> (Buffer, Buffer) {
        let starts = offsets.span(as: Int32.self)
        var total = 0
        for index in selection.indices {
            let row = Int(selection[index])
            total += Int(starts[row + 1] - starts[row])
        }
        precondition(total <= Int(Int32.max), "a column holds at most 2 GiB of bytes")
        var newOffsets = GrowableBuffer(capacity: (selection.count + 1) * 4)
        var newBytes = GrowableBuffer(capacity: total)
        newOffsets.append(Int32(0))
        for index in selection.indices {
            let row = Int(selection[index])
            let range = Int(starts[row])..<Int(starts[row + 1])
            unsafe newBytes.append(bytes: UnsafeRawBufferPointer(rebasing: bytes.unsafeBytes[range]))
            newOffsets.append(Int32(newBytes.byteCount))
        }
        return (newOffsets.finish(), newBytes.finish())
    }

    /// The rows of several columns of one layout, in order, as one plain column. O(rows).
    public static func concatenate(_ parts: [Column], type: DataType) -> Column {
        if parts.count == 1 { return parts[0].plain }
        let rows = parts.reduce(0) { $0 + $1.count }
        let plains = parts.map(\.plain)
        var validity: Bitmap?
        if plains.contains(where: { $0.nullCount > 0 }) { validity = concatenateValidity(plains, rows: rows) }
        switch type.layout {
        case .bits:
            var flags: [Bool] = []
            flags.reserveCapacity(rows)
            for part in plains { for row in 0..<part.count { flags.append(part.bool(at: row)) } }
            let bits = Bitmap(count: rows) { flags[$0] }
            return Column(type: type, count: rows, validity: validity, values: .bits(bits))
        case .fixed(let width):
            var joined = GrowableBuffer(capacity: rows * width)
            for part in plains {
                guard case .fixed(let buffer) = part.values else { preconditionFailure() }
                joined.append(buffer.slice(0..<(part.count * width)))
            }
            return Column(type: type, count: rows, validity: validity, values: .fixed(joined.finish()))
        case .variable:
            return concatenateVariable(plains, type: type, rows: rows, validity: validity)
        }
    }

    private static func concatenateValidity(_ parts: [Column], rows: Int) -> Bitmap {
        var flags: [Bool] = []
        flags.reserveCapacity(rows)
        for part in parts { for row in 0..<part.count { flags.append(part.isValid(row)) } }
        return Bitmap(count: rows) { flags[$0] }
    }

    private static func concatenateVariable(
        _ parts: [Column], type: DataType, rows: Int, validity: Bitmap?
    ) -> Column {
        var newOffsets = GrowableBuffer(capacity: (rows + 1) * 4)
        var newBytes = GrowableBuffer(capacity: parts.reduce(0) { $0 + $1.logicalByteCount })
        newOffsets.append(Int32(0))
        for part in parts {
            guard case .variable(let offsets, let bytes) = part.values else { preconditionFailure() }
            let starts = offsets.span(as: Int32.self)
            let first = starts[0]
            let shift = Int32(newBytes.byteCount) &- first
            newBytes.append(bytes.slice(Int(first)..<Int(starts[part.count])))
            precondition(newBytes.byteCount <= Int(Int32.max), "a column holds at most 2 GiB of bytes")
            var row = 1
            while row <= part.count {
                newOffsets.append(starts[row] &+ shift)
                row &+= 1
            }
        }
        return Column(
            type: type, count: rows, validity: validity,
            values: .variable(offsets: newOffsets.finish(), bytes: newBytes.finish()))
    }

    /// The same rows in the type's plain layout: dictionaries and constants are spread out. O(rows) then, else O(1).
    public var plain: Column {
        switch values {
        case .bits, .fixed, .variable: return self
        case .dictionary(let codes, let codeWidth, let dictionary):
            if let spread = Column.spreadFixed(codes, codeWidth, dictionary.column, count) {
                return Column(
                    type: type, count: count, validity: validity, nullCount: nullCount, values: .fixed(spread))
            }
            let selection = unsafe Buffer.make(byteCount: count * 4) { output in
                let target = unsafe output.assumingMemoryBound(to: UInt32.self)
                switch codeWidth {
                case 1: unsafe Column.widen(codes.span(as: UInt8.self), count, target)
                case 2: unsafe Column.widen(codes.span(as: UInt16.self), count, target)
                default: unsafe Column.widen(codes.span(as: UInt32.self), count, target)
                }
            }
            if dictionary.column.count == 0 { return Column.empty(type, rows: count) }
            let spread = dictionary.column.gather(selection.span(as: UInt32.self))
            return Column(type: type, count: count, validity: validity, values: spread.values)
        case .constant(let dictionary):
            let zeros = Buffer(copying: [UInt32](repeating: 0, count: count))
            let spread = dictionary.column.gather(zeros.span(as: UInt32.self))
            return Column(type: type, count: count, validity: validity, values: spread.values)
        }
    }

    /// Fixed-width values behind codes; nil for others. Traps on a code outside the dictionary.
    private static func spreadFixed(_ codes: Buffer, _ codeWidth: Int, _ entries: Column, _ count: Int) -> Buffer? {
        guard case .fixed(let width) = entries.type.layout, case .fixed(let values) = entries.values,
            entries.count > 0
        else { return nil }
        let greatest = unsafe esker_maximum_code(codes.base, UInt32(codeWidth), count)
        precondition(Int(greatest) < entries.count, "a code outside its dictionary")
        let output = FilledBuffer(byteCount: count * width)
        unsafe esker_gather(values.base, UInt32(width), codes.base, UInt32(codeWidth), count, output.base)
        return output.buffer
    }

    private static func widen<T: UnsignedInteger & FixedWidthInteger & BitwiseCopyable>(
        _ codes: Span<T>, _ count: Int, _ target: UnsafeMutableBufferPointer<UInt32>
    ) {
        var row = 0
        while row < count {
            unsafe target[row] = UInt32(truncatingIfNeeded: codes[row])
            row &+= 1
        }
    }

    /// A column whose rows all have no value.
    public static func empty(_ type: DataType, rows: Int) -> Column {
        let builder = ColumnBuilder(type, capacity: rows)
        for _ in 0..<rows { builder.appendNull() }
        return builder.finish()
    }

    /// Bytes that the plain values take, without bitmaps: 1 bit a boolean, the width, or the bytes of the values.
    public var logicalByteCount: Int {
        switch (values, type.layout) {
        case (_, .bits): return Bitmap.byteCount(count)
        case (_, .fixed(let width)): return count * width
        case (.variable(let offsets, _), _):
            let starts = offsets.span(as: Int32.self)
            return Int(starts[count] &- starts[0])
        case (.constant(let dictionary), _): return count * dictionary.column.logicalByteCount
        case (.dictionary(_, _, let dictionary), _):
            let distinct = max(dictionary.column.count, 1)
            return count * dictionary.column.logicalByteCount / distinct
        default: return 0
        }
    }
}

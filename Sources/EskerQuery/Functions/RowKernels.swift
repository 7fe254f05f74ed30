internal import CEskerKernels
internal import EskerFormat

// Unsafe: the views of arguments are given the call's lifetime, which holds the argument columns.

/// Row loops for kernels on values of variable width. The bodies are inlined into the loops; rows without a value are
/// passed over.
extension VectorCall {
    /// The bytes of an argument.
    @_lifetime(borrow self)
    func bytes(_ index: Int) -> VariableRows {
        let column = arguments[index]
        return unsafe _overrideLifetime(VariableRows(column), borrowing: self)
    }

    /// The values of an argument.
    @_lifetime(borrow self)
    func values<Value: BitwiseCopyable>(_ index: Int, as type: Value.Type) -> FixedRows<Value> {
        let column = arguments[index]
        return unsafe _overrideLifetime(FixedRows<Value>(column), borrowing: self)
    }

    /// A column of variable width; `body` adds the row's bytes.
    @inline(__always)
    func writeBytes(
        byteCount: Int = 0, _ body: (_ row: Int, _ out: inout VariableWriter) throws(QueryError) -> Void
    ) throws(QueryError) -> Column {
        var out = VariableWriter(rows: count, byteCount: byteCount)
        var row = 0
        while row < count {
            if isNeeded(row) { try body(row, &out) }
            out.endRow()
            row &+= 1
        }
        return try out.finish(resultType)
    }

    /// A column of fixed width.
    @inline(__always)
    func writeValues<Value: BitwiseCopyable>(
        _ body: (_ row: Int) throws(QueryError) -> Value
    ) throws(QueryError) -> Column {
        var out = FixedWriter<Value>(rows: count)
        var row = 0
        while row < count {
            if isNeeded(row) { out.append(try body(row)) } else { out.skip() }
            row &+= 1
        }
        return out.finish(resultType)
    }

    /// A column of fixed width where a row may have no value.
    @inline(__always)
    func writeOptionals<Value: BitwiseCopyable>(
        _ body: (_ row: Int) throws(QueryError) -> Value?
    ) throws(QueryError) -> Column {
        var out = FixedWriter<Value>(rows: count)
        var row = 0
        while row < count {
            if !isNeeded(row) {
                out.skip()
            } else if let value = try body(row) {
                out.append(value)
            } else {
                out.appendWithoutValue()
            }
            row &+= 1
        }
        return out.finish(resultType)
    }

    /// A boolean column.
    @inline(__always)
    func writeBits(_ body: (_ row: Int) throws(QueryError) -> Bool) throws(QueryError) -> Column {
        var flags = [UInt8](repeating: 0, count: count)
        var row = 0
        while row < count {
            if isNeeded(row) { flags[row] = try body(row) ? 1 : 0 }
            row &+= 1
        }
        let bits = Bitmap.packed(count: count) { flags[$0] }
        return Column(type: resultType, count: count, validity: nil, values: .bits(bits))
    }

    /// Bytes of an argument's values: how much room a result of the same size needs.
    func byteCount(_ index: Int) -> Int { arguments[index].logicalByteCount }

    /// Whether all bytes of an argument's values are ASCII: then characters are bytes. 0.03 ns a byte.
    func isASCII(_ index: Int) -> Bool {
        guard case .variable(let offsets, let bytes) = arguments[index].physical.values else { return false }
        let starts = offsets.span(as: Int32.self)
        let rows = arguments[index].physical.count
        return UTF8Text.isASCII(bytes.span(as: UInt8.self).extracting(Int(starts[0])..<Int(starts[rows])))
    }

    /// The only value of an argument that is a constant, else nil.
    func constantBytes(_ index: Int) -> [UInt8]? {
        guard case .constant = arguments[index].values else { return nil }
        return bytes(index)[0].copied
    }
}

extension Span where Element == UInt8 {
    /// The bytes as an array.
    var copied: [UInt8] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }

    /// The bytes as a string.
    var string: String { unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) } }

    /// Byte order; a prefix comes first. Negative, zero or positive.
    @inline(__always)
    func compared(to other: Span<UInt8>) -> Int {
        let common = Swift.min(count, other.count)
        let order = unsafe withUnsafeBufferPointer { left in
            unsafe other.withUnsafeBufferPointer { right in
                unsafe Int(esker_compare_bytes(left.baseAddress, right.baseAddress, common))
            }
        }
        return order != 0 ? order : count &- other.count
    }

    @inline(__always)
    func isEqual(to other: Span<UInt8>) -> Bool { count == other.count && compared(to: other) == 0 }

    func starts(with prefix: Span<UInt8>) -> Bool {
        count >= prefix.count && extracting(0..<prefix.count).isEqual(to: prefix)
    }

    func ends(with suffix: Span<UInt8>) -> Bool {
        count >= suffix.count && extracting((count - suffix.count)..<count).isEqual(to: suffix)
    }

    /// The first place of `needle` from `start` on, or nil. An empty needle is found at once.
    @inline(__always)
    func find(_ needle: Span<UInt8>, from start: Int = 0) -> Int? {
        if needle.count == 0 { return start }
        let length = count &- start
        if needle.count > length { return nil }
        let place = unsafe withUnsafeBufferPointer { text in
            unsafe needle.withUnsafeBufferPointer { wanted in
                unsafe esker_find(text.baseAddress! + start, length, wanted.baseAddress!, wanted.count)
            }
        }
        return place == length ? nil : start &+ place
    }
}

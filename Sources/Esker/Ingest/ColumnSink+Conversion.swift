// Unsafe: loops over the fields of one column, whose positions a scanner has made inside the text.

internal import EskerFormat

// One tight loop a column and table: the type is looked at once, not once a field, and nothing is allocated unless a
// field is wrong or must be decoded.
extension ColumnSink {
    /// Adds the values that the fields stand for.
    func append(_ fields: FieldColumn, _ code: FieldCode, _ settings: TextSettings) {
        startTable()
        switch definition.type {
        case .bool:
            unsafe convert(fields, code, UInt8(0)) { _, _ in
                nil
            } exact: { (bytes) throws(ValueError) in
                try ValueParser.bool(bytes) ? 1 : 0
            }
        case .int2:
            unsafe convert(fields, code, Int16(0)) {
                unsafe QuickNumber.integer($0, $1).flatMap { Int16(exactly: $0) }
            } exact: { (bytes) throws(ValueError) in
                try ValueParser.int2(bytes)
            }
        case .int4:
            unsafe convert(fields, code, Int32(0)) {
                unsafe QuickNumber.integer($0, $1).flatMap { Int32(exactly: $0) }
            } exact: { (bytes) throws(ValueError) in
                try ValueParser.int4(bytes)
            }
        case .int8:
            unsafe convert(fields, code, Int64(0)) {
                unsafe QuickNumber.integer($0, $1)
            } exact: { (bytes) throws(ValueError) in
                try ValueParser.int8(bytes)
            }
        case .float4:
            unsafe convert(fields, code, Float(0)) { _, _ in
                nil
            } exact: { (bytes) throws(ValueError) in
                try ValueParser.float4(bytes)
            }
        case .float8:
            unsafe convert(fields, code, Double(0)) {
                unsafe QuickNumber.double($0, $1)
            } exact: { (bytes) throws(ValueError) in
                try ValueParser.float8(bytes)
            }
        case .text, .varchar(nil): appendText(fields, code)
        default: appendOther(fields, code, settings)
        }
        advance(fields.count)
    }

    /// Fixed-width values: `quick` for the common shape of raw fields, `exact` for all others.
    @inline(__always)
    func convert<T: BitwiseCopyable>(
        _ fields: FieldColumn, _ code: FieldCode, _ placeholder: T,
        quick: (UnsafePointer<UInt8>, Int) -> T?,
        exact: (Span<UInt8>) throws(ValueError) -> T
    ) {
        unsafe appendFixed(T.self, count: fields.count) { values in
            var row = 0
            while row < fields.count {
                let start = unsafe fields.starts[row]
                let end = unsafe fields.ends[row]
                if end > start && end < FieldTable.coded,
                    let value = unsafe quick(fields.text + Int(start), Int(end &- start))
                {
                    unsafe values[row] = value
                } else {
                    unsafe values[row] = exactly(fields, row, code, placeholder, exact)
                }
                row &+= 1
            }
        }
    }

    /// Fixed-width values without a quick shape.
    func exact<T: BitwiseCopyable>(
        _ fields: FieldColumn, _ code: FieldCode, _ placeholder: T, _ parse: (Span<UInt8>) throws(ValueError) -> T
    ) {
        unsafe convert(fields, code, placeholder, quick: { _, _ in nil }, exact: parse)
    }

    @inline(never)
    private func exactly<T>(
        _ fields: FieldColumn, _ row: Int, _ code: FieldCode, _ placeholder: T,
        _ exact: (Span<UInt8>) throws(ValueError) -> T
    ) -> T {
        let start = unsafe fields.starts[row]
        let end = unsafe fields.ends[row]
        if start == end {
            recordNull(row)
            return placeholder
        }
        do throws(ValueError) {
            if end < FieldTable.coded { return try exact(fields.raw(row)) }
            // A local of its own, so that the parser's view cannot meet a write; only the room is borrowed.
            var decoded: [UInt8] = []
            swap(&decoded, &scratch)
            defer { swap(&decoded, &scratch) }
            if let reason = code.decode(fields.raw(row), into: &decoded) {
                recordFailure(row, reason)
                return placeholder
            }
            return try exact(decoded.span)
        } catch {
            recordFailure(row, error.message)
            return placeholder
        }
    }

    // MARK: Text

    private func appendText(_ fields: FieldColumn, _ code: FieldCode) {
        let mustCheck = fields.mustCheckText
        unsafe appendVariable(count: fields.count, limit: fields.byteCount) { bytes, ends in
            var at = 0
            var row = 0
            while row < fields.count {
                let start = unsafe fields.starts[row]
                let end = unsafe fields.ends[row]
                let begin = at
                if end < FieldTable.coded {
                    let length = Int(end &- start)
                    if length == 0 { recordNull(row) }
                    unsafe Self.copyRounded(fields.text + Int(start), to: bytes + at, length)
                    at &+= length
                } else if let reason = code.decode(fields.raw(row), into: &scratch) {
                    recordFailure(row, reason)
                } else {
                    let length = scratch.count
                    unsafe (bytes + at).update(from: scratch, count: length)
                    at &+= length
                }
                if mustCheck {
                    let value = unsafe Span(_unsafeStart: bytes + begin, count: at - begin)
                    if let reason = TextCheck.fault(value) { recordFailure(row, reason) }
                }
                unsafe ends[row] = Int32(truncatingIfNeeded: at)
                row &+= 1
            }
            return at
        }
    }

    /// Copies `length` bytes in pieces of 32: most fields take one, and a call of memcpy costs more than that. Reads
    /// and writes up to 31 bytes more, which both sides have room for.
    @inline(__always)
    private static func copyRounded(
        _ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, _ length: Int
    ) {
        let from = unsafe UnsafeRawPointer(source)
        let to = UnsafeMutableRawPointer(target)
        var done = 0
        repeat {
            let piece = unsafe from.loadUnaligned(fromByteOffset: done, as: SIMD32<UInt8>.self)
            unsafe to.storeBytes(of: piece, toByteOffset: done, as: SIMD32<UInt8>.self)
            done &+= 32
        } while done < length
    }
}

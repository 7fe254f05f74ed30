internal import EskerFormat

// Unsafe: the ASCII case of a whole column is changed through byte pointers of equal, checked length.

/// Upper and lower case. ASCII columns are changed in one pass over all their bytes.
enum TextCase {
    static let lower: Kernel = { (call) throws(QueryError) in
        if let fast = changedASCII(call, first: 0x41) { return fast }
        return try changed(call) { $0.lowered }
    }

    static let upper: Kernel = { (call) throws(QueryError) in
        if let fast = changedASCII(call, first: 0x61) { return fast }
        return try changed(call) { $0.uppered }
    }

    /// The first letter of each word in upper, the others in lower case.
    static let initial: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
            let text = texts[row]
            var isInWord = false
            var index = 0
            while index < text.count {
                let (scalar, next) = UTF8Text.decode(text, at: index)
                out.add(isInWord ? scalar.lowered : scalar.uppered)
                isInWord = scalar.isAlphanumeric
                index = next
            }
        }
    }

    @inline(__always)
    private static func changed(
        _ call: VectorCall, _ change: (Unicode.Scalar) -> Unicode.Scalar
    ) throws(QueryError) -> Column {
        let texts = call.bytes(0)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
            let text = texts[row]
            var index = 0
            while index < text.count {
                let (scalar, next) = UTF8Text.decode(text, at: index)
                out.add(change(scalar))
                index = next
            }
        }
    }

    /// The column with the 26 letters from `first` on in their other case, sharing the offsets; nil unless all bytes
    /// are ASCII.
    private static func changedASCII(_ call: VectorCall, first: UInt8) -> Column? {
        let column = call.arguments[0].plain
        guard case .variable(let offsets, let bytes) = column.values else { preconditionFailure("not text") }
        let starts = offsets.span(as: Int32.self)
        let (start, end) = (Int(starts[0]), Int(starts[column.count]))
        let text = bytes.span(as: UInt8.self)
        guard UTF8Text.isASCII(text.extracting(start..<end)) else { return nil }
        let changed = unsafe Buffer.filled(end, of: UInt8.self) { out in
            unsafe flipCase(text, first, end, out)
        }
        return Column(
            type: call.resultType, count: column.count, validity: nil,
            values: .variable(offsets: offsets, bytes: changed))
    }

    private static func flipCase(_ text: Span<UInt8>, _ first: UInt8, _ count: Int, _ out: UnsafeMutablePointer<UInt8>)
    {
        precondition(count <= text.count)
        var index = 0
        while index < count {
            let byte = unsafe text[unchecked: index]
            unsafe out[index] = byte ^ (byte &- first < 26 ? 0x20 : 0)
            index &+= 1
        }
    }
}

extension FunctionList {
    mutating func addTextCase() {
        addFunction("lower", [.text], .text, TextCase.lower)
        addFunction("upper", [.text], .text, TextCase.upper)
        addFunction("initcap", [.text], .text, TextCase.initial)
    }
}

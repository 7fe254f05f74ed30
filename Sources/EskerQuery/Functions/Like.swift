internal import CEskerKernels
internal import EskerFormat

// Unsafe: hands a whole column of strings to the C search, whose bounds are the column's own offsets, checked here.

/// `LIKE` and `ILIKE`.
enum Like {
    static func kernel(isNegated: Bool) -> Kernel {
        { (call) throws(QueryError) in
            guard let pattern = call.constantBytes(1) else { return try rowByRow(call, isNegated) }
            return try match(call, call.arguments[0].plain, pattern, isNegated)
        }
    }

    /// Both sides in lower case, then as `LIKE`.
    static func caseless(isNegated: Bool) -> Kernel {
        { (call) throws(QueryError) in
            var lowered: [Column] = []
            for argument in call.arguments {
                let part = VectorCall(
                    arguments: [argument], count: argument.count, context: call.context, resultType: .text)
                lowered.append(try part.run(TextCase.lower, isStrict: true, isRepeatable: true))
            }
            let texts = VectorCall(
                arguments: lowered, count: call.count, context: call.context, resultType: .bool, validity: call.validity
            )
            return try kernel(isNegated: isNegated)(texts)
        }
    }

    private static func rowByRow(_ call: VectorCall, _ isNegated: Bool) throws(QueryError) -> Column {
        let texts = call.bytes(0)
        let patterns = call.bytes(1)
        return try call.writeBits { row throws(QueryError) in
            try LikePattern.matches(texts[row], patterns[row]) != isNegated
        }
    }

    private static func match(
        _ call: VectorCall, _ column: Column, _ pattern: [UInt8], _ isNegated: Bool
    ) throws(QueryError) -> Column {
        let texts = VariableRows(column)
        let (yes, no): (UInt8, UInt8) = isNegated ? (0, 1) : (1, 0)
        let count = call.count
        let bits: Bitmap
        switch LikePattern(pattern.span).shape {
        case .exact(let text): bits = Bitmap.packed(count: count) { texts[$0].isEqual(to: text.span) ? yes : no }
        case .prefix(let text): bits = Bitmap.packed(count: count) { texts[$0].starts(with: text.span) ? yes : no }
        case .suffix(let text): bits = Bitmap.packed(count: count) { texts[$0].ends(with: text.span) ? yes : no }
        case .ends(let first, let last):
            bits = Bitmap.packed(count: count) { row in
                let text = texts[row]
                let isLong = text.count >= first.count &+ last.count
                return isLong && text.starts(with: first.span) && text.ends(with: last.span) ? yes : no
            }
        case .contains(let part):
            let flags = contains(column, part)
            bits = Bitmap.packed(count: count) { flags[$0] ^ no }
        case .runs(let first, let parts, let last):
            bits = Bitmap.packed(count: count) { row in
                LikePattern.matches(texts[row], first, parts, last) ? yes : no
            }
        case .general:
            return try call.writeBits { row throws(QueryError) in
                try LikePattern.matches(texts[row], pattern.span) != isNegated
            }
        }
        return Column(type: .bool, count: count, validity: nil, values: .bits(bits))
    }

    /// A byte a row: 1 where the row contains the part, which is not empty.
    private static func contains(_ column: Column, _ part: [UInt8]) -> [UInt8] {
        guard case .variable(let offsets, let bytes) = column.values else { preconditionFailure("not text") }
        let starts = offsets.span(as: Int32.self)
        precondition(isAscending(starts, rows: column.count, within: bytes.byteCount), "offsets outside their bytes")
        return unsafe [UInt8](unsafeUninitializedCapacity: column.count) { flags, count in
            unsafe starts.withUnsafeBufferPointer { starts in
                unsafe part.withUnsafeBufferPointer { part in
                    unsafe esker_contains(
                        bytes.base.assumingMemoryBound(to: UInt8.self), starts.baseAddress!, column.count,
                        part.baseAddress!, part.count, flags.baseAddress!)
                }
            }
            count = column.count
        }
    }

    /// Whether C may follow the offsets: a sign bit that is set in any step or bound says no.
    private static func isAscending(_ offsets: Span<Int32>, rows: Int, within byteCount: Int) -> Bool {
        precondition(offsets.count > rows)
        var signs = offsets[0] | (Int32(clamping: byteCount) &- offsets[rows])
        var row = 0
        while row < rows {
            signs |= unsafe offsets[unchecked: row &+ 1] &- offsets[unchecked: row]
            row &+= 1
        }
        return signs >= 0
    }

    /// `like_escape(pattern, escape)`: the pattern with `\` for another escape character; an empty one means none.
    static let escape: Kernel = { (call) throws(QueryError) in
        let patterns = call.bytes(0)
        let escapes = call.bytes(1)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out throws(QueryError) in
            let (pattern, escape) = (patterns[row], escapes[row])
            if UTF8Text.count(escape) > 1 {
                throw QueryError(
                    .invalidEscapeSequence, "invalid escape string",
                    hint: "Escape string must be empty or one character.")
            }
            var index = 0
            while index < pattern.count {
                let next = UTF8Text.advance(pattern, from: index, by: 1)
                let character = pattern.extracting(index..<next)
                if escape.count > 0 && character.isEqual(to: escape) {
                    out.add(0x5C)
                    let after = UTF8Text.advance(pattern, from: next, by: 1)
                    out.add(pattern.extracting(next..<after))
                    index = after
                    continue
                }
                if pattern[index] == 0x5C { out.add(0x5C) }
                out.add(character)
                index = next
            }
        }
    }
}

extension FunctionList {
    mutating func addLike() {
        for type in [DataType.text, .char(length: 1), .bytea] {
            let pattern = type == .bytea ? type : DataType.text
            addOperator("~~", type, pattern, .bool, Like.kernel(isNegated: false))
            addOperator("!~~", type, pattern, .bool, Like.kernel(isNegated: true))
        }
        for type in [DataType.text, .char(length: 1)] {
            addOperator("~~*", type, .text, .bool, Like.caseless(isNegated: false))
            addOperator("!~~*", type, .text, .bool, Like.caseless(isNegated: true))
        }
        addFunction("like", [.text, .text], .bool, Like.kernel(isNegated: false))
        addFunction("notlike", [.text, .text], .bool, Like.kernel(isNegated: true))
        addFunction("like_escape", [.text, .text], .text, Like.escape)
    }
}

internal import EskerFormat

/// `->`, `->>` and other looks into `json` and `jsonb`.
enum JSONFunctions {
    /// A member of an object by its key.
    static func member(asText: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let (texts, keys) = (call.bytes(0), call.bytes(1))
            return try write(call, asText) { row in JSONScanner.member(texts[row], keys[row]) }
        }
    }

    /// An element of an array by its number from 0, from the end for a negative one. A `jsonb` scalar counts as an
    /// array of one, as in PostgreSQL, which stores it so.
    static func element(asText: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let isBinary = call.arguments[0].type == .jsonb
            let texts = call.bytes(0)
            let numbers = call.values(1, as: Int32.self)
            return try write(call, asText) { row in
                let text = texts[row]
                guard let elements = JSONScanner.elements(text) ?? (isBinary ? JSONScanner.scalar(text) : nil)
                else { return nil }
                let number = Int(numbers[row])
                let place = number < 0 ? elements.count + number : number
                return elements.indices.contains(place) ? elements[place] : nil
            }
        }
    }

    @inline(__always)
    private static func write(
        _ call: VectorCall, _ asText: Bool, _ find: (Int) -> Range<Int>?
    ) throws(QueryError) -> Column {
        let texts = call.bytes(0)
        var out = VariableWriter(rows: call.count, byteCount: call.byteCount(0) / 4)
        for row in 0..<call.count {
            guard call.isNeeded(row), let range = find(row) else {
                out.endWithoutValue()
                continue
            }
            let text = texts[row]
            if asText, text[range.lowerBound] == 0x6E {
                out.endWithoutValue()  // JSON's null
                continue
            }
            if asText, text[range.lowerBound] == 0x22 {
                out.add(try JSONScanner.unescaped(text, range))
            } else {
                out.add(text.extracting(range))
            }
            out.endRow()
        }
        return try out.finish(call.resultType)
    }

    static func equality(isNegated: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let (left, right) = (call.bytes(0), call.bytes(1))
            return try call.writeBits { row throws(QueryError) in
                try JSONScanner.areEqual(left[row], right[row]) != isNegated
            }
        }
    }

    /// `jsonb ? key`: a key of the object, or a string in the array, or the string itself.
    static let hasKey: Kernel = { (call) throws(QueryError) in
        let (texts, keys) = (call.bytes(0), call.bytes(1))
        return try call.writeBits { row throws(QueryError) in try contains(texts[row], keys[row]) }
    }

    private static func contains(_ text: Span<UInt8>, _ key: Span<UInt8>) throws(QueryError) -> Bool {
        if JSONScanner.member(text, key) != nil { return true }
        let parts = JSONScanner.elements(text) ?? [JSONScanner.value(text, from: 0)]
        for range in parts where range.count > 0 && text[range.lowerBound] == 0x22 {
            let string = try JSONScanner.unescaped(text, range)
            if string.span.isEqual(to: key) { return true }
        }
        return false
    }

    static let typeName: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        return try call.writeBytes(byteCount: call.count * 6) { row, out in
            let text = texts[row]
            let range = JSONScanner.value(text, from: 0)
            let name =
                switch range.count > 0 ? text[range.lowerBound] : 0x6E {
                case 0x7B: "object"
                case 0x5B: "array"
                case 0x22: "string"
                case 0x6E: "null"
                case 0x74, 0x66: "boolean"
                default: "number"
                }
            out.add(Array(name.utf8))
        }
    }

    static let arrayLength: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        return try call.writeValues { row throws(QueryError) -> Int32 in
            let text = texts[row]
            if let elements = JSONScanner.elements(text) { return Int32(truncatingIfNeeded: elements.count) }
            let range = JSONScanner.value(text, from: 0)
            let isObject = range.count > 0 && text[range.lowerBound] == 0x7B
            throw QueryError(
                .invalidParameterValue, "cannot get array length of \(isObject ? "a non-array" : "a scalar")")
        }
    }

    /// A random UUID, version 4 (RFC 9562).
    static let randomUUID: Kernel = { (call) throws(QueryError) in
        var generator = SystemRandomNumberGenerator()
        return try call.writeValues { _ in
            let high = generator.next() & ~0xF000 | 0x4000
            let low = generator.next() & ~(3 << 62) | 2 << 62
            return StoredUUID(UUIDBytes(high: high, low: low))
        }
    }
}

extension FunctionList {
    mutating func addJSON() {
        for type in [DataType.json, .jsonb] {
            addOperator("->", type, .text, type, JSONFunctions.member(asText: false))
            addOperator("->>", type, .text, .text, JSONFunctions.member(asText: true))
            addOperator("->", type, .int4, type, JSONFunctions.element(asText: false))
            addOperator("->>", type, .int4, .text, JSONFunctions.element(asText: true))
            addFunction("\(type.name)_typeof", [type], .text, JSONFunctions.typeName)
            addFunction("\(type.name)_array_length", [type], .int4, JSONFunctions.arrayLength)
        }
        addOperator("=", .jsonb, .jsonb, .bool, JSONFunctions.equality(isNegated: false))
        addOperator("<>", .jsonb, .jsonb, .bool, JSONFunctions.equality(isNegated: true))
        addOperator("?", .jsonb, .text, .bool, JSONFunctions.hasKey)
        addFunction(
            FunctionEntry("gen_random_uuid", [], .type(.uuid), volatility: .volatile, kernel: JSONFunctions.randomUUID))
    }
}

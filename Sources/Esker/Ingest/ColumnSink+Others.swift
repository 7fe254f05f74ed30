internal import EskerFormat

// The types without a quick shape of their own: every field goes to the exact parser.
extension ColumnSink {
    func appendOther(_ fields: FieldColumn, _ code: FieldCode, _ settings: TextSettings) {
        switch definition.type {
        case .date:
            exact(fields, code, Int32(0)) { (bytes) throws(ValueError) in try ValueParser.date(bytes, settings) }
        case .time:
            exact(fields, code, Int64(0)) { (bytes) throws(ValueError) in try ValueParser.time(bytes, settings) }
        case .timestamp:
            exact(fields, code, Int64(0)) { (bytes) throws(ValueError) in try ValueParser.timestamp(bytes, settings) }
        case .timestamptz:
            exact(fields, code, Int64(0)) { (bytes) throws(ValueError) in try ValueParser.timestamptz(bytes, settings) }
        case .timetz:
            exact(fields, code, SIMD2<UInt64>()) { (bytes) throws(ValueError) in
                let words = try ValueParser.timetz(bytes, settings).words
                return SIMD2(words.0, words.1)
            }
        case .interval:
            exact(fields, code, SIMD2<UInt64>()) { (bytes) throws(ValueError) in
                let words = try ValueParser.interval(bytes).words
                return SIMD2(words.0, words.1)
            }
        case .uuid:
            exact(fields, code, SIMD2<UInt64>()) { (bytes) throws(ValueError) in
                let words = try ValueParser.uuid(bytes).words
                return SIMD2(words.0, words.1)
            }
        case .varchar(let limit):
            appendBytes(fields, code) { (text, out) throws(ValueError) in
                out.append(text, count: try ValueParser.varchar(text, limit: limit))
            }
        case .char(let length):
            appendBytes(fields, code) { (text, out) throws(ValueError) in
                let (bytes, blanks) = try ValueParser.char(text, length: length)
                out.append(text, count: bytes)
                out.append(contentsOf: repeatElement(0x20, count: blanks))
            }
        case .json:
            appendBytes(fields, code) { (text, out) throws(ValueError) in
                try ValueParser.checkJSON(text)
                out.append(text, count: text.count)
            }
        case .jsonb:
            appendBytes(fields, code) { (text, out) throws(ValueError) in
                out.append(contentsOf: try ValueParser.jsonb(text))
            }
        case .bytea:
            appendBytes(fields, code) { (text, out) throws(ValueError) in
                out.append(contentsOf: try ValueParser.bytea(text))
            }
        case .numeric(nil, _):
            appendBytes(fields, code) { (text, out) throws(ValueError) in
                try ValueParser.numeric(text).appendBinary(to: &out)
            }
        case .numeric(let precision?, let scale):
            appendBytes(fields, code) { (text, out) throws(ValueError) in
                try ValueParser.numeric(text).fitted(precision: precision, scale: scale).appendBinary(to: &out)
            }
        case .array:
            let type = definition.type
            appendBytes(fields, code) { (text, out) throws(ValueError) in
                try Value.parse(text, as: type, settings).appendBinary(as: type, to: &out)
            }
        case .bool, .int2, .int4, .int8, .float4, .float8, .text: preconditionFailure("a type with a quick shape")
        }
    }
}

internal import EskerFormat

// The types without a quick shape of their own: every field goes to the exact parser.
extension ColumnSink {
    /// Refuses columns of types that have no reader.
    static func checkTypes(_ schema: Schema) throws(IngestError) {
        for column in schema.columns {
            switch column.type {
            case .bool, .int2, .int4, .int8, .float4, .float8, .text, .varchar(nil), .date, .time, .timestamp,
                .timestamptz, .timetz, .interval:
                continue
            default:
                throw IngestError(
                    .options, "column \"\(column.name)\": values of type \(column.type.name) cannot be read from text")
            }
        }
    }

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
        default: preconditionFailure("no reader of \(definition.type.name)")
        }
    }
}

internal import EskerFormat

/// From a `jsonb` scalar to a number or boolean.
enum JSONBCasts {
    static func kernel(_ target: DataType) -> Kernel? {
        switch target {
        case .bool: toBool
        case .int2, .int4, .int8, .float4, .float8, .numeric: toNumber(target)
        default: nil
        }
    }

    private static let toBool: Kernel = { (call) throws(QueryError) in
        let values = call.bytes(0)
        return try call.writeBits { row throws(QueryError) in
            switch values[row].copied.first {
            case 0x74: return true
            case 0x66: return false
            default: throw refusal(values[row], .bool)
            }
        }
    }

    /// Numbers are read as `numeric` and then converted.
    private static func toNumber(_ target: DataType) -> Kernel {
        let numeric = DataType.numeric(precision: nil, scale: 0)
        let convert = target.kind == .numeric ? nil : NumericKernels.cast(numeric, target)
        return { (call) throws(QueryError) in
            let values = call.bytes(0)
            let part = VectorCall(
                arguments: call.arguments, count: call.count, context: call.context, resultType: numeric,
                validity: call.validity)
            let numbers = try part.writeNumerics { row throws(QueryError) in
                let text = values[row]
                let first = text.count > 0 ? text[0] : 0
                guard first == 0x2D || first &- 0x30 < 10 else { throw refusal(text, target) }
                do throws(ValueError) { return try ValueParser.numeric(text) } catch { throw QueryError(error) }
            }
            guard let convert else { return numbers.retyped(call.resultType) }
            return try convert(
                VectorCall(
                    arguments: [numbers], count: call.count, context: call.context, resultType: target,
                    validity: call.validity))
        }
    }

    private static func refusal(_ text: Span<UInt8>, _ target: DataType) -> QueryError {
        let found =
            switch text.count > 0 ? text[0] : 0 {
            case 0x7B: "object"
            case 0x5B: "array"
            case 0x22: "string"
            case 0x6E: "null"
            case 0x74, 0x66: "boolean"
            default: "numeric"
            }
        return QueryError(.invalidParameterValue, "cannot cast jsonb \(found) to type \(target.bareName)")
    }
}

internal import EskerFormat

extension Cast {
    /// Conversions among fixed-width numbers, and between `integer` and `boolean`.
    static func numberKernel(_ source: TypeKind, _ target: TypeKind) -> Kernel? {
        switch source {
        case .int2: integerKernel(Int16.self, target)
        case .int4: integerKernel(Int32.self, target)
        case .int8: integerKernel(Int64.self, target)
        case .float4: floatKernel(Float.self, target)
        case .float8: floatKernel(Double.self, target)
        case .bool where target == .int4: boolToInteger
        default: nil
        }
    }

    private static func integerKernel<T: SQLInteger>(_: T.Type, _ target: TypeKind) -> Kernel? {
        switch target {
        case .int2: IntegerToInteger<T, Int16>.kernel
        case .int4: IntegerToInteger<T, Int32>.kernel
        case .int8: IntegerToInteger<T, Int64>.kernel
        case .float4: IntegerToFloat<T, Float>.kernel
        case .float8: IntegerToFloat<T, Double>.kernel
        case .bool where T.self == Int32.self: integerToBool
        default: nil
        }
    }

    private static func floatKernel<T: SQLFloat>(_: T.Type, _ target: TypeKind) -> Kernel? {
        switch target {
        case .int2: FloatToInteger<T, Int16>.kernel
        case .int4: FloatToInteger<T, Int32>.kernel
        case .int8: FloatToInteger<T, Int64>.kernel
        case .float4: FloatToFloat<T, Float>.kernel
        case .float8: FloatToFloat<T, Double>.kernel
        default: nil
        }
    }

    enum IntegerToInteger<Operand: SQLInteger, Result: SQLInteger>: UnaryOperation {
        @inline(__always)
        static func apply(_ operand: Operand, _ flag: inout Int64) -> Result {
            let result = Result(truncatingIfNeeded: operand)
            flag |= Int64(truncatingIfNeeded: result) == Int64(truncatingIfNeeded: operand) ? 0 : -1
            return result
        }

        static func error(_ operand: Operand) -> QueryError? {
            Result(exactly: operand) == nil ? Result.outOfRange : nil
        }
    }

    enum IntegerToFloat<Operand: SQLInteger, Result: SQLFloat>: UnaryOperation {
        @inline(__always)
        static func apply(_ operand: Operand, _ flag: inout Int64) -> Result { Result(operand) }
    }

    /// Rounds half to even, as C's `rint` does.
    enum FloatToInteger<Operand: SQLFloat, Result: SQLInteger>: UnaryOperation {
        @inline(__always)
        static func apply(_ operand: Operand, _ flag: inout Int64) -> Result {
            let rounded = operand.rounded(.toNearestOrEven)
            let fits = rounded >= Operand(Result.min) && rounded < -Operand(Result.min)
            flag |= fits ? 0 : -1
            return fits ? Result(rounded) : 0
        }

        static func error(_ operand: Operand) -> QueryError? {
            Result(exactly: operand.rounded(.toNearestOrEven)) == nil ? Result.outOfRange : nil
        }
    }

    enum FloatToFloat<Operand: SQLFloat, Result: SQLFloat>: UnaryOperation {
        @inline(__always)
        static func apply(_ operand: Operand, _ flag: inout Int64) -> Result {
            let result = Result(operand)
            let lost = (result.isInfinite && !operand.isInfinite) || (result == 0 && operand != 0)
            flag |= lost ? -1 : 0
            return result
        }

        static func error(_ operand: Operand) -> QueryError? {
            let result = Result(operand)
            if result.isInfinite && !operand.isInfinite { return .floatOverflow }
            return result == 0 && operand != 0 ? .floatUnderflow : nil
        }
    }

    private static let boolToInteger: Kernel = { (call) throws(QueryError) in
        guard case .bits(let bits) = call.arguments[0].plain.values else { preconditionFailure("not booleans") }
        let values = Buffer(copying: (0..<call.count).map { Int32(bits[$0] ? 1 : 0) })
        return Column(type: call.resultType, count: call.count, validity: nil, values: .fixed(values))
    }

    private static let integerToBool: Kernel = { (call) throws(QueryError) in
        let column = call.arguments[0].plain
        let values = column.span(as: Int32.self)
        let bits = Bitmap.packed(count: call.count) { values[$0] != 0 ? 1 : 0 }
        return Column(type: call.resultType, count: call.count, validity: nil, values: .bits(bits))
    }
}

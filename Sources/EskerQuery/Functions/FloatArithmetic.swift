internal import EskerFormat

/// A floating-point type of SQL.
protocol SQLFloat: BinaryFloatingPoint & BitwiseCopyable & Sendable {
    associatedtype Flag: FixedWidthInteger & SignedInteger & BitwiseCopyable
    static var sqlType: DataType { get }
}

extension Float: SQLFloat {
    typealias Flag = Int32
    static var sqlType: DataType { .float4 }
}

extension Double: SQLFloat {
    typealias Flag = Int64
    static var sqlType: DataType { .float8 }
}

extension QueryError {
    static let floatOverflow = QueryError(.numericValueOutOfRange, "value out of range: overflow")
    static let floatUnderflow = QueryError(.numericValueOutOfRange, "value out of range: underflow")
}

/// Arithmetic on floating-point numbers: an infinity or zero that the operands do not explain is an error.
enum FloatArithmetic {
    enum Add<T: SQLFloat>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T.Flag) -> T {
            let sum = left + right
            flag |= sum - sum == 0 ? 0 : -1  // not finite
            return sum
        }

        static func error(_ left: T, _ right: T) -> QueryError? { overflow(left + right, left, right) }
    }

    enum Subtract<T: SQLFloat>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T.Flag) -> T {
            let difference = left - right
            flag |= difference - difference == 0 ? 0 : -1
            return difference
        }

        static func error(_ left: T, _ right: T) -> QueryError? { overflow(left - right, left, right) }
    }

    enum Multiply<T: SQLFloat>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T.Flag) -> T {
            let product = left * right
            flag |= product - product == 0 ? 0 : -1
            flag |= product == 0 ? -1 : 0
            return product
        }

        static func error(_ left: T, _ right: T) -> QueryError? {
            if let error = overflow(left * right, left, right) { return error }
            return left * right == 0 && left != 0 && right != 0 ? .floatUnderflow : nil
        }
    }

    enum Divide<T: SQLFloat>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T.Flag) -> T {
            let quotient = left / right
            flag |= quotient - quotient == 0 ? 0 : -1
            flag |= quotient == 0 ? -1 : 0
            return quotient
        }

        static func error(_ left: T, _ right: T) -> QueryError? {
            if right == 0 && !left.isNaN { return .divisionByZero }
            let quotient = left / right
            if quotient.isInfinite && !left.isInfinite { return .floatOverflow }
            return quotient == 0 && left != 0 && !right.isInfinite ? .floatUnderflow : nil
        }
    }

    private static func overflow<T: SQLFloat>(_ result: T, _ left: T, _ right: T) -> QueryError? {
        result.isInfinite && !left.isInfinite && !right.isInfinite ? .floatOverflow : nil
    }

    enum Negate<T: SQLFloat>: UnaryOperation {
        @inline(__always)
        static func apply(_ operand: T, _ flag: inout Int64) -> T { -operand }
    }

    enum Absolute<T: SQLFloat>: UnaryOperation {
        @inline(__always)
        static func apply(_ operand: T, _ flag: inout Int64) -> T { operand.magnitude }
    }
}

extension FunctionList {
    mutating func addFloatArithmetic() {
        addFloatOperators(Float.self)
        addFloatOperators(Double.self)
        // Operands of different widths are computed as doubles.
        let mixed: [(String, Kernel)] = [
            ("+", FloatArithmetic.Add<Double>.kernel), ("-", FloatArithmetic.Subtract<Double>.kernel),
            ("*", FloatArithmetic.Multiply<Double>.kernel), ("/", FloatArithmetic.Divide<Double>.kernel),
        ]
        for (name, kernel) in mixed {
            for (left, right) in [(TypeKind.float4, TypeKind.float8), (.float8, .float4)] {
                addOperator(
                    FunctionEntry(
                        name, [.kind(left), .kind(right)], .type(.float8), callTypes: [.float8, .float8], kernel: kernel
                    ))
            }
        }
    }

    private mutating func addFloatOperators<T: SQLFloat>(_: T.Type) {
        let type = T.sqlType
        addOperator("+", type, type, type, FloatArithmetic.Add<T>.kernel)
        addOperator("-", type, type, type, FloatArithmetic.Subtract<T>.kernel)
        addOperator("*", type, type, type, FloatArithmetic.Multiply<T>.kernel)
        addOperator("/", type, type, type, FloatArithmetic.Divide<T>.kernel)
        addPrefixOperator("-", type, type, FloatArithmetic.Negate<T>.kernel)
        addPrefixOperator("+", type, type, Self.identity)
        addPrefixOperator("@", type, type, FloatArithmetic.Absolute<T>.kernel)
        addFunction("abs", [type], type, FloatArithmetic.Absolute<T>.kernel)
    }
}

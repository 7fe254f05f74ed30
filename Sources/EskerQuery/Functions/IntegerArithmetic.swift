internal import EskerFormat

/// An integer type of SQL.
protocol SQLInteger: FixedWidthInteger & SignedInteger & BitwiseCopyable & Sendable {
    static var sqlType: DataType { get }
    /// 22003, as PostgreSQL words it.
    static var outOfRange: QueryError { get }
}

extension Int16: SQLInteger {
    static var sqlType: DataType { .int2 }
    static var outOfRange: QueryError { QueryError(.numericValueOutOfRange, "smallint out of range") }
}

extension Int32: SQLInteger {
    static var sqlType: DataType { .int4 }
    static var outOfRange: QueryError { QueryError(.numericValueOutOfRange, "integer out of range") }
}

extension Int64: SQLInteger {
    static var sqlType: DataType { .int8 }
    static var outOfRange: QueryError { QueryError(.numericValueOutOfRange, "bigint out of range") }
}

extension QueryError {
    static let divisionByZero = QueryError(.divisionByZero, "division by zero")
}

/// Checked arithmetic on integers. Overflow shows in sign bits that are collected over the vector, so that the loops
/// of `+` and `-` stay vector code; only when one is set is the row looked for.
enum IntegerArithmetic {
    enum Add<T: SQLInteger>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T) -> T {
            let sum = left &+ right
            flag |= (left ^ sum) & (right ^ sum)
            return sum
        }

        static func error(_ left: T, _ right: T) -> QueryError? {
            left.addingReportingOverflow(right).overflow ? T.outOfRange : nil
        }
    }

    enum Subtract<T: SQLInteger>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T) -> T {
            let difference = left &- right
            flag |= (left ^ right) & (left ^ difference)
            return difference
        }

        static func error(_ left: T, _ right: T) -> QueryError? {
            left.subtractingReportingOverflow(right).overflow ? T.outOfRange : nil
        }
    }

    enum Multiply<T: SQLInteger>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T) -> T {
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            flag |= overflow ? -1 : 0
            return product
        }

        static func error(_ left: T, _ right: T) -> QueryError? {
            left.multipliedReportingOverflow(by: right).overflow ? T.outOfRange : nil
        }
    }

    enum Divide<T: SQLInteger>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T) -> T {
            let (quotient, overflow) = left.dividedReportingOverflow(by: right)
            flag |= overflow ? -1 : 0
            return quotient
        }

        static func error(_ left: T, _ right: T) -> QueryError? {
            if right == 0 { return .divisionByZero }
            return left.dividedReportingOverflow(by: right).overflow ? T.outOfRange : nil
        }
    }

    /// The remainder with the sign of the dividend; of a division by −1 it is 0, also for the least value.
    enum Remainder<T: SQLInteger>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T) -> T {
            let divisor = right == 0 || right == -1 ? 1 : right
            flag |= right == 0 ? -1 : 0
            return left % divisor
        }

        static func error(_ left: T, _ right: T) -> QueryError? { right == 0 ? .divisionByZero : nil }
    }

    enum And<T: SQLInteger>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T) -> T { left & right }
    }

    enum Or<T: SQLInteger>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T) -> T { left | right }
    }

    enum Xor<T: SQLInteger>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: T, _ flag: inout T) -> T { left ^ right }
    }

    /// The distance is taken modulo the width, as the processor does and PostgreSQL leaves it.
    enum ShiftLeft<T: SQLInteger>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: Int32, _ flag: inout T) -> T {
            shifted(left, right) { $0 &<< $1 }
        }
    }

    enum ShiftRight<T: SQLInteger>: BinaryOperation {
        @inline(__always)
        static func apply(_ left: T, _ right: Int32, _ flag: inout T) -> T {
            shifted(left, right) { $0 &>> $1 }
        }
    }

    /// C shifts a `smallint` as an `int`: the distance counts modulo 32 there.
    @inline(__always)
    private static func shifted<T: SQLInteger>(_ value: T, _ by: Int32, _ shift: (Int64, Int64) -> Int64) -> T {
        let width: Int32 = T.bitWidth == 64 ? 63 : 31
        return T(truncatingIfNeeded: shift(Int64(value), Int64(by & width)))
    }

    enum Negate<T: SQLInteger>: UnaryOperation {
        @inline(__always)
        static func apply(_ operand: T, _ flag: inout Int64) -> T {
            flag |= operand == T.min ? -1 : 0
            return 0 &- operand
        }

        static func error(_ operand: T) -> QueryError? { operand == T.min ? T.outOfRange : nil }
    }

    enum Absolute<T: SQLInteger>: UnaryOperation {
        @inline(__always)
        static func apply(_ operand: T, _ flag: inout Int64) -> T {
            flag |= operand == T.min ? -1 : 0
            return operand < 0 ? 0 &- operand : operand
        }

        static func error(_ operand: T) -> QueryError? { operand == T.min ? T.outOfRange : nil }
    }

    enum Complement<T: SQLInteger>: UnaryOperation {
        @inline(__always)
        static func apply(_ operand: T, _ flag: inout Int64) -> T { ~operand }
    }
}

extension FunctionList {
    mutating func addIntegerArithmetic() {
        addIntegerOperators(Int16.self)
        addIntegerOperators(Int32.self)
        addIntegerOperators(Int64.self)
    }

    private mutating func addIntegerOperators<T: SQLInteger>(_: T.Type) {
        let type = T.sqlType
        addOperator("+", type, type, type, IntegerArithmetic.Add<T>.kernel)
        addOperator("-", type, type, type, IntegerArithmetic.Subtract<T>.kernel)
        addOperator("*", type, type, type, IntegerArithmetic.Multiply<T>.kernel)
        addOperator("/", type, type, type, IntegerArithmetic.Divide<T>.kernel)
        addOperator("%", type, type, type, IntegerArithmetic.Remainder<T>.kernel)
        addFunction("mod", [type, type], type, IntegerArithmetic.Remainder<T>.kernel)
        addOperator("&", type, type, type, IntegerArithmetic.And<T>.kernel)
        addOperator("|", type, type, type, IntegerArithmetic.Or<T>.kernel)
        addOperator("#", type, type, type, IntegerArithmetic.Xor<T>.kernel)
        addOperator("<<", type, .int4, type, IntegerArithmetic.ShiftLeft<T>.kernel)
        addOperator(">>", type, .int4, type, IntegerArithmetic.ShiftRight<T>.kernel)
        addPrefixOperator("-", type, type, IntegerArithmetic.Negate<T>.kernel)
        addPrefixOperator("+", type, type, Self.identity)
        addPrefixOperator("@", type, type, IntegerArithmetic.Absolute<T>.kernel)
        addPrefixOperator("~", type, type, IntegerArithmetic.Complement<T>.kernel)
        addFunction("abs", [type], type, IntegerArithmetic.Absolute<T>.kernel)
    }
}

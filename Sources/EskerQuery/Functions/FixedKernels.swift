internal import EskerFormat

// Unsafe: the loops store through a typed pointer to the room that was made for exactly `count` results, and read
// spans whose length was checked against `count` before.

/// An operation on one fixed-width value, as a type, so that its loop is compiled for it alone.
protocol UnaryOperation: SendableMetatype {
    associatedtype Operand: BitwiseCopyable
    associatedtype Result: BitwiseCopyable

    /// The result; a negative `flag` afterwards says that some row may be in error. Must not trap on any operand,
    /// since rows without a value are computed as well.
    static func apply(_ operand: Operand, _ flag: inout Int64) -> Result
    /// The error of one row, looked for only when the flag went up.
    static func error(_ operand: Operand) -> QueryError?
}

/// An operation on two fixed-width values.
protocol BinaryOperation: SendableMetatype {
    associatedtype Left: BitwiseCopyable
    associatedtype Right: BitwiseCopyable
    associatedtype Result: BitwiseCopyable
    /// Wide as the operands, so that the flag takes part in vector code.
    associatedtype Flag: FixedWidthInteger & SignedInteger & BitwiseCopyable

    static func apply(_ left: Left, _ right: Right, _ flag: inout Flag) -> Result
    static func error(_ left: Left, _ right: Right) -> QueryError?
}

extension UnaryOperation {
    static func error(_ operand: Operand) -> QueryError? { nil }

    /// The operation as a kernel.
    static var kernel: Kernel { { (call) throws(QueryError) in try FixedKernels.unary(Self.self, call) } }
}

extension BinaryOperation {
    static func error(_ left: Left, _ right: Right) -> QueryError? { nil }

    /// The operation as a kernel.
    static var kernel: Kernel { { (call) throws(QueryError) in try FixedKernels.binary(Self.self, call) } }
}

/// Loops over fixed-width columns.
enum FixedKernels {
    static func unary<Op: UnaryOperation>(_: Op.Type, _ call: VectorCall) throws(QueryError) -> Column {
        let column = call.arguments[0].plain
        var flag: Int64 = 0
        let operands = column.span(as: Op.Operand.self)
        let results = unsafe Buffer.filled(operands.count, of: Op.Result.self) { out in
            flag = unsafe each(Op.self, operands, out)
        }
        if flag < 0 {
            for row in operands.indices where call.isNeeded(row) {
                if let error = Op.error(operands[row]) { throw error }
            }
        }
        return Column(type: call.resultType, count: call.count, validity: nil, values: .fixed(results))
    }

    static func binary<Op: BinaryOperation>(_: Op.Type, _ call: VectorCall) throws(QueryError) -> Column {
        let (left, right, count) = (call.arguments[0], call.arguments[1], call.count)
        var flag: Op.Flag = 0
        let results = unsafe Buffer.filled(count, of: Op.Result.self) { out in
            switch (left.values, right.values) {
            case (.constant(let entry), _):
                let constant = entry.column.value(at: 0, as: Op.Left.self)
                let column = right.plain
                flag = unsafe eachRight(Op.self, constant, column.span(as: Op.Right.self), out)
            case (_, .constant(let entry)):
                let constant = entry.column.value(at: 0, as: Op.Right.self)
                flag = unsafe eachLeft(Op.self, left.span(as: Op.Left.self), constant, out)
            default:
                flag = unsafe eachPair(Op.self, left.span(as: Op.Left.self), right.span(as: Op.Right.self), out)
            }
        }
        if flag < 0 {
            for row in 0..<count where call.isNeeded(row) {
                let a = left.value(at: row, as: Op.Left.self)
                let b = right.value(at: row, as: Op.Right.self)
                if let error = Op.error(a, b) { throw error }
            }
        }
        return Column(type: call.resultType, count: count, validity: nil, values: .fixed(results))
    }

    // MARK: Loops over locals only, so that flag and operands stay in registers

    private static func each<Op: UnaryOperation>(
        _: Op.Type, _ operands: Span<Op.Operand>, _ out: UnsafeMutablePointer<Op.Result>
    ) -> Int64 {
        var flag: Int64 = 0
        var row = 0
        while row < operands.count {
            unsafe out[row] = Op.apply(operands[unchecked: row], &flag)
            row &+= 1
        }
        return flag
    }

    private static func eachPair<Op: BinaryOperation>(
        _: Op.Type, _ left: Span<Op.Left>, _ right: Span<Op.Right>, _ out: UnsafeMutablePointer<Op.Result>
    ) -> Op.Flag {
        precondition(right.count >= left.count)
        var flag: Op.Flag = 0
        var row = 0
        while row < left.count {
            unsafe out[row] = Op.apply(left[unchecked: row], right[unchecked: row], &flag)
            row &+= 1
        }
        return flag
    }

    private static func eachLeft<Op: BinaryOperation>(
        _: Op.Type, _ left: Span<Op.Left>, _ right: Op.Right, _ out: UnsafeMutablePointer<Op.Result>
    ) -> Op.Flag {
        var flag: Op.Flag = 0
        var row = 0
        while row < left.count {
            unsafe out[row] = Op.apply(left[unchecked: row], right, &flag)
            row &+= 1
        }
        return flag
    }

    private static func eachRight<Op: BinaryOperation>(
        _: Op.Type, _ left: Op.Left, _ right: Span<Op.Right>, _ out: UnsafeMutablePointer<Op.Result>
    ) -> Op.Flag {
        var flag: Op.Flag = 0
        var row = 0
        while row < right.count {
            unsafe out[row] = Op.apply(left, right[unchecked: row], &flag)
            row &+= 1
        }
        return flag
    }
}

extension Buffer {
    /// A buffer of `count` values that `fill` writes, every one; not zeroed before.
    @inline(__always)
    static func filled<T: BitwiseCopyable>(
        _ count: Int, of type: T.Type, _ fill: (UnsafeMutablePointer<T>) -> Void
    ) -> Buffer {
        let length = count * MemoryLayout<T>.stride
        var buffer = GrowableBuffer(capacity: max(length, 1))
        unsafe buffer.append(upTo: length) { room in
            if let base = room.baseAddress { unsafe fill(base.bindMemory(to: T.self, capacity: count)) }
            return length
        }
        return buffer.finish()
    }
}

internal import EskerFormat

// Unsafe: comparisons of fixed-width values run over typed pointers to columns whose length was checked against
// `count`, and write one byte a row into room made for that many, which is then packed to bits.

/// Comparisons of whole columns of fixed-width values: one bit a row.
enum ComparisonKernels {
    static func kernel<Value: SQLOrdered>(_ comparison: ComparisonOperator, _: Value.Type) -> Kernel {
        switch comparison {
        case .equal: kernel(OrderTests<Value>.Equal.self)
        case .notEqual: kernel(OrderTests<Value>.NotEqual.self)
        case .less: kernel(OrderTests<Value>.Less.self)
        case .lessOrEqual: kernel(OrderTests<Value>.LessOrEqual.self)
        case .greater: kernel(OrderTests<Value>.Greater.self)
        case .greaterOrEqual: kernel(OrderTests<Value>.GreaterOrEqual.self)
        }
    }

    private static func kernel<C: OrderTest>(_: C.Type) -> Kernel {
        { (call) throws(QueryError) in
            let bits = compare(C.self, call.arguments[0], call.arguments[1], call.count)
            return Column(type: .bool, count: call.count, validity: nil, values: .bits(bits))
        }
    }

    private static func compare<C: OrderTest>(_: C.Type, _ left: Column, _ right: Column, _ count: Int) -> Bitmap {
        switch (left.values, right.values) {
        case (_, .constant(let entry)):
            let constant = entry.column.value(at: 0, as: C.Value.self)
            let column = left.plain
            let values = column.span(as: C.Value.self)
            precondition(values.count == count)
            return packed(count) { row in C.holds(unsafe values[unchecked: row], constant) ? 1 : 0 }
        case (.constant(let entry), _):
            let constant = entry.column.value(at: 0, as: C.Value.self)
            let values = right.span(as: C.Value.self)
            precondition(values.count == count)
            return packed(count) { row in C.holds(constant, unsafe values[unchecked: row]) ? 1 : 0 }
        default:
            let a = left.span(as: C.Value.self)
            let b = right.span(as: C.Value.self)
            precondition(a.count == count && b.count == count)
            return packed(count) { row in
                C.holds(unsafe a[unchecked: row], unsafe b[unchecked: row]) ? 1 : 0
            }
        }
    }

    /// Rows computed at a time: their flags stay in the nearest cache.
    private static let stretch = 1_024

    /// A bitmap of `flag(row)`, 0 or 1: first a byte a row, which is vector code, then eight bytes to a byte.
    @inline(__always)
    private static func packed(_ count: Int, _ flag: (Int) -> UInt8) -> Bitmap {
        let bits = unsafe Buffer.filled(((count + 63) >> 6) << 3, of: UInt8.self) { out in
            unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: stretch / 8) { words in
                let flags = unsafe UnsafeMutableRawPointer(words.baseAddress!).assumingMemoryBound(to: UInt8.self)
                var start = 0
                while start < count {
                    let length = min(stretch, count &- start)
                    var row = 0
                    while row < length {
                        unsafe flags[row] = flag(start &+ row)
                        row &+= 1
                    }
                    while row & 63 != 0 {
                        unsafe flags[row] = 0
                        row &+= 1
                    }
                    var group = 0
                    let target = unsafe out + (start >> 3)
                    while group < row >> 3 {
                        // Eight bytes of 0 or 1 become the eight bits of the product's top byte.
                        let product = unsafe words[group] &* 0x0102_0408_1020_4080
                        unsafe target[group] = UInt8(truncatingIfNeeded: product >> 56)
                        group &+= 1
                    }
                    start &+= length
                }
            }
        }
        return Bitmap(bits, count: count)
    }

    /// Comparisons of booleans, 64 at a time; false is less than true.
    static func booleans(_ comparison: ComparisonOperator) -> Kernel {
        { (call) throws(QueryError) in
            guard case .bits(let left) = call.arguments[0].plain.values,
                case .bits(let right) = call.arguments[1].plain.values
            else { preconditionFailure("not boolean columns") }
            let count = call.count
            let bits =
                switch comparison {
                case .equal: left.combined(with: right, count: count) { ~($0 ^ $1) }
                case .notEqual: left.combined(with: right, count: count) { $0 ^ $1 }
                case .less: left.combined(with: right, count: count) { ~$0 & $1 }
                case .lessOrEqual: left.combined(with: right, count: count) { ~$0 | $1 }
                case .greater: left.combined(with: right, count: count) { $0 & ~$1 }
                case .greaterOrEqual: left.combined(with: right, count: count) { $0 | ~$1 }
                }
            return Column(type: .bool, count: count, validity: nil, values: .bits(bits))
        }
    }
}

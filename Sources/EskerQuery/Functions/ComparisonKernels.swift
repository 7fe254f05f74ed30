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
        let bits = unsafe Buffer.filled(((count + 63) >> 6) << 3, of: UInt8.self) { out in
            switch (left.values, right.values) {
            case (_, .constant(let entry)):
                let constant = entry.column.value(at: 0, as: C.Value.self)
                let column = left.plain
                unsafe eachLeft(C.self, column.span(as: C.Value.self), constant, count, out)
            case (.constant(let entry), _):
                let constant = entry.column.value(at: 0, as: C.Value.self)
                unsafe eachLeft(C.Swapped.self, right.span(as: C.Value.self), constant, count, out)
            default:
                unsafe eachPair(C.self, left.span(as: C.Value.self), right.span(as: C.Value.self), count, out)
            }
        }
        return Bitmap(bits, count: count)
    }

    // MARK: First a byte a row, which is vector code, then eight bytes to a byte

    /// Rows computed at a time: their flags stay in the nearest cache.
    private static let stretch = 1_024

    private static func eachLeft<C: OrderTest>(
        _: C.Type, _ left: Span<C.Value>, _ right: C.Value, _ count: Int, _ out: UnsafeMutablePointer<UInt8>
    ) {
        precondition(left.count >= count)
        if right.isOrdinary {
            return unsafe inStretches(count, out) { flags, start, length in
                var row = 0
                while row < length {
                    unsafe flags[row] = C.holds(left[unchecked: start &+ row], ordinary: right) ? 1 : 0
                    row &+= 1
                }
            }
        }
        unsafe inStretches(count, out) { flags, start, length in
            var row = 0
            while row < length {
                unsafe flags[row] = C.holds(left[unchecked: start &+ row], right) ? 1 : 0
                row &+= 1
            }
        }
    }

    private static func eachPair<C: OrderTest>(
        _: C.Type, _ left: Span<C.Value>, _ right: Span<C.Value>, _ count: Int, _ out: UnsafeMutablePointer<UInt8>
    ) {
        precondition(left.count >= count && right.count >= count)
        unsafe inStretches(count, out) { flags, start, length in
            var row = 0
            while row < length {
                unsafe flags[row] = C.holds(left[unchecked: start &+ row], right[unchecked: start &+ row]) ? 1 : 0
                row &+= 1
            }
        }
    }

    @inline(__always)
    private static func inStretches(
        _ count: Int, _ out: UnsafeMutablePointer<UInt8>,
        _ fill: (_ flags: UnsafeMutablePointer<UInt8>, _ start: Int, _ length: Int) -> Void
    ) {
        unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: stretch / 8) { words in
            let flags = unsafe UnsafeMutableRawPointer(words.baseAddress!).assumingMemoryBound(to: UInt8.self)
            var start = 0
            while start < count {
                let length = min(stretch, count &- start)
                unsafe fill(flags, start, length)
                var end = length
                while end & 63 != 0 {
                    unsafe flags[end] = 0
                    end &+= 1
                }
                let target = unsafe out + (start >> 3)
                var group = 0
                while group < end >> 3 {
                    // Eight bytes of 0 or 1 become the eight bits of the product's top byte.
                    let product = unsafe words[group] &* 0x0102_0408_1020_4080
                    unsafe target[group] = UInt8(truncatingIfNeeded: product >> 56)
                    group &+= 1
                }
                start &+= length
            }
        }
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

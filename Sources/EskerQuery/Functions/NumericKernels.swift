internal import EskerFormat

/// Arithmetic, comparison and conversion of `numeric`.
enum NumericKernels {
    @inline(__always)
    private static func binary(
        _ operation: @escaping @Sendable (Numeric, Numeric) throws(ValueError) -> Numeric
    ) -> Kernel {
        { (call) throws(QueryError) in
            let (left, right) = (call.bytes(0), call.bytes(1))
            return try call.writeNumerics { row throws(QueryError) in
                let a = try left.numeric(row)
                let b = try right.numeric(row)
                do throws(ValueError) { return try operation(a, b) } catch { throw QueryError(error) }
            }
        }
    }

    @inline(__always)
    private static func unary(_ operation: @escaping @Sendable (Numeric) throws(ValueError) -> Numeric) -> Kernel {
        { (call) throws(QueryError) in
            let values = call.bytes(0)
            return try call.writeNumerics { row throws(QueryError) in
                let value = try values.numeric(row)
                do throws(ValueError) { return try operation(value) } catch { throw QueryError(error) }
            }
        }
    }

    static let add = binary { (a, b) throws(ValueError) in try a.adding(b) }
    static let subtract = binary { (a, b) throws(ValueError) in try a.subtracting(b) }
    static let multiply = binary { (a, b) throws(ValueError) in try a.multiplied(by: b) }
    static let divide = binary { (a, b) throws(ValueError) in try a.divided(by: b) }
    static let divideWhole = binary { (a, b) throws(ValueError) in try a.dividedAndTruncated(by: b) }
    static let remainder = binary { (a, b) throws(ValueError) in try a.remainder(dividingBy: b) }

    static let negate = unary { (value) throws(ValueError) in try negated(value) }
    static let absolute = unary { (value) throws(ValueError) in value.signum < 0 ? try negated(value) : value }
    static let ceiling = unary { (value) throws(ValueError) in try value.ceiling() }
    static let floor = unary { (value) throws(ValueError) in try value.floor() }
    static let round = unary { (value) throws(ValueError) in try value.rounded() }
    static let truncate = unary { (value) throws(ValueError) in try value.truncated() }
    static let sign = unary { (value) throws(ValueError) in value.isNaN ? value : Numeric(Int64(value.signum)) }

    private static func negated(_ value: Numeric) throws(ValueError) -> Numeric {
        if let (coefficient, scale) = value.small { return Numeric(coefficient: -coefficient, scale: scale) }
        return try Numeric.zero.subtracting(value)
    }

    /// `round(numeric, places)` and `trunc(numeric, places)`.
    static func places(truncates: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let values = call.bytes(0)
            let places = call.values(1, as: Int32.self)
            return try call.writeNumerics { row throws(QueryError) in
                let value = try values.numeric(row)
                let count = Int(places[row])
                do throws(ValueError) {
                    return truncates ? try value.truncated(to: count) : try value.rounded(to: count)
                } catch {
                    throw QueryError(error)
                }
            }
        }
    }

    /// The digits after the point that are shown.
    static let scale: Kernel = { (call) throws(QueryError) in
        let values = call.bytes(0)
        return try call.writeOptionals { row throws(QueryError) -> Int32? in
            let value = try values.numeric(row)
            return value.isFinite ? Int32(value.scale) : nil
        }
    }

    static let trimScale = unary { (value) throws(ValueError) in value.withoutTrailingZeros }

    /// Values of one scale, which most columns have, are compared by their coefficients.
    static func compare(_ comparison: ComparisonOperator) -> Kernel {
        { (call) throws(QueryError) in
            let (left, right) = (call.bytes(0), call.bytes(1))
            return try call.writeBits { row throws(QueryError) in
                let (a, b) = (left[row], right[row])
                if let x = Numeric.short(a), let y = Numeric.short(b), x.scale == y.scale {
                    let order = x.coefficient < y.coefficient ? -1 : x.coefficient > y.coefficient ? 1 : 0
                    return comparison.holds(order)
                }
                return comparison.holds(Numeric.compare(try left.numeric(row), try right.numeric(row)))
            }
        }
    }

    // MARK: Conversions

    static func cast(_ source: DataType, _ target: DataType) -> Kernel? {
        switch (source.kind, target.kind) {
        case (.numeric, .numeric):
            guard case .numeric(let precision?, let scale) = target else { return FunctionList.identity }
            return unary { (value) throws(ValueError) in try value.fitted(precision: precision, scale: scale) }
        case (.int2, .numeric): return fromInteger(Int16.self, target)
        case (.int4, .numeric): return fromInteger(Int32.self, target)
        case (.int8, .numeric): return fromInteger(Int64.self, target)
        case (.float4, .numeric): return fromFloat(Float.self, target)
        case (.float8, .numeric): return fromFloat(Double.self, target)
        case (.numeric, .int2): return toInteger(Int16.self, "smallint")
        case (.numeric, .int4): return toInteger(Int32.self, "integer")
        case (.numeric, .int8): return toInteger(Int64.self, "bigint")
        case (.numeric, .float4): return toFloat4
        case (.numeric, .float8): return toFloat8
        default: return nil
        }
    }

    private static func fitted(_ value: Numeric, _ type: DataType) throws(ValueError) -> Numeric {
        guard case .numeric(let precision?, let scale) = type else { return value }
        return try value.fitted(precision: precision, scale: scale)
    }

    private static func fromInteger<T: SQLInteger>(_: T.Type, _ target: DataType) -> Kernel {
        { (call) throws(QueryError) in
            let values = call.values(0, as: T.self)
            return try call.writeNumerics { row throws(QueryError) in
                do throws(ValueError) { return try fitted(Numeric(Int64(values[row])), target) } catch {
                    throw QueryError(error)
                }
            }
        }
    }

    private static func fromFloat<T: SQLFloat>(_: T.Type, _ target: DataType) -> Kernel {
        { (call) throws(QueryError) in
            let values = call.values(0, as: T.self)
            return try call.writeNumerics { row throws(QueryError) in
                do throws(ValueError) {
                    if let value = values[row] as? Float { return try fitted(try Numeric(rounding: value), target) }
                    return try fitted(try Numeric(rounding: Double(values[row])), target)
                } catch {
                    throw QueryError(error)
                }
            }
        }
    }

    private static func toInteger<T: SQLInteger>(_: T.Type, _ name: String) -> Kernel {
        { (call) throws(QueryError) in
            let values = call.bytes(0)
            return try call.writeValues { row throws(QueryError) -> T in
                let wide: Int64
                let numeric = try values.numeric(row)
                do throws(ValueError) { wide = try numeric.int64(name) } catch { throw QueryError(error) }
                guard let value = T(exactly: wide) else { throw T.outOfRange }
                return value
            }
        }
    }

    private static let toFloat8: Kernel = { (call) throws(QueryError) in
        let values = call.bytes(0)
        return try call.writeValues { row throws(QueryError) -> Double in
            let value = try values.numeric(row)
            do throws(ValueError) { return try value.double() } catch { throw QueryError(error) }
        }
    }

    /// By way of the text, so that it is rounded once.
    private static let toFloat4: Kernel = { (call) throws(QueryError) in
        let values = call.bytes(0)
        return try call.writeValues { row throws(QueryError) -> Float in
            var text: [UInt8] = []
            ValueWriter.numeric(try values.numeric(row), to: &text)
            do throws(ValueError) { return try ValueParser.float4(text.span) } catch { throw QueryError(error) }
        }
    }
}

extension VariableRows {
    /// The numeric in a row.
    @inline(__always)
    func numeric(_ row: Int) throws(QueryError) -> Numeric {
        do throws(FormatError) { return try Numeric(binary: self[row]) } catch {
            throw QueryError(.dataCorrupted, "a numeric value cannot be read: \(error)")
        }
    }
}

extension FunctionList {
    mutating func addNumeric() {
        let type = DataType.numeric(precision: nil, scale: 0)
        addOperator("+", type, type, type, NumericKernels.add)
        addOperator("-", type, type, type, NumericKernels.subtract)
        addOperator("*", type, type, type, NumericKernels.multiply)
        addOperator("/", type, type, type, NumericKernels.divide)
        addOperator("%", type, type, type, NumericKernels.remainder)
        addFunction("mod", [type, type], type, NumericKernels.remainder)
        addFunction("div", [type, type], type, NumericKernels.divideWhole)
        addPrefixOperator("-", type, type, NumericKernels.negate)
        addPrefixOperator("+", type, type, Self.identity)
        addPrefixOperator("@", type, type, NumericKernels.absolute)
        addFunction("abs", [type], type, NumericKernels.absolute)
        addFunction("ceil", [type], type, NumericKernels.ceiling)
        addFunction("ceiling", [type], type, NumericKernels.ceiling)
        addFunction("floor", [type], type, NumericKernels.floor)
        addFunction("round", [type], type, NumericKernels.round)
        addFunction("trunc", [type], type, NumericKernels.truncate)
        addFunction("sign", [type], type, NumericKernels.sign)
        addFunction("round", [type, .int4], type, NumericKernels.places(truncates: false))
        addFunction("trunc", [type, .int4], type, NumericKernels.places(truncates: true))
        addFunction("scale", [type], .int4, NumericKernels.scale)
        addFunction("trim_scale", [type], type, NumericKernels.trimScale)
        for comparison in ComparisonOperator.allCases {
            addComparison(comparison, .numeric, NumericKernels.compare(comparison))
        }
    }
}

package import EskerFormat

extension FunctionRegistry {
    /// How to convert one type to another.
    ///
    /// - Returns: nil when the values stay as they are and only the type's name changes.
    /// - Throws: 42846 when no conversion is allowed in that context.
    package func cast(
        from source: DataType, to target: DataType, context: CastContext
    ) throws(QueryError) -> ResolvedFunction? {
        guard let required = CastContext.required(from: source, to: target), required <= context else {
            throw QueryError(
                .cannotCoerce, "cannot cast type \(source.bareName) to \(target.bareName)")
        }
        if Cast.isRelabel(from: source, to: target) { return nil }
        guard let kernel = Cast.kernel(from: source, to: target, context: context) else {
            throw QueryError(
                .cannotCoerce, "cannot cast type \(source.bareName) to \(target.bareName)")
        }
        return Cast.function(from: source, to: target, volatility: Cast.volatility(source, target), kernel: kernel)
    }
}

/// Conversions between types.
enum Cast {
    /// Whether the values of one type are values of the other as they are.
    static func isRelabel(from source: DataType, to target: DataType) -> Bool {
        if source == target { return true }
        switch (source, target) {
        case (.text, .varchar(nil)), (.varchar, .text), (.varchar, .varchar(nil)): return true
        case (.varchar(let a?), .varchar(let b?)): return a <= b
        case (.numeric, .numeric(nil, _)): return true
        case (.array(let a), .array(let b)): return isRelabel(from: a, to: b)
        default: return false
        }
    }

    /// A conversion that changes nothing, as a function.
    static func relabel(from source: DataType, to target: DataType) -> ResolvedFunction {
        function(from: source, to: target, volatility: .immutable, kernel: FunctionList.identity)
    }

    static func volatility(_ source: DataType, _ target: DataType) -> Volatility {
        let zoned: Set<TypeKind> = [.timestamptz, .timetz]
        let timed: Set<TypeKind> = [.date, .time, .timestamp, .timestamptz, .timetz]
        if zoned.contains(source.kind) || zoned.contains(target.kind) { return .stable }
        return source.kind.category == .string && timed.contains(target.kind) ? .stable : .immutable
    }

    static func function(
        from source: DataType, to target: DataType, volatility: Volatility, kernel: @escaping Kernel
    ) -> ResolvedFunction {
        let identity = FunctionIdentity()
        return ResolvedFunction(
            name: target.bareName, argumentTypes: [source], resultType: target, isStrict: true,
            volatility: volatility, comparison: nil
        ) { (columns, count, context) throws(QueryError) in
            let call = VectorCall(arguments: columns, count: count, context: context, resultType: target)
            return try call.run(kernel, isStrict: true, isRepeatable: true, identity: identity)
        }
    }

    /// The kernel of a conversion, or nil when there is none.
    static func kernel(from source: DataType, to target: DataType, context: CastContext) -> Kernel? {
        if target.kind.category == .string { return toString(source, target, context) }
        if source.kind.category == .string { return TextCasts.input(target) }
        if source.kind == .array { return ArrayCasts.kernel(source, target, context) }
        switch (source.kind, target.kind) {
        case (.json, .jsonb): return TextCasts.input(.jsonb)
        case (.jsonb, .json): return FunctionList.identity
        case (.jsonb, _): return JSONBCasts.kernel(target)
        default: break
        }
        if let kernel = NumericKernels.cast(source, target) { return kernel }
        return numberKernel(source.kind, target.kind) ?? DateTimeCasts.kernel(source.kind, target.kind)
    }

    /// To a string type: the text form, then the type's length.
    private static func toString(_ source: DataType, _ target: DataType, _ context: CastContext) -> Kernel? {
        let isExplicit = context == .explicit
        let limit: Kernel?
        switch target {
        case .varchar(let length?): limit = TextLimits.varchar(length, isExplicit: isExplicit)
        case .char(let length): limit = TextLimits.char(length, isExplicit: isExplicit)
        default: limit = nil
        }
        switch source.kind {
        case .text, .varchar: return limit ?? FunctionList.identity
        case .char:
            if target.kind == .char { return limit }
            guard let limit else { return TextLimits.withoutBlanks }
            return chain(TextLimits.withoutBlanks, limit)
        default:
            guard let output = TextCasts.output(source) else { return nil }
            return limit.map { chain(output, $0) } ?? output
        }
    }

    /// One text-producing kernel after another.
    private static func chain(_ first: @escaping Kernel, _ second: @escaping Kernel) -> Kernel {
        { (call) throws(QueryError) in
            let text = try first(call)
            let next = VectorCall(
                arguments: [text], count: call.count, context: call.context, resultType: call.resultType,
                validity: call.validity)
            return try second(next)
        }
    }
}

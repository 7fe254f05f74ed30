internal import EskerFormat

/// One overload of a function or operator.
struct FunctionEntry: Sendable {
    /// What a place in the argument list takes.
    enum Parameter: Hashable, Sendable {
        case kind(TypeKind)
        /// Any type; all such arguments of a call become one common type, the element type of its arrays.
        case anyElement
        case anyArray
        /// Any type but an array, as it is.
        case anyNonArray
        /// Any type, as it is.
        case any
    }

    /// The type of the result.
    enum Result: Sendable {
        case type(DataType)
        /// That of the argument at a place, after conversion.
        case argument(Int)
        /// The element type of the array at a place.
        case element(ofArgument: Int)
    }

    let name: String
    let parameters: [Parameter]
    /// Whether the last parameter takes any number of arguments from one up.
    let isVariadic: Bool
    let result: Result
    /// What the kernel takes, when that is not what the overload is chosen by: `bigint + real` works on doubles.
    let callTypes: [DataType]?
    let isStrict: Bool
    let volatility: Volatility
    let comparison: ComparisonOperator?
    let kernel: Kernel

    init(
        _ name: String, _ parameters: [Parameter], _ result: Result, callTypes: [DataType]? = nil,
        isVariadic: Bool = false, isStrict: Bool = true, volatility: Volatility = .immutable,
        comparison: ComparisonOperator? = nil, kernel: @escaping Kernel
    ) {
        self.name = name
        self.parameters = parameters
        self.result = result
        self.callTypes = callTypes
        self.isVariadic = isVariadic
        self.isStrict = isStrict
        self.volatility = volatility
        self.comparison = comparison
        self.kernel = kernel
    }

    /// The parameters spread over `count` arguments, or nil when the overload does not take that many.
    func parameters(forArguments count: Int) -> [Parameter]? {
        if !isVariadic { return parameters.count == count ? parameters : nil }
        guard let last = parameters.last, count >= parameters.count else { return nil }
        return parameters + Array(repeating: last, count: count - parameters.count)
    }

    /// The overload bound to a call's argument types. `nil` types are unknown literals.
    ///
    /// - Returns: nil when its polymorphic arguments have no common type.
    func bound(to types: [DataType?]) -> ResolvedFunction? {
        guard let parameters = parameters(forArguments: types.count) else { return nil }
        var common: DataType?
        if parameters.contains(where: \.isPolymorphic) {
            guard let found = Self.commonElement(parameters, types) else { return nil }
            common = found
        }
        var arguments: [DataType] = []
        for (index, parameter) in parameters.enumerated() {
            let given = types[index]
            if let callTypes {
                arguments.append(callTypes[min(index, callTypes.count - 1)])
                continue
            }
            switch parameter {
            case .kind(let kind):
                if let given, given.kind == kind { arguments.append(given) } else { arguments.append(kind.callType) }
            case .any, .anyNonArray: arguments.append(given ?? .text)
            case .anyElement: arguments.append(common ?? .text)
            case .anyArray: arguments.append(.array(of: common ?? .text))
            }
        }
        let resultType: DataType
        switch result {
        case .type(let type): resultType = type
        case .argument(let index): resultType = arguments[index].withoutModifier
        case .element(let index): resultType = arguments[index].element ?? .text
        }
        let (kernel, isStrict, volatility) = (kernel, isStrict, volatility)
        let identity = FunctionIdentity()
        return ResolvedFunction(
            name: name, argumentTypes: arguments, resultType: resultType, isStrict: isStrict, volatility: volatility,
            comparison: comparison
        ) { (columns, count, context) throws(QueryError) in
            let call = VectorCall(arguments: columns, count: count, context: context, resultType: resultType)
            return try call.run(
                kernel, isStrict: isStrict, isRepeatable: volatility != .volatile, identity: identity)
        }
    }

    /// Whether the polymorphic arguments of a call, if there are any, have a common type.
    static func haveCommonElement(_ parameters: [Parameter], _ types: [DataType?]) -> Bool {
        !parameters.contains(where: \.isPolymorphic) || commonElement(parameters, types) != nil
    }

    /// The type that all polymorphic arguments of a call convert to: the element type for arrays.
    private static func commonElement(_ parameters: [Parameter], _ types: [DataType?]) -> DataType? {
        var common: DataType?
        for (parameter, type) in zip(parameters, types) {
            guard let type else { continue }
            let candidate: DataType
            switch parameter {
            case .anyElement: candidate = type.withoutModifier
            case .anyArray: candidate = (type.element ?? type).withoutModifier
            default: continue
            }
            guard let soFar = common else {
                common = candidate
                continue
            }
            if CastContext.required(from: candidate, to: soFar) == .implicit { continue }
            guard CastContext.required(from: soFar, to: candidate) == .implicit else { return nil }
            common = candidate
        }
        return common ?? .text
    }
}

extension FunctionEntry.Parameter {
    fileprivate var isPolymorphic: Bool { self == .anyElement || self == .anyArray }
}

extension TypeKind {
    /// What an argument of another type becomes for a parameter of this kind. A `char` parameter takes text as it is,
    /// since a literal has no length to be padded to; its functions ignore trailing blanks.
    var callType: DataType { self == .char ? .text : plainType }
}

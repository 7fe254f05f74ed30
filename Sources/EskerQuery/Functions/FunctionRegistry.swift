package import EskerFormat

/// The functions, operators and casts that statements may name, and PostgreSQL's rules for choosing among them.
package struct FunctionRegistry: Sendable {
    /// Everything this store knows.
    package static let builtin = FunctionRegistry()

    private let functions: [String: [FunctionEntry]]
    private let operators: [String: [FunctionEntry]]

    private init() {
        var list = FunctionList()
        list.addAll()
        functions = list.functions
        operators = list.operators
    }

    /// Whether there is a function of that name, whatever its arguments.
    package func hasFunction(named name: String) -> Bool {
        functions[name] != nil || DataType.named(name) != nil
    }

    /// Chooses a function.
    ///
    /// - Parameter argumentTypes: the types of the arguments; nil for an unknown literal (`'…'` or `NULL`).
    /// - Throws: 42883 when none fits, 42725 when several fit equally well.
    package func resolve(name: String, argumentTypes: [DataType?]) throws(QueryError) -> ResolvedFunction {
        var selection = CandidateSelection(functions[name] ?? [], types: argumentTypes)
        if argumentTypes.count == 1, let cast = castNamed(name, argumentTypes[0], exactly: functions[name] ?? []) {
            return cast
        }
        switch selection.chooseFunction() {
        case .found(let entry):
            if let bound = entry.bound(to: argumentTypes) { return bound }
        case .ambiguous:
            throw QueryError(
                .ambiguousFunction, "function \(Self.call(name, argumentTypes)) is not unique",
                hint: "Could not choose a best candidate function. You might need to add explicit type casts.")
        case .none: break
        }
        throw QueryError(
            .undefinedFunction, "function \(Self.call(name, argumentTypes)) does not exist",
            hint: "No function matches the given name and argument types. You might need to add explicit type casts.")
    }

    /// Chooses an operator between two operands; a nil type is an unknown literal.
    ///
    /// - Throws: 42883 when none fits, 42725 when several fit equally well.
    package func resolveOperator(
        name: String, left: DataType?, right: DataType?
    ) throws(QueryError) -> ResolvedFunction {
        let written = "\(left?.bareName ?? "unknown") \(name) \(right?.bareName ?? "unknown")"
        return try resolveOperator(name == "!=" ? "<>" : name, [left, right], written)
    }

    /// Chooses an operator that stands before its one operand.
    package func resolvePrefixOperator(name: String, operand: DataType?) throws(QueryError) -> ResolvedFunction {
        try resolveOperator(name, [operand], "\(name) \(operand?.bareName ?? "unknown")")
    }

    private func resolveOperator(
        _ name: String, _ types: [DataType?], _ written: String
    ) throws(QueryError) -> ResolvedFunction {
        var selection = CandidateSelection(operators[name] ?? [], types: types)
        switch selection.chooseOperator() {
        case .found(let entry):
            if let bound = entry.bound(to: types) { return bound }
        case .ambiguous:
            throw QueryError(
                .ambiguousFunction, "operator is not unique: \(written)",
                hint: "Could not choose a best candidate operator. You might need to add explicit type casts.")
        case .none: break
        }
        throw QueryError(
            .undefinedFunction, "operator does not exist: \(written)",
            hint: "No operator matches the given name and argument types. You might need to add explicit type casts.")
    }

    /// A type's name called as a function, `date(x)` or `int4(x)`, is an explicit cast.
    private func castNamed(_ name: String, _ type: DataType?, exactly overloads: [FunctionEntry]) -> ResolvedFunction? {
        guard let target = DataType.named(name) else { return nil }
        if let type, overloads.contains(where: { $0.parameters.count == 1 && $0.parameters[0].isKind(type.kind) }) {
            return nil
        }
        let source = type ?? .text
        guard CastContext.required(from: source, to: target) != nil else { return nil }
        if let cast = try? cast(from: source, to: target, context: .explicit) { return cast }
        return Cast.relabel(from: source, to: target)
    }

    private static func call(_ name: String, _ types: [DataType?]) -> String {
        "\(name)(\(types.map { $0?.bareName ?? "unknown" }.joined(separator: ", ")))"
    }
}

extension DataType {
    /// The type that a name means where a function is called by it.
    static func named(_ name: String) -> DataType? {
        switch name {
        case "bool": .bool
        case "int2": .int2
        case "int4": .int4
        case "int8": .int8
        case "float4": .float4
        case "float8": .float8
        case "numeric": .numeric(precision: nil, scale: 0)
        case "text": .text
        case "varchar": .varchar(length: nil)
        case "bytea": .bytea
        case "date": .date
        case "time": .time
        case "timetz": .timetz
        case "timestamp": .timestamp
        case "timestamptz": .timestamptz
        case "interval": .interval
        case "uuid": .uuid
        case "json": .json
        case "jsonb": .jsonb
        default: nil
        }
    }
}

internal import EskerFormat

/// PostgreSQL's choice among overloads.
///
/// Source: PostgreSQL 15 manual, 10.2 "Operators" and 10.3 "Functions", and the order of steps that its parser
/// follows: exact matches, preferred types, then categories for the unknown literals.
struct CandidateSelection {
    /// The outcome of a choice.
    enum Choice {
        case found(FunctionEntry)
        case none
        case ambiguous
    }

    private struct Candidate {
        let entry: FunctionEntry
        let parameters: [FunctionEntry.Parameter]
    }

    /// The types of the call's arguments; nil for an unknown literal.
    let types: [DataType?]
    private var candidates: [Candidate] = []

    /// Among overloads of one name.
    init(_ overloads: [FunctionEntry], types: [DataType?]) {
        self.types = types
        for entry in overloads {
            if let parameters = entry.parameters(forArguments: types.count) {
                candidates.append(Candidate(entry: entry, parameters: parameters))
            }
        }
    }

    /// Chooses an operator: an unknown operand is first taken to have the other operand's type.
    mutating func chooseOperator() -> Choice {
        if types.count == 2, (types[0] == nil) != (types[1] == nil), let known = types[0] ?? types[1] {
            if let exact = exactMatch([known.kind, known.kind]) { return .found(exact) }
        }
        return chooseFunction()
    }

    /// Chooses a function.
    mutating func chooseFunction() -> Choice {
        if !types.contains(where: { $0 == nil }), let exact = exactMatch(types.map { $0!.kind }) {
            return .found(exact)
        }
        candidates.removeAll { candidate in
            !Self.accepts(candidate.parameters, types)
        }
        if let choice = settled { return choice }
        keepBest { parameter, type in parameter.isKind(type.kind) }
        if let choice = settled { return choice }
        keepBest { parameter, type in
            parameter.isKind(type.kind) || parameter.isPreferred(in: type.kind.category)
        }
        if let choice = settled { return choice }
        guard types.contains(where: { $0 == nil }) else { return .ambiguous }
        keepLikeliestForUnknowns()
        if let choice = settled { return choice }
        return chooseBySameType()
    }

    /// Whether every argument converts to its parameter, and the polymorphic ones to one type.
    private static func accepts(_ parameters: [FunctionEntry.Parameter], _ types: [DataType?]) -> Bool {
        zip(parameters, types).allSatisfy { $0.accepts($1) } && FunctionEntry.haveCommonElement(parameters, types)
    }

    private var settled: Choice? {
        switch candidates.count {
        case 0: Choice.none
        case 1: .found(candidates[0].entry)
        default: nil
        }
    }

    private func exactMatch(_ kinds: [TypeKind]) -> FunctionEntry? {
        candidates.first { candidate in zip(candidate.parameters, kinds).allSatisfy { $0.isKind($1) } }?.entry
    }

    /// Keeps the candidates that satisfy `matches` at the most known arguments.
    private mutating func keepBest(_ matches: (FunctionEntry.Parameter, DataType) -> Bool) {
        var best = 0
        var kept: [Candidate] = []
        for candidate in candidates {
            var score = 0
            for (parameter, type) in zip(candidate.parameters, types) {
                if let type, matches(parameter, type) { score += 1 }
            }
            if score > best {
                best = score
                kept.removeAll()
            }
            if score == best { kept.append(candidate) }
        }
        candidates = kept
    }

    /// Gives each unknown argument a category (string, if any candidate takes one there) and drops the candidates
    /// that take another, or no preferred type where one is to be had.
    private mutating func keepLikeliestForUnknowns() {
        var wanted: [(index: Int, category: TypeKind.Category?, preferred: Bool)] = []
        for index in types.indices where types[index] == nil {
            let kinds = candidates.map { $0.parameters[index].namedKind }
            var category = kinds[0]?.category
            var preferred = kinds[0]?.isPreferred ?? false
            var conflict = false
            for kind in kinds.dropFirst() {
                if kind?.category == category {
                    preferred = preferred || (kind?.isPreferred ?? false)
                } else if kind?.category == .string {
                    category = .string
                    preferred = kind?.isPreferred ?? false
                } else {
                    conflict = true
                }
            }
            if conflict && category != .string { return }
            wanted.append((index, category, preferred))
        }
        let kept = candidates.filter { candidate in
            wanted.allSatisfy { want in
                let kind = candidate.parameters[want.index].namedKind
                return kind?.category == want.category && (!want.preferred || kind?.isPreferred == true)
            }
        }
        if !kept.isEmpty { candidates = kept }
    }

    /// When all known arguments have one type, takes the unknown ones to have it too.
    private func chooseBySameType() -> Choice {
        let known = Set(types.compactMap { $0?.kind })
        guard known.count == 1, let type = types.compactMap({ $0 }).first else { return .ambiguous }
        let all = types.map { _ in DataType?.some(type) }
        let fitting = candidates.filter { candidate in Self.accepts(candidate.parameters, all) }
        return fitting.count == 1 ? .found(fitting[0].entry) : .ambiguous
    }
}

extension FunctionEntry.Parameter {
    /// The kind this names, or nil for a polymorphic one.
    var namedKind: TypeKind? {
        if case .kind(let kind) = self { kind } else { nil }
    }

    func isKind(_ kind: TypeKind) -> Bool { namedKind == kind && kind != .array }

    func isPreferred(in category: TypeKind.Category) -> Bool {
        guard let kind = namedKind else { return false }
        return kind.isPreferred && kind.category == category
    }

    /// Whether an argument of that type converts to this implicitly; an unknown literal (nil) always does.
    func accepts(_ type: DataType?) -> Bool {
        guard let type else { return true }
        switch self {
        case .kind(let kind):
            return type.kind == kind || CastContext.required(from: type, to: kind.plainType) == .implicit
        case .anyElement, .any: return true
        case .anyArray: return type.kind == .array
        case .anyNonArray: return type.kind != .array
        }
    }
}

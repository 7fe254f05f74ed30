/// What one time zone's clocks did and will do: the contents of a TZif file or of a POSIX TZ text.
///
/// Seconds count from 1970-01-01 00:00:00 UTC; offsets are seconds **east** of UTC.
final class ZoneRules: Sendable {
    struct Kind: Hashable, Sendable {
        var offset: Int32
        var isDaylight: Bool
        var abbreviation: String
    }

    struct Transition: Sendable {
        var at: Int64
        var kind: Int
    }

    /// A change of the clocks: the seconds at which it happens, and the offsets before and after it.
    struct Boundary {
        var at: Int64
        var before: Int32
        var after: Int32
    }

    let kinds: [Kind]
    /// In ascending order.
    let transitions: [Transition]
    /// What holds after the last transition, if it is more than that transition's kind.
    let rule: PosixZone?

    init(kinds: [Kind], transitions: [Transition], rule: PosixZone?) {
        precondition(!kinds.isEmpty)
        self.kinds = kinds
        self.transitions = transitions
        self.rule = rule
    }

    convenience init(_ rule: PosixZone) {
        self.init(kinds: [rule.standard], transitions: [], rule: rule)
    }

    /// The kind of time in force at a moment. O(log transitions).
    func kind(at seconds: Int64) -> Kind {
        let index = firstTransition(after: seconds)
        if index == transitions.count, let rule { return rule.kind(at: seconds) }
        return index == 0 ? kinds[0] : kinds[transitions[index - 1].kind]
    }

    /// Seconds east of UTC at a moment. O(log transitions).
    func offset(at seconds: Int64) -> Int32 {
        let index = firstTransition(after: seconds)
        if index == transitions.count, let rule { return rule.kind(at: seconds).offset }
        return offset(before: index)
    }

    /// What was in force before a transition.
    private func offset(before index: Int) -> Int32 {
        index == 0 ? kinds[0].offset : kinds[transitions[index - 1].kind].offset
    }

    /// The first change of the clocks after a moment, or nil if there is none.
    func boundary(after seconds: Int64) -> Boundary? {
        let index = firstTransition(after: seconds)
        if index < transitions.count {
            let next = transitions[index]
            return Boundary(at: next.at, before: offset(before: index), after: kinds[next.kind].offset)
        }
        let before = offset(at: seconds)
        guard let at = rule?.boundary(after: seconds) else { return nil }
        return Boundary(at: at, before: before, after: kind(at: at).offset)
    }

    /// The offset that an abbreviation of this zone stood for, last before the moment or first after it.
    func kind(named abbreviation: String, at seconds: Int64) -> Kind? {
        let now = kind(at: seconds)
        if now.abbreviation == abbreviation { return now }
        let index = firstTransition(after: seconds)
        for transition in transitions[..<index].reversed() where kinds[transition.kind].abbreviation == abbreviation {
            return kinds[transition.kind]
        }
        for transition in transitions[index...] where kinds[transition.kind].abbreviation == abbreviation {
            return kinds[transition.kind]
        }
        return kinds.first { $0.abbreviation == abbreviation }
    }

    private func firstTransition(after seconds: Int64) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

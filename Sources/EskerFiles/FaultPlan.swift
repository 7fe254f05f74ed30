import Glibc

/// Decides what happens to each operation, counts and records: a value without I/O.
struct FaultPlan: Sendable {
    /// An operation as it begins.
    struct Request {
        var operation: FileOperation
        var path: String
        /// The second path of a rename or link.
        var target: String?
        /// Sizes, offsets and modes, for the recording.
        var detail = ""
        var offset: Int64?

        func touches(_ suffix: String) -> Bool {
            path.hasSuffix(suffix) || (target?.hasSuffix(suffix) ?? false)
        }

        func line(strippingPrefix prefix: String) -> String {
            let paths = [path, target ?? ""].map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
            return ([operation.rawValue] + paths + [detail]).filter { !$0.isEmpty }.joined(separator: " ")
        }

        func error(errno: Int32) -> FileError { FileError(errno: errno, operation.rawValue, path, offset: offset) }
    }

    private struct Armed: Sendable {
        var fault: Fault
        var seen = 0
    }

    private var armed: [Armed] = []
    private var counts: [FileOperation: [String: Int]] = [:]
    private(set) var lines: [String] = []
    var recorded: Set<FileOperation> = []
    /// Left out of the recording's paths.
    var prefix = ""
    /// Operations still allowed, of the kinds given; nil: no power cut planned.
    private var beforeCrash: (left: Int, counted: Set<FileOperation>)?

    mutating func arm(_ fault: Fault) { armed.append(Armed(fault: fault)) }
    mutating func disarm() { armed = [] }
    mutating func clearLines() { lines = [] }
    mutating func crash(after count: Int, _ counted: Set<FileOperation>) { beforeCrash = (count, counted) }

    var isCrashed: Bool { beforeCrash?.left == 0 }

    func count(of operations: Set<FileOperation>, _ suffix: String) -> Int {
        operations.reduce(0) { total, operation in
            (counts[operation] ?? [:]).reduce(total) { $0 + ($1.key.hasSuffix(suffix) ? $1.value : 0) }
        }
    }

    /// Lets an operation begin and says what shall go wrong with it, or refuses it because the power is off.
    mutating func begin(_ request: Request) throws(FileError) -> Fault.Effect? {
        if request.operation != .close { try spendBeforeCrash(request) }
        counts[request.operation, default: [:]][request.path, default: 0] += 1
        let effect = nextEffect(request)
        if recorded.contains(request.operation) {
            lines.append(request.line(strippingPrefix: prefix) + (effect.map { " ! \($0.word)" } ?? ""))
        }
        return effect
    }

    private mutating func spendBeforeCrash(_ request: Request) throws(FileError) {
        guard let plan = beforeCrash else { return }
        guard plan.left > 0 else {
            let message = "the power was cut (simulated)"
            throw FileError(
                .crashed, request.operation.rawValue, request.path, offset: request.offset, message: message)
        }
        if plan.counted.contains(request.operation) { beforeCrash!.left -= 1 }
    }

    /// Every armed fault sees the operation; the first one whose turn it is has its effect.
    private mutating func nextEffect(_ request: Request) -> Fault.Effect? {
        var effect: Fault.Effect?
        for index in armed.indices {
            let fault = armed[index].fault
            guard fault.operations.contains(request.operation), request.touches(fault.pathSuffix) else { continue }
            let turn = armed[index].seen - fault.skipped
            armed[index].seen += 1
            if effect == nil && turn >= 0 && turn < fault.times { effect = fault.effect }
        }
        return effect
    }
}

extension Fault.Effect {
    /// For recordings.
    fileprivate var word: String {
        switch self {
        case .fail(let errno): "fail \(errno)"
        case .shortWrite(let bytes, let errno): "short \(bytes) fail \(errno)"
        case .tornWrite(let seed, let errno): "torn \(seed) fail \(errno)"
        case .failSync(let errno, let loss): "fail \(errno) losing \(loss)"
        case .pretend: "pretend"
        }
    }

    /// What the caller is told; nil: success.
    var errno: Int32? {
        switch self {
        case .fail(let errno), .shortWrite(_, let errno), .tornWrite(_, let errno), .failSync(let errno, _): errno
        case .pretend: nil
        }
    }
}

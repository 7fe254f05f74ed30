import Synchronization

/// A file system that goes wrong on command: faults by description, a power cut after the n-th operation, and a
/// recording of all operations in order.
///
/// To try every place where the power can go: run once and take `count(of: .changes)`; then for each n below it run on
/// a new disk with `crash(after: n)` until the `.crashed` errors come, and open what `crashClone` of the disk gives.
package final class FaultyFileSystem: FileSystem {
    package let base: any FileSystem
    private let plan = Mutex(FaultPlan())

    package init(_ base: any FileSystem) { self.base = base }

    // MARK: Commands

    package func add(_ fault: Fault) { plan.withLock { $0.arm(fault) } }

    /// From now on no fault happens any more; a power cut stays.
    package func removeFaults() { plan.withLock { $0.disarm() } }

    /// Lets `count` more operations of the kinds `counted` begin; after them every operation of every kind but closing
    /// fails with `.crashed`. For good: go on with a new object.
    package func crash(after count: Int, counting counted: Set<FileOperation> = .changes) {
        plan.withLock { $0.crash(after: count, counted) }
    }

    package var isCrashed: Bool { plan.withLock { $0.isCrashed } }

    /// How many operations have begun, of these kinds and with paths that end so.
    package func count(of operations: Set<FileOperation>, path suffix: String = "") -> Int {
        plan.withLock { $0.count(of: operations, suffix) }
    }

    /// Records operations of these kinds from now on, as lines like "write journal/1 4096+512"; `prefix` is left out of
    /// paths. Concurrent operations stand in the order in which they began.
    package func record(_ operations: Set<FileOperation> = .changes, strippingPrefix prefix: String = "") {
        plan.withLock {
            $0.recorded = operations
            $0.prefix = prefix
            $0.clearLines()
        }
    }

    /// The lines recorded so far.
    package var recording: [String] { plan.withLock { $0.lines } }

    // MARK: FileSystem

    package func open(_ path: String, _ mode: OpenMode) throws(FileError) -> any File {
        try value(.init(operation: .open, path: path, detail: mode.rawValue)) { () throws(FileError) -> any File in
            FaultyFile(self, try base.open(path, mode))
        }
    }

    package func rename(_ from: String, to: String) throws(FileError) {
        try step(.init(operation: .rename, path: from, target: to)) { () throws(FileError) in
            try base.rename(from, to: to)
        }
    }

    package func remove(_ path: String) throws(FileError) {
        try step(.init(operation: .remove, path: path)) { () throws(FileError) in try base.remove(path) }
    }

    package func link(_ from: String, to: String) throws(FileError) {
        try step(.init(operation: .link, path: from, target: to)) { () throws(FileError) in
            try base.link(from, to: to)
        }
    }

    package func makeDirectory(_ path: String) throws(FileError) {
        try step(.init(operation: .makeDirectory, path: path)) { () throws(FileError) in try base.makeDirectory(path) }
    }

    package func list(_ path: String) throws(FileError) -> [String] {
        try value(.init(operation: .list, path: path)) { () throws(FileError) in try base.list(path) }
    }

    package func exists(_ path: String) throws(FileError) -> Bool {
        try value(.init(operation: .exists, path: path)) { () throws(FileError) in try base.exists(path) }
    }

    package func syncDirectory(_ path: String) throws(FileError) {
        try step(.init(operation: .syncDirectory, path: path)) { () throws(FileError) in try base.syncDirectory(path) }
    }

    package func freeSpace(_ path: String) throws(FileError) -> Int64 {
        try value(.init(operation: .freeSpace, path: path)) { () throws(FileError) in try base.freeSpace(path) }
    }

    package func lock(_ path: String) throws(FileError) -> any FileLock {
        try value(.init(operation: .lock, path: path)) { () throws(FileError) in try base.lock(path) }
    }

    // MARK: Running

    func begin(_ request: FaultPlan.Request) throws(FileError) -> Fault.Effect? {
        try plan.withLock { (plan) throws(FileError) in try plan.begin(request) }
    }

    /// Runs an operation without a result, or what the plan puts in its place.
    func step(_ request: FaultPlan.Request, _ body: () throws(FileError) -> Void) throws(FileError) {
        guard let effect = try begin(request) else { return try body() }
        if let errno = effect.errno { throw request.error(errno: errno) }
    }

    /// Runs an operation with a result, or fails as the plan says.
    func value<Result>(
        _ request: FaultPlan.Request, _ body: () throws(FileError) -> Result
    ) throws(FileError) -> Result {
        guard let effect = try begin(request) else { return try body() }
        guard let errno = effect.errno else {
            preconditionFailure("\(request.operation.rawValue) has a result and cannot be pretended")
        }
        throw request.error(errno: errno)
    }
}

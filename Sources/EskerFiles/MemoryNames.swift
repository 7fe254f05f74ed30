/// The names of a file system in memory: directories as they are, as they are on disk, and the changes between.
struct MemoryNames: Sendable {
    enum Entry: Hashable, Sendable {
        case file(Int)
        case directory(Int)
    }

    /// One name in one directory.
    struct Name: Hashable, Sendable {
        var directory: Int
        var name: String
    }

    private struct Directory: Sendable {
        var entries: [String: Entry] = [:]
        var durable: [String: Entry] = [:]
    }

    /// One atomic step that is not wholly durable yet: names and what they become (nil: removed).
    private struct Change: Sendable {
        var results: [(name: Name, entry: Entry?)]
        /// Names whose earlier changes must be durable before this one can be.
        var needs: [Name]
        var syncedDirectories: Set<Int> = []

        var names: [Name] { results.map(\.name) + needs }
        var isSynced: Bool { results.allSatisfy { syncedDirectories.contains($0.name.directory) } }
    }

    static let root = 0
    private var directories = [root: Directory()]
    private var pending: [Change] = []
    private var nextDirectory = 1

    // MARK: Looking

    subscript(name: Name) -> Entry? { directories[name.directory]?.entries[name.name] }

    func list(_ directory: Int) -> [String] {
        (directories[directory]?.entries.keys).map { [String]($0).sortedByBytes() } ?? []
    }

    func isEmpty(_ directory: Int) -> Bool { directories[directory]?.entries.isEmpty ?? true }

    /// All directories whose entries name `directory`, upward to the root: for refusing a move into itself.
    func isInside(_ directory: Int, _ ancestor: Int) -> Bool {
        if directory == ancestor { return true }
        guard let inside = directories[ancestor] else { return false }
        return inside.entries.values.contains { entry in
            if case .directory(let child) = entry { isInside(directory, child) } else { false }
        }
    }

    /// Files that some name, on disk or not yet, could still lead to.
    var reachableFiles: Set<Int> {
        var files: Set<Int> = []
        func add(_ entry: Entry?) { if case .file(let file) = entry { files.insert(file) } }
        for directory in directories.values {
            directory.entries.values.forEach(add)
            directory.durable.values.forEach(add)
        }
        for change in pending { change.results.forEach { add($0.entry) } }
        return files
    }

    // MARK: Changing

    mutating func makeDirectory(_ name: Name) {
        directories[nextDirectory] = Directory()
        set([(name, .directory(nextDirectory))])
        nextDirectory += 1
    }

    /// Changes names in one atomic step.
    mutating func set(_ results: [(name: Name, entry: Entry?)], needs: [Name] = []) {
        for (name, entry) in results { directories[name.directory]!.entries[name.name] = entry }
        pending.append(Change(results: results, needs: needs))
    }

    /// Makes the directory's names durable, as far as no other directory of the same step is missing.
    mutating func sync(_ directory: Int) {
        var waiting: [Change] = []
        var blocked: Set<Name> = []
        for var change in pending {
            change.syncedDirectories.insert(directory)
            if change.isSynced && blocked.isDisjoint(with: change.names) {
                apply(change)
            } else {
                blocked.formUnion(change.names)
                waiting.append(change)
            }
        }
        pending = waiting
    }

    // MARK: Power cut

    /// The names a disk could hold after a power cut now. Steps are kept or lost whole, and never past a lost step
    /// that touched the same name.
    func afterPowerCut(_ powerCut: inout PowerCut) -> MemoryNames {
        var copy = self
        copy.pending = []
        var lost: Set<Name> = []
        for change in pending {
            if powerCut.keeps() && lost.isDisjoint(with: change.names) {
                copy.apply(change)
            } else {
                lost.formUnion(change.names)
            }
        }
        copy.keepReachableDirectories()
        return copy
    }

    /// How many names each file has.
    var linkCounts: [Int: Int] {
        var counts: [Int: Int] = [:]
        for directory in directories.values {
            for case .file(let file) in directory.entries.values { counts[file, default: 0] += 1 }
        }
        return counts
    }

    private mutating func apply(_ change: Change) {
        for (name, entry) in change.results { directories[name.directory]?.durable[name.name] = entry }
    }

    /// Starts anew from the durable names; a directory without a durable name is gone with all that is in it.
    private mutating func keepReachableDirectories() {
        var reached: [Int: Directory] = [:]
        var queue = [Self.root]
        while let number = queue.popLast() {
            guard reached[number] == nil, var directory = directories[number] else { continue }
            directory.entries = directory.durable
            reached[number] = directory
            for case .directory(let child) in directory.durable.values { queue.append(child) }
        }
        directories = reached
    }
}

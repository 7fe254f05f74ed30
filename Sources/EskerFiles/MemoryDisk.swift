// Unsafe: carries callers' memory to the content of one file.
import Glibc

/// The whole state of a file system in memory: names, contents and space. A value, guarded by its owner's lock.
struct MemoryDisk: Sendable {
    var names = MemoryNames()
    var contents: [Int: MemoryContent] = [:]
    /// Bytes that files may take; nil: no limit.
    var capacity: Int64?
    private var nextNumber = 1

    init(capacity: Int64?) { self.capacity = capacity }

    /// A number for a file or an opening, never used twice.
    mutating func makeNumber() -> Int {
        defer { nextNumber += 1 }
        return nextNumber
    }

    // MARK: Paths

    /// The directory and name that a path means, and what is there.
    func resolve(_ path: String, _ operation: String) throws(FileError) -> (name: MemoryNames.Name, MemoryNames.Entry?)
    {
        let components = path.pathComponents
        guard let last = components.last else { throw FileError(errno: EISDIR, operation, path) }
        let name = MemoryNames.Name(directory: try directory(components.dropLast(), path, operation), name: last)
        return (name, names[name])
    }

    func directory(_ path: String, _ operation: String) throws(FileError) -> Int {
        try directory(path.pathComponents[...], path, operation)
    }

    private func directory(_ components: ArraySlice<String>, _ path: String, _ operation: String) throws(FileError)
        -> Int
    {
        var directory = MemoryNames.root
        for component in components {
            switch names[MemoryNames.Name(directory: directory, name: component)] {
            case .directory(let child): directory = child
            case .file: throw FileError(errno: ENOTDIR, operation, path)
            case nil: throw FileError(errno: ENOENT, operation, path)
            }
        }
        return directory
    }

    // MARK: Names

    /// The number of the file at `path`, made if `mode` says so, with one more opening.
    mutating func open(_ path: String, _ mode: OpenMode, _ operation: String) throws(FileError) -> Int {
        let (name, entry) = try resolve(path, operation)
        let file: Int
        switch entry {
        case .directory: throw FileError(errno: mode == .create ? EEXIST : EISDIR, operation, path)
        case .file(let existing):
            guard mode != .create else { throw FileError(errno: EEXIST, operation, path) }
            file = existing
        case nil:
            guard mode == .create || mode == .createOrOpen else { throw FileError(errno: ENOENT, operation, path) }
            file = makeNumber()
            contents[file] = MemoryContent()
            contents[file]!.linkCount = 1
            names.set([(name, .file(file))])
        }
        contents[file]!.openCount += 1
        return file
    }

    mutating func close(_ file: Int) {
        contents[file]?.openCount -= 1
        collectContents()
    }

    mutating func rename(_ from: String, _ to: String) throws(FileError) {
        let operation = "rename to \(to)"
        let (old, entry) = try resolve(from, operation)
        let (new, replaced) = try resolve(to, operation)
        guard let entry else { throw FileError(errno: ENOENT, operation, from) }
        if entry == replaced { return }
        switch (entry, replaced) {
        case (_, nil): break
        case (.file, .file(let gone)): contents[gone]!.linkCount -= 1
        case (.file, .directory): throw FileError(errno: EISDIR, operation, from)
        case (.directory, .file): throw FileError(errno: ENOTDIR, operation, from)
        case (.directory, .directory(let gone)):
            guard names.isEmpty(gone) else { throw FileError(errno: ENOTEMPTY, operation, from) }
        }
        if case .directory(let moved) = entry, names.isInside(new.directory, moved) {
            throw FileError(errno: EINVAL, operation, from)
        }
        names.set([(old, nil), (new, entry)])
    }

    mutating func remove(_ path: String) throws(FileError) {
        let (name, entry) = try resolve(path, "remove")
        switch entry {
        case nil: throw FileError(errno: ENOENT, "remove", path)
        case .file(let file): contents[file]!.linkCount -= 1
        case .directory(let directory):
            guard names.isEmpty(directory) else { throw FileError(errno: ENOTEMPTY, "remove", path) }
        }
        names.set([(name, nil)])
    }

    mutating func link(_ from: String, _ to: String) throws(FileError) {
        let operation = "link to \(to)"
        let (old, entry) = try resolve(from, operation)
        let (new, taken) = try resolve(to, operation)
        guard let entry else { throw FileError(errno: ENOENT, operation, from) }
        guard case .file(let file) = entry else { throw FileError(errno: EPERM, operation, from) }
        guard taken == nil else { throw FileError(errno: EEXIST, operation, from) }
        contents[file]!.linkCount += 1
        names.set([(new, entry)], needs: [old])
    }

    mutating func makeDirectory(_ path: String) throws(FileError) {
        var directory = MemoryNames.root
        for component in path.pathComponents {
            let name = MemoryNames.Name(directory: directory, name: component)
            if names[name] == nil { names.makeDirectory(name) }
            guard case .directory(let child) = names[name] else {
                throw FileError(errno: ENOTDIR, "make directory", path)
            }
            directory = child
        }
    }

    mutating func syncDirectory(_ path: String) throws(FileError) {
        names.sync(try directory(path, "sync directory"))
        collectContents()
    }

    // MARK: Space

    /// Bytes that are left.
    var freeBytes: Int64 {
        guard let capacity else { return 1 << 60 }
        return max(0, capacity - usedBytes)
    }

    private var usedBytes: Int64 {
        let live = contents.values.filter { $0.linkCount > 0 || $0.openCount > 0 }
        return live.reduce(0) { $0 + Int64($1.allocated.count * MemoryContent.block) }
    }

    /// How far from the start of `range` the disk has space, and why not further (0: all of it).
    func room(for range: Range<Int64>, in file: Int) -> (end: Int64, errno: Int32) {
        let content = contents[file]!
        let limit = min(range.upperBound, MemoryContent.maximumSize)
        let tooLarge = limit < range.upperBound ? EFBIG : 0
        guard limit > range.lowerBound else { return (range.lowerBound, tooLarge) }
        guard capacity != nil else { return (limit, tooLarge) }
        let inLimit = range.lowerBound..<limit
        var left = freeBytes / Int64(MemoryContent.block)
        if content.blocksMissing(in: inLimit) <= left { return (limit, tooLarge) }
        for block in MemoryContent.blocks(of: inLimit) where !content.allocated.contains(block) {
            if left == 0 { return (max(range.lowerBound, Int64(block * MemoryContent.block)), ENOSPC) }
            left -= 1
        }
        return (limit, tooLarge)
    }

    /// Drops contents that no name, opening or power cut can bring back.
    private mutating func collectContents() {
        guard contents.values.contains(where: { $0.linkCount == 0 && $0.openCount == 0 }) else { return }
        let reachable = names.reachableFiles
        contents = contents.filter { $0.value.openCount > 0 || reachable.contains($0.key) }
    }

    // MARK: Power cut

    /// The disk as it could be after a power cut now: a copy that shares nothing with this one.
    func afterPowerCut(_ powerCut: PowerCut) -> MemoryDisk {
        var powerCut = powerCut
        var copy = MemoryDisk(capacity: capacity)
        copy.nextNumber = nextNumber
        copy.names = names.afterPowerCut(&powerCut)
        for (file, count) in copy.names.linkCounts.sorted(by: { $0.key < $1.key }) {
            var content = contents[file]!.afterPowerCut(&powerCut)
            content.linkCount = count
            copy.contents[file] = content
        }
        return copy
    }
}

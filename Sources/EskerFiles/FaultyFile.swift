// Unsafe: passes on callers' memory, whole or in parts.
import Glibc

/// An open file of a ``FaultyFileSystem``.
final class FaultyFile: File {
    private let fileSystem: FaultyFileSystem
    private let base: any File

    init(_ fileSystem: FaultyFileSystem, _ base: any File) {
        self.fileSystem = fileSystem
        self.base = base
    }

    var path: String { base.path }

    func close() {
        _ = try? fileSystem.begin(request(.close))
        base.close()
    }

    func size() throws(FileError) -> Int64 {
        try fileSystem.value(request(.size)) { () throws(FileError) in try base.size() }
    }

    func write(_ pieces: [UnsafeRawBufferPointer], at offset: Int64) throws(FileError) {
        let count = unsafe pieces.reduce(0) { $0 + $1.count }
        let request = request(.write, "\(offset)+\(count)", offset)
        guard let effect = try fileSystem.begin(request) else { return try unsafe base.write(pieces, at: offset) }
        switch effect {
        case .shortWrite(let bytes, _):
            try unsafe write(pieces, only: 0..<min(bytes, count), at: offset)
        case .tornWrite(let seed, _):
            for part in Self.survivingParts(count, at: offset, seed: seed) {
                try unsafe write(pieces, only: part, at: offset)
            }
        case .fail, .failSync, .pretend: break
        }
        if let errno = effect.errno { throw request.error(errno: errno) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FileError) -> Int {
        try fileSystem.value(request(.read, "\(offset)+\(buffer.count)", offset)) { () throws(FileError) in
            try unsafe base.read(into: buffer, at: offset)
        }
    }

    func sync() throws(FileError) {
        let request = request(.sync)
        guard let effect = try fileSystem.begin(request) else { return try base.sync() }
        if case .failSync(_, let loss) = effect {
            guard let memoryFile = base as? MemoryFile else {
                preconditionFailure("only a file in memory can lose unsynced bytes")
            }
            memoryFile.failSync(losing: loss)
        }
        if let errno = effect.errno { throw request.error(errno: errno) }
    }

    func truncate(to size: Int64) throws(FileError) {
        try fileSystem.step(request(.truncate, "\(size)", size)) { () throws(FileError) in try base.truncate(to: size) }
    }

    func reserve(from start: Int64, to end: Int64) throws(FileError) {
        try fileSystem.step(request(.reserve, "\(start)..<\(end)", start)) { () throws(FileError) in
            try base.reserve(from: start, to: end)
        }
    }

    func fillWithZeros(from start: Int64, to end: Int64) throws(FileError) {
        let request = request(.fillWithZeros, "\(start)..<\(end)", start)
        guard let effect = try fileSystem.begin(request) else { return try base.fillWithZeros(from: start, to: end) }
        if case .shortWrite(let bytes, _) = effect {
            try base.fillWithZeros(from: start, to: min(end, start + Int64(bytes)))
        }
        if let errno = effect.errno { throw request.error(errno: errno) }
    }

    func map(offset: Int64, length: Int) throws(FileError) -> MappedRegion {
        try fileSystem.value(request(.map, "\(offset)+\(length)", offset)) { () throws(FileError) in
            try base.map(offset: offset, length: length)
        }
    }

    func lockRange(_ start: Int64, _ length: Int64, _ kind: RangeLock) throws(FileError) -> Bool {
        let detail = "\(kind.rawValue) \(start)+\(length)"
        return try fileSystem.value(request(.lockRange, detail, start)) { () throws(FileError) in
            try base.lockRange(start, length, kind)
        }
    }

    private func request(
        _ operation: FileOperation, _ detail: String = "", _ offset: Int64? = nil
    ) -> FaultPlan.Request {
        FaultPlan.Request(operation: operation, path: path, detail: detail, offset: offset)
    }

    /// Writes only those bytes of the request that stand at `part` in it, to where they belong.
    private func write(
        _ pieces: [UnsafeRawBufferPointer], only part: Range<Int>, at offset: Int64
    ) throws(FileError) {
        var kept: [UnsafeRawBufferPointer] = unsafe []
        var start = 0
        for index in unsafe pieces.indices {
            let piece = unsafe pieces[index]
            let overlap = part.clamped(to: start..<start + piece.count)
            if !overlap.isEmpty {
                let slice = unsafe piece[overlap.lowerBound - start..<overlap.upperBound - start]
                unsafe kept.append(UnsafeRawBufferPointer(rebasing: slice))
            }
            start += piece.count
        }
        if unsafe !kept.isEmpty { try unsafe base.write(kept, at: offset + Int64(part.lowerBound)) }
    }

    /// The parts of a write of `count` bytes that a torn write leaves: whole sectors, never all of them.
    private static func survivingParts(_ count: Int, at offset: Int64, seed: UInt64) -> [Range<Int>] {
        var generator = SeededGenerator(seed: seed)
        let sector = MemoryContent.sector
        var parts: [Range<Int>] = []
        var start = 0
        while start < count {
            let end = min(count, start + sector - Int(offset + Int64(start)) % sector)
            parts.append(start..<end)
            start = end
        }
        guard !parts.isEmpty else { return [] }
        parts.remove(at: Int.random(in: 0..<parts.count, using: &generator))
        return parts.filter { _ in Bool.random(using: &generator) }
    }
}

// Unsafe: reads the environment and mapped bytes.
import EskerFiles
import Glibc
import Testing

/// A fresh disk of one kind, with an empty directory to work in; a directory on the real disk goes with the object.
final class DiskUnderTest {
    enum Kind: String, CaseIterable, Sendable { case posix, memory }

    let files: any FileSystem
    let root: String
    private let isTemporary: Bool

    init(_ kind: Kind) throws {
        isTemporary = kind == .posix
        switch kind {
        case .posix:
            let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
            root = "\(base)/esker-files-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
            files = PosixFileSystem()
        case .memory:
            root = "root"
            files = MemoryFileSystem()
        }
        try files.makeDirectory(root)
    }

    deinit {
        if isTemporary { Self.removeTree(files, root) }
    }

    func path(_ name: String) -> String { root + "/" + name }

    private static func removeTree(_ files: any FileSystem, _ path: String) {
        for name in (try? files.list(path)) ?? [] { removeTree(files, path + "/" + name) }
        try? files.remove(path)
    }
}

extension File {
    /// The whole file.
    func contents() throws -> [UInt8] { try read(at: 0, count: Int(size())) }
}

extension MappedRegion {
    var array: [UInt8] {
        var array: [UInt8] = []
        for index in 0..<count { array.append(unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)) }
        return array
    }
}

/// Passes when `body` fails with this code, and returns the error.
@discardableResult
func expectFailure(
    _ code: FileError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> FileError? {
    let error = #expect(throws: FileError.self, sourceLocation: sourceLocation) { try body() }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    return error
}

/// `count` bytes that differ from their neighbours and from other `tag`s.
func pattern(_ count: Int, _ tag: UInt8) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) ^ tag }
}

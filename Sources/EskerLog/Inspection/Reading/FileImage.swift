// Unsafe: makes a buffer on the mapped file, which the mapping keeps alive.
import EskerFiles
import EskerFormat

/// All bytes of a file as they are, mapped: nothing in them is believed yet.
///
/// For tools that look at stores nobody writes. A file that is cut while it is mapped ends the process (SIGBUS).
struct FileImage: Sendable {
    let path: String
    let bytes: Buffer

    /// Maps a file. `.io` when it cannot be read.
    init(_ path: String, files: any FileSystem) throws(StoreError) {
        self.path = path
        bytes = try storing { () throws(FileError) in
            let file = try files.open(path, .read)
            defer { file.close() }
            let length = Int(try file.size())
            guard length > 0 else { return Buffer.empty }
            let region = try file.map(offset: 0, length: length)
            return unsafe Buffer(base: region.base, byteCount: length, owner: region)
        }
    }

    /// The first eight bytes as a number, by which files are told apart; 0 when the file is shorter.
    var magic: UInt64 { bytes.byteCount >= 8 ? bytes.load(at: 0, as: UInt64.self) : 0 }
}

/// What a file says it is, by its first eight bytes.
enum FileKind: Sendable {
    case manifest, segment, journal, unknown

    init(_ image: FileImage) {
        switch image.magic {
        case Self.magic("EskerMan"): self = .manifest
        case Self.magic("EskerSeg"): self = .segment
        case Self.magic("EskerJnl"): self = .journal
        default: self = Self.byName(image.path)
        }
    }

    /// What the name says, for files whose first bytes are damaged.
    private static func byName(_ path: String) -> FileKind {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if name == "MANIFEST" { return .manifest }
        if name.hasSuffix(".segment") { return .segment }
        return name.hasSuffix(".journal") ? .journal : .unknown
    }

    private static func magic(_ text: StaticString) -> UInt64 {
        text.withUTF8Buffer { bytes in
            var value: UInt64 = 0
            for index in bytes.indices { unsafe value |= UInt64(bytes[index]) << UInt64(8 * index) }
            return value
        }
    }
}

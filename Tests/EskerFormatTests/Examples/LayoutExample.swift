import EskerFormat
import Foundation
import Testing

/// A worked example of a byte layout: hex with offsets and words, in the doc comment of a type or in `Fixtures/Formats`.
///
/// A line is a decimal offset, up to 16 bytes in hex (or one byte `× count`), and a word on what they are:
///
/// ```hex
///    0  45 73 6b 65 72 4a 6e 6c                          magic "EskerJnl"
///    8  01 00                                            version 1
///   10  00 × 4086                                        zeros
/// ```
struct LayoutExample {
    /// Where an example stands.
    enum Place: CustomStringConvertible {
        /// In the doc comment of a declaration such as `struct Manifest`, in a file below `Sources/EskerFormat`.
        case comment(of: String, in: String)
        /// In a file of `Fixtures/Formats`.
        case fixture(String)

        var url: URL {
            switch self {
            case .comment(_, let file): LayoutExample.root.appending(path: "Sources/EskerFormat/\(file)")
            case .fixture(let name): LayoutExample.root.appending(path: "Fixtures/Formats/\(name)")
            }
        }

        var description: String {
            switch self {
            case .comment(let declaration, let file): "the example above \(declaration) in \(file)"
            case .fixture(let name): "Fixtures/Formats/\(name)"
            }
        }
    }

    /// Something about the example's own form that is not as it should be.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// The folder of the package.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    let place: Place
    /// All lines of the file.
    private let file: [String]
    /// Which of them are the example.
    private let range: Range<Int>
    private let indent: String

    init(_ place: Place) throws {
        self.place = place
        file = try String(contentsOf: place.url, encoding: .utf8).components(separatedBy: "\n")
        switch place {
        case .fixture:
            indent = ""
            let start = file.firstIndex { !$0.hasPrefix("#") } ?? file.count
            range = start..<(file.last == "" ? max(start, file.count - 1) : file.count)
        case .comment(let declaration, _):
            indent = "/// "
            range = try Self.fence(above: declaration, in: file, place)
        }
    }

    /// The lines between the fences of the doc comment that stands above a declaration.
    private static func fence(above declaration: String, in file: [String], _ place: Place) throws -> Range<Int> {
        let words = [declaration + ":", declaration + " "]
        guard let line = file.firstIndex(where: { text in words.contains { text.contains($0) } && text.first != "/" })
        else { throw Fault(description: "\(place): no such declaration") }
        var start = line
        while start > 0, file[start - 1].hasPrefix("///") { start -= 1 }
        guard let open = file[start..<line].firstIndex(of: "/// ```hex"),
            let close = file[(open + 1)..<line].firstIndex(of: "/// ```")
        else { throw Fault(description: "\(place): the doc comment has no ```hex example") }
        return (open + 1)..<close
    }

    /// The example's lines, without what makes them a comment.
    var lines: [String] { file[range].map { String($0.dropFirst(indent.count)) } }

    /// The bytes that the lines spell, after checking that every offset is right.
    func bytes() throws -> [UInt8] {
        var bytes: [UInt8] = []
        for line in lines {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard let offset = words.first.flatMap({ Int($0) }), offset == bytes.count else {
                throw Fault(description: "\(place): offset \(bytes.count) is missing before \"\(line)\"")
            }
            bytes += try Self.hex(line.dropFirst(AnnotatedBytes.offsetWidth + 2).prefix(AnnotatedBytes.hexWidth), line)
        }
        return bytes
    }

    private static func hex(_ text: Substring, _ line: String) throws -> [UInt8] {
        let words = text.split(separator: " ")
        if words.count == 3, words[1] == "×", let byte = UInt8(words[0], radix: 16), let count = Int(words[2]) {
            return [UInt8](repeating: byte, count: count)
        }
        return try words.map { word in
            guard word.utf8.count == 2, let byte = UInt8(word, radix: 16) else {
                throw Fault(description: "\"\(word)\" in \"\(line)\" is no byte")
            }
            return byte
        }
    }

    /// Puts other lines in the place of the example's.
    func rewrite(_ lines: [String]) throws {
        var changed = file
        changed.replaceSubrange(range, with: lines.map { indent + $0 })
        try changed.joined(separator: "\n").write(to: place.url, atomically: true, encoding: .utf8)
    }

    /// Checks an example in full: the writer gives its bytes, the reader understands them, and its words are those that
    /// `annotate` finds for what the reader read.
    ///
    /// The layouts are frozen: lines change only with a new version. With `ESKER_MAKE_FIXTURES=1` in the environment the example is written anew instead, which fails the run.
    static func check(
        _ place: Place, written: Buffer, _ annotate: (Buffer, inout AnnotatedBytes) throws -> Void
    ) throws {
        let example = try LayoutExample(place)
        if ProcessInfo.processInfo.environment["ESKER_MAKE_FIXTURES"] == "1" {
            var fresh = AnnotatedBytes(written.array)
            try annotate(written, &fresh)
            try example.rewrite(fresh.lines)
            Issue.record("\(place) was written anew")
            return
        }
        let bytes = try example.bytes()
        #expect(bytes == written.array, "the writer gives the bytes of \(place)")
        var annotated = AnnotatedBytes(bytes)
        try annotate(Buffer(copying: bytes), &annotated)
        #expect(annotated.isComplete, "every byte of \(place) is explained")
        #expect(annotated.lines == example.lines, "what is read is what \(place) says")
    }
}

extension Buffer {
    /// All bytes.
    var array: [UInt8] { (0..<byteCount).map { load(at: $0, as: UInt8.self) } }

    /// The same bytes, but for those from `position` on.
    func replacing(at position: Int, with part: Buffer) -> Buffer {
        var bytes = array
        bytes.replaceSubrange(position..<(position + part.byteCount), with: part.array)
        return Buffer(copying: bytes)
    }
}

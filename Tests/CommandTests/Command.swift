import Foundation

/// Runs the built `esker` as a user does, and keeps what it prints.
struct Command {
    /// What a run came to.
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The program, which the build puts beside the tests.
    private static let program: URL = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("esker")
    }()

    /// Runs `esker` to its end.
    static func run(_ arguments: String..., input: String = "") throws -> Outcome {
        try run(arguments, input: input)
    }

    static func run(_ arguments: [String], input: String = "") throws -> Outcome {
        // Through files: pipes fill up when nobody reads them.
        let folder = try TemporaryFolder()
        let (output, errors, text) = (folder.path("output"), folder.path("errors"), folder.path("input"))
        try input.write(toFile: text, atomically: false, encoding: .utf8)
        for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = FileHandle(forReadingAtPath: text)
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }
}

extension Command {
    /// Starts `esker`, reads what it prints until that ends with `expected` (or the program ends), and ends it.
    ///
    /// - Parameter meanwhile: done once the program runs.
    static func follow(
        _ arguments: [String], until expected: String, meanwhile: () throws -> Void
    ) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        try meanwhile()
        var output = ""
        while !output.hasSuffix(expected) {
            let piece = pipe.fileHandleForReading.availableData
            if piece.isEmpty { break }
            output += String(decoding: piece, as: UTF8.self)
        }
        return output
    }
}

/// A directory that goes away with its last use.
final class TemporaryFolder {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("esker-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of a file in it.
    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file and gives its path.
    func file(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        return path(name)
    }
}

/// The project's own files.
enum Project {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func file(_ path: String) -> String { root.appendingPathComponent(path).path }
}

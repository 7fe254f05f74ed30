import EskerFormat

/// One thing that verifying a store found: what, where, how bad, and what to do.
package struct Finding: Sendable, Hashable {
    /// How bad it is; each level outweighs those before it.
    package enum Severity: Int, Sendable, Comparable, CaseIterable {
        /// Worth knowing, nothing to do.
        case clean
        /// The journal ends in a commit that was being written: it was never acknowledged as durable.
        case torn
        /// Bytes that were durable are damaged or missing.
        case corrupt
        /// Written by a newer version of Esker: this version cannot judge it.
        case newer
        /// Not a store, nor a file of one.
        case notAStore

        package static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }

        /// The word for it in reports.
        package var word: String {
            switch self {
            case .clean: "note"
            case .torn: "torn"
            case .corrupt: "corrupt"
            case .newer: "newer"
            case .notAStore: "not a store"
            }
        }

        /// What the command's process ends with.
        package var exitCode: Int32 {
            switch self {
            case .clean: 0
            case .torn: 1
            case .corrupt: 2
            case .newer, .notAStore: 3
            }
        }
    }

    package let severity: Severity
    package let file: String
    /// The place in the file, in bytes.
    package let offset: Int64?
    /// What is wrong, with expected and found values.
    package let what: String
    package let advice: String

    init(_ severity: Severity, _ file: String, at offset: Int? = nil, _ what: String, advice: String? = nil) {
        self.severity = severity
        self.file = file
        self.offset = offset.map { Int64($0) }
        self.what = what
        self.advice = advice ?? Self.advice(severity)
    }

    /// Bytes that are not what the format says. `base` is where the structure starts in the file.
    init(_ error: FormatError, _ file: String, at base: Int, advice: String? = nil) {
        self.init(
            error.code == .newerVersion ? .newer : .corrupt, file, at: base + (error.offset ?? 0), error.message,
            advice: advice)
    }

    private static func advice(_ severity: Severity) -> String {
        switch severity {
        case .clean: "nothing to do"
        case .torn: "nothing to do: the next opening cuts it off"
        case .corrupt: "run esker repair --dry-run to see what can be kept, then esker repair"
        case .newer: "use the version of Esker that wrote it"
        case .notAStore: "check the path"
        }
    }

    /// What and where, without the file and the advice.
    var reason: String { what + (offset.map { " (byte \($0))" } ?? "") }

    /// `corrupt: FILE, byte 12: what; advice`
    package var line: String {
        let place = offset.map { ", byte \($0)" } ?? ""
        return "\(severity.word): \(file)\(place): \(what); \(advice)"
    }
}

/// What verifying a store or file found.
package struct Verification: Sendable {
    package let path: String
    package internal(set) var findings: [Finding] = []
    package internal(set) var fileCount = 0
    package internal(set) var byteCount: Int64 = 0
    /// Rows in good blocks, as stored: rows in journal and segment alike count twice.
    package internal(set) var rowCount: Int64 = 0

    init(path: String) { self.path = path }

    /// The worst of the findings.
    package var severity: Finding.Severity { findings.map(\.severity).max() ?? .clean }

    /// 0 clean · 1 torn tail · 2 corrupt · 3 not a store, or a newer version's.
    package var exitCode: Int32 { severity.exitCode }

    mutating func add(_ finding: Finding) { findings.append(finding) }

    /// One line a finding, and a summary.
    package func text() -> String {
        let lines = findings.map { $0.line + "\n" }.joined()
        let word = severity == .clean ? "clean" : severity.word
        let size = ReadableText.size(byteCount)
        return lines + "\(word): \(path): \(ReadableText.count(fileCount)) files, \(size), "
            + "\(ReadableText.count(rowCount)) stored rows checked\n"
    }

    /// One object with all findings.
    package func json() -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("path", path)
            writer.member("result", severity == .clean ? "clean" : severity.word)
            writer.member("exit_code", exitCode)
            writer.member("files", fileCount)
            writer.member("bytes", byteCount)
            writer.member("stored_rows", rowCount)
            writer.array("findings", findings) { writer, finding in
                writer.object { writer in
                    writer.member("severity", finding.severity.word)
                    writer.member("file", finding.file)
                    writer.member("offset", finding.offset)
                    writer.member("what", finding.what)
                    writer.member("advice", finding.advice)
                }
            }
        }
        return writer.text + "\n"
    }
}

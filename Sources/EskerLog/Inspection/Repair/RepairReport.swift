import EskerFormat

/// What a repair did, or would do.
package struct RepairReport: Sendable {
    /// Rows that no file has any more.
    package struct LostRows: Sendable, Hashable {
        package let stream: UInt32
        package let streamName: String
        package let partition: Int
        /// Their offsets.
        package let offsets: Range<Int64>

        /// `events, partition 0: offsets 8–15 (8)`
        package var text: String {
            "\(streamName), partition \(partition): offsets \(offsets.lowerBound)–\(offsets.upperBound - 1) "
                + "(\(ReadableText.count(offsets.count)))"
        }
    }

    package let path: String
    package let isDryRun: Bool
    /// What verifying found before.
    package let before: Verification
    /// What verifying found afterwards; `nil` when nothing was changed.
    package internal(set) var after: Verification?
    /// What was or would be done, a line each, in order.
    package internal(set) var actions: [String] = []
    /// Files moved to `quarantine/`, by their old paths.
    package internal(set) var quarantined: [String] = []
    /// Rows that were written again into new segments.
    package internal(set) var rewrittenRows: Int64 = 0
    /// Rows that are lost, exactly.
    package internal(set) var lost: [LostRows] = []
    /// What else is lost or cannot be told.
    package internal(set) var notes: [String] = []

    init(path: String, isDryRun: Bool, before: Verification) {
        self.path = path
        self.isDryRun = isDryRun
        self.before = before
    }

    /// 0 nothing was wrong or nothing was lost · 1 repaired, rows are lost, or repairable in a dry run · 2 not repaired.
    package var exitCode: Int32 {
        if let after, after.severity > .clean { return 2 }
        if isDryRun { return before.exitCode == 0 ? 0 : 1 }
        return lost.isEmpty && notes.isEmpty ? 0 : 1
    }

    /// Lines for people.
    package func text() -> String {
        guard !actions.isEmpty else { return "\(path): nothing to repair\n" }
        var text = isDryRun ? "Would repair \(path):\n" : "Repaired \(path):\n"
        for action in actions { text += "  \(action)\n" }
        text += lost.isEmpty ? "No rows are lost.\n" : "Lost rows:\n" + lost.map { "  \($0.text)\n" }.joined()
        if !notes.isEmpty { text += "Note:\n" + notes.map { "  \($0)\n" }.joined() }
        if let after { text += "Verified again: " + (after.findings.last.map { "\($0.line)\n" } ?? "clean\n") }
        return text
    }

    /// One object.
    package func json() -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("path", path)
            writer.member("dry_run", isDryRun)
            writer.member("exit_code", exitCode)
            writer.member("result_before", before.severity == .clean ? "clean" : before.severity.word)
            writer.member("result_after", after.map { $0.severity == .clean ? "clean" : $0.severity.word })
            writer.array("actions", actions) { $0.write($1) }
            writer.array("quarantined", quarantined) { $0.write($1) }
            writer.member("rewritten_rows", rewrittenRows)
            writer.array("lost", lost) { writer, lost in
                writer.object { writer in
                    writer.member("stream", lost.streamName)
                    writer.member("stream_id", lost.stream)
                    writer.member("partition", lost.partition)
                    writer.member("first_offset", lost.offsets.lowerBound)
                    writer.member("end_offset", lost.offsets.upperBound)
                }
            }
            writer.array("notes", notes) { $0.write($1) }
        }
        return writer.text + "\n"
    }
}

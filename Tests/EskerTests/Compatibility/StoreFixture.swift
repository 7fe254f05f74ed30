import Esker
import EskerFormat
import Foundation

/// A store that a version of the format left behind, in `Fixtures/Stores`, and what is in it.
///
/// A fixture is never changed: every later version must read it. A new version of the format adds a folder.
struct StoreFixture: CustomStringConvertible {
    /// The folder of the fixtures.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/Stores")
    /// The versions of the format so far.
    static let all = ["v1"].map { StoreFixture(version: $0) }
    /// What the clock of all fixtures shows when they are read, µs.
    static let now: Int64 = 1_767_225_720_000_000

    /// What is asked of a store: the name of a section in `rows.txt`, and the query that gives its rows.
    static let queries = [
        ("samples", "SELECT _partition, _offset, _arrived, * FROM samples ORDER BY _partition, _offset"),
        ("events", "SELECT _partition, _offset, _arrived, * FROM events ORDER BY _partition, _offset"),
        ("late", "SELECT * FROM late ORDER BY id"),
        ("fresh", "SELECT * FROM fresh ORDER BY id"),
    ]
    /// The sections that are streams, not views.
    static let streams = ["samples", "events"]

    let version: String

    var folder: URL { Self.folder.appending(path: version) }
    var store: URL { folder.appending(path: "store") }
    var rowsFile: URL { folder.appending(path: "rows.txt") }
    var description: String { version }

    /// The rows that `rows.txt` tells, by section.
    func expectedRows() throws -> [String: [String]] {
        var sections: [String: [String]] = [:]
        var current = ""
        for line in try String(contentsOf: rowsFile, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("# ") {
                current = String(line.dropFirst(2))
                sections[current] = []
            } else {
                sections[current, default: []].append(String(line))
            }
        }
        return sections
    }

    /// Hands a copy of the store to `body`, which may change it.
    func withCopy<T>(_ body: (String) async throws -> T) async throws -> T {
        let copy = FileManager.default.temporaryDirectory.appending(path: "esker-fixture-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: store, to: copy)
        defer { try? FileManager.default.removeItem(at: copy) }
        return try await body(copy.path)
    }

    /// A row as `rows.txt` shows it.
    static func line(_ row: [Value]) -> String {
        row.map { $0 == .null ? "∅" : $0.text() }.joined(separator: " | ")
    }

    /// Rows of a stream as a replay hands them out, in the order of ``queries``.
    static func lines(replay: AsyncThrowingStream<ReplayedRows, any Error>) async throws -> [String] {
        var rows: [(partition: Int, offset: Int64, line: String)] = []
        for try await part in replay {
            for row in 0..<part.batch.count {
                let place: [Value] = [
                    .int4(Int32(part.partition)), .int8(part.offsets[row]), .timestamptz(part.arrivals[row]),
                ]
                let values = try part.batch.columns.map { try Value(of: $0, row: row) }
                rows.append((part.partition, part.offsets[row], line(place + values)))
            }
        }
        return rows.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }.map(\.line)
    }
}

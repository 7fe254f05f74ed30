import ArgumentParser

/// How rows are written in a file to ingest.
enum RowFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Comma-separated text, quoted as PostgreSQL's COPY quotes it.
    case csv
    /// A JSON object a line.
    case ndjson

    /// What a file's name says; nil when it says nothing.
    init?(path: String) {
        switch path.split(separator: ".").last?.lowercased() {
        case "csv": self = .csv
        case "ndjson", "jsonl": self = .ndjson
        default: return nil
        }
    }
}

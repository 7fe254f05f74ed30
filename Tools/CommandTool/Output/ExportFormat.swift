import ArgumentParser
import Esker
import EskerFormat

/// What rows are exported as.
enum ExportFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Comma-separated text with a header line and PostgreSQL's text forms.
    case csv
    /// One JSON object a row, each on a line of its own.
    case ndjson
    /// An Arrow IPC stream.
    case arrow

    /// What a file's name says; nil when it says nothing.
    init?(path: String) {
        switch path.split(separator: ".").last?.lowercased() {
        case "csv": self = .csv
        case "ndjson", "jsonl": self = .ndjson
        case "arrow", "arrows": self = .arrow
        default: return nil
        }
    }
}

/// Puts batches into the bytes of one format. Has no state: batches may be encoded side by side.
enum ExportEncoder: Sendable {
    case text(any RowText)
    case arrow(ArrowStreamWriter)

    /// Bytes of values in one step of an export, and so a bound of its memory.
    static let stepByteLimit = 16 << 20

    init(_ format: ExportFormat, _ source: ExportSource, settings: TextSettings, arrow options: ArrowOptions) {
        let names = source.columns.map { OutputColumn(name: $0.name, type: $0.type) }
        switch format {
        case .csv: self = .text(CSVRowText(names, settings))
        case .ndjson: self = .text(JSONRowText(names, settings, isArray: false))
        case .arrow:
            self = .arrow(
                source.schema.map { ArrowStreamWriter($0, options: options) }
                    ?? ArrowStreamWriter(source.columns, options: options))
        }
    }

    /// What stands before the rows.
    var header: ExportPieces {
        switch self {
        case .text(let text): .text([text.header])
        case .arrow(let writer): .memory([writer.header])
        }
    }

    /// What stands behind them.
    var end: ExportPieces {
        switch self {
        case .text: .text([])
        case .arrow(let writer): .memory([writer.end])
        }
    }

    /// - Parameter firstRow: rows exported before.
    func encode(_ batch: Batch, firstRow: Int) throws -> ExportPieces {
        switch self {
        case .arrow(let writer): return .memory(try writer.encode(batch, firstRow: firstRow))
        case .text(let text):
            var pieces: [[UInt8]] = []
            text.forEachPiece(batch.columns, count: batch.count) { pieces.append($0) }
            return .text(pieces)
        }
    }
}

/// Bytes to be written one piece behind the other.
enum ExportPieces: Sendable {
    case text([[UInt8]])
    case memory([Buffer])

    var byteCount: Int {
        switch self {
        case .text(let pieces): pieces.reduce(0) { $0 + $1.count }
        case .memory(let pieces): pieces.reduce(0) { $0 + $1.byteCount }
        }
    }
}

import EskerFormat

/// How large a store is, stream by stream; and, when asked why, column by column.
package struct StoreStatistics: Sendable {
    /// A column of a stream over all its segments.
    package struct Column: Sendable {
        package let stream: String
        package let cost: ColumnCost
        /// Why it is large, and what would change that; for columns that are a real part of the store.
        package let hint: String?
    }

    package let report: StoreReport
    /// The columns of all streams, the largest first; `nil` unless asked for.
    package let columns: [Column]?

    /// Columns below this share of the sealed bytes are not worth a hint.
    private static let hintShare = 0.03
    /// Columns that take less of what plain values under zstd would are small already.
    private static let hintRatio = 0.1

    /// - Parameter report: of a store, inspected with columns when `whyBig` is asked for.
    package init(_ report: StoreReport, whyBig: Bool) {
        self.report = report
        columns = whyBig ? Self.columns(report) : nil
    }

    private static func columns(_ report: StoreReport) -> [Column] {
        var costs: [String: [UInt32: ColumnCost]] = [:]
        for segment in report.segments {
            let stream = segment.streamName ?? segment.stream.map { "stream_\($0)" } ?? "?"
            for cost in segment.costs {
                if costs[stream]?[cost.id]?.add(cost) == nil { costs[stream, default: [:]][cost.id] = cost }
            }
        }
        let all = costs.flatMap { stream, costs in costs.values.map { (stream: stream, cost: $0) } }
        let floor = Double(report.segmentBytes) * hintShare
        return all.sorted {
            ($1.cost.byteCount, $0.stream, $0.cost.id) < ($0.cost.byteCount, $1.stream, $1.cost.id)
        }.map { stream, cost in
            let isLarge = Double(cost.byteCount) >= floor && (cost.zstdRatio ?? 1) >= hintRatio
            return Column(stream: stream, cost: cost, hint: isLarge ? cost.hint : nil)
        }
    }

    /// Bytes of segments and of the journal's files.
    package var byteCount: Int64 { report.segmentBytes &+ report.journalBytes }
}

// MARK: Text

extension StoreStatistics {
    /// Tables for a terminal of 140 characters. Ends with a line feed.
    package func text() -> String {
        let head = "Store \(report.path): \(ReadableText.size(byteCount))\n\n"
        let body = columns.map(columnText) ?? streamTable.text()
        return head + body + problemText
    }

    private var streamTable: TextTable {
        var table = TextTable([
            "stream", "rows>", "sealed>", "segments>", "bytes>", "bytes/row>", "logical>", "ratio>", "tail rows>",
            "tail bytes>",
        ])
        for stream in report.streams {
            table.add([
                stream.record.name, ReadableText.count(stream.sealedRows &+ stream.tailRows),
                ReadableText.count(stream.sealedRows), "\(stream.segmentCount)",
                ReadableText.count(stream.sealedBytes), ReadableText.hundredths(stream.sealedBytes, stream.sealedRows),
                ReadableText.count(stream.logicalByteCount),
                ReadableText.quotient(stream.logicalByteCount, stream.sealedBytes &+ stream.tailBytes),
                ReadableText.count(stream.tailRows), ReadableText.count(stream.tailBytes),
            ])
        }
        return table
    }

    private func columnText(_ columns: [Column]) -> String {
        var table = TextTable(["column", "bytes>", "share>", "bytes/row>", "of plain+zstd>", "encoding", "why"])
        let whole = report.segmentBytes
        for column in columns {
            let cost = column.cost
            table.add(
                [
                    name(column), ReadableText.size(cost.byteCount),
                    ReadableText.share(Int64(cost.byteCount), of: whole),
                    ReadableText.hundredths(cost.byteCount, cost.rowCount),
                    ReadableText.hundredths(cost.byteCount, cost.plainZstdLength), cost.encoding,
                    column.hint ?? cost.reason ?? "",
                ], wrapping: [38, 36])
        }
        let rest = whole &- columns.reduce(0) { $0 &+ Int64($1.cost.byteCount) }
        table.add(["headers, footers", ReadableText.size(rest), ReadableText.share(rest, of: whole), "", "", "", ""])
        table.add(["all segments", ReadableText.size(whole), ReadableText.share(whole, of: whole), "", "", "", ""])
        let tail = report.streams.reduce(0) { $0 &+ $1.tailBytes }
        return table.text() + "\n  not sealed yet: \(ReadableText.size(tail)); journal files: "
            + "\(ReadableText.size(report.journalBytes))\n"
    }

    /// With its stream, where there are several.
    private func name(_ column: Column) -> String {
        report.streams.count > 1 ? "\(column.stream).\(column.cost.name)" : column.cost.name
    }

    private var problems: [String] {
        report.problems + report.segments.flatMap { segment in segment.problems.map { "\(segment.path): \($0)" } }
            + report.journals.flatMap { journal in journal.problems.map { "\(journal.path): \($0)" } }
    }

    private var problemText: String {
        problems.isEmpty ? "" : "\nProblems\n" + problems.map { "  \($0)\n" }.joined()
    }
}

// MARK: JSON

extension StoreStatistics {
    /// One object; lengths are bytes.
    package func json() -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("path", report.path)
            writer.member("segment_bytes", report.segmentBytes)
            writer.member("journal_bytes", report.journalBytes)
            writer.array("streams", report.streams) { Self.write($1, &$0) }
            if let columns {
                writer.array("columns", columns) { writer, column in
                    writer.object { writer in
                        writer.member("stream", column.stream)
                        Inspection.members(column.cost, of: Int(clamping: report.segmentBytes), &writer)
                        writer.member("hint", column.hint)
                    }
                }
            }
            writer.array("problems", problems) { $0.write($1) }
        }
        return writer.text + "\n"
    }

    private static func write(_ stream: StreamReport, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", stream.record.name)
            writer.member("rows", stream.sealedRows &+ stream.tailRows)
            writer.member("sealed_rows", stream.sealedRows)
            writer.member("segments", stream.segmentCount)
            writer.member("bytes", stream.sealedBytes)
            writer.member(
                "bytes_per_row",
                stream.sealedRows == 0 ? nil : Double(stream.sealedBytes) / Double(stream.sealedRows))
            writer.member("logical_bytes", stream.logicalByteCount)
            writer.member("tail_rows", stream.tailRows)
            writer.member("tail_bytes", stream.tailBytes)
        }
    }
}

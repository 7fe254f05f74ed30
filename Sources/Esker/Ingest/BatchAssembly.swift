internal import EskerFormat

/// The batch and the rejects of the stretch of text that is being read. One reader owns it.
///
/// Rows are added a ``FieldTable`` at a time. A row with a field that is no value keeps its place in every column
/// until the end; only when there was such a row are the good ones gathered.
final class BatchAssembly {
    let schema: Schema
    private let sinks: [ColumnSink]
    /// The columns that the text has: the others stay without values.
    private let isPresent: [Bool]
    private let code: FieldCode
    private let settings: TextSettings
    private var badRows: Set<Int> = []
    private(set) var rejects: [RejectedLine] = []
    private(set) var rows = 0

    init(schema: Schema, isPresent: [Bool], code: FieldCode, settings: TextSettings) {
        self.schema = schema
        self.sinks = schema.columns.map(ColumnSink.init)
        self.isPresent = isPresent
        self.code = code
        self.settings = settings
    }

    /// Rows and rejects so far.
    var lineCount: Int { rows - badRows.count + rejects.count }

    /// Bytes of values so far.
    var byteCount: Int { sinks.reduce(0) { $0 + $1.byteCount } }

    /// Converts the fields of a table, column by column.
    ///
    /// - Returns: the first bad field of every row that has one, in the order of rows.
    func append(_ table: FieldTable, in window: ByteWindow) -> [BadField] {
        var bad: [BadField] = []
        for (column, sink) in sinks.enumerated() {
            guard isPresent[column] else {
                sink.appendNulls(table.count)
                continue
            }
            sink.append(table.fields(ofColumn: column, in: window), code, settings)
            for failure in sink.failures where badRows.insert(rows + failure.row).inserted {
                bad.append(BadField(row: failure.row, column: sink.definition.name, reason: failure.reason))
            }
        }
        rows += table.count
        return bad.sorted { $0.row < $1.row }
    }

    /// Adds a line that is no row.
    func append(_ reject: RejectedLine) { rejects.append(reject) }

    /// Ends the stretch. The assembly is then empty.
    func finish(bytesRead: Int, ignoredKeys: Int = 0) -> ParsedRows {
        var batch = Batch(schema: schema, columns: sinks.map { $0.finish() }, count: rows)
        if !badRows.isEmpty {
            let good = (0..<rows).filter { !badRows.contains($0) }.map { UInt32($0) }
            batch = batch.gather(good.span)
        }
        let parsed = ParsedRows(batch: batch, rejects: rejects, bytesRead: bytesRead, ignoredKeys: ignoredKeys)
        rows = 0
        rejects = []
        badRows.removeAll()
        return parsed
    }
}

/// A field that is no value of its column.
struct BadField {
    /// The row in the table.
    let row: Int
    let column: String
    let reason: String
}

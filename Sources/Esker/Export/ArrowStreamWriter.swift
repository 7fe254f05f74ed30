public import EskerFormat

/// Writes rows as an Arrow IPC stream, which pyarrow, polars, DuckDB and many others read.
///
/// ```swift
/// let rows = try await store.query("SELECT symbol, price FROM trades")
/// let writer = ArrowStreamWriter(rows.columns)
/// var file: [Buffer] = [writer.header]
/// var first = 0
/// for try await batch in rows {
///     file += try writer.encode(batch, firstRow: first)
///     first += batch.count
/// }
/// file.append(writer.end)
/// ```
///
/// What it gives are pieces of memory to be written one behind the other, with `writev` for instance; values that lie as
/// Arrow wants them are handed out where they lie, not copied. The writer has no state: batches may be encoded side by
/// side, if only they are written in order.
///
/// Numbers, truth values, dates, times and timestamps become Arrow's own; `numeric(p,s)` of up to 38 digits becomes a
/// decimal, `uuid` the extension type `arrow.uuid`, `bytea` binary, an array a list (its lower bound is lost); all else
/// is text: texts and JSON as they are, intervals, times with a zone and other numerics in PostgreSQL's text form.
///
/// Infinite dates and timestamps, 24:00:00, NaN in a `numeric(p,s)` and
/// arrays of several dimensions have no Arrow form: they end the export with an ``ArrowExportError`` that names column
/// and row. Leave such rows out, or export the column as text (`SELECT at::text …`).
public struct ArrowStreamWriter: Sendable {
    /// Bytes of values in one record batch, as far as rows allow: below Arrow's 2 GiB with plenty to spare, and little
    /// enough for readers that take a batch at a time.
    package static let batchByteLimit = 64 << 20

    private let names: [String]
    private let types: [DataType]
    private let areNullable: [Bool]
    /// The number of each column's dictionary; nil: its values stand in the batches.
    private let dictionaries: [Int64?]

    /// A writer for the rows of a stream.
    public init(_ schema: Schema, options: ArrowOptions = ArrowOptions()) {
        self.init(schema.columns.map { ($0.name, $0.type, $0.isNullable) }, options)
    }

    /// A writer for the rows of a query. A repeated name gets its place behind it: readers need names that differ.
    public init(_ columns: [ResultColumn], options: ArrowOptions = ArrowOptions()) {
        var seen: Set<String> = []
        let named = columns.enumerated().map { index, column in
            var name = column.name
            while !seen.insert(name).inserted { name += "_\(index + 1)" }
            return (name, column.type, true)
        }
        self.init(named, options)
    }

    private init(_ columns: [(name: String, type: DataType, isNullable: Bool)], _ options: ArrowOptions) {
        names = columns.map(\.name)
        types = columns.map(\.type)
        areNullable = columns.map(\.isNullable)
        dictionaries = columns.enumerated().map { index, column in
            options.dictionaries.contains(column.name) && column.type.isText ? Int64(index) : nil
        }
    }

    /// What the stream begins with.
    public var header: Buffer {
        ArrowMessage.schema(
            names.indices.map { index in
                ArrowType(types[index]).field(
                    named: names[index], isNullable: areNullable[index], dictionary: dictionaries[index])
            })
    }

    /// What the stream ends with.
    public var end: Buffer { ArrowMessage.end }

    /// Rows as one record batch, or as several when they take more than 64 MiB.
    ///
    /// - Parameter firstRow: rows that were encoded before, for the place that an error names.
    /// - Throws: ``ArrowExportError``.
    public func encode(_ batch: Batch, firstRow: Int = 0) throws(ArrowExportError) -> [Buffer] {
        precondition(batch.columns.count == types.count, "a batch has the writer's columns")
        var pieces: [Buffer] = []
        for rows in RowRanges.split(batch.columns, count: batch.count, ofAtMost: Self.batchByteLimit) {
            try encode(batch.slice(rows), firstRow: firstRow + rows.lowerBound, to: &pieces)
        }
        return pieces
    }

    private func encode(
        _ batch: Batch, firstRow: Int, to pieces: inout [Buffer]
    ) throws(ArrowExportError) {
        var encoder = ArrowColumnEncoder()
        for (index, column) in batch.columns.enumerated() {
            do throws(UnfitValue) {
                let column = column.retyped(types[index])
                if let dictionary = dictionaries[index] {
                    let (codes, values) = column.codesAndValues
                    var words = ArrowColumnEncoder()
                    try words.append(values)
                    pieces += ArrowMessage.dictionary(dictionary, rows: values.count, words.body)
                    encoder.append(column, codes: codes)
                } else {
                    try encoder.append(column)
                }
            } catch {
                throw ArrowExportError(
                    column: names[index], row: firstRow + error.row,
                    message: "\(error.reason); leave such rows out, or select the column as text")
            }
        }
        pieces += ArrowMessage.recordBatch(rows: batch.count, encoder.body)
    }
}

// Unsafe: copies bytes of text columns, whose bounds the column has checked.

public import EskerFormat

/// Guesses the columns of a stream from the beginning of a text.
///
/// Names come from the header or the keys, in the order in which they first stand there; types are the narrowest that
/// hold every value of the sample unchanged. All columns may be without a value: no sample proves the contrary. A later
/// value that does not fit is rejected like any other, so the longer the sample, the better.
///
/// ```swift
/// let source = try PeekedByteSource(FileDescriptorByteSource(0, name: "standard input"))
/// let schema = try SchemaSampler.csv(source)
/// let reader = try CSVReader(source, schema: schema)
/// ```
public enum SchemaSampler {
    /// The columns of comma-separated text. Without a header they are named `column1`, `column2`, ….
    public static func csv(_ source: PeekedByteSource, options: CSVOptions = CSVOptions()) throws -> Schema {
        let sample = wholeLines(source)
        var headed = options
        headed.hasHeader = true
        let first =
            try CSVReader(MemoryByteSource(sample), schema: Schema(columns: []), options: headed).firstRow() ?? []
        if first.isEmpty { throw IngestError(.header, "no columns can be guessed from an empty text") }
        let names = first.enumerated().map { index, name in
            options.hasHeader && !name.isEmpty ? name : "column\(index + 1)"
        }
        guard Set(names).count == names.count else {
            throw IngestError(
                .header, "the header line names a column more than once: \(names.joined(separator: ", "))")
        }
        let texts = Schema(columns: definitions(names) { _ in .text })
        var unheaded = options
        unheaded.hasHeader = false
        let reader = try CSVReader(MemoryByteSource(sample), schema: texts, options: unheaded)
        var guesses = [TypeGuess](repeating: TypeGuess(), count: names.count)
        var isHeader = options.hasHeader
        while let parsed = try reader.next() {
            let rows = parsed.batch.count
            for (index, column) in parsed.batch.columns.enumerated() {
                for row in (isHeader ? 1 : 0)..<max(rows, 1) where row < rows && column.isValid(row) {
                    guesses[index].add(column.text(row))
                }
            }
            if rows > 0 { isHeader = false }
        }
        return Schema(columns: definitions(names) { guesses[$0].type })
    }

    /// The columns of lines of JSON objects: the keys of all objects of the sample. Values that are objects or arrays
    /// make a `json` column.
    public static func ndjson(_ source: PeekedByteSource) throws -> Schema {
        let window = ByteWindow(MemoryByteSource(wholeLines(source)))
        try window.fill(atLeast: source.beginning.count + 1)
        try window.passByteOrderMark()
        window.terminate()
        var sample = JSONSample()
        var position = 0
        while let end = window.firstLineFeed(from: position) {
            sample.add(position..<end, window)
            position = end + 1
        }
        if sample.names.isEmpty {
            throw IngestError(.header, "no columns can be guessed: there is no line with a JSON object")
        }
        return Schema(columns: definitions(sample.names) { sample.guesses[$0].type })
    }

    private static func definitions(_ names: [String], _ type: (Int) -> DataType) -> [ColumnDefinition] {
        names.enumerated().map { ColumnDefinition(id: UInt32($0.offset + 1), name: $0.element, type: type($0.offset)) }
    }

    /// The sample without a last line that may be cut off.
    private static func wholeLines(_ source: PeekedByteSource) -> [UInt8] {
        if source.isWhole { return source.beginning }
        guard let last = source.beginning.lastIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
            return source.beginning
        }
        return Array(source.beginning[...last])
    }
}

extension Column {
    /// The bytes of a text column's row.
    fileprivate func text(_ row: Int) -> [UInt8] { unsafe Array(bytes(at: row)) }
}

internal import EskerFormat

/// The names in the first line of comma-separated text.
struct CSVHeader {
    private let names: [String]

    init(_ names: [String]) { self.names = names }

    /// The column of the schema for every field.
    ///
    /// Throws for a name that is no column, for one that stands there twice, and for a column that must have a value
    /// and is not there.
    func slots(in schema: Schema) throws(IngestError) -> [Int] {
        let unknown = names.filter { schema.index(of: $0) == nil }
        if !unknown.isEmpty {
            let known = schema.columns.map(\.name).joined(separator: ", ")
            throw IngestError(
                .header,
                "the header line names \(Self.quoted(unknown)), which the stream does not have; its columns are \(known). "
                    + "If the first line is a row, say that there is no header")
        }
        var seen: Set<String> = []
        let repeated = names.filter { !seen.insert($0).inserted }
        if !repeated.isEmpty {
            throw IngestError(.header, "the header line names \(Self.quoted(repeated)) more than once")
        }
        let missing = schema.columns.filter { !$0.isNullable && !seen.contains($0.name) }.map(\.name)
        if !missing.isEmpty {
            throw IngestError(
                .header, "the header line lacks \(Self.quoted(missing)), which may not be without a value")
        }
        return names.compactMap(schema.index)
    }

    private static func quoted(_ names: [String]) -> String {
        (names.count == 1 ? "column " : "columns ") + names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}

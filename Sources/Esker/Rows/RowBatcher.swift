// Unsafe: lends the memory of an array of rows to the loops over its columns.

package import EskerFormat

/// Turns rows of one Swift type into batches of one schema. Thread-safe: it holds no state between calls.
package struct RowBatcher<R: Row>: Sendable {
    /// What the batches are of.
    package let schema: Schema
    /// For each column of the schema the row's; `nil`: the rows do not have it and it stays NULL.
    private let sources: [RowColumn<R>?]

    /// Matches the row's columns with the schema's by name.
    ///
    /// - Throws: when a column is missing and NOT NULL, unknown, named twice, or of a type that cannot hold the values.
    package init(schema: Schema) throws(RowShapeError) {
        let name = String(describing: R.self)
        var sources = [RowColumn<R>?](repeating: nil, count: schema.columns.count)
        for column in R.columns {
            guard let index = schema.index(of: column.name) else {
                throw .unknown(column.name, name, schema)
            }
            guard sources[index] == nil else { throw .repeated(column.name, name) }
            let type = schema.columns[index].type
            guard column.source.isStorable(type), column.source.isStorable(column.type) else {
                let wrong = column.source.isStorable(type) ? column.type : type
                throw .wrongType(column.name, column.source.swiftType, wrong, name)
            }
            sources[index] = column
        }
        for (column, source) in zip(schema.columns, sources) where source == nil && !column.isNullable {
            throw .missing(column, name)
        }
        self.schema = schema
        self.sources = sources
    }

    /// The rows as a batch, column by column; those with a value that its column cannot hold are told apart.
    package func convert(_ rows: [R]) -> ConvertedRows {
        unsafe rows.withUnsafeBufferPointer { unsafe convert($0) }
    }

    /// The rows as a batch, for callers that keep them in memory of their own.
    @unsafe
    package func convert(_ rows: UnsafeBufferPointer<R>) -> ConvertedRows {
        var columns: [Column] = []
        columns.reserveCapacity(sources.count)
        var rejects: [RowReject] = []
        for (definition, source) in zip(schema.columns, sources) {
            var faults: [ColumnFault] = []
            if let source {
                columns.append(unsafe source.source.column(rows, definition.type, &faults))
            } else {
                columns.append(Column.nulls(definition.type, count: rows.count))
            }
            for fault in faults {
                rejects.append(RowReject(row: fault.row, column: definition.name, reason: fault.reason))
            }
            rejects += BatchCheck.missingValues(columns[columns.count - 1], definition)
        }
        return ConvertedRows(Batch(schema: schema, columns: columns, count: rows.count), faults: rejects)
    }
}

package import EskerFormat

/// Turns `Codable` values into batches of one schema: the convenient way, about ten times slower than a ``RowBatcher``.
///
/// | Swift | column |
/// |---|---|
/// | properties, by coding key | the column of that name; a column without a key is NULL |
/// | integers of every width | integer columns that hold the value, numeric, floats that hold it exactly |
/// | `String` | text; columns of other types read it as a literal; json and jsonb take it as JSON text |
/// | ``ColumnValue``s, enums with raw values | as their value |
/// | Foundation's `Date` | timestamptz, timestamp (to the microsecond; recognised by its name) |
/// | Foundation's `UUID`, `Data`; `[UInt8]` | uuid; bytea |
/// | arrays | array columns, json, jsonb |
/// | anything else that nests | json, jsonb |
///
/// A value that cannot be stored refuses its row only. Not thread-safe: one owner at a time.
package final class EncodableBatcher<T: Encodable> {
    /// What the batches are of.
    package let schema: Schema
    private let encoder: RowEncoder

    /// A batcher for a stream of that schema.
    package init(schema: Schema) {
        self.schema = schema
        self.encoder = RowEncoder(schema)
    }

    /// The rows as a batch; those that could not be encoded are told apart.
    package func convert(_ rows: [T]) -> ConvertedRows {
        var rejects: [RowReject] = []
        for (index, row) in rows.enumerated() {
            encoder.beginRow()
            do {
                try row.encode(to: encoder)
                try encoder.endRow()
            } catch {
                let failure = encoder.failure(error)
                encoder.takeBackRow()
                rejects.append(RowReject(row: index, column: failure.column, reason: failure.reason))
            }
        }
        return ConvertedRows(batch: encoder.finish(), rejects: rejects)
    }
}

public import EskerFormat

extension Batch {
    /// The rows as values of a `Decodable` type, matched by the names of columns.
    ///
    /// ```swift
    /// struct TopWord: Decodable { var word: String; var n: Int }
    /// let top = try batch.rows(as: TopWord.self)
    /// let counts = try countBatch.rows(as: Int.self)  // one column: single values
    /// ```
    ///
    /// | Swift | column |
    /// |---|---|
    /// | integers | integer types and whole numerics that fit |
    /// | `Double`, `Float` | floats, integers, numeric |
    /// | `String` | every type, in PostgreSQL's text form |
    /// | ``Timestamp``, ``Day``, `Numeric`, `UUIDBytes`, `[UInt8]`, … | their column |
    /// | Foundation's `Date` and `UUID` | timestamptz and timestamp; uuid |
    /// | arrays | array columns |
    /// | nested types | json, jsonb |
    ///
    /// An optional property is nil when its column is NULL or not there. Columns without a property are passed over.
    public func rows<T: Decodable>(as type: T.Type = T.self) throws(RowDecodingError) -> [T] {
        let decoder = BatchDecoder(self)
        var rows: [T] = []
        rows.reserveCapacity(count)
        for row in 0..<count { rows.append(try decoder.decode(type, row: row)) }
        return rows
    }
}

/// Reads rows of a batch as `Decodable` values. Not thread-safe: one owner at a time.
package final class BatchDecoder {
    /// Number of rows.
    package let count: Int
    private let decoder: RowDecoder

    /// A decoder of the rows of a batch. O(columns), and O(rows) for each dictionary column.
    package init(_ batch: Batch) {
        count = batch.count
        decoder = RowDecoder(batch)
    }

    /// One row. Traps outside the batch.
    package func decode<T: Decodable>(_ type: T.Type, row: Int) throws(RowDecodingError) -> T {
        precondition(row >= 0 && row < count, "row outside the batch")
        decoder.begin(row)
        do {
            return try T(from: decoder)
        } catch {
            let failure = RowFailure(decoding: error)
            throw RowDecodingError(row: row, column: failure.column, reason: failure.reason)
        }
    }
}

extension RowFailure {
    /// What to tell of an error that ended the decoding of a row.
    init(decoding error: any Error) {
        if let failure = error as? RowFailure {
            self = failure
            return
        }
        guard let error = error as? DecodingError else {
            self.init(column: "", reason: String(describing: error))
            return
        }
        let context: DecodingError.Context? =
            switch error {
            case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
                .valueNotFound(_, let context):
                context
            @unknown default: nil
            }
        self.init(
            column: context?.codingPath.first?.stringValue ?? "",
            reason: context?.debugDescription ?? String(describing: error))
    }
}

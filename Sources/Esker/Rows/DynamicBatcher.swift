package import EskerFormat

/// Turns rows whose columns are known only at run time into batches of one schema. Thread-safe: it holds no state.
///
/// Values are assigned as ``ValueCoercion`` says: `.int4(7)` and `.text("7")` both go into a `bigint` column. About ten
/// times slower than a ``RowBatcher``: every value is looked at by itself.
package struct DynamicBatcher: Sendable {
    /// What the batches are of.
    package let schema: Schema

    /// A batcher for a stream of that schema.
    package init(schema: Schema) { self.schema = schema }

    /// Rows with one value a column, in the schema's order.
    package func convert(_ rows: [[Value]]) -> ConvertedRows {
        convert(rows) { (row, builder, scratch) throws(RowFailure) in
            guard row.count == schema.columns.count else {
                throw RowFailure(column: "", reason: "\(row.count) values for \(schema.columns.count) columns")
            }
            for (index, value) in row.enumerated() { try append(value, index, builder, &scratch) }
        }
    }

    /// Rows with values by the name of their column; a column without one is NULL.
    package func convert(_ rows: [[String: Value]]) -> ConvertedRows {
        convert(rows) { (row, builder, scratch) throws(RowFailure) in
            var used = 0
            for (index, column) in schema.columns.enumerated() {
                let value = row[column.name]
                if value != nil { used += 1 }
                try append(value ?? .null, index, builder, &scratch)
            }
            if used < row.count {
                let unknown = row.keys.filter { schema.index(of: $0) == nil }.sorted()
                throw RowFailure(column: unknown[0], reason: "the stream has no such column")
            }
        }
    }

    private func convert<R>(
        _ rows: [R], _ append: (R, BatchBuilder, inout [UInt8]) throws(RowFailure) -> Void
    ) -> ConvertedRows {
        let builder = BatchBuilder(schema, capacity: rows.count)
        var rejects: [RowReject] = []
        var scratch: [UInt8] = []
        var good = 0
        for (index, row) in rows.enumerated() {
            do throws(RowFailure) {
                try append(row, builder, &scratch)
                good += 1
            } catch {
                builder.truncate(to: good)
                rejects.append(RowReject(row: index, column: error.column, reason: error.reason))
            }
        }
        return ConvertedRows(batch: builder.finish(), rejects: rejects)
    }

    private func append(
        _ value: Value, _ index: Int, _ builder: BatchBuilder, _ scratch: inout [UInt8]
    ) throws(RowFailure) {
        let column = schema.columns[index]
        if case .null = value, !column.isNullable {
            throw RowFailure(column: column.name, reason: BatchCheck.missingReason(column.name))
        }
        do throws(ValueError) {
            let assigned = try ValueCoercion.assign(value, to: column.type)
            if let reason = TimeCheck.fault(assigned) { throw ValueError(sqlState: "22008", message: reason) }
            builder.columns[index].append(assigned, scratch: &scratch)
        } catch {
            throw RowFailure(column: column.name, reason: error.message)
        }
    }
}

/// Why a row cannot be taken in; ends the row's conversion.
struct RowFailure: Error {
    let column: String
    let reason: String
}

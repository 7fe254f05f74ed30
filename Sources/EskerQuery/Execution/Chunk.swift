package import EskerFormat

/// Rows on their way through a query: columns by place, without names.
package struct Chunk: Sendable {
    package var columns: [Column]
    package var count: Int

    package init(columns: [Column], count: Int) {
        self.columns = columns
        self.count = count
    }

    /// The rows that `rows` names, in its order.
    func gather(_ rows: [UInt32]) -> Chunk {
        Chunk(columns: columns.map { $0.gather(rows.span) }, count: rows.count)
    }

    func slice(_ range: Range<Int>) -> Chunk {
        if range == 0..<count { return self }
        return Chunk(columns: columns.map { $0.slice(range) }, count: range.count)
    }

    /// The rows of several chunks, in order.
    static func concatenate(_ chunks: [Chunk], types: [DataType]) -> Chunk {
        if chunks.count == 1 { return chunks[0] }
        let columns = types.indices.map { index in
            Column.concatenate(chunks.map { $0.columns[index] }, type: types[index])
        }
        return Chunk(columns: columns, count: chunks.reduce(0) { $0 + $1.count })
    }
}

extension Column {
    /// The one row of this column, `count` times.
    package func repeated(_ count: Int) -> Column {
        precondition(self.count == 1, "only one row can be repeated")
        if nullCount == 1 { return .constantNull(type, rows: count) }
        if case .constant(let dictionary) = values {
            return Column(type: type, count: count, validity: nil, values: .constant(dictionary))
        }
        return Column(type: type, count: count, validity: nil, values: .constant(ColumnDictionary(plain)))
    }

    /// Whether every row is the same by construction.
    var isConstant: Bool {
        if case .constant = values { return nullCount == 0 || nullCount == count }
        return false
    }
}

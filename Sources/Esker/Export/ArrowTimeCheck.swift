import EskerFormat

/// Finds dates and times that Arrow does not have: the infinities, which are PostgreSQL's, and 24:00:00.
///
/// As numbers they would be read as dates of some far year, or (24:00:00) as midnight in one program and as nothing in
/// the other.
enum ArrowTimeCheck {
    /// - Throws: for the first such value of a plain column; columns of other types are fine.
    static func check(_ column: Column) throws(UnfitValue) {
        switch column.type {
        case .date: try refuse(Int32.min, Int32.max, in: column, "date")
        case .timestamp, .timestamptz: try refuse(Int64.min, Int64.max, in: column, "timestamp")
        case .time: try refuse(86_400_000_000 as Int64, 86_400_000_000, in: column, "time")
        default: break
        }
    }

    @inline(__always)
    private static func refuse<T: FixedWidthInteger & BitwiseCopyable>(
        _ one: T, _ other: T, in column: Column, _ kind: String
    ) throws(UnfitValue) {
        let values = column.span(as: T.self)
        var isFound = false
        var row = 0
        while row < values.count {
            isFound = values[row] == one || values[row] == other ? true : isFound
            row &+= 1
        }
        // Rows without a value may hold anything.
        guard isFound,
            let row = (0..<column.count).first(where: { row in
                column.isValid(row) && (values[row] == one || values[row] == other)
            })
        else { return }
        let text = (try? Value(of: column, row: row))?.text() ?? "what stands there"
        throw UnfitValue(row: row, reason: "\(text) is no Arrow \(kind)")
    }
}

package import EskerFormat

/// A row that was not taken in, and why. Its good neighbours were.
public struct RowReject: Hashable, Sendable, CustomStringConvertible {
    /// The place of the row among those handed over, counted from 0.
    public let row: Int
    /// The column whose value is wrong; empty when it is no single column.
    public let column: String
    /// One sentence without a full stop: `value too long for type character varying(12)`.
    public let reason: String

    /// Describes a reject.
    public init(row: Int, column: String, reason: String) {
        self.row = row
        self.column = column
        self.reason = reason
    }

    /// `row 17: column "symbol": value too long for type character varying(12)`.
    public var description: String {
        column.isEmpty ? "row \(row): \(reason)" : "row \(row): column \"\(column)\": \(reason)"
    }
}

/// What became of Swift values: the good ones as a batch, the others with their reasons.
package struct ConvertedRows: Sendable {
    /// The good rows, in the order they were handed over. They need no further check.
    package let batch: Batch
    /// The first fault of every bad row, in the order of rows.
    package let rejects: [RowReject]

    /// Drops from a freshly made batch the rows that have a fault.
    ///
    /// - Parameter faults: of any row any number, in any order, those of earlier columns first.
    init(_ batch: Batch, faults: [RowReject]) {
        self.rejects = RowReject.firstOfEachRow(faults)
        self.batch = batch.without(rejects)
    }

    /// - Parameter rejects: one a row, in the order of rows; rows that `batch` does not hold.
    init(batch: Batch, rejects: [RowReject]) {
        self.batch = batch
        self.rejects = rejects
    }
}

extension RowReject {
    /// One fault a row, the first given, in the order of rows.
    static func firstOfEachRow(_ faults: [RowReject]) -> [RowReject] {
        guard faults.count > 1 else { return faults }
        var seen: Set<Int> = []
        return faults.filter { seen.insert($0.row).inserted }.sorted { $0.row < $1.row }
    }
}

extension Batch {
    /// The rows that are not rejected; the batch itself when none are. O(rows × columns) then, else O(1).
    package func without(_ rejects: [RowReject]) -> Batch {
        if rejects.isEmpty { return self }
        let bad = Set(rejects.map(\.row))
        let good = (0..<count).filter { !bad.contains($0) }.map { UInt32($0) }
        return gather(good.span)
    }
}

/// What is wrong with one value of a column.
struct ColumnFault {
    let row: Int
    let reason: String
}

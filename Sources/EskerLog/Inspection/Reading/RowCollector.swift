import EskerFormat

/// Collects the first rows of each stream out of blocks that come in order.
struct RowCollector {
    private let limit: Int
    private let names: ColumnNames
    private var reports: [UInt32: RowsReport] = [:]
    private var order: [UInt32] = []

    init(limit: Int, names: ColumnNames) {
        self.limit = limit
        self.names = names
    }

    /// The rows, a report a stream in the order of their first blocks.
    var result: [RowsReport] { order.compactMap { reports[$0] } }

    /// Whether a stream has as many rows as were asked for.
    func isFull(_ stream: UInt32) -> Bool { (reports[stream]?.rows.count ?? 0) >= limit }

    /// Takes rows of a block whose checksums were compared.
    mutating func add(_ block: Block) {
        let header = block.header
        guard limit > 0, header.rowCount > 0, !header.isCommitMark, !isFull(header.stream) else { return }
        let ids = columnIDs(header)
        if reports[header.stream] == nil {
            let titles = ids.map { names.column($0, in: header) }
            reports[header.stream] = RowsReport(
                stream: names.stream(header.stream) ?? "stream_\(header.stream)",
                columns: ["_partition", "_offset", "_arrived"] + titles, rows: [])
            order.append(header.stream)
        }
        let known = reports[header.stream]!.rows.count
        let count = min(header.rowCount, limit - known)
        let columns = ids.map { id in Self.cells(count) { () throws(FormatError) in try block.column(id) } }
        let (places, arrivals) = Self.places(block, count)
        let width = reports[header.stream]!.columns.count
        for row in 0..<count {
            var cells: [RowsReport.Cell] = [.value(.int4(Int32(truncatingIfNeeded: header.partition)))]
            cells.append(.value(.int8(places[row])))
            cells.append(.value(.timestamptz(arrivals[row])))
            cells += columns.map { $0[row] }
            // A block of an older schema has fewer columns, one of a newer schema more.
            while cells.count < width { cells.append(.value(.null)) }
            reports[header.stream]!.rows.append(Array(cells.prefix(width)))
        }
    }

    private func columnIDs(_ header: BlockHeader) -> [UInt32] {
        if let schema = names.schema(header.stream, header.schemaVersion) { return schema.columns.map(\.id) }
        return header.columns.map(\.id).filter { $0 < SystemColumn.firstID }
    }

    private static func cells(_ count: Int, _ read: () throws(FormatError) -> Column?) -> [RowsReport.Cell] {
        do throws(FormatError) {
            guard let column = try read() else { return [RowsReport.Cell](repeating: .value(.null), count: count) }
            let reader = CellReader(column: column)
            return (0..<count).map { row in
                do throws(FormatError) { return .value(try reader.value(row)) } catch {
                    return .unreadable(error.message)
                }
            }
        } catch {
            return [RowsReport.Cell](repeating: .unreadable(error.message), count: count)
        }
    }

    private static func places(_ block: Block, _ count: Int) -> ([Int64], [Int64]) {
        let header = block.header
        let isSmall = header.rowCount <= BlockVerifier.maximumRows
        let offsets = isSmall ? (try? block.offsets()) ?? nil : nil
        let arrivals = isSmall ? (try? block.arrivals()) ?? nil : nil
        return (
            (0..<count).map { offsets?[$0] ?? header.baseOffset + Int64($0) },
            (0..<count).map { arrivals?[$0] ?? header.arrival }
        )
    }
}

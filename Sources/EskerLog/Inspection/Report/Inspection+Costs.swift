import EskerFormat

/// The readable form of what columns take.
extension Inspection {
    /// Characters of a reason and of an encoding in one line, so that the table has at most 140.
    private static let wordWidths = [14, 31]

    /// The columns of a segment with their shares of the file, its pools, and the bounds of its values.
    static func costs(_ place: String, _ report: SegmentReport) -> String {
        guard !report.costs.isEmpty else { return "" }
        var text = "\nColumns\(place)\n" + costTable(report.costs, fileLength: report.fileLength).text()
        if !report.pools.isEmpty { text += "\nPools\(place)\n" + poolTable(report.pools).text() }
        return text + "\nValues\(place)\n" + boundsTable(report.columns).text()
    }

    private static func costTable(_ costs: [ColumnCost], fileLength: Int) -> TextTable {
        var table = TextTable([
            "column", "stored>", "pools>", "bytes/row>", "of file>", "plain>", "plain+zstd>", "of that>", "because",
            "encoding",
        ])
        for cost in costs { table.add(costCells(cost, fileLength), wrapping: wordWidths) }
        let total = ColumnSums(costs)
        table.add([
            "all columns", ReadableText.size(total.stored), ReadableText.size(total.pools),
            ReadableText.hundredths(total.byteCount, total.rows), ReadableText.share(total.byteCount, of: fileLength),
            ReadableText.size(total.plain), ReadableText.size(total.plainZstd),
            ReadableText.hundredths(total.byteCount, total.plainZstd), "", "",
        ])
        let rest = fileLength - total.byteCount
        table.add([
            "headers, footer", ReadableText.size(rest), "", ReadableText.hundredths(rest, total.rows),
            ReadableText.share(rest, of: fileLength), "", "", "", "", "",
        ])
        return table
    }

    private static func costCells(_ cost: ColumnCost, _ fileLength: Int) -> [String] {
        [
            cost.name, ReadableText.size(cost.storedLength),
            cost.poolLength == 0 ? "-" : ReadableText.size(cost.poolLength),
            ReadableText.hundredths(cost.byteCount, cost.rowCount), ReadableText.share(cost.byteCount, of: fileLength),
            ReadableText.size(cost.plainLength), ReadableText.size(cost.plainZstdLength),
            ReadableText.hundredths(cost.byteCount, cost.plainZstdLength), cost.reason ?? "-", cost.encoding,
        ]
    }

    private static func poolTable(_ pools: [PoolReport]) -> TextTable {
        var table = TextTable(["pool>", "of column", "kind", "values>", "bytes>", "bytes/value>", "encoding"])
        for pool in pools {
            table.add([
                "\(pool.number)", pool.column ?? "-", pool.kind, ReadableText.count(pool.valueCount),
                ReadableText.size(pool.byteCount), ReadableText.hundredths(pool.byteCount, pool.valueCount),
                pool.encoding,
            ])
        }
        return table
    }

    private static func boundsTable(_ columns: [ColumnReport]) -> TextTable {
        var table = TextTable(["column", "id>", "type", "nulls>", "least", "greatest"])
        for column in columns {
            table.add([
                column.name, column.id >= SystemColumn.firstID ? "-" : "\(column.id)", column.type,
                ReadableText.count(column.nullCount), column.minimum ?? "-", column.maximum ?? "-",
            ])
        }
        return table
    }

    // MARK: JSON

    /// Members for what columns take.
    static func costMembers(_ report: SegmentReport, _ writer: inout JSONWriter) {
        writer.array("column_costs", report.costs) { writer, cost in
            writer.object { members(cost, of: report.fileLength, &$0) }
        }
        writer.array("pools", report.pools) { writer, pool in
            writer.object { writer in
                writer.member("pool", pool.number)
                writer.member("column", pool.column)
                writer.member("kind", pool.kind)
                writer.member("type", pool.type)
                writer.member("values", pool.valueCount)
                writer.member("bytes", pool.byteCount)
                writer.member("encoding", pool.encoding)
            }
        }
        let total = ColumnSums(report.costs)
        writer.object("column_totals") { writer in
            writer.member("stored_bytes", total.stored)
            writer.member("pool_bytes", total.pools)
            writer.member("other_bytes", report.fileLength - total.byteCount)
            writer.member("logical_bytes", total.plain)
            writer.member("plain_zstd_bytes", total.plainZstd)
        }
    }

    /// A column with its share of `whole` bytes.
    static func members(_ cost: ColumnCost, of whole: Int, _ writer: inout JSONWriter) {
        writer.member("name", cost.name)
        writer.member("id", cost.id)
        writer.member("type", cost.type)
        writer.member("rows", cost.rowCount)
        writer.member("nulls", cost.nullCount)
        writer.member("stored_bytes", cost.storedLength)
        writer.member("pool_bytes", cost.poolLength)
        writer.member("bytes_per_row", cost.bytesPerRow)
        writer.member("share", whole == 0 ? nil : Double(cost.byteCount) / Double(whole))
        writer.member("logical_bytes", cost.plainLength)
        writer.member("plain_zstd_bytes", cost.plainZstdLength)
        writer.member("zstd_ratio", cost.zstdRatio)
        writer.member("reason", cost.reason)
        writer.array("encodings", cost.trees) { writer, tree in
            writer.object { writer in
                writer.member("tree", tree.text)
                writer.member("blocks", tree.blockCount)
            }
        }
    }
}

/// What columns of one file take together.
struct ColumnSums {
    let stored: Int
    let pools: Int
    let plain: Int
    let plainZstd: Int
    /// Rows of the longest: columns of a file have the same rows, unless the schema changed.
    let rows: Int

    init(_ costs: [ColumnCost]) {
        stored = costs.reduce(0) { $0 + $1.storedLength }
        pools = costs.reduce(0) { $0 + $1.poolLength }
        plain = costs.reduce(0) { $0 + $1.plainLength }
        plainZstd = costs.reduce(0) { $0 + $1.plainZstdLength }
        rows = costs.map(\.rowCount).max() ?? 0
    }

    var byteCount: Int { stored + pools }
}

import EskerFormat

/// The readable form of blocks and columns.
extension Inspection {
    /// The blocks and columns of a file, as far as they were asked for.
    func details(_ file: String, _ blocks: [BlockReport], _ columns: [ColumnReport], _ fileLength: Int) -> String {
        var text = ""
        let place = file.isEmpty ? "" : " of \(file)"
        if options.blocks, !blocks.isEmpty {
            text += "\nBlocks\(place)\n"
            text += options.columns ? Self.blocksWithColumns(blocks, fileLength) : Self.blockTable(blocks).text()
        }
        if !columns.isEmpty { text += "\nColumns\(place)\n" + Self.columnTable(columns, fileLength).text() }
        return text
    }

    private static func blocksWithColumns(_ blocks: [BlockReport], _ fileLength: Int) -> String {
        blocks.map { block in
            blockTable([block]).text() + columnTable(block.columns, fileLength).text(indent: 6)
        }.joined(separator: "\n")
    }

    private static func blockTable(_ blocks: [BlockReport]) -> TextTable {
        var table = TextTable([
            "at byte>", "length>", "header>", "stream>", "partition>", "schema>", "profile", "rows>", "offsets",
            "sequences", "arrived", "events", "commit>", "block", "durable through>", "epoch>", "logical>", "remarks",
        ])
        for block in blocks {
            guard let header = block.header else {
                table.add(
                    [ReadableText.count(block.position)] + [String](repeating: "?", count: 16)
                        + [block.problem ?? "cannot be read"])
                continue
            }
            table.add([
                ReadableText.count(block.position), ReadableText.count(header.totalLength), "\(header.headerLength)",
                "\(header.stream)", "\(header.partition)", "\(header.schemaVersion)", "\(header.profile)",
                ReadableText.count(header.rowCount), range(header.baseOffset, header.offsetSpan),
                range(header.firstSequence, header.sequenceSpan), header.arrivals.text, header.eventTimes.text,
                "\(header.commit)", "\(header.placeInCommit &+ 1)/\(header.blocksInCommit)",
                "\(header.durableThrough)", "\(header.epoch)", ReadableText.size(header.logicalByteCount),
                header.remarks,
            ])
        }
        return table
    }

    private static func range(_ base: Int64, _ span: Int64) -> String {
        span == 0 ? "-" : "\(base)–\(base + (span - 1))"
    }

    private static func columnTable(_ columns: [ColumnReport], _ fileLength: Int) -> TextTable {
        var table = TextTable([
            "column", "id>", "type", "encoding", "codec", "stored>", "plain>", "ratio>", "bytes/row>", "of file>",
            "nulls>", "distinct>", "least", "greatest",
        ])
        for column in columns {
            table.add([
                column.name, column.id >= SystemColumn.firstID ? "-" : "\(column.id)", column.type, column.encoding,
                column.codec, ReadableText.size(column.storedLength), ReadableText.size(column.plainLength),
                ReadableText.quotient(column.plainLength, column.storedLength),
                ReadableText.quotient(column.storedLength, column.rowCount),
                ReadableText.share(column.storedLength, of: fileLength), ReadableText.count(column.nullCount),
                column.dictionaryCount == 0 ? "-" : ReadableText.count(column.dictionaryCount), column.minimum ?? "-",
                column.maximum ?? "-",
            ])
        }
        return table
    }
}

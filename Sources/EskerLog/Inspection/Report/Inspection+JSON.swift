import EskerFormat

/// The JSON form. Keys are stable; times are text in UTC, lengths are bytes.
extension Inspection {
    /// One object with all that was found.
    package func json() -> String {
        var writer = JSONWriter()
        writer.object { writer in
            switch subject {
            case .store(let report): writer.object("store") { storeMembers(report, &$0) }
            case .manifest(let report): writer.object("manifest") { storeMembers(report, &$0) }
            case .segment(let report): writer.object("segment") { segmentMembers(report, &$0) }
            case .journal(let report): writer.object("journal") { journalMembers(report, &$0) }
            }
            if options.rows > 0 { writer.array("rows", rows) { Self.write($1, &$0) } }
        }
        return writer.text + "\n"
    }

    private func storeMembers(_ report: StoreReport, _ writer: inout JSONWriter) {
        writer.member("path", report.path)
        writer.member("id", report.store.description)
        writer.member("edition", report.edition)
        writer.member("epoch", report.epoch)
        writer.member("first_journal_file", report.firstJournalFile)
        writer.member("commit_floor", report.commitFloor)
        writer.member("segment_bytes", report.segmentBytes)
        writer.member("journal_bytes", report.journalBytes)
        writer.array("streams", report.streams) { Self.write($1, &$0) }
        writer.array("views", report.views) { writer, view in
            writer.object { writer in
                writer.member("name", view.name)
                writer.member("query", view.query)
                Self.write(view.options, &writer)
            }
        }
        writer.array("segments", report.segments) { writer, segment in
            writer.object { segmentMembers(segment, &$0) }
        }
        writer.array("journal_files", report.journals) { writer, journal in
            writer.object { journalMembers(journal, &$0) }
        }
        writer.array("problems", report.problems) { $0.write($1) }
    }

    private static func write(_ stream: StreamReport, _ writer: inout JSONWriter) {
        let record = stream.record
        writer.object { writer in
            writer.member("name", record.name)
            writer.member("id", record.id)
            writer.member("partitions", record.partitionCount)
            writer.member("partition_key") { $0.line(record.partitionKey) { $0.write(stream.columnName($1)) } }
            writer.member("event_time", record.eventTimeColumn.map { stream.columnName($0) })
            write(record.options, &writer)
            writer.member("schema_version", record.schema.version)
            writer.array("columns", record.schema.columns) { writer, column in
                writer.object { writer in
                    writer.member("name", column.name)
                    writer.member("id", column.id)
                    writer.member("type", column.type.name)
                    writer.member("nullable", column.isNullable)
                }
            }
            writer.member("sealed_rows", stream.sealedRows)
            writer.member("journal_rows", stream.tailRows)
            writer.member("sealed_bytes", stream.sealedBytes)
            writer.member("journal_bytes", stream.tailBytes)
            writer.member("logical_bytes", stream.logicalByteCount)
            writer.member("next_sequence", stream.nextSequence)
            write("arrived", stream.arrivals, &writer)
            write("events", stream.eventTimes, &writer)
            writer.array("partition_list", stream.partitions) { writer, partition in
                writer.object { writer in
                    writer.member("partition", partition.index)
                    writer.member("sealed_through", partition.sealedThrough)
                    writer.member("end_offset", partition.endOffset)
                    writer.member("segments", partition.segmentCount)
                    writer.member("sealed_rows", partition.sealedRows)
                    writer.member("journal_rows", partition.tailRows)
                }
            }
        }
    }

    private func segmentMembers(_ report: SegmentReport, _ writer: inout JSONWriter) {
        writer.member("path", report.path)
        writer.member("bytes", report.fileLength)
        writer.member("store", report.store?.description)
        writer.member("id", report.id.map { Int64(clamping: $0) })
        writer.member("stream_id", report.stream.map { Int64($0) })
        writer.member("stream", report.streamName)
        writer.member("partition", report.partition.map { Int64($0) })
        writer.member("sealed_at", report.sealedAt.map(ReadableText.time))
        writer.member("tier", report.tier)
        writer.member("rows", report.rowCount)
        writer.member("logical_bytes", report.logicalByteCount)
        writer.member("base_offset", report.baseOffset)
        writer.member("end_offset", report.endOffset)
        writer.member("first_sequence", report.firstSequence)
        writer.member("end_sequence", report.endSequence)
        Self.write("arrived", report.arrivals, &writer)
        Self.write("events", report.eventTimes, &writer)
        writer.member("bytes_per_row", report.bytesPerRow)
        writer.member("blocks", report.blockCount)
        writer.member("producers", report.producerCount)
        details(report.blocks, report.columns, report.fileLength, &writer)
        if options.columns { Self.costMembers(report, &writer) }
        writer.array("problems", report.problems) { $0.write($1) }
    }

    private func journalMembers(_ report: JournalReport, _ writer: inout JSONWriter) {
        writer.member("path", report.path)
        writer.member("bytes", report.fileLength)
        writer.member("used_bytes", report.usedLength)
        writer.member("store", report.store?.description)
        writer.member("number", report.number.map { Int64(clamping: $0) })
        writer.member("epoch", report.epoch.map { Int64(clamping: $0) })
        writer.member("begun_at", report.begunAt.map(ReadableText.time))
        writer.member("first_commit", report.firstCommit.map { Int64(clamping: $0) })
        writer.member("last_commit", report.lastCommit.map { Int64(clamping: $0) })
        writer.member("commits", report.commitCount)
        writer.member("blocks", report.blockCount)
        writer.member("rows", report.rowCount)
        Self.write("arrived", report.arrivals, &writer)
        writer.member("ending", report.ending.rawValue)
        writer.member("ending_reason", report.endingReason)
        details(report.blocks, report.columns, report.usedLength, &writer)
        writer.array("problems", report.problems) { $0.write($1) }
    }

    // MARK: Pieces

    private func details(
        _ blocks: [BlockReport], _ columns: [ColumnReport], _ fileLength: Int, _ writer: inout JSONWriter
    ) {
        if options.blocks { writer.array("block_list", blocks) { Self.write($1, fileLength, &$0) } }
        if options.columns, !options.blocks {
            writer.array("column_list", columns) { Self.write($1, fileLength, &$0) }
        }
    }

    private static func write(_ block: BlockReport, _ fileLength: Int, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("position", block.position)
            writer.member("problem", block.problem)
            guard let header = block.header else { return }
            headerMembers(header, &writer)
            writer.array("column_list", block.columns) { write($1, fileLength, &$0) }
        }
    }

    private static func headerMembers(_ header: BlockHeader, _ writer: inout JSONWriter) {
        writer.member("profile", "\(header.profile)")
        writer.member("bytes", header.totalLength)
        writer.member("header_bytes", header.headerLength)
        writer.member("required_features", header.requiredFeatures)
        writer.member("optional_features", header.optionalFeatures)
        writer.member("store", header.store.description)
        writer.member("epoch", header.epoch)
        writer.member("stream_id", header.stream)
        writer.member("partition", header.partition)
        writer.member("partition_version", header.partitionVersion)
        writer.member("schema_version", header.schemaVersion)
        writer.member("rows", header.rowCount)
        writer.member("base_offset", header.baseOffset)
        writer.member("offset_span", header.offsetSpan)
        writer.member("listed_offsets", header.hasOffsetColumn)
        writer.member("first_sequence", header.firstSequence)
        writer.member("sequence_span", header.sequenceSpan)
        write("arrived", header.arrivals, &writer)
        write("events", header.eventTimes, &writer)
        writer.member("commit", header.commit)
        writer.member("place_in_commit", header.placeInCommit)
        writer.member("blocks_in_commit", header.blocksInCommit)
        writer.member("last_of_commit", header.isLastOfCommit)
        writer.member("mark", header.isCommitMark)
        writer.member("durable_through", header.durableThrough)
        writer.member("logical_bytes", header.logicalByteCount)
        writer.member("producers", header.producers.count)
        writer.member("bookmarks") { $0.line(header.bookmarks) { $0.write($1.name) } }
    }

    private static func write(_ column: ColumnReport, _ fileLength: Int, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", column.name)
            writer.member("id", column.id)
            writer.member("type", column.type)
            writer.member("encoding", column.encoding)
            writer.member("codec", column.codec)
            writer.member("stored_bytes", column.storedLength)
            writer.member("plain_bytes", column.plainLength)
            writer.member("ratio", column.ratio)
            writer.member("bytes_per_row", column.bytesPerRow)
            writer.member("share", fileLength == 0 ? nil : Double(column.storedLength) / Double(fileLength))
            writer.member("blocks", column.blockCount)
            writer.member("nulls", column.nullCount)
            writer.member("distinct", column.dictionaryCount)
            writer.member("least", column.minimum)
            writer.member("greatest", column.maximum)
        }
    }

    private static func write(_ key: String, _ range: TimeRange, _ writer: inout JSONWriter) {
        writer.object(key) { writer in
            writer.member("from", range.leastText)
            writer.member("to", range.greatestText)
        }
    }

    private static func write(_ options: [String: String], _ writer: inout JSONWriter) {
        writer.object("options") { writer in
            for (key, value) in options.sorted(by: { $0.key < $1.key }) { writer.member(key, value) }
        }
    }

    private static func write(_ report: RowsReport, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("stream", report.stream)
            writer.member("columns") { $0.line(report.columns) { $0.write($1) } }
            writer.array("values", report.rows) { writer, row in
                writer.line(row) { write($1, &$0) }
            }
        }
    }

    /// Numbers and booleans as such, null as null, everything else as PostgreSQL's text.
    private static func write(_ cell: RowsReport.Cell, _ writer: inout JSONWriter) {
        guard case .value(let value) = cell else { return writer.write(cell.text) }
        switch value {
        case .null: writer.raw("null")
        case .bool(let flag): writer.raw(flag ? "true" : "false")
        case .int2, .int4, .int8: writer.raw(value.text())
        case .float4(let number) where number.isFinite: writer.raw(value.text())
        case .float8(let number) where number.isFinite: writer.raw(value.text())
        default: writer.write(value.text())
        }
    }
}

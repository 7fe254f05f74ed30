import EskerFormat

/// The readable form: tables for a terminal.
extension Inspection {
    /// Everything found, as lined-up tables. Ends with a line feed.
    package func text() -> String {
        var text = ""
        switch subject {
        case .store(let report): text += storeText(report)
        case .manifest(let report): text += Self.storeHead(report, title: "Manifest") + Self.definitions(report)
        case .segment(let report): text += segmentText(report)
        case .journal(let report): text += journalText(report)
        }
        for report in rows { text += "\n" + Self.rowsText(report) }
        return text
    }

    // MARK: Store

    private func storeText(_ report: StoreReport) -> String {
        var text = Self.storeHead(report, title: "Store") + Self.definitions(report)
        text += Self.section("Segments", Self.segmentTable(report.segments))
        text += Self.section("Journal files", Self.journalTable(report.journals))
        for segment in report.segments {
            text += details(Self.name(segment.path), segment.blocks, [], segment.fileLength)
            text += Self.costs(" of \(Self.name(segment.path))", segment)
        }
        for journal in report.journals {
            text += details(Self.name(journal.path), journal.blocks, journal.columns, journal.usedLength)
        }
        var problems = report.problems
        for segment in report.segments { problems += segment.problems.map { "\(Self.name(segment.path)): \($0)" } }
        for journal in report.journals { problems += journal.problems.map { "\(Self.name(journal.path)): \($0)" } }
        return text + Self.problemText(problems)
    }

    private static func storeHead(_ report: StoreReport, title: String) -> String {
        var text = "\(title) \(report.path)\n"
        text += "  id       \(report.store)\n"
        text += "  edition  \(report.edition), epoch \(report.epoch)\n"
        text += "  journal  from file \(report.firstJournalFile), commit \(report.commitFloor)\n"
        let total = report.segmentBytes &+ report.journalBytes
        text += "  size     \(ReadableText.size(total)): segments \(ReadableText.size(report.segmentBytes)), "
        return text + "journal \(ReadableText.size(report.journalBytes))\n"
    }

    private static func definitions(_ report: StoreReport) -> String {
        var text = ""
        var table = TextTable(
            [
                "stream", "id>", "partitions>", "rows>", "sealed>", "in journal>", "segments>", "size>", "arrived",
                "events",
            ])
        for stream in report.streams {
            table.add([
                stream.record.name, "\(stream.record.id)", "\(stream.record.partitionCount)",
                ReadableText.count(stream.sealedRows &+ stream.tailRows), ReadableText.count(stream.sealedRows),
                ReadableText.count(stream.tailRows), "\(stream.segmentCount)",
                ReadableText.size(stream.sealedBytes &+ stream.tailBytes), stream.arrivals.text, stream.eventTimes.text,
            ])
        }
        text += section("Streams", table.text())
        for stream in report.streams { text += streamText(stream) }
        var views = TextTable(["view", "options", "query"])
        for view in report.views { views.add([view.name, options(view.options), view.query]) }
        return text + section("Views", views.text())
    }

    private static func streamText(_ stream: StreamReport) -> String {
        let record = stream.record
        var text = "\nStream \(record.name)\n"
        let key = record.partitionKey.map { stream.columnName($0) }.joined(separator: ", ")
        text += "  partition key  \(key.isEmpty ? "none: rows go round" : key)\n"
        text += "  event time     \(record.eventTimeColumn.map { stream.columnName($0) } ?? "arrival")\n"
        if !record.options.isEmpty { text += "  options        \(options(record.options))\n" }
        text += "  next sequence  \(ReadableText.count(stream.nextSequence))\n"
        if record.schemas.count > 1 { text += "  schemas        \(record.schemas.count) versions\n" }
        var columns = TextTable(["column", "id>", "type", "null"])
        for column in record.schema.columns {
            columns.add([column.name, "\(column.id)", column.type.name, column.isNullable ? "yes" : "no"])
        }
        text += "\n" + columns.text()
        var partitions = TextTable(
            ["partition>", "sealed through>", "end offset>", "segments>", "sealed rows>", "rows in journal>"])
        for partition in stream.partitions {
            partitions.add([
                "\(partition.index)", ReadableText.count(partition.sealedThrough),
                ReadableText.count(partition.endOffset), "\(partition.segmentCount)",
                ReadableText.count(partition.sealedRows), ReadableText.count(partition.tailRows),
            ])
        }
        return text + "\n" + partitions.text()
    }

    // MARK: Files

    private static func segmentTable(_ segments: [SegmentReport]) -> String {
        var table = TextTable([
            "segment", "tier", "stream", "partition>", "rows>", "offsets", "sequences", "blocks>", "size>",
            "bytes/row>", "arrived", "events",
        ])
        for segment in segments {
            table.add([
                segment.id.map { "\($0)" } ?? name(segment.path), segment.tier ?? "?",
                segment.streamName ?? segment.stream.map { "stream_\($0)" } ?? "?",
                segment.partition.map { "\($0)" } ?? "?", ReadableText.count(segment.rowCount),
                "\(segment.baseOffset)–\(segment.endOffset - 1)", "\(segment.firstSequence)–\(segment.endSequence - 1)",
                "\(segment.blockCount)", ReadableText.size(segment.fileLength),
                segment.bytesPerRow.map(ReadableText.tenths) ?? "-", segment.arrivals.text, segment.eventTimes.text,
            ])
        }
        return table.text()
    }

    private static func journalTable(_ journals: [JournalReport]) -> String {
        var table = TextTable([
            "file>", "epoch>", "commits", "blocks>", "rows>", "used>", "size>", "begun", "ending",
        ])
        for journal in journals {
            table.add([
                journal.number.map { "\($0)" } ?? "?", journal.epoch.map { "\($0)" } ?? "?",
                "\(journal.firstCommit.map { "\($0)" } ?? "?")–\(journal.lastCommit.map { "\($0)" } ?? "")",
                "\(journal.blockCount)", ReadableText.count(journal.rowCount), ReadableText.size(journal.usedLength),
                ReadableText.size(journal.fileLength), journal.begunAt.map(ReadableText.time) ?? "?",
                journal.ending.rawValue + (journal.endingReason.map { ": \($0)" } ?? ""),
            ])
        }
        return table.text()
    }

    private func segmentText(_ report: SegmentReport) -> String {
        var text = "Segment \(report.path)\n"
        text += "  store     \(report.store.map { "\($0)" } ?? "?")\n"
        text += "  sealed    \(report.sealedAt.map(ReadableText.time) ?? "?")\n"
        text += "  logical   \(ReadableText.size(report.logicalByteCount)), ratio "
        text += "\(ReadableText.quotient(report.logicalByteCount, Int64(report.fileLength)))\n\n"
        text += Self.segmentTable([report])
        text += details("", report.blocks, [], report.fileLength) + Self.costs("", report)
        return text + Self.problemText(report.problems)
    }

    private func journalText(_ report: JournalReport) -> String {
        var text = "Journal file \(report.path)\n"
        text += "  store     \(report.store.map { "\($0)" } ?? "?")\n"
        text += "  arrived   \(report.arrivals.text)\n\n"
        text += Self.journalTable([report])
        text += details("", report.blocks, report.columns, report.usedLength)
        return text + Self.problemText(report.problems)
    }

    // MARK: Rows and pieces

    private static func rowsText(_ report: RowsReport) -> String {
        var table = TextTable(report.columns)
        for row in report.rows { table.add(row.map(\.text)) }
        return "Rows of \(report.stream)\n" + table.text()
    }

    private static func problemText(_ problems: [String]) -> String {
        problems.isEmpty ? "" : "\nProblems\n" + problems.map { "  \($0)\n" }.joined()
    }

    private static func section(_ title: String, _ table: String) -> String {
        table.isEmpty ? "" : "\n\(title)\n\(table)"
    }

    private static func options(_ options: [String: String]) -> String {
        options.sorted { $0.key < $1.key }.map { "\($0.key) = '\($0.value)'" }.joined(separator: ", ")
    }

    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

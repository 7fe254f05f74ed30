import EskerFormat

/// Describes a segment from its image.
struct SegmentReader {
    let options: InspectionOptions
    let names: ColumnNames

    func report(_ image: SegmentImage) -> SegmentReport {
        var report = SegmentReport(path: image.path, fileLength: image.bytes.byteCount)
        report.id = image.header?.id
        report.store = image.header?.store
        report.stream = image.header?.stream
        report.partition = image.header?.partition
        report.sealedAt = image.header?.sealedAt
        report.tier = image.header?.tier.name
        report.streamName = report.stream.flatMap { names.stream($0) }
        report.producerCount = image.footer?.producers.count ?? 0
        report.problems = image.faults.map { "\($0.error.message) (byte \($0.offset))" }
        report.problems += image.places.compactMap { place in
            place.error.map { "\($0.message) (block at byte \(place.offset))" }
        }
        var columns = ColumnTotals()
        for place in image.places {
            if let block = place.block {
                include(block.header, &report)
                if options.columns { columns.add(BlockReport.columns(block, names, tellsTrees: false)) }
                if options.blocks { report.blocks.append(blockReport(block, at: place.offset)) }
            } else if options.blocks {
                let reason = place.error?.message ?? "no block"
                report.blocks.append(BlockReport(problem: reason, at: place.offset))
            }
        }
        report.columns = columns.columns
        if options.columns { addCosts(image, &report) }
        return report
    }

    private func blockReport(_ block: Block, at position: Int) -> BlockReport {
        let columns = options.columns ? BlockReport.columns(block, names, tellsTrees: true) : []
        return BlockReport(block.header, at: position, columns: columns)
    }

    private func addCosts(_ image: SegmentImage, _ report: inout SegmentReport) {
        let reader = ColumnCostReader(image, names: names)
        report.costs = reader.columns
        report.pools = reader.pools
        report.problems += reader.problems
    }

    private func include(_ header: BlockHeader, _ report: inout SegmentReport) {
        if report.blockCount == 0 {
            report.baseOffset = header.baseOffset
            report.firstSequence = header.firstSequence
        }
        report.blockCount += 1
        report.rowCount &+= Int64(header.rowCount)
        report.logicalByteCount &+= Int64(header.logicalByteCount)
        report.baseOffset = min(report.baseOffset, header.baseOffset)
        report.endOffset = max(report.endOffset, header.baseOffset + header.offsetSpan)
        report.firstSequence = min(report.firstSequence, header.firstSequence)
        report.endSequence = max(report.endSequence, header.firstSequence + header.sequenceSpan)
        report.arrivals.include(header.arrivals)
        report.eventTimes.include(header.eventTimes)
    }
}

/// Describes a journal file from its image.
struct JournalReader {
    let options: InspectionOptions
    let names: ColumnNames

    /// - Parameter visit: called with every good block, in the order of the file.
    func report(_ image: JournalImage, limit: UInt64 = UInt64.max, isProven: Bool = false, visit: (Block) -> Void)
        -> JournalReport
    {
        var report = JournalReport(path: image.path, fileLength: image.bytes.byteCount)
        report.number = image.headerError == nil ? image.header?.number : nil
        report.store = image.header?.store
        report.epoch = image.header?.epoch
        report.firstCommit = image.header?.firstCommit
        report.begunAt = image.headerError == nil ? image.header?.begunAt : nil
        if let error = image.headerError { report.problems.append("\(error.message) (byte \(error.offset ?? 0))") }
        if let length = image.header?.fileLength, length > UInt64(image.bytes.byteCount) {
            report.problems.append("the file was cut from \(length) bytes")
        }
        var columns = ColumnTotals()
        var endsWithMark = false
        let ending = image.walk(limit: limit, isProven: isProven) { event in
            switch event {
            case .commit(let commit):
                report.commitCount += 1
                report.lastCommit = commit.id
                endsWithMark = commit.blocks.contains { $0.header.isCommitMark }
                var position = commit.position
                for block in commit.blocks {
                    include(block, at: position, &report, &columns)
                    position += block.header.totalLength
                    visit(block)
                }
            case .block(let block, let position):
                endsWithMark = false
                include(block, at: position, &report, &columns)
                visit(block)
            case .damage(let damage):
                endsWithMark = false
                report.problems.append(
                    "commit \(damage.commit) is damaged: \(damage.reason) (bytes \(damage.position)–\(damage.end - 1))")
                if options.blocks {
                    report.blocks.append(BlockReport(problem: damage.reason, at: damage.position))
                }
            }
        }
        report.columns = columns.columns
        report.usedLength = ending.position
        close(&report, ending, endsWithMark: endsWithMark)
        return report
    }

    private func close(_ report: inout JournalReport, _ ending: JournalImage.Ending, endsWithMark: Bool) {
        switch ending.ending {
        case .end: report.ending = endsWithMark ? .mark : .clean
        case .torn(let position, let reason):
            report.ending = .torn
            report.endingReason = "\(reason) (block at byte \(position))"
        case .corrupt(let position, let reason):
            report.ending = .corrupt
            report.endingReason = "\(reason) (block at byte \(position))"
        case .newer(let position, let reason):
            report.ending = .newer
            report.endingReason = "\(reason) (block at byte \(position))"
        }
    }

    private func include(
        _ block: Block, at position: Int, _ report: inout JournalReport, _ columns: inout ColumnTotals
    ) {
        let header = block.header
        report.blockCount += 1
        report.rowCount &+= Int64(header.rowCount)
        report.arrivals.include(header.arrivals)
        let described = options.columns ? BlockReport.columns(block, names, tellsTrees: false) : []
        if options.blocks {
            report.blocks.append(BlockReport(header, at: position, columns: described))
        } else {
            // A journal file holds the columns of many streams.
            let stream = names.stream(header.stream) ?? "stream_\(header.stream)"
            columns.add(described.map { $0.named("\(stream).\($0.name)") })
        }
    }
}

/// Columns over all blocks of a file, in the order in which they first came.
struct ColumnTotals {
    private(set) var columns: [ColumnReport] = []
    private var indices: [String: Int] = [:]

    mutating func add(_ described: [ColumnReport]) {
        for column in described {
            // Of several streams in a journal file, columns are told apart by what they are called.
            let key = "\(column.id) \(column.name) \(column.type)"
            if let index = indices[key] {
                columns[index].add(column)
            } else {
                indices[key] = columns.count
                columns.append(column)
            }
        }
    }
}

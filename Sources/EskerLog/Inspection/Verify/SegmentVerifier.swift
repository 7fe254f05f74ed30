import EskerFormat

/// Checks all of a segment file: every checksum, every block, and that header, blocks, footer and the manifest's line
/// for it agree.
struct SegmentVerifier {
    let image: SegmentImage
    /// The manifest's line; `nil` for a file looked at alone.
    var record: SegmentRecord?
    var store: StoreID?
    /// The stream's definition; `nil` when it is not known.
    var stream: StreamRecord?

    /// Adds what is wrong to `result`. O(bytes + rows).
    func verify(_ result: inout Verification) {
        for fault in image.faults {
            result.add(Finding(FormatError(fault.error.code, fault.error.message), image.path, at: fault.offset))
        }
        checkWhole(&result)
        checkHeader(&result)
        var end = SegmentHeader.length
        var nextOffset: Int64 = 0
        var isWhole = true
        var summary = SegmentSummary()
        for place in image.places {
            if place.offset != end { corrupt(end, "bytes \(end)–\(place.offset - 1) belong to no block", &result) }
            end = place.offset + place.length
            guard let block = place.block else {
                if let error = place.error { result.add(Finding(error, image.path, at: place.offset)) }
                isWhole = false
                continue
            }
            do throws(FormatError) {
                try check(block, place)
                if block.header.baseOffset < nextOffset {
                    throw FormatError(.malformed, "the block begins at an offset before \(nextOffset)", at: 72)
                }
                result.rowCount &+= Int64(block.header.rowCount)
            } catch {
                result.add(Finding(error, image.path, at: place.offset))
            }
            nextOffset = max(nextOffset, block.header.baseOffset + block.header.offsetSpan)
            summary.include(block.header)
        }
        if let poolsEnd = image.poolsEnd { end = max(end, poolsEnd) }
        if let trailer = image.trailer, image.footer != nil, end != trailer.footerOffset {
            corrupt(end, "bytes \(end)–\(trailer.footerOffset - 1) belong to no block", &result)
        }
        if isWhole { checkSummary(summary, &result) }
    }

    private func corrupt(_ offset: Int, _ what: String, _ result: inout Verification) {
        result.add(Finding(.corrupt, image.path, at: offset, what))
    }

    private func checkWhole(_ result: inout Verification) {
        guard let trailer = image.trailer else { return }
        let end = image.bytes.byteCount - SegmentTrailer.length
        if Checksum.crc32c(image.bytes.slice(0..<end)) != trailer.fileChecksum {
            corrupt(end + 16, "checksum over the segment does not match", &result)
        }
    }

    private func checkHeader(_ result: inout Verification) {
        guard let header = image.header else { return }
        if let store, header.store != store {
            corrupt(16, "the segment belongs to store \(header.store)", &result)
        }
        guard let record else { return }
        if header.id != record.id || header.stream != record.stream || header.partition != record.partition {
            corrupt(
                32,
                "the file is segment \(header.id) of stream \(header.stream), partition \(header.partition); the "
                    + "manifest means segment \(record.id) of stream \(record.stream), partition \(record.partition)",
                &result)
        }
        if header.tier != record.tier {
            corrupt(
                10, "the segment's tier is \(header.tier.name) where the manifest says \(record.tier.name)", &result)
        }
        if record.fileLength != Int64(image.bytes.byteCount) {
            corrupt(
                image.bytes.byteCount,
                "the segment has \(image.bytes.byteCount) bytes where the manifest says \(record.fileLength)", &result)
        }
        if let trailer = image.trailer, trailer.footerChecksum != record.footerChecksum {
            corrupt(trailer.footerOffset, "the footer is not the one that the manifest names", &result)
        }
        if let footer = image.footer, let known = schema(footer.schema.version), known != footer.schema {
            corrupt(
                image.trailer?.footerOffset ?? 0,
                "the columns in the footer are not those of schema \(known.version) in the manifest", &result)
        }
    }

    private func schema(_ version: UInt32) -> Schema? {
        if let stream { return stream.schemas.first { $0.version == version } }
        return image.footer.flatMap { $0.schema.version == version ? $0.schema : nil }
    }

    private func check(_ block: Block, _ place: SegmentImage.Place) throws(FormatError) {
        let header = block.header
        if let segment = image.header {
            guard header.store == segment.store, header.stream == segment.stream,
                header.partition == segment.partition
            else { throw FormatError(.malformed, "the block belongs to another store, stream or partition", at: 32) }
        }
        if let line = place.line, line != SegmentFooter.BlockPlace(header, at: place.offset) {
            throw FormatError(.malformed, "the block is not the one that the segment's directory names", at: 0)
        }
        let schema = schema(header.schemaVersion)
        if stream != nil, schema == nil {
            throw FormatError(.malformed, "the stream never had schema version \(header.schemaVersion)", at: 68)
        }
        try BlockVerifier(schema: schema).check(block)
    }

    private func checkSummary(_ summary: SegmentSummary, _ result: inout Verification) {
        guard let record, record.rowCount > 0 || summary.record.rowCount > 0 else { return }
        let found = summary.record
        let pairs: [(name: String, isEqual: Bool)] = [
            ("rows", found.rowCount == record.rowCount),
            ("offsets", found.baseOffset == record.baseOffset && found.endOffset == record.endOffset),
            ("sequences", found.firstSequence == record.firstSequence && found.endSequence == record.endSequence),
            (
                "arrival times",
                found.minimumArrival == record.minimumArrival && found.maximumArrival == record.maximumArrival
            ),
            (
                "event times",
                found.minimumEventTime == record.minimumEventTime && found.maximumEventTime == record.maximumEventTime
            ),
            ("last commit", found.lastCommit == record.lastCommit),
            ("logical bytes", found.logicalByteCount == record.logicalByteCount),
        ]
        let differing = pairs.filter { !$0.isEqual }.map(\.name)
        if !differing.isEmpty {
            corrupt(0, "the blocks do not add up to the manifest's line: " + differing.joined(separator: ", "), &result)
        }
    }
}

import EskerFormat

/// Checks all of a block: checksums, and that every column decodes to what header and schema promise.
struct BlockVerifier {
    /// Rows that a block can have and still be decoded whole: 1 GiB of Int64. No writer comes near.
    static let maximumRows = 1 << 27

    /// Half of what fits, so that the distance of two times does.
    private static let greatestTime = Int64.max / 2

    /// The columns of the version that the block was written under; `nil` when they are not known.
    let schema: Schema?

    /// Throws what is wrong first. O(bytes + rows).
    func check(_ block: Block) throws(FormatError) {
        let header = block.header
        guard header.rowCount <= Self.maximumRows else {
            throw FormatError(.malformed, "\(header.rowCount) rows are more than a block can have", at: 88)
        }
        let times = -Self.greatestTime...Self.greatestTime
        guard header.arrival <= header.lastArrival, times.contains(header.arrival), times.contains(header.lastArrival)
        else { throw FormatError(.malformed, "arrived from \(header.arrival) to \(header.lastArrival)", at: 112) }
        _ = try block.verified()
        guard Set(header.columns.map(\.id)).count == header.columns.count else {
            throw FormatError(.malformed, "a column is in the block twice", at: BlockHeader.fixedLength)
        }
        for entry in header.columns where entry.id < SystemColumn.firstID { try checkColumn(entry, block) }
        try checkSystemColumns(block)
        if let schema, header.rowCount > 0 {
            for definition in schema.columns where !definition.isNullable && block.entry(definition.id) == nil {
                throw FormatError(.malformed, "column \(definition.name) is missing though it is never null")
            }
        }
    }

    private func checkColumn(_ entry: ColumnEntry, _ block: Block) throws(FormatError) {
        let definition = schema?.columns.first { $0.id == entry.id }
        if let definition, TypeCode(definition.type) != entry.type {
            throw FormatError(
                .malformed, "column \(definition.name) is not of type \(definition.type.name)", at: entry.offset)
        }
        if schema != nil, definition == nil {
            throw FormatError(
                .malformed, "column \(entry.id) is in the block but not in schema \(block.header.schemaVersion)",
                at: entry.offset)
        }
        guard let column = try block.column(entry.id) else { return }
        if let definition, !definition.isNullable, column.nullCount > 0 {
            throw FormatError(
                .malformed, "column \(definition.name) has \(column.nullCount) nulls though it is never null",
                at: entry.offset)
        }
        if let kept = entry.statistics,
            // A dictionary may hold values that other blocks have: the rows count.
            let measured = ColumnStatistics.measure(
                column.type.layout == .variable ? column : column.plain, includingVariable: false),
            !Self.bounds(kept, contain: measured, column.type)
        {
            throw FormatError(.malformed, "column \(entry.id) has values outside its bounds", at: entry.offset)
        }
    }

    /// Bounds may be wider than the values, never narrower: scans skip blocks by them.
    private static func bounds(_ kept: ColumnStatistics, contain found: ColumnStatistics, _ type: DataType) -> Bool {
        switch type {
        case .float4, .float8:
            let least = found.minimum.number
            let greatest = found.maximum.number
            let isLow = least.isNaN || kept.minimum.number <= least
            let isHigh = greatest.isNaN ? kept.maximum.number.isNaN : !(kept.maximum.number < greatest)
            return isLow && isHigh
        default:
            return kept.minimum.integer <= found.minimum.integer && found.maximum.integer <= kept.maximum.integer
        }
    }

    private func checkSystemColumns(_ block: Block) throws(FormatError) {
        let header = block.header
        for entry in header.columns where entry.id >= SystemColumn.firstID {
            guard [SystemColumn.sequence, SystemColumn.arrival, SystemColumn.offset].contains(entry.id) else {
                throw FormatError(.newerVersion, "system column \(entry.id) is unknown to this version")
            }
        }
        guard header.hasOffsetColumn == (block.entry(SystemColumn.offset) != nil) else {
            throw FormatError(.malformed, "the header and the offset column do not agree", at: 92)
        }
        let sequences = try block.sequences()
        let end = header.firstSequence + header.sequenceSpan
        guard sequences.allSatisfy({ $0 >= header.firstSequence && $0 < end }) else {
            throw FormatError(.malformed, "a sequence is not in \(header.firstSequence)..<\(end)", at: 96)
        }
        if let arrivals = try block.arrivals() {
            guard arrivals.allSatisfy({ $0 >= header.arrival && $0 <= header.lastArrival }) else {
                throw FormatError(.malformed, "an arrival time is outside the header's bounds", at: 112)
            }
        }
        if let offsets = try block.offsets() {
            let end = header.baseOffset + header.offsetSpan
            var previous = header.baseOffset - 1
            for offset in offsets {
                guard offset > previous, offset < end else {
                    throw FormatError(.malformed, "offsets do not ascend in \(header.baseOffset)..<\(end)", at: 72)
                }
                previous = offset
            }
        }
    }
}

/// Encodes the rows of one segment: columns that repeat share a dictionary over all blocks, columns that follow from
/// others are derived, everything else is encoded block by block.
///
/// Blocks are handed out by ``finish(_:)`` only, when the pools are complete. Until then the segment is held in memory
/// in its encoded form, and two to four bytes a row for each pooled column.
package final class SegmentEncoder {
    private let tier: Tier
    private let eventTimeColumn: UInt32?
    private let chooser: NodeChooser
    private var sections: [Section] = []
    /// About how many bytes the rows taken in so far will take.
    package private(set) var encodedLength = 0

    /// Blocks of one schema version.
    private final class Section {
        let schema: Schema
        let writers: [ColumnWriter]
        var blocks: [PendingBlock] = []

        init(_ schema: Schema, _ writers: [ColumnWriter]) {
            self.schema = schema
            self.writers = writers
        }
    }

    private struct PendingBlock {
        var header: BlockHeader
        /// One a column of the schema.
        var validity: [Bitmap?]
        var entries: [ColumnEntry]
        var system: [(entry: ColumnEntry, node: EncodingNode)]
    }

    /// Most rows of a block.
    package static let maximumRows = EncodingNode.maximumCount

    package init(tier: Tier, codec: Codec, eventTimeColumn: UInt32?) {
        self.tier = tier
        self.eventTimeColumn = eventTimeColumn
        chooser = NodeChooser(tier: tier, codec: codec)
    }

    /// Takes in the rows of one block. O(bytes).
    ///
    /// - Parameter prototype: a header with everything filled in but what follows from the columns.
    package func add(_ batch: Batch, _ prototype: BlockHeader, system: BlockEncoder.SystemValues) {
        precondition(batch.count <= Self.maximumRows)
        let columns = batch.columns.map { $0.plain }
        let values = columns.map { PlainValues($0.filledForward()) }
        if sections.last?.schema != batch.schema {
            let planner = ColumnPlanner(chooser: chooser)
            sections.append(Section(batch.schema, values.map { planner.writer($0) }))
        }
        let section = sections[sections.count - 1]
        for (writer, values) in zip(section.writers, values) { encodedLength += writer.write(values) }
        var header = prototype
        header.profile = .cold
        header.rowCount = batch.count
        header.hasOffsetColumn = system.offsets != nil
        header.logicalByteCount = batch.logicalByteCount
        encodedLength += header.encodedLength + (columns.count + 2) * ColumnEntry.length + columns.count * 64
        let entries = zip(batch.schema.columns, columns).map { Self.entry($0, $1) }
        section.blocks.append(
            PendingBlock(
                header: header, validity: columns.map(\.validity), entries: entries, system: systemNodes(system)))
    }

    private static func entry(_ definition: ColumnDefinition, _ column: Column) -> ColumnEntry {
        var entry = ColumnEntry(id: definition.id, type: TypeCode(definition.type))
        entry.encoding = .tree
        entry.nullCount = column.nullCount
        entry.hasValidity = column.nullCount > 0
        entry.statistics = ColumnStatistics.measure(column, includingVariable: true)
        return entry
    }

    private func systemNodes(_ system: BlockEncoder.SystemValues) -> [(entry: ColumnEntry, node: EncodingNode)] {
        let named = [
            (SystemColumn.sequence, system.sequences), (SystemColumn.arrival, system.arrivals),
            (SystemColumn.offset, system.offsets),
        ]
        return named.compactMap { id, values in
            guard let values else { return nil }
            var entry = ColumnEntry(id: id, type: TypeCode(.int8))
            entry.encoding = .tree
            let plain = PlainValues(PlainValues.Form(.int8), count: values.count, Buffer(copying: values))
            return (entry, chooser.node(plain))
        }
    }

    // MARK: Finishing

    /// Ends the segment: hands out its blocks in order and returns its pools, to be written after them.
    package func finish<Failure: Error>(_ emit: (EncodedBlock) throws(Failure) -> Void) throws(Failure) -> [EncodedPool]
    {
        let pools = PoolCollector()
        for section in sections {
            for writer in section.writers { writer.orderPool() }
            derive(section, pools)
            for (writer, definition) in zip(section.writers, section.schema.columns) {
                writer.settle(pools, TypeCode(definition.type))
            }
            for index in section.blocks.indices { try emit(block(index, of: section)) }
        }
        return pools.pools
    }

    /// A column must become so much shorter to be derived: each derived column costs a look into another when read.
    private static let derivationSaving = 0.15

    /// Finds columns and parts whose codes follow from a column's: first those that follow always, then those that do
    /// up to a choice.
    private func derive(_ section: Section, _ pools: PoolCollector) {
        for choices in [1, CodeDerivation.maximumChoices] { derive(section, choices: choices, pools) }
    }

    private func derive(_ section: Section, choices: Int, _ pools: PoolCollector) {
        let sources = zip(section.writers, section.schema.columns).filter { $0.0.pool != nil }
        for target in section.writers.flatMap({ [$0] + $0.parts })
        where target.pool != nil && !target.isSource && target.derivation == nil {
            let limit = Int(Double(target.ownLength) * (1 - Self.derivationSaving)) - target.derivedPoolLength
            var best: (source: ColumnWriter, candidate: CodeDerivation.Candidate)?
            for (source, definition) in sources where source !== target && source.derivation == nil {
                guard
                    let found = CodeDerivation.find(
                        target, from: source, id: definition.id, choices: choices, chooser: chooser),
                    found.byteCount < best?.candidate.byteCount ?? limit
                else { continue }
                best = (source, found)
            }
            guard let best else { continue }
            target.derivation = best.candidate.install(pools)
            best.source.isSource = true
        }
    }

    private func block(_ index: Int, of section: Section) -> EncodedBlock {
        let block = section.blocks[index]
        var header = block.header
        var regions: [ColumnEncoder.Region] = []
        for (place, writer) in section.writers.enumerated() {
            var node = writer.node(index)
            if let validity = block.validity[place] {
                node = NodeChooser.nullable(node, validity: validity, count: header.rowCount, chooser: chooser)
            }
            regions.append(Self.region(block.entries[place], node))
        }
        regions += block.system.map { Self.region($0.entry, $0.node) }
        header.columns = regions.map(\.entry)
        header.headerLength = header.encodedLength
        BlockEncoder.place(regions, &header)
        BlockEncoder.setEventTime(eventTimeColumn, &header)
        if eventTimeColumn == nil {
            header.minimumEventTime = header.arrival
            header.maximumEventTime = header.lastArrival
        }
        return EncodedBlock(header: header, pieces: regions.flatMap(\.pieces))
    }

    private static func region(_ entry: ColumnEntry, _ node: EncodingNode) -> ColumnEncoder.Region {
        var entry = entry
        let bytes = node.encode()
        entry.storedLength = padded(bytes.byteCount)
        entry.plainLength = entry.storedLength
        return ColumnEncoder.Region(entry: entry, pieces: [bytes])
    }
}

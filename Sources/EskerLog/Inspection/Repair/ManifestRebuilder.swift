import EskerFiles
import EskerFormat

/// Makes a manifest anew from what segments and journal files say of themselves.
///
/// Rows, columns' types, offsets and sequences are all there. Names, partition keys, options and views are only in the
/// manifest: they are taken from a damaged one where it still fits what the rows say, else streams are named
/// `stream_1`, columns as in the segments' footers or `column_1`.
struct ManifestRebuilder {
    let layout: StoreLayout
    let files: any FileSystem
    /// What could not be found again.
    private(set) var notes: [String] = []

    private var schemas: [UInt32: [UInt32: Schema]] = [:]
    /// Those of the schemas that stand in footers, and so are whole.
    private var footerSchemas: [UInt32: [UInt32: Schema]] = [:]
    /// Columns that have rows without a value.
    private var nullColumns: [UInt32: Set<UInt32>] = [:]
    private var partitionCounts: [UInt32: Int] = [:]
    private var partitionVersions: [UInt32: UInt32] = [:]
    private var producers: [ProducerKey: ProducerState] = [:]
    private var stores: [StoreID: Int] = [:]

    private struct ProducerKey: Hashable {
        let stream: UInt32
        let producer: ProducerID
    }

    init(layout: StoreLayout, files: any FileSystem) {
        self.layout = layout
        self.files = files
    }

    /// The new manifest. `.notAStore` when neither a segment nor a journal file can be read. O(bytes of the store).
    mutating func rebuild() throws(StoreError) -> Manifest {
        let contents = StoreContents(layout: layout, files: files)
        let segments = contents.segments.compactMap { id in
            (try? FileImage(layout.segment(id), files: files)).map { (id: id, image: SegmentImage($0)) }
        }
        let listing = JournalListing(layout: layout, files: files, from: 0)
        for segment in segments { note(segment.image) }
        let journalStores = listing.entries.compactMap { $0.image.header?.store }
        for store in journalStores { stores[store, default: 0] += 1 }
        guard let store = stores.max(by: { ($0.value, $0.key.high) < ($1.value, $1.key.high) })?.key else {
            throw StoreError(
                .notAStore, "there is no manifest, and no segment or journal file that can be read",
                file: layout.directory)
        }
        var manifest = Manifest(store: store)
        for entry in listing.entries { read(entry, &manifest) }
        for segment in segments where segment.image.blocks.contains(where: { $0.header.store == store }) {
            manifest.segments.append(record(segment.id, segment.image))
        }
        manifest.epoch = max(manifest.epoch, 1)
        manifest.edition = 1
        manifest.nextSegment = (contents.segments.last ?? 0) &+ 1
        if let first = listing.entries.first {
            manifest.firstJournalFile = first.number
            manifest.commitFloor = first.image.header?.firstCommit ?? 1
        }
        define(&manifest)
        return manifest
    }

    // MARK: Reading

    private mutating func note(_ image: SegmentImage) {
        if let store = image.header?.store { stores[store, default: 0] += 1 }
        if let footer = image.footer, let stream = image.header?.stream {
            schemas[stream, default: [:]][footer.schema.version] = footer.schema
            footerSchemas[stream, default: [:]][footer.schema.version] = footer.schema
            for producer in footer.producers { note(producer) }
        }
        for block in image.blocks { note(block.header) }
    }

    private mutating func note(_ producer: ProducerState) {
        let key = ProducerKey(stream: producer.stream, producer: producer.producer)
        if let known = producers[key], (known.epoch, known.lastSequence) >= (producer.epoch, producer.lastSequence) {
            return
        }
        producers[key] = producer
    }

    private mutating func note(_ header: BlockHeader) {
        guard !header.isCommitMark, header.stream > 0, header.partition < 65_536 else { return }
        partitionCounts[header.stream] = max(partitionCounts[header.stream] ?? 1, Int(header.partition) + 1)
        partitionVersions[header.stream] = max(partitionVersions[header.stream] ?? 1, header.partitionVersion)
        for entry in header.columns where entry.nullCount > 0 {
            nullColumns[header.stream, default: []].insert(entry.id)
        }
        guard header.rowCount > 0, schemas[header.stream]?[header.schemaVersion] == nil else { return }
        schemas[header.stream, default: [:]][header.schemaVersion] = schema(header)
    }

    /// The columns as a block has them, with names where another version knows them.
    private func schema(_ header: BlockHeader) -> Schema {
        let known = schemas[header.stream]?.values.flatMap(\.columns) ?? []
        var ids: Set<UInt32> = []
        let columns = header.columns.compactMap { entry -> ColumnDefinition? in
            guard entry.id < SystemColumn.firstID, ids.insert(entry.id).inserted,
                let type = try? entry.type.dataType()
            else { return nil }
            let name = known.first { $0.id == entry.id && $0.type == type }?.name ?? "column_\(entry.id)"
            return ColumnDefinition(id: entry.id, name: name, type: type)
        }
        let isUnique = Set(columns.map(\.name)).count == columns.count
        return Schema(
            version: header.schemaVersion,
            columns: isUnique
                ? columns
                : columns.map { ColumnDefinition(id: $0.id, name: "column_\($0.id)", type: $0.type) })
    }

    private mutating func read(_ entry: JournalListing.Entry, _ manifest: inout Manifest) {
        guard let header = entry.image.header, header.store == manifest.store else { return }
        manifest.epoch = max(manifest.epoch, header.epoch)
        var headers: [BlockHeader] = []
        _ = entry.image.walk(limit: entry.limit, isProven: entry.isProven) { event in
            switch event {
            case .commit(let commit): headers += commit.blocks.map(\.header)
            case .block(let block, _): headers.append(block.header)
            case .damage: break
            }
        }
        for header in headers {
            note(header)
            for record in header.producers where record.rowCount > 0 {
                note(
                    ProducerState(
                        stream: header.stream, producer: record.producer, epoch: record.epoch,
                        lastSequence: record.lastSequence,
                        lastOffset: header.baseOffset + max(0, Int64(header.rowCount) - 1),
                        lastPartition: header.partition, lastSeen: header.arrival))
            }
        }
    }

    /// The line for a segment; one that does not fit its file makes the planner write the segment again.
    private func record(_ id: UInt64, _ image: SegmentImage) -> SegmentRecord {
        if let whole = SegmentSummary.record(of: image) {
            var record = whole
            record.id = id
            return record
        }
        var summary = SegmentSummary()
        for block in image.blocks { summary.include(block.header) }
        var record = summary.record
        record.id = id
        record.stream = image.blocks[0].header.stream
        record.partition = image.blocks[0].header.partition
        record.fileLength = Int64(image.bytes.byteCount)
        return record
    }

    // MARK: Definitions

    private mutating func define(_ manifest: inout Manifest) {
        let damaged = try? ManifestFile(files: files, layout: layout).readWhole(
            layout.manifest, limit: Manifest.maximumLength)
        let salvaged = damaged.map { Manifest.salvage($0) }
        var names: Set<String> = []
        for (id, versions) in schemas.sorted(by: { $0.key < $1.key }) {
            let known = salvaged?.streams.first { $0.id == id && fits($0, versions) && !names.contains($0.name) }
            let stream = known.map(corrected) ?? anonymous(id, versions)
            names.insert(stream.name)
            manifest.streams.append(stream)
            if known == nil {
                notes.append("stream \(id) is called \(stream.name): its name, keys and options are lost")
            }
        }
        manifest.nextStream = max(schemas.keys.max() ?? 0, salvaged?.streams.map(\.id).max() ?? 0) &+ 1
        for stream in salvaged?.streams ?? [] where schemas[stream.id] == nil && stream.id > 0 {
            guard isPlausible(stream), names.insert(stream.name).inserted else { continue }
            manifest.streams.append(corrected(stream))
        }
        for view in salvaged?.views ?? [] where Self.isName(view.name) && names.insert(view.name).inserted {
            manifest.views.append(view)
        }
        if damaged == nil {
            notes.append("views are lost")
        } else {
            notes.append("names, options and views come from the damaged manifest: look them over")
        }
        let ids = Set(manifest.streams.map(\.id))
        manifest.producers = producers.values.filter { ids.contains($0.stream) }.sorted {
            ($0.stream, $0.producer.high, $0.producer.low) < ($1.stream, $1.producer.high, $1.producer.low)
        }
    }

    /// Whether a definition out of a damaged manifest fits every version of the columns that the rows show.
    private func fits(_ stream: StreamRecord, _ versions: [UInt32: Schema]) -> Bool {
        guard isPlausible(stream), stream.partitionCount >= partitionCounts[stream.id] ?? 1 else { return false }
        return versions.allSatisfy { version, found in
            guard let known = stream.schemas.first(where: { $0.version == version }) else { return false }
            return found.columns.allSatisfy { column in
                known.columns.contains { $0.id == column.id && $0.type == column.type }
            }
        }
    }

    /// A definition out of a damaged manifest, put right by what the rows say and no checksum covers elsewhere.
    private func corrected(_ stream: StreamRecord) -> StreamRecord {
        var stream = stream
        stream.sequenceFloor = 0
        if stream.nextColumnID > 1 << 20 {
            stream.nextColumnID = (stream.schemas.flatMap { $0.columns.map(\.id) }.max() ?? 0) + 1
        }
        stream.schemas = stream.schemas.map { schema in
            if let whole = footerSchemas[stream.id]?[schema.version] { return whole }
            let nulls = nullColumns[stream.id] ?? []
            return Schema(
                version: schema.version,
                columns: schema.columns.map { column in
                    ColumnDefinition(
                        id: column.id, name: column.name, type: column.type,
                        isNullable: column.isNullable || nulls.contains(column.id))
                })
        }
        return stream
    }

    private func isPlausible(_ stream: StreamRecord) -> Bool {
        let ids = Set(stream.schemas.flatMap { $0.columns.map(\.id) })
        let used = stream.partitionKey + (stream.eventTimeColumn.map { [$0] } ?? [])
        return Self.isName(stream.name) && used.allSatisfy(ids.contains) && stream.id < UInt32.max
            && stream.partitionCount <= StoreLog.maximumPartitions && (ids.max() ?? 0) < stream.nextColumnID
            && Set(stream.schemas.map(\.version)).count == stream.schemas.count && stream.sequenceFloor >= 0
    }

    private static func isName(_ name: String) -> Bool { (1...63).contains(name.utf8.count) }

    private func anonymous(_ id: UInt32, _ versions: [UInt32: Schema]) -> StreamRecord {
        let sorted = versions.values.sorted { $0.version < $1.version }
        var stream = StreamRecord(
            id: id, name: "stream_\(id)", partitionCount: partitionCounts[id] ?? 1, partitionKey: [],
            eventTimeColumn: nil, options: [:], schema: sorted[0])
        stream.schemas = sorted
        stream.partitionVersion = partitionVersions[id] ?? 1
        stream.nextColumnID = (sorted.flatMap { $0.columns.map(\.id) }.max() ?? 0) + 1
        return stream
    }
}

import EskerFiles
import EskerFormat

/// Carries a repair's plan out, in an order in which a crash loses nothing: damaged files get their second name, new
/// files are written and synced, the manifest changes over to them, and only then old names go.
struct RepairExecution {
    let layout: StoreLayout
    let files: any FileSystem
    let options: LogOptions
    let time: Int64

    func run(_ plan: RepairPlan) throws(StoreError) {
        let quarantine = Quarantine(layout: layout, files: files, time: time)
        try storing { () throws(FileError) in
            try files.makeDirectory(layout.journal)
            try files.makeDirectory(layout.segments)
            try files.syncDirectory(layout.directory)
        }
        try quarantine.keep(plan.quarantined)
        var manifest = plan.manifest
        for segment in plan.segments { manifest.segments.append(try write(segment, manifest)) }
        if let header = plan.newJournal { try begin(header) }
        manifest.edition += 1
        var isUncertain = false
        try ManifestFile(files: files, layout: layout).write(manifest, isUncertain: &isUncertain)
        try quarantine.removeOldNames(plan.quarantined)
    }

    private func write(_ segment: RepairPlan.NewSegment, _ manifest: Manifest) throws(StoreError) -> SegmentRecord {
        guard let stream = manifest.streams.first(where: { $0.id == segment.place.stream }) else {
            preconditionFailure("a plan names known streams")
        }
        var builder = SealedBlockBuilder(
            stream: stream, codec: StoreLog.codec(stream), rowsPerBlock: options.rowsPerBlock)
        var writer = try SegmentWriter(
            files: files, layout: layout, store: manifest.store, id: segment.id, stream: stream.id,
            partition: segment.place.partition, schema: stream.schema, now: time)
        do {
            for piece in segment.pieces { try builder.add(piece.block, rows: piece.rows) }
            let pools = try builder.finish { (encoded) throws(StoreError) in try writer.append(encoded) }
            try writer.append(pools)
        } catch {
            writer.discard()
            throw error
        }
        return try writer.finish(producers: manifest.producers.filter { $0.stream == stream.id })
    }

    /// An empty journal file, from which the numbers of files and commits go on.
    private func begin(_ header: JournalFileHeader) throws(StoreError) {
        let spare = layout.spare(header.number)
        try storing { () throws(FileError) in
            let file = try files.open(spare, .createOrOpen)
            defer { file.close() }
            try file.truncate(to: 0)
            try file.write([header.encode()], at: 0)
            try file.sync()
            try files.rename(spare, to: layout.journalFile(header.number))
            try files.syncDirectory(layout.journal)
        }
    }
}

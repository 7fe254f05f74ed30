import EskerFiles
import EskerFormat

/// Decides how a damaged store is repaired: which files are good, which rows must be written again, which are lost.
///
/// ```
/// a partition's offsets
///   [good segment][damaged segment][good segment] sealed through │ journal
///                  good blocks ─▶ pieces                           good blocks ─▶ pieces, when the journal is damaged
///                  bad blocks  ─▶ searched in the journal, which still may have the rows; else lost
/// ```
struct RepairPlanner {
    let layout: StoreLayout
    let files: any FileSystem
    let time: Int64

    private(set) var plan: RepairPlan
    private let original: Manifest
    private var partitions: [RepairPlan.Place: PartitionRepair] = [:]

    /// What is known of one partition.
    private struct PartitionRepair {
        /// Offsets of segments that stay.
        var kept: [Range<Int64>] = []
        var pieces: [RepairPlan.Piece] = []
        /// Offsets that should be there and are in no piece yet.
        var wanted = OffsetRanges()
        var end: Int64 = 0
    }

    /// - Parameter manifest: as read, or as rebuilt when it cannot be read.
    init(_ manifest: Manifest, layout: StoreLayout, files: any FileSystem, time: Int64, isRebuilt: Bool) {
        self.layout = layout
        self.files = files
        self.time = time
        original = manifest
        plan = RepairPlan(manifest: manifest, rebuildsManifest: isRebuilt)
    }

    /// Looks at every segment and journal file. O(bytes of the store).
    mutating func run() {
        cleanManifest()
        planSegments()
        planJournal()
        for (place, partition) in partitions.sorted(by: { $0.key < $1.key }) { close(place, partition) }
    }

    private func stream(_ id: UInt32) -> StreamRecord? { original.streams.first { $0.id == id } }

    private mutating func quarantine(_ path: String, _ reasons: [String]) {
        plan.quarantined.append(RepairPlan.Quarantined(path: path, reasons: reasons))
    }

    /// Takes out of the manifest what belongs to no stream.
    private mutating func cleanManifest() {
        for stream in original.streams {
            for partition in 0..<UInt32(stream.partitionCount) {
                let place = RepairPlan.Place(stream: stream.id, partition: partition)
                partitions[place] = PartitionRepair()
                for record in original.partitions where record.stream == stream.id && record.partition == partition {
                    partitions[place]!.end = max(partitions[place]!.end, record.sealedThrough)
                }
            }
        }
        let known = Set(original.streams.map(\.id))
        plan.manifest.producers.removeAll { !known.contains($0.stream) }
        let greatest = original.segments.map(\.id).max() ?? 0
        plan.manifest.nextSegment = max(original.nextSegment, greatest &+ 1)
    }

    // MARK: Segments

    private mutating func planSegments() {
        let contents = StoreContents(layout: layout, files: files)
        if plan.rebuildsManifest {
            // The next opening removes segments that the manifest does not name.
            let named = Set(original.segments.map(\.id))
            for id in contents.segments where !named.contains(id) {
                quarantine(layout.segment(id), ["no block of it can be read"])
            }
        }
        plan.manifest.segments = []
        // Of segments with the same offsets the longest comes first: it was merged from the others, of which only some
        // may be left.
        for record in original.segments.sorted(by: {
            ($0.baseOffset, -$0.endOffset, $0.id) < ($1.baseOffset, -$1.endOffset, $1.id)
        }) {
            plan(record, isThere: contents.segments.contains(record.id))
        }
    }

    private mutating func plan(_ record: SegmentRecord, isThere: Bool) {
        let place = RepairPlan.Place(stream: record.stream, partition: record.partition)
        let path = layout.segment(record.id)
        guard var partition = partitions[place], let stream = stream(record.stream) else {
            if isThere { quarantine(path, ["it belongs to stream \(record.stream), which is unknown"]) }
            return
        }
        defer { partitions[place] = partition }
        let covered = (partition.kept + partition.pieces.map(\.offsets)).map(\.upperBound).max() ?? 0
        partition.end = max(partition.end, record.endOffset)
        let range = max(record.baseOffset, covered)..<max(record.baseOffset, covered, record.endOffset)
        guard isThere, let image = (try? FileImage(path, files: files)).map(SegmentImage.init) else {
            partition.wanted.insert(range)
            if isThere { quarantine(path, ["it cannot be read"]) }
            return
        }
        var result = Verification(path: path)
        SegmentVerifier(image: image, record: record, store: original.store, stream: stream).verify(&result)
        if result.severity == .clean, record.baseOffset >= covered {
            plan.manifest.segments.append(record)
            partition.kept.append(record.baseOffset..<record.endOffset)
            return
        }
        let reasons = result.findings.map(\.reason)
        quarantine(path, reasons.isEmpty ? ["its offsets are in another segment, too"] : reasons)
        if let footer = image.footer {
            // The directory tells which offsets there were, gaps by compaction left out.
            for line in footer.blocks where line.baseOffset >= 0 && line.offsetSpan > 0 {
                let (end, isOver) = line.baseOffset.addingReportingOverflow(line.offsetSpan)
                if !isOver {
                    for part in OffsetRanges(line.baseOffset..<end).common(with: range) {
                        partition.wanted.insert(part)
                    }
                }
            }
        } else {
            partition.wanted.insert(range)
        }
        for block in image.blocks.sorted(by: { $0.header.baseOffset < $1.header.baseOffset })
        where isGood(block, place) { Self.take(whole: block, &partition) }
    }

    /// Whether a block can be written again: it belongs here, and everything in it is as promised.
    private func isGood(_ block: Block, _ place: RepairPlan.Place) -> Bool {
        let header = block.header
        guard header.store == original.store, header.stream == place.stream, header.partition == place.partition,
            header.rowCount > 0,
            let schema = stream(place.stream)?.schemas.first(where: { $0.version == header.schemaVersion })
        else { return false }
        return (try? BlockVerifier(schema: schema).check(block)) != nil
    }

    /// Takes a whole block unless offsets of it are there already.
    private static func take(whole block: Block, _ partition: inout PartitionRepair) {
        let offsets = block.header.baseOffset..<(block.header.baseOffset + block.header.offsetSpan)
        let taken = partition.kept + partition.pieces.map(\.offsets)
        guard !taken.contains(where: { $0.overlaps(offsets) }) else { return }
        partition.pieces.append(RepairPlan.Piece(block: block, rows: nil, offsets: offsets))
        partition.wanted.remove(offsets)
    }

    // MARK: Journal

    private mutating func planJournal() {
        let listing = JournalListing(layout: layout, files: files, from: original.firstJournalFile)
        var result = Verification(path: layout.journal)
        var verifier = JournalVerifier(listing: listing, manifest: original, layout: layout)
        verifier.verify(&result)
        let isDamaged = result.severity > .clean
        // Files left over from before may still have rows of a damaged segment.
        let all = JournalListing(layout: layout, files: files, from: 0)
        guard isDamaged || partitions.values.contains(where: { !$0.wanted.isEmpty }) else { return }
        var state = StoreLog.State(manifest: original)
        var position = LogPosition(nextCommit: original.commitFloor)
        StoreLog.prepare(&state, &position, layout, files)
        var found = JournalSearch(store: original.store, streams: original.streams)
        for entry in all.entries where entry.image.header?.store == original.store { found.read(entry) }
        if isDamaged {
            for header in found.damaged where partitions[Self.place(header)] != nil {
                wantTail(Self.place(header), through: header.baseOffset + header.offsetSpan)
            }
            for block in found.blocks {
                wantTail(Self.place(block.header), through: block.header.baseOffset + block.header.offsetSpan)
                position.advance(past: block.header)
            }
            if found.hasUnknownDamage {
                plan.notes.append("a durable commit of the journal cannot be read at all: what stood in it is unknown")
            }
            for entry in listing.entries {
                guard let length = entry.image.header?.fileLength, length > UInt64(entry.image.bytes.byteCount) else {
                    continue
                }
                plan.notes.append(
                    "\(entry.image.path) was cut from \(length) to \(entry.image.bytes.byteCount) bytes: what stood "
                        + "behind commit \(found.nextCommit - 1) is unknown")
            }
            beginJournal(listing, result, nextCommit: max(found.nextCommit, original.commitFloor))
            keepCounters(position)
        }
        for block in found.blocks { takeWanted(block) }
    }

    static func place(_ header: BlockHeader) -> RepairPlan.Place {
        RepairPlan.Place(stream: header.stream, partition: header.partition)
    }

    /// Rows of the journal that no segment holds must be written again.
    private mutating func wantTail(_ place: RepairPlan.Place, through end: Int64) {
        guard let partition = partitions[place] else { return }
        if end > partition.end {
            partitions[place]!.wanted.insert(partition.end..<end)
            partitions[place]!.end = end
        }
    }

    /// Takes those rows of a journal block that are wanted.
    private mutating func takeWanted(_ block: Block) {
        let header = block.header
        let place = Self.place(header)
        guard var partition = partitions[place], !header.hasOffsetColumn else { return }
        let offsets = header.baseOffset..<(header.baseOffset + Int64(header.rowCount))
        let parts = partition.wanted.common(with: offsets)
        guard !parts.isEmpty, isGood(block, place) else { return }
        for part in parts {
            let rows = Int(part.lowerBound - header.baseOffset)..<Int(part.upperBound - header.baseOffset)
            partition.pieces.append(RepairPlan.Piece(block: block, rows: rows, offsets: part))
            partition.wanted.remove(part)
        }
        partitions[place] = partition
    }

    /// All journal files go to quarantine; the rows that are good go into segments.
    private mutating func beginJournal(_ listing: JournalListing, _ found: Verification, nextCommit: UInt64) {
        let contents = StoreContents(layout: layout, files: files)
        let last = contents.journals.last ?? 0
        for number in contents.journals where number >= original.firstJournalFile {
            let path = layout.journalFile(number)
            let reasons = found.findings.filter { $0.file == path }.map(\.reason)
            quarantine(path, reasons.isEmpty ? ["its rows were written into segments"] : reasons)
        }
        let number = max(last &+ 1, original.firstJournalFile)
        plan.manifest.firstJournalFile = number
        plan.manifest.commitFloor = nextCommit
        plan.newJournal = JournalFileHeader(
            store: original.store, number: number, epoch: original.epoch, firstCommit: nextCommit, begunAt: time,
            fileLength: UInt64(JournalFileHeader.pageLength))
    }

    /// Sequences and producers that the journal told go into the manifest.
    private mutating func keepCounters(_ position: LogPosition) {
        for index in plan.manifest.streams.indices {
            let id = plan.manifest.streams[index].id
            guard let known = position.streams[id] else { continue }
            let floor = max(plan.manifest.streams[index].sequenceFloor, known.nextSequence)
            plan.manifest.streams[index].sequenceFloor = floor
            plan.manifest.producers.removeAll { $0.stream == id }
            plan.manifest.producers += known.producers.values.map(\.state).sorted {
                ($0.lastSeen, $0.producer.high, $0.producer.low) < ($1.lastSeen, $1.producer.high, $1.producer.low)
            }
        }
    }

    // MARK: Result

    private mutating func close(_ place: RepairPlan.Place, _ partition: PartitionRepair) {
        for range in partition.wanted.ranges {
            plan.lost.append(
                RepairReport.LostRows(
                    stream: place.stream, streamName: plan.name(place.stream), partition: Int(place.partition),
                    offsets: range))
        }
        plan.manifest.partitions.removeAll { $0.stream == place.stream && $0.partition == place.partition }
        if partition.end > 0 {
            plan.manifest.partitions.append(
                PartitionRecord(stream: place.stream, partition: place.partition, sealedThrough: partition.end))
        }
        var group: [RepairPlan.Piece] = []
        func flush() {
            guard !group.isEmpty else { return }
            plan.segments.append(RepairPlan.NewSegment(id: plan.manifest.nextSegment, place: place, pieces: group))
            plan.manifest.nextSegment += 1
            group = []
        }
        for piece in partition.pieces.sorted(by: { $0.offsets.lowerBound < $1.offsets.lowerBound }) {
            // A segment that stays must not lie inside the offsets of a new one.
            if let last = group.last {
                let between = last.offsets.upperBound..<piece.offsets.lowerBound
                if partition.kept.contains(where: { $0.overlaps(between) }) { flush() }
            }
            group.append(piece)
        }
        flush()
    }
}

import EskerFormat

/// Checks the journal of a store: every commit of every file, the chain of commits over the files, and that the rows of
/// each partition go on where its segments end.
struct JournalVerifier {
    let listing: JournalListing
    /// `nil` when the manifest cannot be read: then files are checked by themselves.
    let manifest: Manifest?
    let layout: StoreLayout
    /// Called after each file with its bytes.
    var progress: (Int) -> Void = { _ in }

    private var streams: [UInt32: StreamRecord] = [:]
    private var ends: [UInt32: [Int64]] = [:]
    private var sealed: [UInt32: [Int64]] = [:]
    private var dropped: Set<UInt32> = []

    init(listing: JournalListing, manifest: Manifest?, layout: StoreLayout) {
        self.listing = listing
        self.manifest = manifest
        self.layout = layout
        for stream in manifest?.streams ?? [] {
            streams[stream.id] = stream
            ends[stream.id] = [Int64](repeating: 0, count: stream.partitionCount)
        }
        for partition in manifest?.partitions ?? [] where partition.partition < ends[partition.stream]?.count ?? 0 {
            ends[partition.stream]![Int(partition.partition)] = partition.sealedThrough
        }
        for segment in manifest?.segments ?? [] where segment.partition < ends[segment.stream]?.count ?? 0 {
            let known = ends[segment.stream]![Int(segment.partition)]
            ends[segment.stream]![Int(segment.partition)] = max(known, segment.endOffset)
        }
        sealed = ends
    }

    /// Adds what is wrong to `result`. O(bytes of the journal).
    mutating func verify(_ result: inout Verification) {
        for problem in listing.problems {
            result.add(Finding(.corrupt, problem.file ?? layout.journal, problem.message))
        }
        for number in listing.missing {
            result.add(Finding(.corrupt, layout.journalFile(number), "the journal file is missing"))
        }
        checkStart(&result)
        var next: UInt64?
        var epoch: UInt64 = 0
        for (index, entry) in listing.entries.enumerated() {
            let isLast = index + 1 == listing.entries.count
            check(header: entry.image, expected: next, epoch: &epoch, &result)
            next = verify(entry, isLast: isLast, &result) ?? next
            progress(entry.image.bytes.byteCount)
        }
        for stream in dropped.sorted() {
            result.add(
                Finding(.clean, layout.journal, "rows of stream \(stream) are left, which was dropped"))
        }
    }

    /// The manifest names the first file that is needed; only a store without a commit has none.
    private func checkStart(_ result: inout Verification) {
        guard let manifest else { return }
        let first = listing.entries.first
        let isNew = manifest.firstJournalFile == 1 && manifest.commitFloor == 1 && manifest.segments.isEmpty
        if first?.number != manifest.firstJournalFile, !(first == nil && isNew) {
            result.add(Finding(.corrupt, layout.journalFile(manifest.firstJournalFile), "the journal file is missing"))
        }
        if let header = first?.image.header, first?.image.headerError == nil,
            header.firstCommit > manifest.commitFloor
        {
            result.add(
                Finding(
                    .corrupt, layout.journalFile(header.number), at: 48,
                    "the journal begins with commit \(header.firstCommit), the manifest needs \(manifest.commitFloor)"))
        }
    }

    private func check(
        header image: JournalImage, expected: UInt64?, epoch: inout UInt64, _ result: inout Verification
    ) {
        if let error = image.headerError { result.add(Finding(error, image.path, at: 0)) }
        guard let header = image.header else { return }
        func corrupt(_ offset: Int, _ what: String) {
            result.add(Finding(.corrupt, image.path, at: offset, what))
        }
        if let manifest, header.store != manifest.store { corrupt(16, "the file belongs to store \(header.store)") }
        if let manifest, header.epoch > manifest.epoch {
            corrupt(40, "the file is of epoch \(header.epoch), the manifest of \(manifest.epoch)")
        }
        if header.fileLength > UInt64(image.bytes.byteCount) {
            corrupt(image.bytes.byteCount, "the file was cut from \(header.fileLength) bytes")
        }
        if header.epoch < epoch { corrupt(40, "the file is of epoch \(header.epoch), the one before of \(epoch)") }
        if let expected, image.headerError == nil, listing.missing.isEmpty, header.firstCommit != expected {
            corrupt(48, "the file begins with commit \(header.firstCommit), expected \(expected)")
        }
        epoch = max(epoch, header.epoch)
    }

    /// Checks the commits of a file and returns the commit that must come next.
    private mutating func verify(_ entry: JournalListing.Entry, isLast: Bool, _ result: inout Verification) -> UInt64? {
        let image = entry.image
        guard image.header != nil else { return nil }
        var events: [JournalImage.Event] = []
        let ending = image.walk(limit: entry.limit, isProven: entry.isProven) { event in
            // Blocks are only named here, their bytes stay in the file: events are few beside them.
            events.append(event)
        }
        for event in events { check(event, image, &result) }
        switch ending.ending {
        case .end, .corrupt: break  // damage was told where it was found
        case .torn(let position, let reason):
            if isLast { result.add(Finding(.torn, image.path, at: position, reason)) }
        case .newer(let position, let reason):
            result.add(Finding(.newer, image.path, at: position, reason))
        }
        return ending.next
    }

    private mutating func check(_ event: JournalImage.Event, _ image: JournalImage, _ result: inout Verification) {
        switch event {
        case .commit(let commit):
            var position = commit.position
            for block in commit.blocks {
                check(block, image.path, at: position, &result)
                position += block.header.totalLength
            }
        case .block(let block, let position):
            check(block, image.path, at: position, &result)
        case .damage(let damage):
            let rows = damage.header.map { " (\($0.rowCount) rows of stream \($0.stream), partition \($0.partition))" }
            result.add(
                Finding(
                    .corrupt, image.path, at: damage.position,
                    "durable commit \(damage.commit) is damaged\(rows ?? ""): \(damage.reason)"))
            // What is missing behind it is told by this finding.
            for stream in ends.keys { ends[stream] = ends[stream]!.map { _ in -1 } }
        }
    }

    private mutating func check(_ block: Block, _ path: String, at position: Int, _ result: inout Verification) {
        let header = block.header
        do throws(FormatError) {
            let schema = try place(header)
            try BlockVerifier(schema: schema).check(block)
            result.rowCount &+= Int64(header.rowCount)
        } catch {
            result.add(Finding(error, path, at: position))
        }
    }

    /// Where the block belongs, and whether it goes on where the one before it ended.
    private mutating func place(_ header: BlockHeader) throws(FormatError) -> Schema? {
        guard let manifest, !header.isCommitMark else { return nil }
        guard let stream = streams[header.stream] else {
            guard header.stream > 0, header.stream < manifest.nextStream else {
                throw FormatError(.malformed, "the block belongs to stream \(header.stream), which never was", at: 56)
            }
            dropped.insert(header.stream)
            return nil
        }
        guard header.partition < stream.partitionCount else {
            throw FormatError(
                .malformed, "the block belongs to partition \(header.partition) of \(stream.partitionCount)", at: 60)
        }
        if header.offsetSpan > 0 { try follow(header) }
        guard header.rowCount > 0 else { return nil }
        guard let schema = stream.schemas.first(where: { $0.version == header.schemaVersion }) else {
            throw FormatError(.malformed, "the stream never had schema version \(header.schemaVersion)", at: 68)
        }
        return schema
    }

    private mutating func follow(_ header: BlockHeader) throws(FormatError) {
        let partition = Int(header.partition)
        let end = header.baseOffset + header.offsetSpan
        let sealedThrough = sealed[header.stream]![partition]
        guard header.baseOffset >= sealedThrough else {
            guard end <= sealedThrough else {
                throw FormatError(
                    .malformed, "offsets \(header.baseOffset)–\(end - 1) are sealed through \(sealedThrough)", at: 72)
            }
            return
        }
        let expected = ends[header.stream]![partition]
        ends[header.stream]![partition] = end
        guard expected < 0 || header.baseOffset == expected else {
            let what = header.baseOffset > expected ? "rows are missing" : "rows are there twice"
            throw FormatError(
                .malformed, "the block begins at offset \(header.baseOffset), expected \(expected): \(what)", at: 72)
        }
    }
}

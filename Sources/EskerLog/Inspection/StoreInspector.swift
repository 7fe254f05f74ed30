package import EskerFiles
import EskerFormat

/// What to show of a store besides its streams, segments and journal files.
package struct InspectionOptions: Sendable {
    /// Every block's header.
    package var blocks = false
    /// Every column: of each block, or over each file when blocks are not asked for.
    package var columns = false
    /// So many first rows of each stream.
    package var rows = 0

    package init(blocks: Bool = false, columns: Bool = false, rows: Int = 0) {
        self.blocks = blocks
        self.columns = columns
        self.rows = rows
    }
}

/// What an inspection found, as values; see ``text()`` and ``json()`` for the ways to show it.
package struct Inspection: Sendable {
    package enum Subject: Sendable {
        case store(StoreReport)
        case manifest(StoreReport)
        case segment(SegmentReport)
        case journal(JournalReport)
    }

    package let subject: Subject
    package let options: InspectionOptions
    /// The first rows of each stream, when asked for.
    package let rows: [RowsReport]
}

/// Looks into the files of a store, or into one file alone, without opening the store and without a lock.
///
/// It reads headers and directories and believes what their checksums cover; columns are only read for rows. What is
/// damaged is shown as a problem beside what is not. Not for judging a store: that is ``StoreVerifier``'s work.
package struct StoreInspector: Sendable {
    let files: any FileSystem
    let options: InspectionOptions

    package init(files: any FileSystem, options: InspectionOptions = InspectionOptions()) {
        self.files = files
        self.options = options
    }

    /// Looks at a store's directory or at one of its files. O(bytes of the journal + headers of the segments).
    ///
    /// Errors: `.notAStore` when the path is neither, `.newerVersion`, `.corrupt` when the manifest cannot be read,
    /// `.io` when there is no such path.
    package func inspect(_ path: String) throws(StoreError) -> Inspection {
        if isDirectory(path) { return try inspectStore(path) }
        let image = try FileImage(path, files: files)
        var names = ColumnNames(nearbyManifest(path))
        switch FileKind(image) {
        case .manifest: return try inspectManifest(path)
        case .segment:
            let segment = SegmentImage(image)
            if let schema = segment.footer?.schema, let id = segment.header?.stream { names.add(schema, stream: id) }
            var rows = RowCollector(limit: options.rows, names: names)
            collect(segment, &rows)
            let report = SegmentReader(options: options, names: names).report(segment)
            return Inspection(subject: .segment(report), options: options, rows: rows.result)
        case .journal:
            let number = StoreLayout.number(of: Self.name(path), ending: ".journal")
            let journal = JournalImage(image, number: number)
            var rows = RowCollector(limit: options.rows, names: names)
            let report = JournalReader(options: options, names: names).report(journal) { rows.add($0) }
            return Inspection(subject: .journal(report), options: options, rows: rows.result)
        case .unknown:
            throw StoreError(
                .notAStore, "the file is no manifest, segment or journal file of a store", file: path, offset: 0)
        }
    }

    private func inspectManifest(_ path: String) throws(StoreError) -> Inspection {
        let bytes = try ManifestFile(files: files, layout: StoreLayout("")).readWhole(
            path, limit: Manifest.maximumLength)
        do throws(FormatError) {
            let report = StoreReport(try Manifest(parsing: bytes), path: path)
            return Inspection(subject: .manifest(report), options: options, rows: [])
        } catch {
            throw StoreError(error, file: path)
        }
    }

    private func inspectStore(_ directory: String) throws(StoreError) -> Inspection {
        let layout = StoreLayout(directory)
        guard let manifest = try ManifestFile(files: files, layout: layout).read() else {
            throw StoreError(
                .notAStore, "there is no store here: the directory has no MANIFEST", file: layout.directory)
        }
        var report = StoreReport(manifest, path: directory)
        let names = ColumnNames(manifest)
        var rows = RowCollector(limit: options.rows, names: names)
        for record in manifest.segments.sorted(by: {
            ($0.stream, $0.partition, $0.baseOffset) < ($1.stream, $1.partition, $1.baseOffset)
        }) {
            let path = layout.segment(record.id)
            do throws(StoreError) {
                let segment = SegmentImage(try FileImage(path, files: files))
                report.segments.append(SegmentReader(options: options, names: names).report(segment))
                collect(segment, &rows)
            } catch {
                report.problems.append(error.description)
            }
        }
        readJournal(layout, manifest, names, &report, &rows)
        return Inspection(subject: .store(report), options: options, rows: rows.result)
    }

    private func readJournal(
        _ layout: StoreLayout, _ manifest: Manifest, _ names: ColumnNames, _ report: inout StoreReport,
        _ rows: inout RowCollector
    ) {
        let listing = JournalListing(layout: layout, files: files, from: manifest.firstJournalFile)
        report.problems += listing.problems.map(\.description)
        var streams: [UInt32: Int] = [:]
        for (index, stream) in report.streams.enumerated() { streams[stream.record.id] = index }
        for entry in listing.entries {
            let reader = JournalReader(options: options, names: names)
            let found = reader.report(entry.image, limit: entry.limit, isProven: entry.isProven) { block in
                guard let index = streams[block.header.stream], !block.header.isCommitMark else { return }
                let partition = Int(block.header.partition)
                let partitions = report.streams[index].partitions
                if partition < partitions.count, block.header.baseOffset >= partitions[partition].sealedThrough {
                    rows.add(block)
                }
                report.streams[index].include(block.header)
            }
            report.journals.append(found)
        }
    }

    private func collect(_ segment: SegmentImage, _ rows: inout RowCollector) {
        for block in segment.blocks where !rows.isFull(block.header.stream) && options.rows > 0 {
            if let good = try? block.verified() { rows.add(good) }
        }
    }

    private func isDirectory(_ path: String) -> Bool { (try? files.list(path)) != nil }

    /// The manifest of the store that a file belongs to, when it stands in one: for names.
    private func nearbyManifest(_ path: String) -> Manifest? {
        guard let directory = path.parentPath?.parentPath else { return nil }
        return (try? ManifestFile(files: files, layout: StoreLayout(directory)).read()) ?? nil
    }

    private static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

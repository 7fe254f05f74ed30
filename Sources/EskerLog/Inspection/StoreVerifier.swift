package import EskerFiles
import EskerFormat

/// Checks every checksum of every file of a store, and that the files fit together, without opening it or taking a lock.
///
/// No bytes whatever make it fail: what cannot be read is a finding. A store that a writer has open may show findings
/// that are none, because files change between two looks.
package struct StoreVerifier: Sendable {
    /// How far a verification is.
    package struct Progress: Sendable {
        package let done: Int64
        package let total: Int64
    }

    let files: any FileSystem
    let progress: @Sendable (Progress) -> Void

    /// - Parameter progress: called after each file.
    package init(files: any FileSystem, progress: @escaping @Sendable (Progress) -> Void = { _ in }) {
        self.files = files
        self.progress = progress
    }

    /// Checks a store's directory, or one of its files by itself. O(bytes).
    package func verify(_ path: String) -> Verification {
        var result = Verification(path: path)
        if (try? files.list(path)) != nil {
            verifyStore(StoreLayout(path), &result)
        } else {
            verifyFile(path, &result)
        }
        return result
    }

    // MARK: One file

    private func verifyFile(_ path: String, _ result: inout Verification) {
        let image: FileImage
        do throws(StoreError) { image = try FileImage(path, files: files) } catch {
            result.add(Finding(.notAStore, path, error.message))
            return
        }
        count(image, &result)
        switch FileKind(image) {
        case .manifest: _ = manifest(path, image.bytes, isAlone: true, &result)
        case .segment: SegmentVerifier(image: SegmentImage(image)).verify(&result)
        case .journal:
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let number = StoreLayout.number(of: name, ending: ".journal")
            let listing = JournalListing(alone: JournalImage(image, number: number))
            var verifier = JournalVerifier(listing: listing, manifest: nil, layout: StoreLayout(path))
            verifier.verify(&result)
        case .unknown:
            result.add(Finding(.notAStore, path, at: 0, "no manifest, segment or journal file of a store"))
        }
        progress(Progress(done: result.byteCount, total: result.byteCount))
    }

    private func count(_ image: FileImage, _ result: inout Verification) {
        result.fileCount += 1
        result.byteCount &+= Int64(image.bytes.byteCount)
    }

    private func manifest(_ path: String, _ bytes: Buffer, isAlone: Bool, _ result: inout Verification) -> Manifest? {
        do throws(FormatError) {
            let manifest = try Manifest(parsing: bytes)
            ManifestVerifier(manifest: manifest, path: path).verify(&result)
            return manifest
        } catch {
            result.add(Finding(error, path, at: 0))
            return nil
        }
    }

    // MARK: A store

    private func verifyStore(_ layout: StoreLayout, _ result: inout Verification) {
        let contents = StoreContents(layout: layout, files: files)
        guard contents.isStore else {
            result.add(Finding(.notAStore, layout.directory, "the directory holds neither a manifest nor data"))
            return
        }
        let manifest = verifyManifest(layout, contents, &result)
        let total = contents.totalLength
        verifySegments(layout, contents, manifest, total: total, &result)
        let listing = JournalListing(layout: layout, files: files, from: manifest?.firstJournalFile ?? 0)
        for number in listing.leftovers {
            note(layout.journalFile(number), "its rows are sealed; the next opening removes it", &result)
        }
        var verifier = JournalVerifier(listing: listing, manifest: manifest, layout: layout)
        var done = result.byteCount
        verifier.progress = { [progress] length in
            done &+= Int64(length)
            progress(Progress(done: done, total: total))
        }
        verifier.verify(&result)
        for entry in listing.entries {
            result.fileCount += 1
            result.byteCount &+= Int64(entry.image.bytes.byteCount)
        }
    }

    private func note(_ file: String, _ what: String, _ result: inout Verification) {
        result.add(Finding(.clean, file, what))
    }

    private func verifyManifest(_ layout: StoreLayout, _ contents: StoreContents, _ result: inout Verification)
        -> Manifest?
    {
        guard contents.hasManifest else {
            result.add(Finding(.corrupt, layout.manifest, "the manifest is missing though there is data"))
            return nil
        }
        do throws(StoreError) {
            let bytes = try ManifestFile(files: files, layout: layout).readWhole(
                layout.manifest, limit: Manifest.maximumLength)
            result.fileCount += 1
            result.byteCount &+= Int64(bytes.byteCount)
            return manifest(layout.manifest, bytes, isAlone: false, &result)
        } catch {
            result.add(Finding(.corrupt, layout.manifest, error.message))
            return nil
        }
    }

    private func verifySegments(
        _ layout: StoreLayout, _ contents: StoreContents, _ manifest: Manifest?, total: Int64,
        _ result: inout Verification
    ) {
        let records = Dictionary(
            (manifest?.segments ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for (id, record) in records.sorted(by: { $0.key < $1.key }) where !contents.segments.contains(id) {
            result.add(
                Finding(
                    .corrupt, layout.segment(id),
                    "the segment is missing: offsets \(record.baseOffset)–\(record.endOffset - 1) of stream "
                        + "\(record.stream), partition \(record.partition)"))
        }
        for id in contents.segments {
            if manifest != nil, records[id] == nil {
                note(layout.segment(id), "the manifest does not name it; the next opening removes it", &result)
                continue
            }
            do throws(StoreError) {
                let image = try FileImage(layout.segment(id), files: files)
                count(image, &result)
                let stream = records[id].flatMap { record in manifest?.streams.first { $0.id == record.stream } }
                SegmentVerifier(
                    image: SegmentImage(image), record: records[id], store: manifest?.store, stream: stream
                ).verify(&result)
            } catch {
                result.add(Finding(.corrupt, layout.segment(id), error.message))
            }
            progress(Progress(done: min(result.byteCount, total), total: total))
        }
    }
}

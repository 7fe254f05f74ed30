import EskerFiles
import EskerFormat

/// What files a directory holds that belong to a store, by their names.
struct StoreContents {
    let hasManifest: Bool
    /// Ids of the segment files, ascending.
    let segments: [UInt64]
    /// Numbers of the journal files, ascending.
    let journals: [UInt64]
    /// Bytes in all of them.
    let totalLength: Int64

    init(layout: StoreLayout, files: any FileSystem) {
        hasManifest = (try? files.exists(layout.manifest)) ?? false
        segments = ((try? files.list(layout.segments)) ?? [])
            .compactMap { StoreLayout.number(of: $0, ending: ".segment") }.sorted()
        journals = ((try? files.list(layout.journal)) ?? [])
            .compactMap { StoreLayout.number(of: $0, ending: ".journal") }.sorted()
        let paths = segments.map(layout.segment) + journals.map(layout.journalFile)
        totalLength = ((hasManifest ? [layout.manifest] : []) + paths).reduce(0) { total, path in
            guard let file = try? files.open(path, .read) else { return total }
            defer { file.close() }
            return total &+ ((try? file.size()) ?? 0)
        }
    }

    /// Whether the directory is, or was, a store.
    var isStore: Bool { hasManifest || !segments.isEmpty || !journals.isEmpty }
}

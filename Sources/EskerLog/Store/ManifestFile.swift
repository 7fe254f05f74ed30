// Unsafe: hands whole buffers to file operations.
package import EskerFiles
package import EskerFormat

/// Reads the manifest and replaces it: written whole into a new file, synced, renamed over the old one.
package struct ManifestFile: Sendable {
    let files: any FileSystem
    let layout: StoreLayout

    package init(files: any FileSystem, layout: StoreLayout) {
        self.files = files
        self.layout = layout
    }

    /// The manifest as it stands; `nil` when there is none.
    package func read() throws(StoreError) -> Manifest? {
        let path = layout.manifest
        guard try storing({ () throws(FileError) in try files.exists(path) }) else { return nil }
        let bytes = try readWhole(path, limit: Manifest.maximumLength)
        do { return try Manifest(parsing: bytes) } catch { throw StoreError(error, file: path) }
    }

    /// Makes `manifest` the store's manifest, durably. Gives up the reserved space when the disk is full.
    ///
    /// - Parameter isUncertain: set while the disk may hold this manifest or the one before: when an error comes after
    ///   renaming has begun. Left as it was by earlier errors, cleared by success.
    func write(_ manifest: Manifest, isUncertain: inout Bool) throws(StoreError) {
        do {
            try replace(manifest, &isUncertain)
        } catch {
            guard error.code == .noSpace else { throw StoreError(error) }
            try? files.remove(layout.reserve)
            do throws(FileError) { try replace(manifest, &isUncertain) } catch { throw StoreError(error) }
        }
    }

    private func replace(_ manifest: Manifest, _ isUncertain: inout Bool) throws(FileError) {
        let bytes = manifest.encode()
        let file = try files.open(layout.newManifest, .createOrOpen)
        defer { file.close() }
        try file.truncate(to: 0)
        try file.write([bytes], at: 0)
        try file.sync()
        isUncertain = true
        try files.rename(layout.newManifest, to: layout.manifest)
        try files.syncDirectory(layout.directory)
        isUncertain = false
    }

    /// All bytes of a file, refused beyond `limit`.
    package func readWhole(_ path: String, limit: Int) throws(StoreError) -> Buffer {
        do {
            let file = try files.open(path, .read)
            defer { file.close() }
            let size = try file.size()
            guard size <= Int64(limit) else {
                throw StoreError(.corrupt, "\(size) bytes are more than the \(limit) such a file can have", file: path)
            }
            var failure: FileError?
            var count = 0
            let bytes = unsafe Buffer.make(byteCount: Int(size)) { target in
                do throws(FileError) { count = try unsafe file.read(into: target, at: 0) } catch { failure = error }
            }
            if let failure { throw StoreError(failure) }
            return bytes.slice(0..<count)
        } catch let error as FileError {
            throw StoreError(error)
        } catch let error as StoreError {
            throw error
        } catch {
            preconditionFailure("unexpected error \(error)")
        }
    }
}

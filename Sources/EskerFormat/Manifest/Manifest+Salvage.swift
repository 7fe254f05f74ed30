extension Manifest {
    /// What can still be read of a manifest whose checksum does not match: streams and views, to be checked against
    /// what the rows say before they are used. O(bytes).
    package static func salvage(_ bytes: Buffer) -> (streams: [StreamRecord], views: [ViewRecord]) {
        var found = Manifest(store: .zero)
        guard bytes.byteCount > headerLength else { return ([], []) }
        var reader = ByteReader(bytes.slice(headerLength..<bytes.byteCount))
        while reader.remaining > 0 {
            let before = reader.position
            do throws(FormatError) { try found.readRecord(&reader) } catch {
                // A record that cannot be read is skipped by its length; without a length there is no way on.
                if reader.position <= before + 8 { break }
            }
        }
        return (found.streams, found.views)
    }
}

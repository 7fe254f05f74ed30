// Unsafe: makes buffers on the mapped file, which the mapping keeps alive.
import EskerFiles
package import EskerFormat
import Synchronization

/// A sealed segment: opened and checked when it is first read, then mapped for as long as someone holds it.
///
/// Opening a store touches no segment; what is needed to choose segments stands in ``record``.
package final class SegmentFile: Sendable {
    /// The manifest's line for the segment.
    package let record: SegmentRecord
    package let path: String
    private let files: any FileSystem
    private let store: StoreID
    private let content = Mutex<Content?>(nil)
    /// Set when the segment was dropped or replaced: its last user has the file removed.
    private let removal = Mutex<Removal?>(nil)
    /// Keeps the file from being removed, where another process may do so.
    private let pin: EditionPins.Pin?

    private struct Removal {
        let removals: SegmentRemovals
        let edition: UInt64
    }

    /// What is known of the file once it is open. Touched under the mutex.
    private final class Content {
        let region: MappedRegion
        let footer: SegmentFooter
        let pools: SegmentPools?
        var blocks: [Block?]

        init(_ region: MappedRegion, _ footer: SegmentFooter, _ pools: SegmentPools?) {
            self.region = region
            self.footer = footer
            self.pools = pools
            blocks = [Block?](repeating: nil, count: footer.blocks.count)
        }
    }

    init(
        record: SegmentRecord, path: String, store: StoreID, files: any FileSystem, pin: EditionPins.Pin? = nil
    ) {
        self.record = record
        self.path = path
        self.store = store
        self.files = files
        self.pin = pin
    }

    deinit {
        if let removal = removal.withLock({ $0 }) {
            removal.removals.remove(path, unnamedSince: removal.edition)
        }
    }

    /// Lets snapshots that hold the segment go on reading it, and has the file removed after the last of them.
    ///
    /// - Parameter edition: the first manifest that does not name the segment.
    func removeWithLastUser(_ removals: SegmentRemovals, unnamedSince edition: UInt64) {
        removal.withLock { $0 = Removal(removals: removals, edition: edition) }
    }

    /// The directory of the segment, read and checked on first use.
    package func footer() throws(StoreError) -> SegmentFooter {
        try content.withLock { (content) throws(StoreError) in try opened(&content).footer }
    }

    /// A block by its place in the directory: its header is checked on first use, its columns whenever they are read.
    package func block(_ index: Int) throws(StoreError) -> Block {
        try content.withLock { (content) throws(StoreError) in
            let current = try opened(&content)
            if let block = current.blocks[index] { return block }
            let place = current.footer.blocks[index]
            let region = current.region
            let bytes = unsafe Buffer(base: region.base + place.offset, byteCount: place.length, owner: region)
            let block: Block
            do throws(FormatError) { block = try Block(parsing: bytes, pools: current.pools) } catch {
                throw StoreError(error, file: path, at: Int64(place.offset))
            }
            guard block.header.store == store, block.header.stream == record.stream,
                block.header.partition == record.partition, block.header.baseOffset == place.baseOffset,
                block.header.rowCount == place.rowCount, block.header.totalLength == place.length
            else {
                throw StoreError(
                    .corrupt, "block \(index) is not the one that the segment's directory names", file: path,
                    offset: Int64(place.offset))
            }
            current.blocks[index] = block
            return block
        }
    }

    /// Compares every checksum of the file, the one over all bytes included. O(bytes).
    package func verify() throws(StoreError) {
        let footer = try footer()
        let (region, pools) = try content.withLock { (content) throws(StoreError) in
            let current = try opened(&content)
            return (current.region, current.pools)
        }
        do { try pools?.verify() } catch { throw StoreError(error, file: path) }
        let end = region.count - SegmentTrailer.length
        let trailer = try trailer(of: region)
        for index in footer.blocks.indices {
            do { _ = try block(index).verified() } catch let error as FormatError {
                throw StoreError(error, file: path, at: Int64(footer.blocks[index].offset))
            } catch let error as StoreError { throw error } catch { preconditionFailure("unexpected error \(error)") }
        }
        let whole = unsafe Buffer(base: region.base, byteCount: end, owner: region)
        guard Checksum.crc32c(whole) == trailer.fileChecksum else {
            throw StoreError(.corrupt, "checksum over the segment does not match", file: path, offset: Int64(end + 16))
        }
    }

    private func opened(_ content: inout Content?) throws(StoreError) -> Content {
        if let content { return content }
        let region = try map()
        let trailer = try trailer(of: region)
        let footerBytes = unsafe Buffer(
            base: region.base + trailer.footerOffset, byteCount: trailer.footerLength, owner: region)
        guard Checksum.crc32c(footerBytes) == trailer.footerChecksum, trailer.footerChecksum == record.footerChecksum
        else {
            throw StoreError(
                .corrupt, "checksum of the segment's footer does not match", file: path,
                offset: Int64(trailer.footerOffset))
        }
        do throws(FormatError) {
            let head = unsafe Buffer(base: region.base, byteCount: SegmentHeader.length, owner: region)
            let header = try SegmentHeader(parsing: head)
            guard header.store == store, header.id == record.id, header.stream == record.stream,
                header.tier == record.tier
            else {
                throw FormatError(.malformed, "the file is another segment than its name says", at: 16)
            }
            let footer = try SegmentFooter(parsing: footerBytes, footerOffset: trailer.footerOffset)
            let whole = unsafe Buffer(base: region.base, byteCount: trailer.footerOffset, owner: region)
            let fresh = Content(region, footer, try SegmentPools(footer, in: whole))
            content = fresh
            return fresh
        } catch {
            throw StoreError(error, file: path)
        }
    }

    private func map() throws(StoreError) -> MappedRegion {
        let (region, size) = try storing { () throws(FileError) in
            let file = try files.open(path, .read)
            defer { file.close() }
            let size = try file.size()
            guard size == record.fileLength, size > 0 else { return (nil as MappedRegion?, size) }
            return (try file.map(offset: 0, length: Int(size)), size)
        }
        guard let region else {
            throw StoreError(
                .corrupt, "segment has \(size) bytes where the manifest says \(record.fileLength)", file: path)
        }
        return region
    }

    private func trailer(of region: MappedRegion) throws(StoreError) -> SegmentTrailer {
        let start = region.count - SegmentTrailer.length
        guard start >= SegmentHeader.length else {
            throw StoreError(.corrupt, "\(region.count) bytes are too few for a segment", file: path)
        }
        let bytes = unsafe Buffer(base: region.base + start, byteCount: SegmentTrailer.length, owner: region)
        do { return try SegmentTrailer(parsing: bytes, fileLength: region.count) } catch {
            throw StoreError(error, file: path)
        }
    }
}

import EskerFormat

/// A segment file read as far as its bytes allow: every part is tried, and what is wrong is kept beside it.
///
/// Unlike ``SegmentFile`` it needs no manifest, and a damaged footer or block does not hide the blocks that are good.
struct SegmentImage: Sendable {
    /// A block, or a stretch where one should be.
    struct Place: Sendable {
        let offset: Int
        let length: Int
        /// The block with its header checked and its columns not; `nil` when the header is bad.
        let block: Block?
        /// The directory's line, when the directory is good.
        let line: SegmentFooter.BlockPlace?
        let error: FormatError?
    }

    let path: String
    let bytes: Buffer
    private(set) var header: SegmentHeader?
    private(set) var trailer: SegmentTrailer?
    private(set) var footer: SegmentFooter?
    private(set) var places: [Place] = []
    /// What blocks share; `nil` when there is nothing, or it cannot be read.
    private(set) var pools: SegmentPools?
    /// Where the pools end, and the footer begins.
    private(set) var poolsEnd: Int?
    /// What is wrong with the header, trailer and footer, and where in the file.
    private(set) var faults: [(offset: Int, error: FormatError)] = []

    init(_ image: FileImage) {
        path = image.path
        bytes = image.bytes
        readHeader()
        readFooter()
        readPools()
        if let footer { readPlaces(footer) } else { searchBlocks() }
    }

    /// The good blocks, their columns still unchecked.
    var blocks: [Block] { places.compactMap(\.block) }

    private mutating func readHeader() {
        let head = bytes.slice(0..<min(SegmentHeader.length, bytes.byteCount))
        do { header = try SegmentHeader(parsing: head) } catch { faults.append((0, error)) }
    }

    private mutating func readFooter() {
        let start = bytes.byteCount - SegmentTrailer.length
        do throws(FormatError) {
            guard start >= SegmentHeader.length else {
                throw FormatError(.truncated, "\(bytes.byteCount) bytes are too few for a segment", at: 0)
            }
            let end = bytes.slice(start..<bytes.byteCount)
            let trailer = try SegmentTrailer(parsing: end, fileLength: bytes.byteCount)
            self.trailer = trailer
            let part = bytes.slice(trailer.footerOffset..<(trailer.footerOffset + trailer.footerLength))
            guard Checksum.crc32c(part) == trailer.footerChecksum else {
                throw FormatError(
                    .checksum, "checksum of the segment's footer does not match", at: trailer.footerOffset)
            }
            footer = try SegmentFooter(parsing: part, footerOffset: trailer.footerOffset)
        } catch {
            faults.append((error.offset ?? max(start, 0), error))
        }
    }

    private mutating func readPools() {
        let directory: PoolDirectory
        do throws(FormatError) {
            if let footer {
                guard footer.poolCount > 0 else { return }
                directory = try PoolDirectory(
                    parsing: bytes, at: footer.blocksEnd, limit: trailer?.footerOffset ?? bytes.byteCount)
                poolsEnd = directory.end(from: footer.blocksEnd)
            } else {
                guard let found = PoolDirectory.search(bytes) else { return }
                directory = found
            }
            let pools = SegmentPools(directory, in: bytes)
            self.pools = pools
            try pools.verify()
        } catch {
            faults.append((error.offset ?? footer?.blocksEnd ?? 0, error))
        }
    }

    private mutating func readPlaces(_ footer: SegmentFooter) {
        for line in footer.blocks {
            let part = bytes.slice(line.offset..<(line.offset + line.length))
            do throws(FormatError) {
                let block = try Block(parsing: part, pools: pools)
                places.append(
                    Place(offset: line.offset, length: line.length, block: block, line: line, error: nil))
            } catch {
                places.append(
                    Place(offset: line.offset, length: line.length, block: nil, line: line, error: error))
            }
        }
    }

    /// Without a directory: blocks follow each other; where none begins, the next one is searched in steps of 64 bytes.
    private mutating func searchBlocks() {
        let end = trailer?.footerOffset ?? bytes.byteCount
        var position = SegmentHeader.length
        var badSince: (offset: Int, error: FormatError)?
        while position + BlockHeader.fixedLength <= end {
            do throws(FormatError) {
                let block = try Block(parsing: bytes.slice(position..<end), pools: pools)
                if let bad = badSince { places.append(Self.bad(bad.offset, position, bad.error)) }
                badSince = nil
                let length = block.header.totalLength
                places.append(Place(offset: position, length: length, block: block, line: nil, error: nil))
                position += length
            } catch {
                if badSince == nil { badSince = (position, error) }
                position += BlockHeader.alignment
            }
        }
        // What stands at the very end is the footer whose damage is told already, unless nothing came before.
        if let bad = badSince, trailer != nil { places.append(Self.bad(bad.offset, end, bad.error)) }
    }

    private static func bad(_ start: Int, _ end: Int, _ error: FormatError) -> Place {
        Place(offset: start, length: end - start, block: nil, line: nil, error: error)
    }
}

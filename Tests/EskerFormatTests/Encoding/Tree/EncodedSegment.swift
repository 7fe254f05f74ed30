// Unsafe: copies the bytes of single values of the columns under test.
import EskerFormat

/// A segment's blocks and pools, encoded and parsed again, without a file.
struct EncodedSegment {
    let blocks: [Block]
    let pools: SegmentPools?

    /// Each batch is one block.
    init(_ batches: [Batch], tier: Tier, codec: Codec = .zstd) throws {
        let encoder = SegmentEncoder(tier: tier, codec: codec, eventTimeColumn: nil)
        var offset: Int64 = 0
        for batch in batches {
            var header = BlockHeader()
            header.baseOffset = offset
            header.offsetSpan = Int64(batch.count)
            header.sequenceSpan = Int64(batch.count)
            offset += Int64(batch.count)
            encoder.add(batch, header, system: BlockEncoder.SystemValues())
        }
        var encoded: [EncodedBlock] = []
        let shared = encoder.finish { encoded.append($0) }
        if shared.isEmpty {
            pools = nil
        } else {
            let directory = PoolDirectory(shared, at: 64)
            var file = GrowableBuffer()
            file.appendZeros(64)
            file.append(directory.encode())
            for pool in shared {
                file.append(pool.region)
                file.pad(to: 64)
            }
            let bytes = file.finish()
            let parsed = try PoolDirectory(parsing: bytes, at: 64, limit: bytes.byteCount)
            precondition(parsed == directory)
            pools = SegmentPools(parsed, in: bytes)
        }
        var blocks: [Block] = []
        for block in encoded { blocks.append(try Block(parsing: block.joined(), pools: pools)) }
        self.blocks = blocks
    }
}

extension Column {
    func byteArray(at row: Int) -> [UInt8] { unsafe Array(bytes(at: row)) }

    func fixedBytes(at row: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { index in
            guard case .fixed(let buffer) = values else { preconditionFailure() }
            return buffer.load(at: row * width + index, as: UInt8.self)
        }
    }
}

extension Buffer {
    var bytesCopied: [UInt8] { (0..<byteCount).map { load(at: $0, as: UInt8.self) } }
}

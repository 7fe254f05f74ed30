import EskerFormat

/// Encodes blocks of the journal or of segments as one segment, in blocks of at most `rowsPerBlock` rows.
struct SealedBlockBuilder {
    private let encoder: SegmentEncoder
    private var regrouping: RowRegrouping

    init(stream: StreamRecord, codec: Codec, tier: Tier = .standard, rowsPerBlock: Int) {
        encoder = SegmentEncoder(tier: tier, codec: codec, eventTimeColumn: stream.eventTimeColumn)
        regrouping = RowRegrouping(stream: stream, rowsPerGroup: min(rowsPerBlock, SegmentEncoder.maximumRows))
    }

    /// About how many bytes the rows taken in so far will take.
    var encodedLength: Int { encoder.encodedLength }

    /// Takes a block in, or some of its rows.
    mutating func add(_ block: Block, rows: Range<Int>? = nil) throws(StoreError) {
        try regrouping.add(block, rows: rows) { encoder.add($0.batch, $0.header, system: $0.system) }
    }

    /// Ends the segment: hands out its blocks in order, then what they share.
    mutating func finish(
        _ emit: (EncodedBlock) throws(StoreError) -> Void
    ) throws(StoreError) -> [EncodedPool] {
        regrouping.flush { encoder.add($0.batch, $0.header, system: $0.system) }
        return try encoder.finish(emit)
    }
}

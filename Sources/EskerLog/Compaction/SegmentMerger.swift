import EskerFiles
import EskerFormat

/// Rewrites segments of one partition, neighbours in offset order, as new ones: blocks become full, and are encoded for
/// the tier that is asked for. Every row keeps its offset, sequence, arrival time, schema and partition version.
///
/// Inputs are read through their mappings, which hold them also when they are dropped meanwhile; every block is checked
/// against its checksum before it is rewritten, so that damage is not given a new one.
struct SegmentMerger {
    let files: any FileSystem
    let layout: StoreLayout
    let store: StoreID
    let stream: StreamRecord
    let partition: Int
    let inputs: [SegmentFile]
    let tier: Tier
    let options: LogOptions
    /// Time for the headers, µs.
    let now: Int64
    /// Gives the ids of new segments.
    let takeID: () -> UInt64

    /// Writes the new segments durably under their names and returns their lines. Leaves nothing behind after an error.
    ///
    /// Holds a segment in memory in its encoded form. O(bytes).
    ///
    /// - Parameter step: called with bytes that were read, or written and synced, some 64 KiB at a time: the place to
    ///   pause, or to give up by an error.
    func run(step: (Int) throws(StoreError) -> Void) throws(StoreError) -> [SegmentRecord] {
        var output = Output(self, try newestFooter())
        do {
            try rewrite(into: &output, step)
            return output.finished
        } catch {
            output.discard()
            throw error
        }
    }

    private func rewrite(into output: inout Output, _ step: (Int) throws(StoreError) -> Void) throws(StoreError) {
        var builder = newBuilder()
        for input in inputs {
            for index in try input.footer().blocks.indices {
                let block = try checked(index, of: input)
                if builder.encodedLength + block.bytes.byteCount > options.maximumSegmentLength {
                    try finish(&builder, into: &output, step)
                    builder = newBuilder()
                }
                try builder.add(block)
                try step(block.bytes.byteCount)
            }
        }
        try finish(&builder, into: &output, step)
    }

    private func newBuilder() -> SealedBlockBuilder {
        SealedBlockBuilder(stream: stream, codec: codec, tier: tier, rowsPerBlock: options.rowsPerBlock)
    }

    /// Writes a segment out.
    private func finish(
        _ builder: inout SealedBlockBuilder, into output: inout Output, _ step: (Int) throws(StoreError) -> Void
    ) throws(StoreError) {
        let pools = try builder.finish { (encoded) throws(StoreError) in try output.append(encoded, step) }
        try output.end(pools, step)
    }

    /// The compact tier ends in zstd, unless the stream is to have no compression.
    private var codec: Codec {
        let codec = StoreLog.codec(stream)
        return tier == .compact && codec != Codec.none ? .zstd : codec
    }

    private func checked(_ index: Int, of input: SegmentFile) throws(StoreError) -> Block {
        let block = try input.block(index)
        do { return try block.verified() } catch {
            throw StoreError(error, file: input.path, at: Int64(try input.footer().blocks[index].offset))
        }
    }

    /// The directory of the newest input: its schema and producers are those of the segments that take its place.
    private func newestFooter() throws(StoreError) -> SegmentFooter {
        var newest = try inputs[0].footer()
        for input in inputs.dropFirst() {
            let footer = try input.footer()
            if footer.schema.version < newest.schema.version {
                newest.producers = footer.producers
            } else {
                newest = footer
            }
        }
        return newest
    }
}

/// The segments being written.
private struct Output: ~Copyable {
    private let merger: SegmentMerger
    private let footer: SegmentFooter
    private(set) var finished: [SegmentRecord] = []
    private var writer: SegmentWriter?

    init(_ merger: SegmentMerger, _ footer: SegmentFooter) {
        self.merger = merger
        self.footer = footer
    }

    mutating func append(_ block: EncodedBlock, _ step: (Int) throws(StoreError) -> Void) throws(StoreError) {
        if writer == nil { writer = try begin() }
        try writer!.append(block, pause: step)
    }

    private func begin() throws(StoreError) -> SegmentWriter {
        try SegmentWriter(
            files: merger.files, layout: merger.layout, store: merger.store, id: merger.takeID(),
            stream: merger.stream.id, partition: UInt32(merger.partition), schema: footer.schema, now: merger.now,
            tier: merger.tier)
    }

    /// Ends the segment begun last.
    mutating func end(_ pools: [EncodedPool], _ step: (Int) throws(StoreError) -> Void) throws(StoreError) {
        guard writer != nil else { return }
        try writer!.append(pools, pause: step)
        if let writer = writer.take() { finished.append(try writer.finish(producers: footer.producers)) }
    }

    /// Removes all that was written.
    mutating func discard() {
        if let writer = writer.take() { writer.discard() }
        for record in finished { try? merger.files.remove(merger.layout.segment(record.id)) }
    }
}

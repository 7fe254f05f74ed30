import EskerFormat

/// Regroups the rows of blocks, small or large, into groups of at most `rowsPerGroup` rows that follow each other.
///
/// A group ends early where the schema or the number of partitions changes.
struct RowRegrouping {
    private let rowsPerGroup: Int
    private let schemas: [UInt32: Schema]
    private var parts: [Part] = []
    private var rowCount = 0

    /// Rows of one block, or a part of them.
    private struct Part {
        let batch: Batch
        let header: BlockHeader
        let offsets: [Int64]?
        let sequences: [Int64]
        let arrivals: [Int64]?
        let firstRow: Int
    }

    /// Rows that will be one block.
    struct Group {
        let batch: Batch
        /// All but what follows from the columns is filled in.
        let header: BlockHeader
        let system: BlockEncoder.SystemValues
    }

    init(stream: StreamRecord, rowsPerGroup: Int) {
        self.rowsPerGroup = rowsPerGroup
        schemas = Dictionary(uniqueKeysWithValues: stream.schemas.map { ($0.version, $0) })
    }

    /// Takes a block in, or some of its rows, and hands out each group that is full.
    mutating func add(_ block: Block, rows: Range<Int>? = nil, _ emit: (Group) -> Void) throws(StoreError) {
        if let first = parts.first,
            first.header.schemaVersion != block.header.schemaVersion
                || first.header.partitionVersion != block.header.partitionVersion
        {
            flush(emit)
        }
        let batch = try read(block)
        let sequences = try storing(block) { () throws(FormatError) in try block.sequences() }
        let offsets = try storing(block) { () throws(FormatError) in try block.offsets() }
        let arrivals = try storing(block) { () throws(FormatError) in try block.arrivals() }
        var start = rows?.lowerBound ?? 0
        let limit = rows?.upperBound ?? batch.count
        while start < limit {
            let end = min(limit, start + rowsPerGroup - rowCount)
            parts.append(
                Part(
                    batch: batch.slice(start..<end), header: block.header,
                    offsets: offsets.map { Array($0[start..<end]) }, sequences: Array(sequences[start..<end]),
                    arrivals: arrivals.map { Array($0[start..<end]) }, firstRow: start))
            rowCount += end - start
            start = end
            if rowCount == rowsPerGroup { flush(emit) }
        }
    }

    /// Hands out what is left.
    mutating func flush(_ emit: (Group) -> Void) {
        guard !parts.isEmpty else { return }
        let group = join()
        parts = []
        rowCount = 0
        emit(group)
    }

    private func read(_ block: Block) throws(StoreError) -> Batch {
        guard let schema = schemas[block.header.schemaVersion] else {
            throw StoreError(
                .corrupt, "block of schema version \(block.header.schemaVersion), which the stream never had")
        }
        var columns: [Column] = []
        for definition in schema.columns {
            let column = try storing(block) { () throws(FormatError) in try block.column(definition.id) }
            columns.append(column ?? Column.empty(definition.type, rows: block.header.rowCount))
        }
        return Batch(schema: schema, columns: columns, count: block.header.rowCount)
    }

    private func storing<T>(_ block: Block, _ body: () throws(FormatError) -> T) throws(StoreError) -> T {
        do { return try body() } catch {
            throw StoreError(error, file: "journal, commit \(block.header.commit)")
        }
    }

    private func join() -> Group {
        let first = parts[0]
        let batch = Batch.concatenate(parts.map(\.batch), schema: first.batch.schema)
        let offsets = parts.flatMap { part in
            part.offsets ?? (0..<Int64(part.batch.count)).map { part.header.baseOffset + Int64(part.firstRow) + $0 }
        }
        let sequences = parts.flatMap(\.sequences)
        let arrivals = parts.flatMap { part in
            part.arrivals ?? [Int64](repeating: part.header.arrival, count: part.batch.count)
        }
        var header = first.header
        header.bookmarks = []
        header.producers = []
        header.isLastOfCommit = false
        header.blocksInCommit = 1
        header.placeInCommit = 0
        header.baseOffset = offsets[0]
        header.offsetSpan = offsets[offsets.count - 1] - offsets[0] + 1
        header.firstSequence = sequences.min()!
        header.sequenceSpan = sequences.max()! - header.firstSequence + 1
        header.arrival = arrivals.min()!
        header.lastArrival = arrivals.max()!
        header.commit = parts.map(\.header.commit).max()!
        header.epoch = parts.map(\.header.epoch).max()!
        let system = BlockEncoder.SystemValues(
            sequences: Self.distances(sequences, from: header.firstSequence, ascending: true),
            arrivals: Self.distances(arrivals, from: header.arrival, ascending: false),
            offsets: Self.distances(offsets, from: header.baseOffset, ascending: true))
        return Group(batch: batch, header: header, system: system)
    }

    /// Distances from the first value; `nil` when they are 0, 1, 2 … (or all 0), which needs no column.
    private static func distances(_ values: [Int64], from base: Int64, ascending: Bool) -> [Int64]? {
        let isPlain = values.indices.allSatisfy { values[$0] == base + (ascending ? Int64($0) : 0) }
        return isPlain ? nil : values.map { $0 - base }
    }
}

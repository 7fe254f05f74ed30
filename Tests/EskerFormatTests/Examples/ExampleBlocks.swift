import EskerFormat

/// The two blocks that `Fixtures/Formats` holds, built by the writer.
enum ExampleBlocks {
    static let store = StoreID(high: 0x7746_5544_3322_1100, low: 0xFFEE_DDCC_BBAA_9988)
    static let producer = ProducerID(high: 0xA1, low: 0xB2)

    /// A commit mark: a header without rows.
    static var mark: BlockHeader {
        var header = BlockHeader()
        header.store = store
        header.epoch = 2
        header.commit = 9
        header.durableThrough = 8
        header.isLastOfCommit = true
        header.isCommitMark = true
        header.headerLength = header.encodedLength
        header.totalLength = header.encodedLength
        return header
    }

    /// Two rows as the journal writes them, from a producer and with a bookmark: (7, "one"), (−1, null).
    static var hot: EncodedBlock {
        let schema = Schema(columns: [
            ColumnDefinition(id: 1, name: "id", type: .int8, isNullable: false),
            ColumnDefinition(id: 2, name: "word", type: .text),
        ])
        let builder = BatchBuilder(schema)
        builder.columns[0].append(fixed: Int64(7))
        builder.columns[1].append("one")
        builder.columns[0].append(fixed: Int64(-1))
        builder.columns[1].appendNull()
        var header = prototype
        header.producers = [
            ProducerRecord(producer: producer, epoch: 3, firstSequence: 40, firstRow: 0, rowCount: 2)
        ]
        header.bookmarks = [Bookmark(name: "topic/0", value: [0x2A, 0x01])]
        return BlockEncoder(profile: .hot, eventTimeColumn: nil).encode(builder.finish(), header)
    }

    static let coldRows = 40
    static let coldKinds: [Int64] = (0..<40).map { $0 % 2 == 0 ? 1 : 2 }
    static let coldWords: [String] = (0..<40).map { $0 % 4 == 0 ? "no" : "yes, indeed, always" }
    static let coldDays = [Int32](repeating: 20_000, count: 40)
    static let coldArrivals: [Int64] = (0..<40).map { $0 < 30 ? 0 : 1_000_000 }

    /// Forty rows as a segment holds them: numbers under LZ4, a dictionary, a constant, and arrival times as runs.
    static var cold: EncodedBlock {
        let schema = Schema(columns: [
            ColumnDefinition(id: 1, name: "kind", type: .int8, isNullable: false),
            ColumnDefinition(id: 2, name: "word", type: .text, isNullable: false),
            ColumnDefinition(id: 3, name: "day", type: .date),
        ])
        let builder = BatchBuilder(schema)
        for row in 0..<coldRows {
            builder.columns[0].append(fixed: coldKinds[row])
            builder.columns[1].append(coldWords[row])
            builder.columns[2].append(fixed: coldDays[row])
        }
        var header = prototype
        header.lastArrival = header.arrival + coldArrivals[coldRows - 1]
        return BlockEncoder(profile: .cold, codec: .lz4, eventTimeColumn: 3).encode(
            builder.finish(), header, system: BlockEncoder.SystemValues(arrivals: coldArrivals))
    }

    private static var prototype: BlockHeader {
        var header = BlockHeader()
        header.store = store
        header.epoch = 2
        header.stream = 3
        header.partition = 1
        header.baseOffset = 100
        header.firstSequence = 500
        header.arrival = 1_767_225_600_000_000
        header.lastArrival = header.arrival
        header.commit = 9
        header.isLastOfCommit = true
        header.durableThrough = 8
        return header
    }
}

// Unsafe: reads the bytes of a value while its column lives.
import EskerFormat
import Testing

@Suite("Blocks")
struct BlockTests {
    static let schema = Schema(columns: [
        ColumnDefinition(id: 1, name: "ts", type: .timestamptz, isNullable: false),
        ColumnDefinition(id: 2, name: "word", type: .text),
        ColumnDefinition(id: 3, name: "price", type: .float8),
        ColumnDefinition(id: 4, name: "sold", type: .bool),
        ColumnDefinition(id: 7, name: "origin", type: .uuid),
    ])

    @Test("what is encoded is decoded, in both profiles, with every codec", arguments: [Codec.none, .lz4, .zstd])
    func roundTrips(codec: Codec) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SplitMix64(state: seed)
        for rows in [0, 1, 63, 64, 65, 5000] {
            let batch = Self.batch(rows: rows, &random)
            for profile in [BlockHeader.Profile.hot, .cold] {
                let encoder = BlockEncoder(profile: profile, codec: codec, eventTimeColumn: 1)
                var prototype = BlockHeader()
                prototype.stream = 3
                let bytes = encoder.encode(batch, prototype).joined()
                let block = try Block(parsing: bytes).verified()
                #expect(block.header.rowCount == rows)
                #expect(block.header.totalLength == bytes.byteCount)
                for (index, definition) in Self.schema.columns.enumerated() {
                    let column = try #require(try block.column(definition.id))
                    #expect(Self.describe(column) == Self.describe(batch.columns[index]))
                }
                #expect(try block.column(99) == nil)
            }
        }
    }

    @Test("a block tells its event time range and bounds of its columns")
    func measures() throws {
        var random = SplitMix64(state: 1)
        let batch = Self.batch(rows: 100, &random)
        let encoded = BlockEncoder(profile: .cold, codec: .lz4, eventTimeColumn: 1).encode(batch, BlockHeader())
        let times = (0..<100).map { batch.columns[0].value(at: $0, as: Int64.self) }
        let least = times.min()!
        let greatest = times.max()!
        #expect(encoded.header.minimumEventTime == least && encoded.header.maximumEventTime == greatest)
        let words = try #require(encoded.header.columns[1].statistics)
        #expect(words.minimum.prefix.bytes == Array("word 0".utf8) && words.minimum.prefix.isWhole)
    }

    @Test("rows that do not follow each other keep offset, sequence and arrival")
    func keepsSystemColumns() throws {
        var random = SplitMix64(state: 2)
        let batch = Self.batch(rows: 300, &random)
        var prototype = BlockHeader()
        prototype.baseOffset = 1000
        prototype.offsetSpan = 900
        prototype.firstSequence = 50
        prototype.sequenceSpan = 1200
        prototype.arrival = 77
        let system = BlockEncoder.SystemValues(
            sequences: (0..<300).map { $0 * 4 }, arrivals: (0..<300).map { $0 / 100 }, offsets: (0..<300).map { $0 * 3 }
        )
        let encoder = BlockEncoder(profile: .cold, codec: .lz4, eventTimeColumn: nil)
        let block = try Block(parsing: encoder.encode(batch, prototype, system: system).joined())
        #expect(try block.offsets() == (0..<300).map { 1000 + $0 * 3 })
        #expect(try block.sequences() == (0..<300).map { 50 + $0 * 4 })
        #expect(try block.arrivals() == (0..<300).map { 77 + $0 / 100 })
    }

    @Test("every flipped bit of a block is detected or lies in padding that no reader reads")
    func detectsFlips() throws {
        var random = SplitMix64(state: 3)
        let batch = Self.batch(rows: 20, &random)
        let good = BlockEncoder(profile: .cold, codec: .lz4, eventTimeColumn: 1).encode(batch, BlockHeader()).joined()
        let bytes = (0..<good.byteCount).map { good.load(at: $0, as: UInt8.self) }
        for position in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[position] ^= 1 << UInt8(bit)
                #expect(throws: FormatError.self) { try Block(parsing: Buffer(copying: damaged)).verified() }
            }
        }
    }

    @Test("a block cut anywhere is told to be cut, never read")
    func detectsTruncation() throws {
        var random = SplitMix64(state: 4)
        let good = BlockEncoder(profile: .hot, eventTimeColumn: 1).encode(Self.batch(rows: 9, &random), BlockHeader())
            .joined()
        for length in 0..<good.byteCount {
            #expect(throws: FormatError.self) { try Block(parsing: good.slice(0..<length)).verified() }
        }
    }

    @Test("producers and bookmarks travel in the header")
    func carriesProducers() throws {
        var prototype = BlockHeader()
        prototype.producers = [
            ProducerRecord(
                producer: ProducerID(high: 1, low: 2), epoch: 3, firstSequence: 40, firstRow: 0, rowCount: 5)
        ]
        prototype.bookmarks = [Bookmark(name: "topic/0", value: [1, 2, 3]), Bookmark(name: "", value: [])]
        let empty = Batch(schema: Schema(columns: []), columns: [], count: 0)
        let block = try Block(
            parsing: BlockEncoder(profile: .hot, eventTimeColumn: nil).encode(empty, prototype).joined())
        #expect(block.header.producers == prototype.producers)
        #expect(block.header.bookmarks == prototype.bookmarks)
        #expect(block.header.rowCount == 0)
    }

    static func batch(rows: Int, _ random: inout SplitMix64) -> Batch {
        let builder = BatchBuilder(schema)
        for row in 0..<rows {
            builder.columns[0].append(fixed: Int64.random(in: -1_000_000...1_000_000, using: &random))
            if row % 11 == 5 { builder.columns[1].appendNull() } else { builder.columns[1].append("word \(row % 40)") }
            builder.columns[2].append(fixed: Double.random(in: 0...1, using: &random))
            if row % 5 == 4 { builder.columns[3].appendNull() } else { builder.columns[3].append(bool: row % 2 == 0) }
            builder.columns[4].append(fixed: SIMD2<UInt64>(7, 9))
        }
        return builder.finish()
    }

    /// One readable value a row, so that columns in different encodings can be compared.
    static func describe(_ column: Column) -> [String] {
        (0..<column.count).map { row in
            guard column.isValid(row) else { return "null" }
            switch column.type.layout {
            case .bits: return "\(column.bool(at: row))"
            case .fixed(16): return "\(column.value(at: row, as: SIMD2<UInt64>.self))"
            case .fixed: return "\(column.value(at: row, as: Int64.self))"
            case .variable: return unsafe String(decoding: column.bytes(at: row), as: UTF8.self)
            }
        }
    }
}

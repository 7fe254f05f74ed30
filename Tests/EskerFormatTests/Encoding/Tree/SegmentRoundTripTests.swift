import EskerFormat
import Testing

/// Whole segments through encoder and decoder: what comes out is what went in, whatever the values are.
@Suite("Segments of encoded trees")
struct SegmentRoundTripTests {
    @Test("rows of every type and shape come back the same, in both tiers", arguments: Tier.allCases)
    func everyShape(tier: Tier) throws {
        var random = SeededRandom("segment round trip")
        for _ in 0..<12 {
            let sizes = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                [0, 1, 2, 63, 1000, 1024, 1025, 5000].randomElement(using: &random)!
            }
            let generator = ColumnGenerator.random(using: &random)
            let batches = sizes.map { generator.batch(rows: $0, using: &random) }
            try Self.check(batches, tier: tier)
        }
    }

    @Test("a full block of each kind of column comes back the same", arguments: Tier.allCases)
    func fullBlocks(tier: Tier) throws {
        var random = SeededRandom("full blocks")
        for kind in ColumnGenerator.Kind.allCases {
            let generator = ColumnGenerator([kind, .skewedText])
            let batches = [65_536, 10_000].map { generator.batch(rows: $0, using: &random) }
            try Self.check(batches, tier: tier)
        }
    }

    @Test("columns that follow from others are derived and come back the same")
    func derived() throws {
        var random = SeededRandom("derived columns")
        let batches = (0..<3).map { _ in ColumnGenerator.correlated(rows: 20_000, using: &random) }
        for tier in Tier.allCases {
            let segment = try Self.check(batches, tier: tier)
            // Alone the columns take 9, 7 and 10 bits a row; together they hold hardly more than the widest.
            let stored = segment.blocks[0].header.columns.reduce(0) { $0 + $1.storedLength }
            #expect(stored <= 20_000 * 12 / 8, "\(segment.blocks[0].header.columns.map(\.storedLength))")
        }
    }

    @Test("the bytes of a block that lacks its pools are refused, not read as something else")
    func withoutPools() throws {
        var random = SeededRandom("without pools")
        let segment = try EncodedSegment([ColumnGenerator.correlated(rows: 5000, using: &random)], tier: .standard)
        let lone = try Block(parsing: segment.blocks[0].bytes)
        #expect(throws: FormatError.self) { _ = try lone.column(1) }
    }

    @Test("damage to any byte of a small segment is an error or a value, never a trap")
    func damage() throws {
        var random = SeededRandom("damaged segment")
        let generator = ColumnGenerator([.skewedText, .template, .decimals, .sortedTimes, .nullable, .hexadecimal])
        let segment = try EncodedSegment([generator.batch(rows: 1100, using: &random)], tier: .compact)
        for block in segment.blocks {
            for _ in 0..<6000 {
                var bytes = block.bytes.bytesCopied
                let place = Int.random(in: block.header.headerLength..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
                // As if the checksums had been made for the damaged bytes: the decoder is on its own.
                let damaged = Block(
                    header: block.header, bytes: Buffer(copying: bytes), isVerified: true, pools: segment.pools)
                for entry in block.header.columns { _ = try? damaged.column(entry.id)?.plain }
            }
        }
    }

    /// Encodes, decodes and compares every cell.
    @discardableResult
    static func check(_ batches: [Batch], tier: Tier) throws -> EncodedSegment {
        let segment = try EncodedSegment(batches, tier: tier)
        try #require(segment.blocks.count == batches.count)
        for (block, batch) in zip(segment.blocks, batches) {
            for (definition, expected) in zip(batch.schema.columns, batch.columns) {
                let found = try #require(try block.column(definition.id))
                #expect(found.nullCount == expected.nullCount && found.count == expected.count)
                let difference = Self.firstDifference(found.plain, expected)
                #expect(difference == nil, "\(definition.name), row \(difference ?? 0) of \(expected.count)")
                if difference != nil { return segment }
            }
        }
        return segment
    }

    private static func firstDifference(_ found: Column, _ expected: Column) -> Int? {
        for row in 0..<expected.count {
            guard found.isValid(row) == expected.isValid(row) else { return row }
            guard expected.isValid(row) else { continue }
            switch expected.type.layout {
            case .bits: guard found.bool(at: row) == expected.bool(at: row) else { return row }
            case .variable: guard found.byteArray(at: row) == expected.byteArray(at: row) else { return row }
            case .fixed(let width):
                guard found.fixedBytes(at: row, width) == expected.fixedBytes(at: row, width) else { return row }
            }
        }
        return nil
    }
}

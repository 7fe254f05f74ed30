// Unsafe: reads the bytes of a value while its column lives.
import EskerFormat
import Testing

@Suite("Worked examples of block layouts", .serialized)
struct BlockExampleTests {
    @Test("the header of a commit mark")
    func commitMark() throws {
        let mark = ExampleBlocks.mark
        try LayoutExample.check(
            .comment(of: "struct BlockHeader", in: "Block/BlockHeader.swift"), written: mark.encode()
        ) { bytes, lines in
            let header = try BlockHeader(parsing: bytes)
            #expect(header == mark)
            lines.take(header)
        }
    }

    @Test("a hot block of two rows, with a producer and a bookmark")
    func hotBlock() throws {
        let written = ExampleBlocks.hot
        try LayoutExample.check(.fixture("hot-block.txt"), written: written.joined()) { bytes, lines in
            let block = try Block(parsing: bytes).verified()
            #expect(block.header == written.header)
            lines.take(block.header)
            let ids = try #require(try block.column(1))
            let numbers = (0..<ids.count).map { ids.value(at: $0, as: Int64.self) }
            #expect(numbers == [7, -1])
            lines.take(16, "column 1, values: \(numbers[0]), \(numbers[1])")
            lines.pad()
            let words = Self.texts(try #require(try block.column(2)))
            #expect(words == ["one", nil])
            lines.take(1, "column 2, validity: \(words.map { $0 == nil ? "null" : "valid" }.joined(separator: ", "))")
            lines.pad()
            lines.take(12, "column 2, offsets: row 0 is 0 ..< 3, row 1 is 3 ..< 3")
            lines.pad()
            lines.take(3, "column 2, bytes: \"\(words[0] ?? "")\"")
            lines.pad()
        }
    }

    @Test("a cold block with LZ4, a dictionary, a constant and runs")
    func coldBlock() throws {
        let written = ExampleBlocks.cold
        try LayoutExample.check(.fixture("cold-block.txt"), written: written.joined()) { bytes, lines in
            let block = try Block(parsing: bytes).verified()
            #expect(block.header == written.header)
            #expect(block.header.columns.map(\.encoding) == [.plain, .dictionary, .constant, .runs])
            #expect(block.header.columns.map(\.codec) == [.lz4, .none, .none, .none])
            lines.take(block.header)
            let kinds = try #require(try block.column(1))
            #expect((0..<kinds.count).map { kinds.value(at: $0, as: Int64.self) } == ExampleBlocks.coldKinds)
            lines.takeCodecRegion(block)
            try takeWords(block, &lines)
            let days = try #require(try block.column(3))
            #expect((0..<days.count).map { days.value(at: $0, as: Int32.self) } == ExampleBlocks.coldDays)
            lines.take(4, "column 3, the constant: day \(days.value(at: 0, as: Int32.self))")
            lines.pad()
            let arrivals = try #require(try block.arrivals())
            #expect(arrivals.map { $0 - block.header.arrival } == ExampleBlocks.coldArrivals)
            let ends = arrivals.indices.filter { $0 + 1 == arrivals.count || arrivals[$0 + 1] != arrivals[$0] }
            lines.take(ends.count * 4, "arrival times, runs end before rows \(ends.map { $0 + 1 })")
            lines.pad()
            lines.take(ends.count * 8, "arrival times of the runs \(ends.map { arrivals[$0] - block.header.arrival })")
            lines.pad()
        }
    }

    private func takeWords(_ block: Block, _ lines: inout AnnotatedBytes) throws {
        let column = try #require(try block.column(2))
        #expect(Self.texts(column) == ExampleBlocks.coldWords)
        let values = Self.texts(column.physical).map { $0 ?? "null" }
        let codes = (0..<column.count).map { "\(column.physicalRow($0))" }.joined(separator: " ")
        lines.take(column.count, "column 2, codes: \(codes)")
        lines.pad()
        lines.take((values.count + 1) * 4, "column 2, offsets of \(values.count) values in the dictionary")
        lines.pad()
        lines.take(values.joined().utf8.count, "column 2, bytes: \(values)")
        lines.pad()
    }

    @Test("the entry of a column")
    func columnEntry() throws {
        let whole = ExampleBlocks.hot.joined()
        try LayoutExample.check(
            .comment(of: "struct ColumnEntry", in: "Block/ColumnEntry.swift"),
            written: whole.slice(192..<(192 + ColumnEntry.length))
        ) { bytes, lines in
            let block = try Block(parsing: whole.replacing(at: 192, with: bytes))
            lines.take(block.header.columns[0])
        }
    }

    @Test("a producer record")
    func producerRecord() throws {
        let whole = ExampleBlocks.hot.joined()
        let start = 192 + 2 * ColumnEntry.length
        try LayoutExample.check(
            .comment(of: "struct ProducerRecord", in: "Block/ProducerRecord.swift"),
            written: whole.slice(start..<(start + ProducerRecord.length))
        ) { bytes, lines in
            let block = try Block(parsing: whole.replacing(at: start, with: bytes))
            lines.take(block.header.producers[0])
        }
    }

    @Test("a bookmark")
    func bookmark() throws {
        let whole = ExampleBlocks.hot
        let start = 192 + 2 * ColumnEntry.length + ProducerRecord.length
        try LayoutExample.check(
            .comment(of: "struct Bookmark", in: "Block/ProducerRecord.swift"),
            written: whole.joined().slice(start..<(start + whole.header.bookmarks[0].encodedLength))
        ) { bytes, lines in
            let block = try Block(parsing: whole.joined().replacing(at: start, with: bytes))
            lines.take(block.header.bookmarks[0])
        }
    }

    @Test("bounds of a column: of numbers, and of text that is cut")
    func statistics() throws {
        let whole = ExampleBlocks.cold.joined()
        let numbers = 192 + 64
        let texts = numbers + ColumnEntry.length
        let written = whole.slice(numbers..<(numbers + 32)).array + whole.slice(texts..<(texts + 32)).array
        try LayoutExample.check(
            .comment(of: "struct StatisticValue", in: "Block/ColumnStatistics.swift"),
            written: Buffer(copying: written)
        ) { bytes, lines in
            let changed = whole.replacing(at: numbers, with: bytes.slice(0..<32))
                .replacing(at: texts, with: bytes.slice(32..<64))
            let header = try BlockHeader(parsing: changed)
            for (entry, name) in zip(header.columns, ["bigint", "text"]) {
                let statistics = try #require(entry.statistics)
                lines.take(16, "\(name), least: \(AnnotatedBytes.words(statistics.minimum, entry.type))")
                lines.take(16, "\(name), greatest: \(AnnotatedBytes.words(statistics.maximum, entry.type))")
            }
        }
    }

    @Test("a region under LZ4 and its pieces")
    func codecRegion() throws {
        let whole = ExampleBlocks.cold
        let entry = whole.header.columns[0]
        try LayoutExample.check(
            .comment(of: "enum Codec", in: "Block/Codec.swift"),
            written: whole.joined().slice(entry.offset..<(entry.offset + entry.storedLength))
        ) { bytes, lines in
            let block = try Block(parsing: whole.joined().replacing(at: entry.offset, with: bytes))
            let kinds = try #require(try block.column(1))
            #expect((0..<kinds.count).map { kinds.value(at: $0, as: Int64.self) } == ExampleBlocks.coldKinds)
            lines.takeCodecRegion(block)
        }
    }

    private static func texts(_ column: Column) -> [String?] {
        (0..<column.count).map { row in
            guard column.isValid(row) else { return nil }
            return unsafe String(decoding: column.bytes(at: row), as: UTF8.self)
        }
    }
}

extension AnnotatedBytes {
    /// The first column's region in the cold block, which decompresses to 40 numbers.
    fileprivate mutating func takeCodecRegion(_ block: Block) {
        let entry = block.header.columns[0]
        let region = block.bytes.slice(entry.offset..<(entry.offset + entry.storedLength))
        let pieces = region.load(at: 0, as: UInt32.self)
        let length = region.load(at: 4, as: UInt32.self)
        take(4, "pieces \(pieces)")
        take(4, "stored length of piece 0: \(length)")
        take(Int(length), "piece 0, LZ4: the first two numbers, then themselves again up to \(entry.plainLength) bytes")
        pad()
    }
}

import Esker
import EskerFiles
import Testing

@Suite("The streamer")
struct DataStreamerTests {
    private static let columns: [ColumnSpecification] = [
        .init("id", .int8, isNullable: false), .init("word", .varchar(length: 5)),
    ]

    private static func open(
        partitions: Int = 1, _ files: any FileSystem = MemoryFileSystem()
    ) async throws -> (Store, Esker.Stream) {
        let store = try SessionTests.store(files)
        let stream = try await store.createStream(
            named: "events", columns: columns, partitions: partitions, partitionKey: partitions > 1 ? ["word"] : [])
        return (store, stream)
    }

    private static func count(_ store: Store) async throws -> String {
        try await SessionTests.rows(store, "SELECT count(*) FROM events")[0]
    }

    private static func row(_ id: Int64, _ word: String = "w") -> [Value] { [.int8(id), .text(word)] }

    /// Options under which nothing is sent by itself.
    private static func manual(_ rows: Int) -> StreamerOptions {
        var options = StreamerOptions()
        options.rowsPerPartition = rows
        options.autoFlush = nil
        return options
    }

    @Test("nothing shows before the buffer is full or flushed, everything after (DS6)")
    func flushes() async throws {
        let (store, stream) = try await Self.open()
        let streamer = try stream.streamer(options: Self.manual(10))
        for id in 0..<9 { try await streamer.add(Self.row(Int64(id))) }
        #expect(try await Self.count(store) == "0")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<5 { group.addTask { try await streamer.flush() } }
            try await group.waitForAll()
        }
        #expect(try await Self.count(store) == "9")
        try await streamer.add(Self.row(9))
        try await streamer.flush()
        #expect(try await Self.count(store) == "10")
        try await streamer.add(Self.row(10))
        try await streamer.close()
        #expect(try await Self.count(store) == "11")
        await store.close()
    }

    @Test("every add completes by itself, with the place of its row")
    func completes() async throws {
        let (store, stream) = try await Self.open()
        let streamer = try stream.streamer()
        let first = try await streamer.add(Self.row(1))
        #expect(try await first.position == Ack.Position(partition: 0, offset: 0))
        let more = try await streamer.add(contentsOf: [Self.row(2), Self.row(3)])
        #expect(try await more[1].position == Ack.Position(partition: 0, offset: 2))
        try await streamer.close()
        await store.close()
    }

    @Test("a bad row fails alone, with its reason, and its neighbours go on")
    func rejects() async throws {
        let (store, stream) = try await Self.open(partitions: 3)
        let streamer = try stream.streamer(options: Self.manual(100))
        let acks = try await streamer.add(contentsOf: [
            Self.row(0, "a"), Self.row(1, "too long"), [.null, .text("b")], Self.row(3, "c"),
        ])
        try await streamer.flush()
        #expect(try await acks[0].position != nil)
        #expect(try await acks[3].position != nil)
        await #expect {
            try await acks[1].position
        } throws: { error in
            (error as? RowsRejected)?.rows.first?.column == "word"
        }
        await #expect(throws: RowsRejected.self) { try await acks[2].position }
        #expect(try await Self.count(store) == "2")
        try await streamer.close()
        await store.close()
    }

    @Test("acks name the place where the row is found, over partitions and tasks (DS1)")
    func places() async throws {
        let (store, stream) = try await Self.open(partitions: 4)
        let streamer = try stream.streamer(options: Self.manual(16))
        let acks = try await withThrowingTaskGroup(of: [(Int64, Ack)].self) { group in
            for task in 0..<10 {
                group.addTask {
                    var acks: [(Int64, Ack)] = []
                    for index in 0..<400 {
                        let id = Int64(task * 1000 + index)
                        acks.append((id, try await streamer.add(Self.row(id, "w\(id % 37)"))))
                    }
                    return acks
                }
            }
            var all: [(Int64, Ack)] = []
            for try await some in group { all += some }
            return all
        }
        try await streamer.close()
        var stored: [Ack.Position: Int64] = [:]
        for row in try await store.query("SELECT id, _partition, _offset FROM events").values() {
            guard case .int8(let id) = row[0], case .int4(let partition) = row[1], case .int8(let offset) = row[2]
            else { preconditionFailure("other types than asked for") }
            stored[Ack.Position(partition: Int(partition), offset: offset)] = id
        }
        #expect(stored.count == 4000)
        for (id, ack) in acks {
            let position = try #require(try await ack.position)
            #expect(stored[position] == id)
        }
        await store.close()
    }

    @Test("rows of one task keep their order while batches overlap")
    func keepsOrder() async throws {
        let (store, stream) = try await Self.open()
        let streamer = try stream.streamer(options: Self.manual(7))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for index in 0..<500 { try await streamer.add(Self.row(Int64(task * 1000 + index))) }
                }
            }
            try await group.waitForAll()
        }
        try await streamer.close()
        var next = [Int64: Int64]()
        for row in try await store.query("SELECT id FROM events ORDER BY _offset").values() {
            guard case .int8(let id) = row[0] else { preconditionFailure("another type than asked for") }
            #expect(id % 1000 == next[id / 1000, default: 0])
            next[id / 1000] = id % 1000 + 1
        }
        #expect(next.count == 8)
        await store.close()
    }

    @Test("after close adds fail; a cancelled close drops what was gathered and says so (DS5)")
    func closes() async throws {
        let (store, stream) = try await Self.open()
        let streamer = try stream.streamer(options: Self.manual(100))
        let ack = try await streamer.add(Self.row(1))
        try await streamer.close(cancel: true)
        await #expect {
            try await ack.position
        } throws: {
            ($0 as? StoreError)?.code == .cancelled
        }
        await #expect {
            try await streamer.add(Self.row(2))
        } throws: {
            ($0 as? StoreError)?.code == .closed
        }
        #expect(try await Self.count(store) == "0")
        await store.close()
    }

    @Test("options that make no sense are refused with a reason")
    func checksOptions() async throws {
        let (store, stream) = try await Self.open()
        let changes: [(inout StreamerOptions) -> Void] = [
            { $0.rowsPerPartition = 0 }, { $0.parallelOperations = 0 }, { $0.autoFlush = .zero },
            { $0.timeout = .milliseconds(-1) },
        ]
        for change in changes {
            var options = StreamerOptions()
            change(&options)
            #expect(throws: StoreError.self) { try stream.streamer(options: options) }
        }
        await store.close()
    }

    @Test("rows sent again by the same producer are not stored twice")
    func deduplicates() async throws {
        let (store, stream) = try await Self.open(partitions: 2)
        var options = Self.manual(8)
        options.producer = StreamerOptions.Producer(id: ProducerID(high: 1, low: 1))
        for _ in 0..<3 {
            let streamer = try stream.streamer(options: options)
            for id in 0..<40 { try await streamer.add(Self.row(Int64(id), "w\(id % 5)")) }
            try await streamer.close()
        }
        #expect(try await SessionTests.rows(store, "SELECT count(*), count(DISTINCT id) FROM events") == ["40|40"])
        await store.close()
    }

    @Test("a message gives one row, several or none")
    func extracts() async throws {
        let (store, stream) = try await Self.open()
        let streamer = try stream.streamer()
        let one = MessageStreamer(streamer) { (message: Int64) in message < 0 ? nil : Self.row(message) }
        try await one.add(1)
        #expect(try await one.add(-1).isEmpty)
        let many = MessageStreamer<String, [Value]>(
            streamer,
            extractingMany: { line in
                line.split(separator: " ").map { Self.row(0, String($0)) }
            })
        #expect(try await many.add("a b c").count == 3)
        try await streamer.close()
        #expect(try await Self.count(store) == "4")
        await store.close()
    }
}

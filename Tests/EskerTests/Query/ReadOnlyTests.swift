import Esker
import EskerFiles
import Testing

@Suite("Reading beside the writer")
struct ReadOnlyTests {
    @Test("queries see what is durable and refuse to write")
    func queries() async throws {
        let disk = MemoryFileSystem()
        let clock = ManualClock()
        let store = try SessionTests.store(disk, clock: clock)
        try await store.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)")
        try await store.execute("INSERT INTO t VALUES (3)")
        let reader = try ReadOnlyStore.open(at: "/store", files: disk, clock: clock)
        let seen = try await reader.query("SELECT count(*) FROM t").values()
        #expect(seen == [[.int8(2)]] || seen == [[.int8(3)]])
        await #expect {
            try await reader.session().execute("INSERT INTO t VALUES (4)")
        } throws: {
            ($0 as? StoreError)?.code == .readOnly
        }
        await store.close()
        #expect(try await reader.query("SELECT sum(a) FROM t").values() == [[.int8(6)]])
    }

    @Test("a follower gets every row once, in order, across sealing and new journal files")
    func follows() async throws {
        let disk = MemoryFileSystem()
        let clock = ManualClock()
        let store = try SessionTests.store(disk, clock: clock)
        let stream = try await store.createStream(named: "n", columns: [.init("i", .int8, isNullable: false)])
        let reader = try ReadOnlyStore.open(at: "/store", files: disk, clock: clock)
        let rows = try reader.replay("n", following: true, interval: .milliseconds(1))
        let total = 20_000
        async let collected = { () -> [Int64] in
            var values: [Int64] = []
            for try await part in rows {
                for row in 0..<part.batch.count {
                    values.append(part.batch.columns[0].value(at: row, as: Int64.self))
                }
                if values.count >= total { break }
            }
            return values
        }()
        var next: Int64 = 0
        while next < total {
            let builder = BatchBuilder(stream.schema)
            for _ in 0..<100 {
                builder.columns[0].append(fixed: next)
                next += 1
            }
            try await stream.append(builder.finish())
            if next % 5000 == 0 { try await store.seal() }
        }
        #expect(try await collected == Array(0..<Int64(total)))
        await store.close()
    }
}

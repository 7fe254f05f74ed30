import Esker
import EskerFiles
import EskerFormat
import EskerLog
import Foundation
import Testing

@Suite("Stores of every version of the format")
struct StoreVersionTests {
    @Test("a store is opened and gives every row, by SQL and by replay", arguments: StoreFixture.all)
    func reads(fixture: StoreFixture) async throws {
        let expected = try fixture.expectedRows()
        try await fixture.withCopy { path in
            let store = try await Store.open(at: path, clock: ManualClock(StoreFixture.now))
            #expect(Set(store.streams.map(\.name)) == Set(StoreFixture.streams))
            for (name, query) in StoreFixture.queries {
                let rows = try await store.query(query).values().map(StoreFixture.line)
                #expect(rows == expected[name], "\(name)")
            }
            for name in StoreFixture.streams {
                let rows = try await StoreFixture.lines(replay: try store.stream(named: name).replay())
                #expect(rows == expected[name], "\(name)")
            }
            await store.close()
        }
    }

    @Test("a store is read without being written, and its files stay as they are", arguments: StoreFixture.all)
    func readsOnly(fixture: StoreFixture) async throws {
        let expected = try fixture.expectedRows()
        try await fixture.withCopy { path in
            let store = try await ReadOnlyStore.open(at: path, clock: ManualClock(StoreFixture.now))
            for (name, query) in StoreFixture.queries {
                let rows = try await store.query(query).values().map(StoreFixture.line)
                #expect(rows == expected[name], "\(name)")
            }
            for name in StoreFixture.streams {
                #expect(try await StoreFixture.lines(replay: try store.replay(name)) == expected[name], "\(name)")
            }
            let files = FileManager.default
            for name in try files.subpathsOfDirectory(atPath: fixture.store.path) {
                let original = fixture.store.appending(path: name).path
                #expect(files.contents(atPath: original) == files.contents(atPath: path + "/" + name), "\(name)")
            }
        }
    }

    @Test("all rows are still there after the store was sealed and opened again", arguments: StoreFixture.all)
    func goesOn(fixture: StoreFixture) async throws {
        let expected = try fixture.expectedRows()
        try await fixture.withCopy { path in
            var store = try await Store.open(at: path, clock: ManualClock(StoreFixture.now))
            try await store.seal()
            await store.close()
            store = try await Store.open(at: path, clock: ManualClock(StoreFixture.now))
            for (name, query) in StoreFixture.queries {
                let rows = try await store.query(query).values().map(StoreFixture.line)
                #expect(rows == expected[name], "\(name)")
            }
            await store.close()
        }
    }

    @Test("producers are remembered: what they sent is not stored again", arguments: StoreFixture.all)
    func producers(fixture: StoreFixture) async throws {
        try await fixture.withCopy { path in
            let store = try await Store.open(at: path, clock: ManualClock(StoreFixture.now))
            let events = try store.stream(named: "events")
            let sealed = ProducerStamp(producer: FixtureMaker.producer, epoch: 1, firstSequence: 0)
            let repeated = try await events.append(FixtureMaker.events(0..<60, events), producer: sealed)
            #expect(repeated.duplicates == 60 && repeated.placements.isEmpty)
            let unsealed = ProducerStamp(producer: FixtureMaker.secondProducer, epoch: 7, firstSequence: 1000)
            let again = try await events.append(FixtureMaker.events(100..<110, events), producer: unsealed)
            #expect(again.duplicates == 10 && again.placements.isEmpty)
            let next = ProducerStamp(producer: FixtureMaker.producer, epoch: 1, firstSequence: 60)
            let fresh = try await events.append(FixtureMaker.events(110..<115, events), producer: next)
            #expect(fresh.duplicates == 0)
            #expect(try await store.query("SELECT count(*) FROM events").values() == [[.int8(115)]])
            await store.close()
        }
    }

    @Test("every checksum of a store is right", arguments: StoreFixture.all)
    func verifies(fixture: StoreFixture) {
        let result = StoreVerifier(files: PosixFileSystem()).verify(fixture.store.path)
        #expect(result.findings.isEmpty && result.exitCode == 0, "\(result.text())")
    }

    /// Makes the newest fixture where there is none yet, which fails the run so that it is looked at.
    @Test("a new fixture is made", .enabled(if: ProcessInfo.processInfo.environment["ESKER_MAKE_FIXTURES"] == "1"))
    func makes() async throws {
        let fixture = try #require(StoreFixture.all.last)
        try await FixtureMaker(fixture: fixture).make()
        Issue.record("\(fixture.folder.path) was made: look at rows.txt before committing it")
    }
}

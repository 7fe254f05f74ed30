import Esker
import EskerFormat
import Foundation
import Testing

/// Makes the fixture of the present version: once, when a version is new.
struct FixtureMaker {
    static let producer = ProducerID(high: 0xA1, low: 0xB2)
    static let secondProducer = ProducerID(high: 0xC3, low: 0xD4)

    let fixture: StoreFixture
    private let clock = ManualClock()

    /// Fills the fixture's folder. Throws when it is there already: a fixture is never made anew.
    func make() async throws {
        try FileManager.default.createDirectory(at: fixture.folder, withIntermediateDirectories: true)
        guard !FileManager.default.fileExists(atPath: fixture.store.path) else {
            throw StoreError(.exists, "\(fixture.store.path) exists: fixtures are kept for ever")
        }
        let store = try await Store.open(at: fixture.store.path, options: Self.options, clock: clock)
        try await store.execute(Self.definitions)
        try await store.execute(Self.sealedSamples)
        try await store.execute(Self.similarSamples)
        let events = try store.stream(named: "events")
        try await events.append(
            Self.events(0..<60, events), producer: ProducerStamp(producer: Self.producer, epoch: 1, firstSequence: 0))
        clock.advance(by: 1_000_000)
        try await events.append(Self.events(60..<100, events))
        try await store.seal()
        clock.advance(by: 60_000_000)
        try await store.execute(Self.unsealedSamples)
        try await events.append(
            Self.events(100..<110, events),
            producer: ProducerStamp(producer: Self.secondProducer, epoch: 7, firstSequence: 1000))
        try await writeRows(store)
        await store.close()
    }

    private func writeRows(_ store: Store) async throws {
        clock.advance(by: StoreFixture.now - clock.now())
        var lines: [String] = []
        for (name, query) in StoreFixture.queries {
            lines.append("# \(name)")
            for row in try await store.query(query).values() { lines.append(StoreFixture.line(row)) }
        }
        try (lines.joined(separator: "\n") + "\n").write(to: fixture.rowsFile, atomically: true, encoding: .utf8)
    }

    /// Small files, and nothing that depends on when background threads run.
    private static var options: LogOptions {
        var options = LogOptions()
        options.firstJournalFileLength = 64 << 10
        options.maximumJournalFileLength = 64 << 10
        options.sealsInBackground = false
        options.reservedLength = 4096
        options.rowsPerBlock = 32
        return options
    }

    /// Event i: every ninth without a name, one a second.
    static func events(_ ids: Range<Int64>, _ stream: Esker.Stream) -> Batch {
        let builder = BatchBuilder(stream.schema)
        for id in ids {
            builder.columns[0].append(fixed: id)
            if id % 9 == 8 { builder.columns[1].appendNull() } else { builder.columns[1].append("name \(id % 4)") }
            builder.columns[2].append(fixed: 1_767_225_600_000_000 + id * 1_000_000)
        }
        return builder.finish()
    }

    private static let definitions = """
        CREATE TABLE samples (
          a bool, b smallint, c int, d bigint, e real, f double precision, g numeric, h numeric(10,2), i text,
          j varchar(20), k char(5), l bytea, m date, n time, o timetz, p timestamp, q timestamptz, r interval, s uuid,
          t json, u jsonb, v int[], w text[]
        ) WITH (event_time = 'q', compression = 'zstd', retain_time = '100 years');
        CREATE TABLE events (id bigint NOT NULL, name text, happened timestamptz NOT NULL)
          PARTITION BY HASH (name) WITH (partitions = 2, event_time = 'happened');
        CREATE VIEW late AS SELECT id, upper(name) AS name FROM events WHERE id >= 95;
        CREATE VIEW fresh WITH (window = 'time', length = '15 seconds') AS SELECT id FROM events;
        """

    /// A usual row, one without any value, the least values and the greatest.
    private static let sealedSamples = """
        INSERT INTO samples VALUES
          (true, 1, 2, 3, 1.5, 2.25, 123456789012345678901234567890.125, 12345678.91, 'täxt', 'short', 'ab', '\\x00ff10',
           '2026-01-01', '12:34:56.789', '12:34:56+02', '2026-01-01 01:02:03.000004', '2026-01-01 01:02:03+00',
           '1 year 2 months 3 days 04:05:06.7', '00112233-4455-6677-8899-aabbccddeeff', '{"b": 1,  "a": [true]}',
           '{"b": 1,  "a": [true]}', '{1,2,NULL}', '{"x","y z",NULL}'),
          (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           NULL, NULL, NULL, NULL, NULL),
          (false, -32768, -2147483648, -9223372036854775808, '-Infinity', '-Infinity', '-Infinity', -99999999.99, '', '',
           '', '', '-infinity', '00:00', '00:00+15:59', '-infinity', '-infinity', '-1 mons -2 days -03:04:05',
           '00000000-0000-0000-0000-000000000000', 'null', 'null', '{}', '{}'),
          (true, 32767, 2147483647, 9223372036854775807, 'NaN', 'NaN', 'NaN', 99999999.99, 'a longer text with a tail',
           'exactly twenty chars', 'abcde', '\\xffffffffffffffffffffffffffffffffff', 'infinity', '24:00', '24:00-15:59',
           'infinity', 'infinity', '178000000 years', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '[1, 2.50, "c"]',
           '[1, 2.50, "c"]', '{{1,2},{3,4}}', '{{"a","b"}}')
        """

    /// As many rows as compression needs: numbers and texts that resemble each other, and one day for all.
    private static var similarSamples: String {
        let rows = (0..<40).map { "(\($0 % 7), \($0).5, 'text \($0)', '2026-02-01')" }
        return "INSERT INTO samples (d, f, i, m) VALUES " + rows.joined(separator: ", ")
    }

    /// Rows that stay in the journal.
    private static let unsealedSamples = """
        INSERT INTO samples (a, d, g, i, q, v) VALUES
          (false, 42, 0.001, 'in the tail', '2026-01-02 00:00+00', '{7}'), (NULL, NULL, -5, NULL, NULL, NULL)
        """
}

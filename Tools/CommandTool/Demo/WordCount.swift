import Esker
import EskerFormat

/// Streams the words of a text into a store, over and over, while a query counts those of the last minute.
struct WordCount: Sendable {
    /// A row of the stream `words`.
    struct Word: Row {
        let word: String

        static var columns: [RowColumn<Word>] { [RowColumn("word", \.word)] }
    }

    let store: Store
    let lines: [String]

    /// Streams `passes` times (without end when nil), at most for `seconds`; prints every `every` seconds and at the end.
    func run(passes: Int?, seconds: Int?, every: Int) async throws {
        _ = try await store.execute(
            """
            CREATE TABLE IF NOT EXISTS words (word text NOT NULL);
            CREATE OR REPLACE VIEW last_minute WITH (window = 'time', on = 'arrival', length = '1 minute')
                AS SELECT * FROM words;
            """)
        let watch = Task { [self] in
            while !Task.isCancelled {
                try await Task.sleep(for: .seconds(every))
                try await show()
            }
        }
        let start = ContinuousClock.now
        let end = seconds.map { start + .seconds($0) }
        let count: Int
        do { count = try await stream(passes: passes, until: end) } catch {
            watch.cancel()
            throw error
        }
        watch.cancel()
        let taken = (ContinuousClock.now - start) / .seconds(1)
        let rate = IngestPace(rows: count, bytes: 0, seconds: taken).rate
        StatementRunner(store.session(), .table).show(
            "\(count) words streamed, \(rate) words/s, all of them on disk.\n\n")
        try await show()
    }

    /// Adds a row a word; returns when all rows are on disk.
    private func stream(passes: Int?, until end: ContinuousClock.Instant?) async throws -> Int {
        let streamer = try store.stream(named: "words").streamer(of: Word.self)
        var count = 0
        var pass = 0
        while pass < passes ?? .max {
            for line in lines {
                let words = line.split(separator: " ").map { Word(word: String($0)) }
                try await streamer.add(contentsOf: words)
                count += words.count
                if let end, ContinuousClock.now >= end {
                    try await streamer.close()
                    return count
                }
            }
            pass += 1
        }
        try await streamer.close()
        return count
    }

    /// Prints the ten most frequent words of the last minute, and how often words stand there.
    private func show() async throws {
        let runner = StatementRunner(store.session(), .table)
        try await runner.run(
            """
            SELECT word, count(*) AS count FROM last_minute GROUP BY word ORDER BY count DESC, word LIMIT 10;
            SELECT avg(count)::numeric(20,1) AS avg, min(count) AS min, max(count) AS max
                FROM (SELECT count(*) AS count FROM last_minute GROUP BY word) AS counts;
            """)
    }
}

import Esker

/// Streams the lines given on standard input, one row a word, and prints the ten most frequent words of the last minute.
@main
struct WordCount {
    struct Word: Row {
        var word: String

        static var columns: [RowColumn<Word>] { [RowColumn("word", \.word)] }
    }

    static func main() async throws {
        let store = try await Store.open(at: "words.store")
        try await store.execute(
            """
            CREATE TABLE IF NOT EXISTS words (word text NOT NULL);
            CREATE OR REPLACE VIEW last_minute WITH (window = 'time', on = 'arrival', length = '1 minute')
                AS SELECT * FROM words;
            """)

        let streamer = try store.stream(named: "words").streamer(of: Word.self)
        while let line = readLine() {
            try await streamer.add(contentsOf: line.split(separator: " ").map { Word(word: String($0)) })
        }
        try await streamer.close()  // every word is on disk now

        let top = try await store.query("SELECT word, count(*) FROM last_minute GROUP BY 1 ORDER BY 2 DESC LIMIT 10")
        for row in try await top.values() { print(row[0], row[1]) }
        await store.close()
    }
}

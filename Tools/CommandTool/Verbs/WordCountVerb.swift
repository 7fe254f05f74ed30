import ArgumentParser
import Esker

/// `esker demo wordcount`: streams a book, word by word, and asks for the most frequent words of the last minute.
struct WordCountVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wordcount",
        abstract: "Stream a book word by word and count the words of the last minute.",
        discussion: """
            Each word becomes a row of the stream words (word text). The view last_minute is its rows of the last \
            minute by arrival; queries on it print the ten most frequent words, and how often words stand there on \
            average, at least and at most. Without --data the store lies in a temporary directory and is removed.

            Examples:
              esker demo wordcount
              esker demo wordcount --file book.txt --seconds 60 --every 5
            """
    )

    @Option(help: ArgumentHelp("The text.", valueName: "BOOK"))
    var file = "Fixtures/Alice/alice-in-wonderland.txt"
    @Option(help: "How often the text is streamed; once by default, and without end when --seconds is given.")
    var passes: Int?
    @Option(help: "Stop after so many seconds.") var seconds: Int?
    @Option(help: ArgumentHelp("Seconds between two queries.", valueName: "seconds")) var every = 5
    @Option(help: "The store's directory; it is kept.") var data: String?

    func validate() throws {
        if let passes, passes < 1 { throw ValidationError("--passes takes a number from 1.") }
        if let seconds, seconds < 1 { throw ValidationError("--seconds takes a number from 1.") }
        if every < 1 { throw ValidationError("--every takes a number from 1.") }
    }

    mutating func run() async throws {
        let lines = try InputFile(file).text().utf8.split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        let temporary = try data == nil ? TemporaryStore() : nil
        defer { temporary?.remove() }
        let store = try await Store.open(at: data ?? temporary!.path)
        do {
            let count = WordCount(store: store, lines: lines)
            try await count.run(passes: passes ?? (seconds == nil ? 1 : nil), seconds: seconds, every: every)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }
}

import Testing

@Suite("esker demo wordcount")
struct WordCountTests {
    @Test("one pass over the book gives exactly its ten most frequent words")
    func topTen() throws {
        let outcome = try Command.run(
            "demo", "wordcount", "--file", Project.file("Fixtures/Alice/alice-in-wonderland.txt"))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("29461 words streamed, "))
        let tables = outcome.output.split(separator: "\n\n", maxSplits: 1).last.map(String.init)
        #expect(
            tables == """
                 word | count\u{20}
                ------+-------
                 the  |  1664
                 and  |   780
                 to   |   773
                 a    |   662
                 of   |   596
                 she  |   484
                 said |   416
                 in   |   401
                 it   |   356
                 was  |   329
                (10 rows)

                 avg | min | max \u{20}
                -----+-----+------
                 4.9 |   1 | 1664
                (1 row)


                """)
    }

    @Test("a second pass counts every word twice, and a kept store keeps the rows")
    func twice() throws {
        let folder = try TemporaryFolder()
        let book = try folder.file("book.txt", "so it  goes\r\nso so\n\n")
        let store = folder.path("store")
        let outcome = try Command.run("demo", "wordcount", "--file", book, "--passes", "2", "--data", store)
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("10 words streamed, "))
        let counts = try Command.run(
            "sql", "--data", store, "--format", "csv", "-c",
            "SELECT word, count(*) AS n FROM words GROUP BY word ORDER BY n DESC, word")
        #expect(counts.output == "word,n\nso,6\ngoes,2\nit,2\n")
    }

    @Test("a book that is not there is told")
    func missing() throws {
        let outcome = try Command.run("demo", "wordcount", "--file", "/no/such/book")
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("cannot open /no/such/book"))
    }
}

import Testing

@Suite("esker sql")
struct SQLTests {
    private let folder: TemporaryFolder
    private let store: String

    init() throws {
        folder = try TemporaryFolder()
        store = folder.path("store")
        let outcome = try Command.run(
            "sql", "--data", store, "-c",
            """
            CREATE TABLE t (a int NOT NULL, b text, c double precision, d timestamptz, e bool, f numeric(10,2));
            INSERT INTO t VALUES (1, 'x,y', 1.5, '2026-11-24 10:00+00', true, 12.3), (2, NULL, 'NaN', NULL, false, NULL),
                (3, E'two\\nlines "q"', 1e300, 'infinity', NULL, 7), (4, '', -0.25, '2026-01-02 03:04:05.6+00', true, 0);
            """)
        #expect(outcome.status == 0)
        #expect(outcome.output == "CREATE TABLE\nINSERT 0 4\n")
        #expect(outcome.errors.isEmpty)
    }

    private func check(_ format: String, _ sql: String, _ expected: String) throws {
        let outcome = try Command.run("sql", "--data", store, "--format", format, "-c", sql)
        #expect(outcome.output == expected)
        #expect(outcome.errors.isEmpty)
        #expect(outcome.status == 0)
    }

    @Test("tables are printed as psql prints them")
    func table() throws {
        // Blanks at line ends are psql's, too; \u{20} keeps them in sight.
        try check(
            "table", "SELECT a, b, f, d FROM t ORDER BY a",
            """
             a |     b     |   f   |            d            \u{20}
            ---+-----------+-------+--------------------------
             1 | x,y       | 12.30 | 2026-11-24 10:00:00+00
             2 |           |       |\u{20}
             3 | two      +|  7.00 | infinity
               | lines "q" |       |\u{20}
             4 |           |  0.00 | 2026-01-02 03:04:05.6+00
            (4 rows)


            """)
        try check(
            "table", "SELECT count(*) FROM t",
            """
             count\u{20}
            -------
                 4
            (1 row)


            """)
    }

    @Test("csv has a header line, PostgreSQL's text forms and its quoting")
    func csv() throws {
        try check(
            "csv", "SELECT * FROM t ORDER BY a",
            """
            a,b,c,d,e,f
            1,"x,y",1.5,2026-11-24 10:00:00+00,t,12.30
            2,,NaN,,f,
            3,"two
            lines ""q""\",1e+300,infinity,,7.00
            4,"",-0.25,2026-01-02 03:04:05.6+00,t,0.00

            """)
    }

    @Test("ndjson has a JSON object a line, as row_to_json writes it")
    func ndjson() throws {
        try check(
            "ndjson", "SELECT * FROM t ORDER BY a",
            #"""
            {"a":1,"b":"x,y","c":1.5,"d":"2026-11-24T10:00:00+00:00","e":true,"f":12.30}
            {"a":2,"b":null,"c":"NaN","d":null,"e":false,"f":null}
            {"a":3,"b":"two\nlines \"q\"","c":1e+300,"d":"infinity","e":null,"f":7.00}
            {"a":4,"b":"","c":-0.25,"d":"2026-01-02T03:04:05.6+00:00","e":true,"f":0.00}

            """#)
    }

    @Test("json is one array, also of no rows")
    func json() throws {
        try check(
            "json", "SELECT a, b FROM t WHERE a < 3 ORDER BY a",
            "[\n{\"a\":1,\"b\":\"x,y\"},\n{\"a\":2,\"b\":null}\n]\n")
        try check("json", "SELECT a FROM t WHERE a > 9", "[]\n")
    }

    @Test("statements come from standard input and from files")
    func sources() throws {
        let piped = try Command.run(
            "sql", "--data", store, "--format", "csv", input: "SELECT 1 AS one;\nSELECT 2 AS two;")
        #expect(piped.output == "one\n1\ntwo\n2\n")
        let file = try folder.file("query.sql", "SELECT max(a) FROM t")
        #expect(try Command.run("sql", "--data", store, "--format", "csv", "-f", file).output == "max\n4\n")
    }

    @Test("an error shows its code, line and place, ends with 2, and stops what follows")
    func error() throws {
        let outcome = try Command.run(
            "sql", "--data", store, "--format", "csv", "-c",
            "SELECT 1 AS one; SELECT a,\n  pric FROM t; SELECT 3 AS three")
        #expect(outcome.status == 2)
        #expect(outcome.output == "one\n1\n")
        #expect(
            outcome.errors == """
                ERROR:  42703: column "pric" does not exist
                LINE 2:   pric FROM t
                          ^

                """)
    }

    @Test("a store that is read only is not written, and not made")
    func readOnly() throws {
        let insert = try Command.run("sql", "--data", store, "--read-only", "-c", "INSERT INTO t (a) VALUES (5)")
        #expect(insert.status == 2)
        #expect(try Command.run("sql", "--data", folder.path("none"), "--read-only", "-c", "SELECT 1").status == 3)
    }
}

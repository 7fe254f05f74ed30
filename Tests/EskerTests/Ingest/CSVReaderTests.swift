// Unsafe: makes a pipe and writes into it.

import Esker
import EskerFormat
import Glibc
import Testing

@Suite("CSV reader")
struct CSVReaderTests {
    static let schema = Schema(columns: [
        ColumnDefinition(id: 1, name: "id", type: .int8, isNullable: false),
        ColumnDefinition(id: 2, name: "name", type: .text),
        ColumnDefinition(id: 3, name: "price", type: .float8),
    ])

    /// Reads all of `text` as one batch.
    static func read(
        _ text: [UInt8], schema: Schema = schema, largestRead: Int = .max,
        _ change: (inout CSVOptions) -> Void = { _ in }
    ) throws -> (rows: [String], rejects: [RejectedLine]) {
        var options = CSVOptions()
        change(&options)
        let source = MemoryByteSource(text, largestRead: largestRead)
        let reader = try CSVReader(source, schema: schema, options: options)
        var rows: [String] = []
        var rejects: [RejectedLine] = []
        while let parsed = try reader.next() {
            for row in 0..<parsed.batch.count { rows.append(parsed.batch.description(ofRow: row)) }
            rejects += parsed.rejects
        }
        return (rows, rejects)
    }

    static func read(_ text: String, _ change: (inout CSVOptions) -> Void = { _ in }) throws -> (
        rows: [String], rejects: [String]
    ) {
        let (rows, rejects) = try read(Array(text.utf8), change)
        return (rows, rejects.map(\.message))
    }

    @Test("the header names the columns, in any order; those it lacks are null")
    func headerOrder() throws {
        #expect(try Self.read("name,id\nanna,7\n").rows == ["7 'anna' null"])
        #expect(try Self.read("\u{FEFF}\"price\",\"id\"\r\n1.5,2\r\n").rows == ["2 null 1.5"])
        #expect(try Self.read("\n\nid\n5").rows == ["5 null null"])
        #expect(try Self.read("").rows == [])
        #expect(try Self.read("id,name\n").rows == [])
    }

    @Test(
        "a header that does not fit is an error that names the columns",
        arguments: [
            ("id,nam\n1,a\n", "\"nam\""), ("id,id\n1,1\n", "more than once"), ("name\na\n", "lacks column \"id\""),
            ("id,\"name\n", "header line: unterminated"),
        ])
    func badHeader(_ text: String, _ part: String) throws {
        let error = #expect(throws: IngestError.self) { try Self.read(text) }
        #expect(error?.code == .header)
        #expect(error?.message.contains(part) == true)
    }

    @Test("an unquoted empty field is null, a quoted one is empty text; another text can stand for null")
    func nulls() throws {
        #expect(try Self.read("id,name,price\n1,,\n2,\"\",3\n").rows == ["1 null null", "2 '' 3.0"])
        let other = try Self.read("id,name,price\n1,NULL,NULL\n2,\"NULL\",\\N\n3,,1\n") { $0.null = "NULL" }
        #expect(other.rows == ["1 null null", "3 '' 1.0"])
        #expect(other.rejects == ["line 3: column \"price\": invalid input syntax for type double precision: \"\\N\""])
    }

    @Test("quotes keep delimiters, line ends and quotes, and may open inside a field")
    func quotes() throws {
        let text = "id,name\n1,\"a,b\"\n2,\"a\nb\"\n3,\"say \"\"hi\"\"\"\n4,x\"y,\"z\n5,\"\r\n\"\n"
        #expect(
            try Self.read(text).rows == [
                "1 'a,b' null", "2 'a\nb' null", "3 'say \"hi\"' null", "4 'xy,z' null", "5 '\r\n' null",
            ])
        let escaped = try Self.read("id,name\n1,\"a\\\"b\\\\c\\d\"\n2,\\\n") { $0.escape = UInt8(ascii: "\\") }
        #expect(escaped.rows == ["1 'a\"b\\c\\d' null", "2 '\\' null"])
        let unquoted = try Self.read("id,name\n1,\"a\n2,b\"\"\n") { $0.quote = nil }
        #expect(unquoted.rows == ["1 '\"a' null", "2 'b\"\"' null"])
    }

    @Test("bad lines are told with line, offset, column and reason, and harm no neighbour")
    func rejects() throws {
        let text =
            "id,name,price\r\n1,\"a\r\nb\",1\r\nx,y,z\r\n\r\n2,c\r\n,d,4\r\n3,e,5,\r\n99999999999999999999,f,6\r\n4,g,7"
        let (rows, rejects) = try Self.read(Array(text.utf8))
        #expect(rows == ["1 'a\r\nb' 1.0", "4 'g' 7.0"])
        #expect(
            rejects.map(\.message) == [
                "line 4: column \"id\": invalid input syntax for type bigint: \"x\"",
                "line 6: expected 3 columns, found 2",
                "line 7: column \"id\": null value in column \"id\" violates not-null constraint",
                "line 8: expected 3 columns, found 4",
                "line 9: column \"id\": value \"99999999999999999999\" is out of range for type bigint",
            ])
        for reject in rejects {
            #expect(Array(text.utf8).dropFirst(reject.byteOffset).starts(with: reject.bytes))
        }
        #expect(rejects.map(\.text) == ["x,y,z", "2,c", ",d,4", "3,e,5,", "99999999999999999999,f,6"])
    }

    @Test("bytes that are not UTF-8, and zero bytes, reject their row only")
    func invalidText() throws {
        var text = Array("id,name\n1,é漢\n2,".utf8)
        text += [0xC3, 0x28] + Array("\n3,a".utf8) + [0] + Array("b\n4,\"".utf8) + [0xED, 0xA0, 0x80]
        text += Array("\"\n5,ok\n".utf8)
        let (rows, rejects) = try Self.read(text)
        #expect(rows == ["1 'é漢' null", "5 'ok' null"])
        #expect(rejects.map(\.line) == [3, 4, 5])
        #expect(rejects[0].message == "line 3: column \"name\": invalid byte sequence for encoding \"UTF8\": 0xc3")
        #expect(rejects[1].reason == "invalid byte sequence for encoding \"UTF8\": 0x00")
    }

    @Test("an open quote at the end rejects one line, and the lines after it are read", arguments: [1, 7, Int.max])
    func openQuote(_ largestRead: Int) throws {
        let text = "id,name\n1,a\n2,\"b\n3,c\n4,d\n"
        let (rows, rejects) = try Self.read(Array(text.utf8), largestRead: largestRead)
        #expect(rows == ["1 'a' null", "3 'c' null", "4 'd' null"])
        #expect(
            rejects.map(\.message) == ["line 3: unterminated quoted field: its quote is not closed before the end"])
        #expect(rejects[0].byteOffset == 12)
    }

    @Test("an open quote does not swallow more than the longest row", arguments: [64, 1000, Int.max])
    func openQuoteIsBounded(_ largestRead: Int) throws {
        let good = (10..<200).map { "\($0),x" }.joined(separator: "\n")
        let text = "id,name\n1,\"b\n\(good)\n2,e\"f\"\n"
        let (rows, rejects) = try Self.read(Array(text.utf8), largestRead: largestRead) { $0.limits.longestRow = 256 }
        #expect(rows.count == 191)
        #expect(rows.last == "2 'ef' null")
        #expect(rejects.map(\.line) == [2])
        #expect(rejects[0].reason.hasSuffix("within 256 bytes"))
    }

    @Test("rows and fields longer than their limits are rejected and the next line is read", arguments: [64, Int.max])
    func longRows(_ largestRead: Int) throws {
        let long = String(repeating: "x", count: 500)
        let text = "id,name\n1,\(long)\n2,b\n3,\(long.prefix(60))\n4,\(long.prefix(50))\n5,\"\(long)\""
        let (rows, rejects) = try Self.read(Array(text.utf8), largestRead: largestRead) {
            $0.limits.longestRow = 256
            $0.limits.longestField = 50
        }
        #expect(rows.map { $0.prefix(2) } == ["2 ", "4 "])
        #expect(rejects.map(\.line) == [2, 4, 6])
        #expect(rejects[1].reason == "a field is longer than 50 bytes")
    }

    @Test("a batch has as many rows as the limit, and the kept text of a bad line is bounded")
    func limits() throws {
        var options = CSVOptions()
        options.hasHeader = false
        options.limits.rowsPerBatch = 1500
        let text = (0..<4000).map { "\($0),n,1" }.joined(separator: "\n") + "\n" + String(repeating: "y", count: 5000)
        let reader = try CSVReader(MemoryByteSource(text), schema: Self.schema, options: options)
        var counts: [Int] = []
        while let parsed = try reader.next() {
            counts.append(parsed.batch.count)
            if let reject = parsed.rejects.first {
                #expect(reject.line == 4001)
                #expect(reject.bytes.count == RejectedLine.longestText)
            }
        }
        #expect(counts == [1500, 1500, 1000])
    }

    @Test("contradicting options are refused")
    func badOptions() {
        for change: (inout CSVOptions) -> Void in [
            { $0.delimiter = UInt8(ascii: "\"") }, { $0.delimiter = 0x0A }, { $0.quote = 0x0D }, { $0.null = "a,b" },
            { $0.escape = $0.delimiter }, { $0.limits.rowsPerBatch = 0 }, { $0.delimiter = 0xE9 },
        ] {
            let error = #expect(throws: IngestError.self) { try Self.read([], change) }
            #expect(error?.code == .options)
        }
    }

    @Test("a source that would wait hands out the rows it has")
    func doesNotWait() throws {
        var pair: [Int32] = [0, 0]
        try #require(unsafe pipe(&pair) == 0)
        defer { close(pair[0]) }
        let text = Array("1,a,1\n2,b,2\n3,".utf8)
        #expect(unsafe write(pair[1], text, text.count) == text.count)
        var options = CSVOptions()
        options.hasHeader = false
        let reader = try CSVReader(
            FileDescriptorByteSource(pair[0], name: "a pipe"), schema: Self.schema, options: options)
        #expect(try reader.next()?.batch.count == 2)
        let rest = Array("c,3".utf8)
        #expect(unsafe write(pair[1], rest, rest.count) == rest.count)
        close(pair[1])
        #expect(try reader.next()?.batch.count == 1)
        #expect(try reader.next()?.batch.count == nil)
    }

    @Test("a source that fails is an error that names it")
    func failingSource() throws {
        let reader = try CSVReader(FileDescriptorByteSource(-1, name: "events.csv"), schema: Self.schema)
        let error = #expect(throws: IngestError.self) { try reader.next() }
        #expect(error?.code == .unreadable)
        #expect(error?.message == "cannot read events.csv: Bad file descriptor")
    }
}

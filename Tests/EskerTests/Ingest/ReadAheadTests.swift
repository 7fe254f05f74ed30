// Unsafe: sources write into memory that is lent for the length of a call.

import Esker
import EskerFormat
import Glibc
import Testing

@Suite("Reading ahead")
struct ReadAheadTests {
    private static func options(_ rows: Int) -> CSVOptions {
        var options = CSVOptions()
        options.hasHeader = false
        options.limits.rowsPerBatch = rows
        return options
    }

    @Test("gives the stretches of the text in order, then its end")
    func inOrder() throws {
        let text = (0..<1000).map { "\($0),x,\n" }.joined()
        let ahead = try ReadAhead(
            CSVReader(MemoryByteSource(text), schema: CSVReaderTests.schema, options: Self.options(7)))
        var ids: [Int64] = []
        while let parsed = try ahead.next() {
            ids += (0..<parsed.batch.count).map { parsed.batch.columns[0].value(at: $0, as: Int64.self) }
        }
        #expect(ids == Array(0..<1000))
        #expect(try ahead.next()?.batch.count == nil)
    }

    @Test("hands on the error of its reader, after the rows before it")
    func failure() throws {
        struct Failing: ByteSource {
            var source = MemoryByteSource("1,a,\n2,b,\n")
            mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
                let count = unsafe source.read(into: buffer)
                if count == 0 { throw IngestError(.unreadable, "cannot read on") }
                return count
            }
        }
        let ahead = try ReadAhead(CSVReader(Failing(), schema: CSVReaderTests.schema, options: Self.options(1)))
        #expect(try ahead.next()?.batch.count == 1)
        #expect(try ahead.next()?.batch.count == 1)
        #expect(throws: IngestError.self) { try ahead.next() }
    }

    @Test("stops when nobody wants the rest")
    func cancelled() throws {
        struct Endless: ByteSource {
            let token: Token
            mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
                let row = Array("1,a,\n".utf8)
                unsafe buffer.copyBytes(from: row)
                return row.count
            }
        }
        var token: Token? = Token()
        let watcher = Watcher(token)
        var ahead: ReadAhead? = try ReadAhead(
            CSVReader(Endless(token: token!), schema: CSVReaderTests.schema, options: Self.options(1)))
        token = nil
        #expect(try ahead?.next()?.batch.count == 1)
        ahead = nil
        // Bounded, so that a thread that does not stop fails the test instead of holding it up.
        for _ in 0..<10_000_000 where watcher.isAlive { sched_yield() }
        #expect(!watcher.isAlive)
    }
}

/// Lives as long as the source that holds it.
final class Token: Sendable {}

/// Sees whether a token is alive.
struct Watcher {
    private weak var token: Token?

    init(_ token: Token?) { self.token = token }

    var isAlive: Bool { token != nil }
}

import Esker
import EskerFormat
import Testing

@Suite("CSV against a slow reader")
struct CSVDifferentialTests {
    @Test("any bytes give the same rows and the same rejects, however they are cut", arguments: 0..<100)
    func anyBytes(_ round: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        let columns = Int.random(in: 0...3, using: &random)
        var naive = NaiveCSV(columns: columns)
        if round % 3 == 1 { naive.escape = UInt8(ascii: "\\") }
        if round % 5 == 1 { naive.null = "NULL" }
        if round % 7 == 1 { naive.delimiter = UInt8(ascii: ";") }
        let text =
            round % 2 == 0
            ? Self.chaos(&random, naive) : Self.mostlyWellFormed(&random, naive)
        let expected = naive.read(text)
        for largestRead in [1, 7, 64, 65, .max] {
            let actual = try Self.read(text, naive, largestRead: largestRead)
            let place = "seed \(seed), round \(round), reads of \(largestRead)"
            let different = zip(actual.rows, expected.rows).first { $0 != $1.fields }
            #expect(different == nil, "\(place)")
            #expect(actual.rows.count == expected.rows.count, "\(place)")
            let otherRejects = zip(actual.rejects, expected.rejects).first { $0 != $1 }
            #expect(otherRejects == nil, "\(place)")
            #expect(actual.rejects.count == expected.rejects.count, "\(place)")
        }
    }

    static func read(
        _ text: [UInt8], _ naive: NaiveCSV, largestRead: Int
    ) throws -> (rows: [[String?]], rejects: [NaiveCSV.Reject]) {
        var definitions = (0..<naive.columns).map { ColumnDefinition(id: UInt32($0), name: "c\($0)", type: .text) }
        definitions.append(ColumnDefinition(id: UInt32(naive.columns), name: "n", type: .int8))
        var options = CSVOptions()
        options.hasHeader = false
        options.delimiter = naive.delimiter
        options.quote = naive.quote
        options.escape = naive.escape
        options.null = naive.null
        options.limits.rowsPerBatch = largestRead % 10 + 1
        let source = MemoryByteSource(text, largestRead: largestRead)
        let reader = try CSVReader(source, schema: Schema(columns: definitions), options: options)
        var rows: [[String?]] = []
        var rejects: [NaiveCSV.Reject] = []
        while let parsed = try reader.next() {
            #expect(parsed.batch.count + parsed.rejects.count <= options.limits.rowsPerBatch)
            for row in 0..<parsed.batch.count {
                var fields = parsed.batch.columns.dropLast().map { $0.text(at: row) }
                fields.append(parsed.batch.columns.last!.fixed(at: row, as: Int64.self).map { String($0) })
                rows.append(fields)
            }
            rejects += parsed.rejects.map { NaiveCSV.Reject(line: $0.line, offset: $0.byteOffset, reason: $0.reason) }
        }
        return (rows, rejects)
    }

    /// Quotes, line ends and delimiters anywhere.
    static func chaos(_ random: inout SeededGenerator, _ naive: NaiveCSV) -> [UInt8] {
        let pieces = ["a", "bc", "1", "23", "\"", "\"\"", "\n", "\r\n", "\r", "\\", "é", " ", "NULL"].map {
            Array($0.utf8)
        }
        let rare = Bool.random(using: &random)
        var text: [UInt8] = Bool.random(using: &random) ? [0xEF, 0xBB, 0xBF] : []
        for _ in 0..<Int.random(in: 0...600, using: &random) {
            if Int.random(in: 0..<4, using: &random) == 0 { text.append(naive.delimiter) }
            let piece = pieces.randomElement(using: &random)!
            if rare && piece[0] == naive.quote && Int.random(in: 0..<8, using: &random) > 0 { continue }
            text += piece
        }
        return text
    }

    /// Rows as a writer of such files makes them, and now and then a bad one.
    static func mostlyWellFormed(_ random: inout SeededGenerator, _ naive: NaiveCSV) -> [UInt8] {
        let ends = ["\n", "\r\n", "\r"].map { Array($0.utf8) }
        let end = ends.randomElement(using: &random)!
        var text: [UInt8] = []
        for _ in 0..<Int.random(in: 0...80, using: &random) {
            let count = naive.columns + (Int.random(in: 0..<20, using: &random) == 0 ? 1 : 0)
            for _ in 0..<count {
                text += field(&random, naive)
                text.append(naive.delimiter)
            }
            let number = Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...63, using: &random)
            text += Array((Int.random(in: 0..<20, using: &random) == 0 ? "none" : String(number)).utf8) + end
            if Int.random(in: 0..<20, using: &random) == 0 { text += end }
        }
        if Bool.random(using: &random), text.count >= end.count { text.removeLast(end.count) }
        return text
    }

    private static func field(_ random: inout SeededGenerator, _ naive: NaiveCSV) -> [UInt8] {
        let letters = Array("abcdefgh 0123\"\n\r\\,;".utf8)
        let length =
            Bool.random(using: &random)
            ? Int.random(in: 0...8, using: &random) : Int.random(in: 0...150, using: &random)
        let plain = (0..<length).map { _ in letters.randomElement(using: &random)! }
        let mustQuote = plain.contains { [naive.quote, naive.delimiter, 0x0A, 0x0D].contains($0) }
        if !mustQuote && Bool.random(using: &random) { return plain }
        var text = [naive.quote]
        for byte in plain {
            if byte == naive.quote || byte == naive.escape { text.append(naive.escape) }
            text.append(byte)
        }
        return text + [naive.quote]
    }
}

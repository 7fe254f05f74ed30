import EskerFormat
import Foundation

/// How fast are the string encodings? Sessions (16 hexadecimal digits) and URLs of an events file, in blocks of 65,536
/// rows, on one thread.
///
/// Prints, for each step, the median over the passes: thread CPU nanoseconds a row, and GB/s of the strings themselves.
struct StringsBenchmark {
    private static let blockRows = 65_536

    private let sessions: [ByteStrings]
    private let urls: [ByteStrings]
    private let passes: Int

    init(_ arguments: Arguments) throws {
        let data = try Data(contentsOf: URL(filePath: arguments.text("data")), options: .mappedIfSafe)
        let rows = arguments.number("rows", 1 << 20) / Self.blockRows * Self.blockRows
        sessions = Self.blocks(of: Self.column(6, of: data, rows: rows))
        urls = Self.blocks(of: Self.column(7, of: data, rows: rows))
        passes = arguments.number("repeat", 7)
    }

    /// One field of the first rows of comma-separated text without quotes.
    private static func column(_ wanted: Int, of data: Data, rows: Int) -> [[UInt8]] {
        var values: [[UInt8]] = []
        var position = data.startIndex
        while values.count < rows, let end = data[position...].firstIndex(of: 10) {
            let fields = data[position..<end].split(separator: 44, omittingEmptySubsequences: false)
            values.append(fields.count > wanted ? Array(fields[wanted]) : [])
            position = end + 1
        }
        return values
    }

    private static func blocks(of values: [[UInt8]]) -> [ByteStrings] {
        stride(from: 0, to: values.count, by: blockRows).map {
            ByteStrings(Array(values[$0..<min(values.count, $0 + blockRows)]))
        }
    }

    func run() throws {
        try fsst()
        hexadecimal()
        try templates()
    }

    private func fsst() throws {
        let symbols = measure("fsst train", urls) { block, _ in FSSTSymbols.train(block) }
        let leaves = measure("fsst encode", urls) { block, index in
            var output = GrowableBuffer(capacity: block.byteCount)
            let lengths = FSST.encode(block, with: symbols[index], into: &output)
            return (leaf: output.finish(), lengths: lengths)
        }
        _ = try measure("fsst decode", urls) { block, index in
            let lengths = leaves[index].lengths
            let strings = try FSST(parsing: leaves[index].leaf).decode(lengths: lengths.span)
            precondition(strings.byteCount == block.byteCount)
        }
        let bytes = leaves.reduce(0) { $0 + $1.leaf.byteCount }
        emit([("op", "fsst size"), ("bytes", bytes), ("of", urls.reduce(0) { $0 + $1.byteCount })])
    }

    private func hexadecimal() {
        let leaves = measure("hex encode", sessions) { block, _ in
            var output = GrowableBuffer(capacity: block.byteCount)
            precondition(HexText.encode(block, into: &output))
            return output.finish()
        }
        _ = measure("hex decode", sessions) { block, index in
            guard let leaf = try? HexText(parsing: leaves[index], count: block.count) else { return }
            precondition(leaf.decode().byteCount == block.byteCount)
        }
    }

    private func templates() throws {
        let found = measure("template find", urls) { block, _ in StringTemplate.find(in: block) }
        guard let template = found[0] else { return print("no template") }
        print("# " + template.literals.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "*"))
        let splits = measure("template split", urls) { block, _ in template.split(block) }
        let last = template.partCount - 1
        let references = splits.map { $0.parts[last] }
        let numbers = measure("decimal read", references) { block, _ in DecimalText.read(block) }
        _ = measure("decimal write", references) { block, index in
            guard let number = numbers[index] else { preconditionFailure("no numbers") }
            let values = number.values
            precondition(number.form.write(values.span(as: UInt64.self)).byteCount == block.byteCount)
        }
        let sources = splits.map { $0.parts.map(source) }
        print("# parts: " + sources[0].map(name).joined(separator: " "))
        _ = try measure("template join", urls) { block, index in
            let joined = try template.join(
                sources[index], count: block.count, exceptions: splits[index].exceptions, byteLimit: block.byteCount)
            precondition(joined.byteCount == block.byteCount)
        }
        for (index, block) in urls.enumerated() {
            let joined = try template.join(
                sources[index], count: block.count, exceptions: splits[index].exceptions, byteLimit: block.byteCount)
            for row in 0..<block.count { precondition(joined.array(row) == block.array(row)) }
        }
    }

    /// A part as numbers, as a dictionary when it has few values, or as it is.
    private func source(_ part: ByteStrings) -> StringTemplate.Source {
        if let number = DecimalText.read(part) { return .decimals(values: number.values, form: number.form) }
        var codes: [[UInt8]: UInt8] = [:]
        var values: [[UInt8]] = []
        var rows: [UInt8] = []
        for row in 0..<part.count {
            let value = part.array(row)
            guard let code = codes[value] ?? UInt8(exactly: values.count) else { return .strings(part) }
            if codes.updateValue(code, forKey: value) == nil { values.append(value) }
            rows.append(code)
        }
        return .dictionary(codes: Buffer(copying: rows), codeWidth: 1, values: ByteStrings(values))
    }

    private func name(_ source: StringTemplate.Source) -> String {
        switch source {
        case .decimals(_, let form): "number of \(form.minimumDigits) digits"
        case .dictionary(_, _, let values): "dictionary of \(values.count)"
        case .strings: "strings"
        case .constant: "constant"
        }
    }

    /// Does something with each block, several times over; gives back what the last pass made.
    private func measure<T>(
        _ operation: String, _ blocks: [ByteStrings], _ body: (ByteStrings, Int) throws -> T
    ) rethrows -> [T] {
        var seconds: [Double] = []
        var results: [T] = []
        for _ in 0..<passes {
            results = []
            var spent = 0.0
            for (index, block) in blocks.enumerated() {
                let start = Self.threadSeconds()
                let result = try body(block, index)
                spent += Self.threadSeconds() - start
                results.append(result)
            }
            seconds.append(spent)
        }
        let median = seconds.sorted()[seconds.count / 2]
        let rows = blocks.reduce(0) { $0 + $1.count }
        let bytes = blocks.reduce(0) { $0 + $1.byteCount }
        emit([
            ("op", operation), ("rows", rows), ("ns_per_row", (median / Double(rows) * 1e11).rounded() / 100),
            ("gb_per_s", (Double(bytes) / median / 1e7).rounded() / 100),
        ])
        return results
    }

    private static func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

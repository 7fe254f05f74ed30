public import EskerFormat

/// Reads lines of JSON objects into batches; used like ``CSVReader``.
///
/// A bad line is no error: it is handed out beside the good rows, which it does not harm. The only error is a source
/// that fails. Not thread-safe: one thread reads; the rows may go to any.
///
/// Lines of 200 bytes with 8 keys are read at 7.9 million a second on one core (Zen 5, warm file, 2026-11-24).
public final class NDJSONReader {
    private let options: NDJSONOptions
    private let window: ByteWindow
    private let scanner: JSONLineScanner
    private let table: FieldTable
    private let assembly: BatchAssembly
    private var line = 1
    /// The line of every row of the table.
    private var rowLines: [Int] = []
    private var hasStarted = false
    /// A line was given up: everything up to its end is passed over.
    private var isSkippingLine = false
    private var reportedIgnoredKeys = 0

    /// Reads rows of a stream's columns from `source`.
    public init(_ source: any ByteSource, schema: Schema, options: NDJSONOptions = NDJSONOptions()) throws {
        try options.limits.check()
        self.options = options
        window = ByteWindow(source)
        scanner = JSONLineScanner(schema, options)
        table = FieldTable(columnCount: schema.columns.count)
        let isPresent = schema.columns.map { _ in true }
        assembly = BatchAssembly(schema: schema, isPresent: isPresent, code: .json, settings: options.text)
    }

    /// The next stretch of the text, or nil at its end.
    ///
    /// It has as many rows and rejects as the limits allow, or fewer when the source would make it wait.
    public func next() throws -> ParsedRows? {
        if !hasStarted { try window.passByteOrderMark() }
        hasStarted = true
        let limits = options.limits
        while assembly.lineCount < limits.rowsPerBatch && assembly.byteCount < limits.bytesPerBatch {
            if takeLines(limits.rowsPerBatch - assembly.lineCount) { continue }
            if window.count > limits.longestRow {
                giveUpLine()
            } else if window.isComplete {
                if window.count == 0 { break }
                window.terminate()
            } else {
                if assembly.lineCount > 0 && window.wouldWait { break }
                // A long line is searched again only when twice as long: linear in all.
                let length = window.count
                try window.fill(atLeast: length < 1 << 16 ? 1 : min(length, limits.longestRow + 1 - length))
            }
        }
        if assembly.lineCount == 0 { return nil }
        defer { reportedIgnoredKeys = scanner.ignoredKeys }
        return assembly.finish(
            bytesRead: window.offset, ignoredKeys: scanner.ignoredKeys - reportedIgnoredKeys)
    }

    /// Converts whole lines at the start of the window, at most `most` of them and one table.
    ///
    /// - Returns: whether there was one.
    private func takeLines(_ most: Int) -> Bool {
        skipLine()
        var faults: [(line: Int, fault: RowFault)] = []
        var position = 0
        table.count = 0
        rowLines.removeAll(keepingCapacity: true)
        let wanted = min(most, FieldTable.rowCapacity)
        while table.count + faults.count < wanted, let end = window.firstLineFeed(from: position) {
            let range = position..<end
            if range.count > options.limits.longestRow {
                faults.append((line, tooLong(range.lowerBound)))
            } else if !window.isBlank(range) {
                if let fault = scanner.scan(range, window, into: table) {
                    faults.append((line, fault))
                } else {
                    rowLines.append(line)
                }
            }
            line += 1
            position = end + 1
        }
        if position == 0 { return false }
        table.holdsNonASCII = window.hasNonASCII(before: position)
        for bad in assembly.append(table, in: window) {
            let fault = RowFault(table.range(ofRow: bad.row), column: bad.column, bad.reason)
            faults.append((rowLines[bad.row], fault))
        }
        for (line, fault) in faults.sorted(by: { $0.line < $1.line }) {
            assembly.append(fault.reject(line: line, window))
        }
        window.consume(position)
        return true
    }

    private func tooLong(_ start: Int) -> RowFault {
        let limit = options.limits.longestRow
        return RowFault(start..<(start + limit), "a row is longer than \(limit) bytes")
    }

    private func giveUpLine() {
        assembly.append(tooLong(0).reject(line: line, window))
        isSkippingLine = true
        skipLine()
    }

    /// Passes over the rest of a line that was given up, as far as it is in the window.
    private func skipLine() {
        guard isSkippingLine else { return }
        if let end = window.firstLineFeed(from: 0) {
            window.consume(end + 1)
            line += 1
            isSkippingLine = false
        } else {
            window.consume(window.count)
        }
    }
}

// Unsafe: hands the window's bytes to the line-counting kernel.

internal import CEskerKernels

/// Knows on which line the window begins, and tells where rows in it stand.
struct TextPosition {
    /// The line on which the window begins, counted from 1.
    private(set) var line = 1

    /// Moves the window on.
    mutating func consume(_ length: Int, _ window: ByteWindow) {
        line += lines(before: length, window)
        window.consume(length)
    }

    /// Line ends in the window before a position.
    func lines(before position: Int, from start: Int = 0, _ window: ByteWindow) -> Int {
        precondition(start >= 0 && start <= position && position <= window.count)
        return unsafe esker_count_lines(window.bytes + start, position - start)
    }

    /// The rejects for faulty rows, in the order of the text.
    func rejects(_ faults: [RowFault], _ window: ByteWindow) -> [RejectedLine] {
        var line = line
        var counted = 0
        return faults.sorted { $0.range.lowerBound < $1.range.lowerBound }.map { fault in
            line += lines(before: fault.range.lowerBound, from: counted, window)
            counted = fault.range.lowerBound
            return fault.reject(line: line, window)
        }
    }
}

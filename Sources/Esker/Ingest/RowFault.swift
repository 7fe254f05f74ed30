/// What is wrong with a row.
struct RowFault {
    /// Where the row lies in the window.
    let range: Range<Int>
    let column: String?
    let reason: String

    init(_ range: Range<Int>, column: String? = nil, _ reason: String) {
        self.range = range
        self.column = column
        self.reason = reason
    }

    /// The reject to hand out; keeps the beginning of the row's bytes.
    func reject(line: Int, _ window: ByteWindow) -> RejectedLine {
        let kept = range.lowerBound..<(range.lowerBound + min(range.count, RejectedLine.longestText))
        return RejectedLine(
            line: line, byteOffset: window.offset + range.lowerBound, column: column, reason: reason,
            bytes: window.copy(kept))
    }
}

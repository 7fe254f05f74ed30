public import EskerFormat

/// A stretch of text, as rows and as lines that are none.
public struct ParsedRows: Sendable {
    /// The good rows, in the order of the text.
    public let batch: Batch
    /// The bad lines, in the order of the text.
    public let rejects: [RejectedLine]
    /// Bytes of text read so far, from the beginning to the end of this stretch.
    public let bytesRead: Int
    /// Keys of NDJSON objects in this stretch that name no column and were passed over; 0 for CSV.
    public let ignoredKeys: Int
}

/// A line that is no row, and why.
public struct RejectedLine: Hashable, Sendable {
    /// The line on which the row begins, counted from 1; for an unterminated quote, the line on which it opened.
    public let line: Int
    /// Bytes before the row, from the beginning of the text.
    public let byteOffset: Int
    /// The column whose value is wrong, if it is one column.
    public let column: String?
    /// One sentence without a full stop: `expected 8 columns, found 7`.
    public let reason: String
    /// The bytes of the row without its line end, at most ``longestText`` of them.
    public let bytes: [UInt8]

    /// How much of a bad line is kept, in bytes: enough to recognise it, little enough to keep thousands.
    public static let longestText = 1024

    /// The bytes as text; those that are not UTF-8 show as U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// `line 17: column "qty": invalid input syntax for type integer: "abc"`.
    public var message: String {
        guard let column else { return "line \(line): \(reason)" }
        return "line \(line): column \"\(column)\": \(reason)"
    }
}

public import EskerFormat
import EskerLog

/// A time on the clock without a day or zone, as columns of `time` hold it.
///
/// ```swift
/// let opening: TimeOfDay = "09:30"
/// ```
public struct TimeOfDay: Hashable, Comparable, Sendable {
    /// Microseconds since midnight, 0…86,400,000,000: midnight may also be the end of a day.
    public var microseconds: Int64

    /// The time so many microseconds after midnight. Values outside the day are refused when a row is stored.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// Reads what PostgreSQL reads as `time`. 22007 and 22008 if it is none.
    public init(_ text: String) throws(ValueError) {
        microseconds = try ValueParser.time(text.utf8.span, TextSettings(now: SystemClock().now()))
    }

    public static func < (a: TimeOfDay, b: TimeOfDay) -> Bool { a.microseconds < b.microseconds }
}

extension TimeOfDay: ExpressibleByStringLiteral {
    /// A time written in the program. Traps when the text is none.
    public init(stringLiteral text: String) {
        do {
            try self.init(text)
        } catch {
            preconditionFailure("\"\(text)\" is no time of day: \(error.message)")
        }
    }
}

extension TimeOfDay: CustomStringConvertible {
    /// `09:30:00`.
    public var description: String { columnValue.text() }
}

extension TimeOfDay: ColumnValue, ArrayElement {
    public static var columnType: DataType { .time }
    public var columnValue: Value { .time(microseconds) }
}

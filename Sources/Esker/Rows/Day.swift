public import EskerFormat
import EskerLog

/// A day of the calendar, as columns of `date` hold it.
///
/// ```swift
/// let release: Day = "2026-11-24"
/// let next = Day(number: release.number + 1)
/// ```
///
/// The range is PostgreSQL's, 4713 BC to 5874897 AD, and ± infinity.
public struct Day: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01, negative before; the greatest and least numbers are ± infinity.
    public var number: Int32

    /// The day so many days after 1970-01-01.
    public init(number: Int32) { self.number = number }

    /// Reads what PostgreSQL reads as `date`. 22007 and 22008 if it is none.
    public init(_ text: String) throws(ValueError) {
        number = try ValueParser.date(text.utf8.span, TextSettings(now: SystemClock().now()))
    }

    public static func < (a: Day, b: Day) -> Bool { a.number < b.number }
}

extension Day: ExpressibleByStringLiteral {
    /// A day written in the program. Traps when the text is none.
    public init(stringLiteral text: String) {
        do {
            try self.init(text)
        } catch {
            preconditionFailure("\"\(text)\" is no day: \(error.message)")
        }
    }
}

extension Day: CustomStringConvertible {
    /// `2026-11-24`.
    public var description: String { columnValue.text() }
}

extension Day: ColumnValue, ArrayElement {
    public static var columnType: DataType { .date }
    public var columnValue: Value { .date(number) }
}

public import EskerFormat
import EskerLog

/// A moment: microseconds since 1970-01-01 00:00:00 UTC, as columns of `timestamptz` hold it.
///
/// ```swift
/// let start: Timestamp = "2026-11-24 10:00:00+01"
/// let now = Timestamp.now
/// let read = try Timestamp(line.prefix(19).description)
/// ```
///
/// The range is PostgreSQL's, 4713 BC to 294247 AD, and ± infinity. In `Codable` formats other than Esker's own it is
/// a string, `2026-11-24 09:00:00+00`.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01 00:00:00 UTC, negative before.
    public var microseconds: Int64

    /// A moment so many microseconds after 1970.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// A moment so many seconds after 1970, to the microsecond; beyond the range ± infinity. Traps on NaN.
    public init(seconds: Double) { self.init(seconds: seconds, since: 0) }

    /// A moment so many seconds after another, which is `reference` whole seconds after 1970. Adding up after rounding
    /// keeps the microseconds of today exact.
    init(seconds: Double, since reference: Int64) {
        precondition(!seconds.isNaN, "NaN is no moment")
        let rounded = (seconds * 1_000_000).rounded()
        guard let exact = Int64(exactly: rounded) else {
            self.init(microseconds: rounded < 0 ? .min : .max)
            return
        }
        let (sum, overflow) = exact.addingReportingOverflow(reference * 1_000_000)
        self.init(microseconds: overflow ? .max : sum)
    }

    /// Reads what PostgreSQL reads as `timestamptz`; without a zone the clocks are UTC's. 22007 and 22008 if it is none.
    public init(_ text: String) throws(ValueError) {
        microseconds = try ValueParser.timestamptz(text.utf8.span, TextSettings(now: SystemClock().now()))
    }

    /// The machine's wall clock.
    public static var now: Timestamp { Timestamp(microseconds: SystemClock().now()) }
    /// Later than every other moment.
    public static let infinity = Timestamp(microseconds: .max)
    /// Earlier than every other moment.
    public static let minusInfinity = Timestamp(microseconds: .min)

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }
}

extension Timestamp: ExpressibleByStringLiteral {
    /// A moment written in the program. Traps when the text is none.
    public init(stringLiteral text: String) {
        do {
            try self.init(text)
        } catch {
            preconditionFailure("\"\(text)\" is no timestamp: \(error.message)")
        }
    }
}

extension Timestamp: CustomStringConvertible {
    /// PostgreSQL's text form with the clocks of UTC.
    public var description: String { columnValue.text() }
}

extension Timestamp: ColumnValue, ArrayElement {
    public static var columnType: DataType { .timestamptz }
    public var columnValue: Value { .timestamptz(microseconds) }
}

package import EskerFormat

/// How to read lines of JSON objects, one object a row.
///
/// Keys name columns; a column without a key, and a `null`, is a row without a value there. Numbers, `true` and
/// `false` are read as their text would be, strings as their content: `"7"` is a number for an integer column, `7` a
/// text for a text column. Objects and arrays go as they are written into `json` columns and nowhere else.
/// When a key stands there twice, the last one counts. Blank lines and a byte order mark are passed over.
public struct NDJSONOptions: Sendable {
    /// What to do about a key that names no column.
    public enum UnknownKeys: Hashable, Sendable {
        /// Pass over it and its value, and count it: producers of events add keys before stores add columns.
        case ignore
        /// Reject the line.
        case reject
    }

    /// What to do about a key that names no column.
    public var unknownKeys = UnknownKeys.ignore
    /// How much is read at once.
    public var limits = ReadingLimits()
    /// The time zone of times without one, and what `now` means.
    package var text = TextSettings()

    /// The defaults.
    public init() {}
}

/// A reader of text as rows: ``CSVReader``, ``NDJSONReader``, or either on a thread of its own (``ReadAhead``).
public protocol RowReader: AnyObject {
    /// The next stretch of the text, or nil at its end.
    func next() throws -> ParsedRows?
}

extension CSVReader: RowReader {}
extension NDJSONReader: RowReader {}

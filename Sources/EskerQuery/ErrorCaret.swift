// Where an error stands in the text, for terminals.

extension QueryError {
    /// The line of `sql` with the error and a caret under its place, as psql shows it; empty without a position.
    /// ```
    /// LINE 2: WHERE pric > 10
    ///               ^
    /// ```
    /// Of a long line 60 characters around the place are shown, with dots where it was cut.
    public func caret(in sql: String) -> String {
        guard let place = located(in: sql).position, place > 0 else { return "" }
        let text = Array(sql.unicodeScalars)
        let index = min(place - 1, text.count)
        let isBreak = { (scalar: Unicode.Scalar) in scalar == "\n" || scalar == "\r" }
        let start = text[..<index].lastIndex(where: isBreak).map { $0 + 1 } ?? 0
        let end = text[index...].firstIndex(where: isBreak) ?? text.count
        let number = 1 + text[..<index].count { $0 == "\n" }

        let shown = Self.excerpt(start..<end, around: index)
        let prefix = "LINE \(number): " + (shown.lowerBound > start ? "..." : "")
        let line = prefix + Self.plain(text[shown]) + (shown.upperBound < end ? "..." : "")
        let before = prefix + Self.plain(text[shown.lowerBound..<index])
        return line + "\n" + String(repeating: " ", count: before.unicodeScalars.count) + "^"
    }

    private static let width = 60
    /// Characters kept right of the place when the line's end does not fit.
    private static let rightMargin = 10

    /// At most `width` characters of `line` with `index` among them: its beginning, if the place is near enough to it.
    private static func excerpt(_ line: Range<Int>, around index: Int) -> Range<Int> {
        guard line.count > width else { return line }
        if index + rightMargin <= line.lowerBound + width { return line.lowerBound..<line.lowerBound + width }
        let end = min(line.upperBound, index + rightMargin)
        return end - width..<end
    }

    /// Tabs and other control characters take one column.
    private static func plain(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        for scalar in scalars { text.append(scalar.value < 0x20 ? " " : scalar) }
        return String(text)
    }
}

package import EskerFormat

/// How to read comma-separated text. The defaults are PostgreSQL's `COPY … WITH (FORMAT csv, HEADER)`.
///
/// Fields end at the delimiter, rows at LF, CR or CR and LF; inside quotes, which may open anywhere in a field, all of
/// these stand for themselves. Blank lines and a byte order mark at the beginning are passed over.
public struct CSVOptions: Sendable {
    /// The byte between fields.
    public var delimiter = UInt8(ascii: ",")
    /// The byte around fields that hold delimiters, line ends or quotes; nil when nothing is quoted.
    public var quote: UInt8? = UInt8(ascii: "\"")
    /// Inside quotes, makes a quote or itself after it stand for itself. Nil: the quote, which is then written twice.
    public var escape: UInt8?
    /// Whether the first row names the columns. They may come in any order; those without a name there stay without
    /// values. Without a header the fields are all columns of the stream, in its order.
    public var hasHeader = true
    /// The unquoted text that stands for "no value". Quoted, it is text.
    public var null = ""
    /// How much is read at once.
    public var limits = ReadingLimits()
    /// The time zone of times without one, and what `now` means.
    package var text = TextSettings()

    /// PostgreSQL's defaults.
    public init() {}

    func check() throws(IngestError) {
        try limits.check()
        var special = [UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0, delimiter]
        if let quote { special.append(quote) }
        guard Set(special).count == special.count else {
            throw IngestError(.options, "delimiter and quote must differ from each other, from line ends and from 0")
        }
        if let escape, special.dropLast(quote == nil ? 0 : 1).contains(escape) {
            throw IngestError(.options, "the escape must differ from the delimiter, from line ends and from 0")
        }
        guard special.allSatisfy({ $0 < 0x80 }), (escape ?? 0) < 0x80 else {
            throw IngestError(.options, "delimiter, quote and escape must be ASCII characters")
        }
        if null.utf8.contains(where: { special.contains($0) }) {
            throw IngestError(.options, "the text for \"no value\" must hold no delimiter, quote or line end")
        }
    }
}

/// Words of SQL that people give to columns and that PostgreSQL's grammar does not take as names unless quoted.
enum ReservedWords {
    /// Reserved words that are likely column names.
    private static let names: Set<String> = [
        "all", "analyse", "analyze", "any", "array", "asc", "both", "case", "cast", "check", "collate", "column",
        "constraint", "current_date", "current_role", "current_time", "current_timestamp", "current_user", "default",
        "desc", "do", "end", "fetch", "for", "foreign", "grant", "group", "leading", "limit", "localtime",
        "localtimestamp", "offset", "only", "order", "placing", "primary", "references", "session_user", "some",
        "symmetric", "table", "to", "trailing", "unique", "user", "when", "window",
    ]

    /// Of these, the ones that begin a clause, so that the grammar stumbles over the token after them.
    private static let clauses: Set<String> = ["offset", "limit", "order", "group", "window", "fetch", "end", "user"]

    /// What to say when the grammar refuses the token at `location`; nil when no reserved word is to blame.
    static func hint(_ text: borrowing Span<UInt8>, at location: Int) -> String? {
        let word = SQLLexer.word(text, at: location)
        if names.contains(word) { return hint(word) }
        let previous = SQLLexer.word(text, endingBefore: location)
        return clauses.contains(previous) ? hint(previous) : nil
    }

    private static func hint(_ word: String) -> String {
        "\"\(word)\" is a reserved word of SQL. To use it as a name, write it in double quotes."
    }
}

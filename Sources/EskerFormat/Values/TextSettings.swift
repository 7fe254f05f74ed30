/// What the text form of a value depends on besides the value.
package struct TextSettings: Sendable {
    /// The session's time zone: how `timestamptz` is shown and what a time without a zone means.
    package var zone: Zone
    /// Microseconds since 1970 UTC: what `now` and `today` mean. The session's clock sets it for each transaction.
    package var now: Int64

    package init(zone: Zone = .utc, now: Int64 = 0) {
        self.zone = zone
        self.now = now
    }
}

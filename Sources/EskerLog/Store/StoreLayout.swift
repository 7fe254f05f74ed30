/// Names of the files of a store.
///
/// ```
/// DIR/
///   LOCK                            held by the one process that writes
///   MANIFEST                        streams, segments, views, where the journal begins
///   RESERVE                         space kept back for a full disk
///   journal/0000000000000007.journal   the hot end of all partitions
///   journal/readers                 byte N is locked by readers that have journal file N mapped, byte 2^62 + E by
///                                   readers of the manifest's edition E
///   segments/000000000000002a.segment  sealed runs of one partition
///   quarantine/                     what `repair` took out of the way
/// ```
package struct StoreLayout: Sendable {
    package let directory: String

    package init(_ directory: String) { self.directory = directory }

    package var lock: String { directory + "/LOCK" }
    package var manifest: String { directory + "/MANIFEST" }
    package var newManifest: String { directory + "/MANIFEST.new" }
    package var reserve: String { directory + "/RESERVE" }
    package var journal: String { directory + "/journal" }
    package var readers: String { journal + "/readers" }
    package var segments: String { directory + "/segments" }
    package var quarantine: String { directory + "/quarantine" }

    package func journalFile(_ number: UInt64) -> String { "\(journal)/\(Self.journalName(number))" }
    static func journalName(_ number: UInt64) -> String { "\(padded(number)).journal" }
    package func spare(_ number: UInt64) -> String { "\(journal)/\(Self.padded(number)).spare" }
    package func segment(_ id: UInt64) -> String { "\(segments)/\(Self.padded(id)).segment" }
    package func newSegment(_ id: UInt64) -> String { "\(segments)/\(Self.padded(id)).new" }

    /// The number in a file name with that ending; `nil` for other names.
    package static func number(of name: String, ending: String) -> UInt64? {
        guard name.hasSuffix(ending), name.utf8.count == 16 + ending.utf8.count else { return nil }
        return UInt64(name.prefix(16), radix: 16)
    }

    private static func padded(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

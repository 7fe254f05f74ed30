/// How much work went into making a segment small.
///
/// The numbers are frozen: they stand in segment headers and manifests.
public enum Tier: UInt8, Sendable, CaseIterable {
    /// As sealed: encodings that keep up with ingestion.
    case standard = 0
    /// As rewritten once the rows are old: slower to write, smaller to keep.
    case compact = 1

    /// The tier of that number. Refuses those of later versions.
    package init(stored: UInt8, at offset: Int) throws(FormatError) {
        guard let tier = Tier(rawValue: stored) else {
            throw FormatError(.newerVersion, "tier \(stored) is unknown to this version", at: offset)
        }
        self = tier
    }

    /// The word in reports.
    package var name: String {
        switch self {
        case .standard: "standard"
        case .compact: "compact"
        }
    }
}

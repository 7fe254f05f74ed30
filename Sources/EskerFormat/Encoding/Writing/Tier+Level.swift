extension Tier {
    /// zstd's level for the last stage: 3 keeps up with sealing; 9 is where more work hardly makes pieces of 64 KiB
    /// smaller.
    var level: Int32 {
        switch self {
        case .standard: 3
        case .compact: 9
        }
    }

    /// The last stage is taken where it saves one part in so many.
    var leastSaving: Int {
        switch self {
        case .standard: 8
        case .compact: 32
        }
    }
}

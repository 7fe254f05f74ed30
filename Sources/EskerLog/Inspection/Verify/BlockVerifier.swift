/// Checks blocks beyond what reading them checks.
struct BlockVerifier {
    /// Rows that a block can have and still be decoded whole: 1 GiB of Int64.
    static let maximumRows = 1 << 27
}

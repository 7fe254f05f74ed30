/// How fast rows come in: what the progress line and the summary of an ingest say.
struct IngestPace: Sendable {
    let rows: Int
    let bytes: Int
    let seconds: Double

    /// Rows a second, as a whole number.
    var rate: Int { seconds > 0 ? Int(Double(rows) / seconds) : 0 }

    /// `1,234,000 rows  150 MB  3,400,000 rows/s  42 %  ETA 0:03`
    ///
    /// - Parameter total: bytes of input, when they are known.
    func text(total: Int?) -> String {
        var text = "\(Self.grouped(rows)) rows  \(Self.grouped(bytes / 1_000_000)) MB  \(Self.grouped(rate)) rows/s"
        if let total, total > 0, bytes > 0 {
            let left = Int((seconds * Double(max(0, total - bytes)) / Double(bytes)).rounded(.up))
            text += "  \(min(100, bytes * 100 / total)) %  ETA \(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)"
        }
        return text
    }

    /// `1234567` as `1,234,567`.
    private static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var index = digits.endIndex
        while digits.distance(from: digits.startIndex, to: index) > 3 {
            index = digits.index(index, offsetBy: -3)
            digits.insert(",", at: index)
        }
        return digits
    }
}

/// The line that shows how far an ingest has come, on a terminal only: rows, MB, rows/s, time left.
struct ProgressLine {
    private let total: Int?
    private let start = ContinuousClock.now
    private var shown = ContinuousClock.now
    private let isShown: Bool

    /// - Parameter total: bytes of input, when they are known.
    init(total: Int?) {
        self.total = total
        isShown = StandardError.isTerminal
    }

    /// Since the beginning.
    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// Shows where things stand, five times a second.
    mutating func update(rows: Int, bytes: Int) {
        guard isShown, ContinuousClock.now - shown > .milliseconds(200) else { return }
        shown = .now
        StandardError.write(StandardError.clearedLine + Self.text(rows: rows, bytes: bytes, total: total, seconds))
    }

    /// Removes the line.
    func clear() {
        if isShown { StandardError.write(StandardError.clearedLine) }
    }

    static func text(rows: Int, bytes: Int, total: Int?, _ seconds: Double) -> String {
        let megabytes = grouped(bytes / 1_000_000)
        var text = "\(grouped(rows)) rows  \(megabytes) MB  \(grouped(rate(rows, seconds))) rows/s"
        if let total, total > 0, bytes > 0 {
            let left = Int((seconds * Double(max(0, total - bytes)) / Double(bytes)).rounded(.up))
            text += "  \(min(100, bytes * 100 / total)) %  ETA \(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)"
        }
        return text
    }

    /// Rows a second, as a whole number.
    static func rate(_ rows: Int, _ seconds: Double) -> Int {
        seconds > 0 ? Int(Double(rows) / seconds) : 0
    }

    /// `1234567` as `1,234,567`.
    static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var index = digits.endIndex
        while digits.distance(from: digits.startIndex, to: index) > 3 {
            index = digits.index(index, offsetBy: -3)
            digits.insert(",", at: index)
        }
        return digits
    }
}

/// Seconds with three digits, as summaries print them: `1.234`.
enum SecondsText {
    static func thousandths(_ seconds: Double) -> String {
        let milliseconds = Int((seconds * 1000).rounded())
        let rest = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    static func thousandths(_ duration: Duration) -> String { thousandths(duration / .seconds(1)) }
}

import EskerFormat

/// Numbers, sizes and times as people read them.
enum ReadableText {
    /// `1,234,567`
    static func count(_ value: some BinaryInteger) -> String {
        let digits = Array(String(value).utf8)
        let start = digits.first == UInt8(ascii: "-") ? 1 : 0
        var text: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if index > start, (digits.count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `512 B`, `1.5 KiB`, `12.0 MiB`: one digit after the point, in powers of 1,024.
    static func size(_ bytes: some BinaryInteger) -> String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        var value = Double(bytes)
        var unit = 0
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        while value >= 1024, unit + 1 < units.count {
            value /= 1024
            unit += 1
        }
        return tenths(value) + " " + units[unit]
    }

    /// A number with one digit after the point.
    static func tenths(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "-" }
        let scaled = Int64((value * 10).rounded())
        let sign = scaled < 0 ? "-" : ""
        return "\(sign)\(count(scaled.magnitude / 10)).\(scaled.magnitude % 10)"
    }

    /// `total / parts` with one digit after the point; `-` without parts.
    static func quotient(_ total: some BinaryInteger, _ parts: some BinaryInteger) -> String {
        parts == 0 ? "-" : tenths(Double(total) / Double(parts))
    }

    /// `total / parts` with two digits after the point; `-` without parts.
    static func hundredths(_ total: some BinaryInteger, _ parts: some BinaryInteger) -> String {
        guard parts != 0 else { return "-" }
        let scaled = (Double(total) / Double(parts) * 100).rounded()
        guard scaled.magnitude < 1e15 else { return "-" }
        let value = Int64(scaled)
        let rest = value.magnitude % 100
        return "\(value < 0 ? "-" : "")\(count(value.magnitude / 100)).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// `12.5 %`
    static func share(_ part: some BinaryInteger, of whole: some BinaryInteger) -> String {
        whole == 0 ? "-" : tenths(Double(part) * 100 / Double(whole)) + " %"
    }

    /// A time in µs since 1970 as text in UTC: `2026-01-01 00:00:00+00`.
    static func time(_ microseconds: Int64) -> String { Value.timestamptz(microseconds).text() }
}

/// A range of times in µs since 1970, empty when no row has one.
package struct TimeRange: Hashable, Sendable {
    package var least: Int64
    package var greatest: Int64

    package init(_ least: Int64 = Int64.max, _ greatest: Int64 = Int64.min) {
        self.least = least
        self.greatest = greatest
    }

    package var isEmpty: Bool { least > greatest }

    package mutating func include(_ other: TimeRange) {
        guard !other.isEmpty else { return }
        least = min(least, other.least)
        greatest = max(greatest, other.greatest)
    }

    /// Both ends in UTC; `-` when empty.
    package var text: String { isEmpty ? "-" : "\(ReadableText.time(least)) … \(ReadableText.time(greatest))" }
    package var leastText: String? { isEmpty ? nil : ReadableText.time(least) }
    package var greatestText: String? { isEmpty ? nil : ReadableText.time(greatest) }
}

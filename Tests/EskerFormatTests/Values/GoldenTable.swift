import EskerFormat
import Foundation
import Testing

/// A file of `Fixtures/Values`: inputs of one type and what PostgreSQL 15 made of them.
struct GoldenTable {
    struct Row {
        var input: String
        /// The value's text, or `ERR`, the SQLSTATE and the message.
        var expected: String
    }

    var type = ""
    var zone = Zone.utc
    var rows: [Row] = []

    init(_ name: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "Fixtures/Values/\(name).txt"), encoding: .utf8)
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            if line.hasPrefix("# type ") {
                type = String(line.dropFirst(7))
            } else if line.hasPrefix("# zone ") {
                zone = try Zone(named: String(line.dropFirst(7)))
            } else if !line.hasPrefix("# ") {
                let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
                rows.append(Row(input: String(parts[0]), expected: String(try #require(parts.dropFirst().first))))
            }
        }
        try #require(rows.count > 20)
    }

    /// Checks every row; shows the first few that differ.
    func check(_ outcome: (String, TextSettings) throws(ValueError) -> [UInt8]) {
        var failures = 0
        for row in rows {
            let found: String
            do throws(ValueError) {
                found = String(decoding: try outcome(row.input, TextSettings(zone: zone)), as: UTF8.self)
            } catch {
                found = "ERR \(error.sqlState) \(error.message)"
            }
            guard found != row.expected else { continue }
            failures += 1
            if failures <= 5 { Issue.record("\(type) \"\(row.input)\": \(found), expected \(row.expected)") }
        }
        #expect(failures == 0)
    }
}

/// A random generator (SplitMix64) whose seed can be given again.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    /// A new seed each run, printed.
    init(_ title: String, seed: UInt64? = nil) {
        state = seed ?? UInt64.random(in: 0 ... .max)
        print("\(title): seed \(state)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

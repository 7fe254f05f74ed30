import EskerFormat

/// Strings that encodings are tried on, and how they are compared.
enum StringModels {
    /// A generator whose seed stands in the test's output.
    static func generator(_ name: String = #function) -> SplitMix64 {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("\(name): seed \(seed)")
        return SplitMix64(state: seed)
    }

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    static func strings(_ texts: [String]) -> ByteStrings { ByteStrings(texts.map(bytes)) }

    /// All strings as arrays.
    static func arrays(_ strings: ByteStrings) -> [[UInt8]] { (0..<strings.count).map { strings.array($0) } }

    /// All strings as text, for messages.
    static func texts(_ strings: ByteStrings) -> [String] {
        arrays(strings).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The same strings with offsets that do not begin at 0, and bytes with nothing behind them.
    static func shifted(_ strings: ByteStrings) -> ByteStrings {
        let all = ByteStrings([[1, 2, 3]] + arrays(strings))
        let exact = ByteStrings(offsets: all.offsets, bytes: .exact(all.bytes.array), count: all.count)
        return exact.slice(1..<(strings.count + 1))
    }

    /// Bytes of any value.
    static func random(_ count: Int, below limit: UInt8 = 255, using generator: inout SplitMix64) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...limit, using: &generator) }
    }

    /// Columns that are hard in some way: a name and the strings.
    static func hard(using generator: inout SplitMix64) -> [(String, [[UInt8]])] {
        let urls = (0..<700).map { _ in bytes(url(using: &generator)) }
        let empty = [[UInt8]](repeating: [], count: 100)
        let mixed = (0..<500).map { _ in random(Int.random(in: 0...40, using: &generator), using: &generator) }
        let few = (0..<500).map { _ in random(Int.random(in: 0...300, using: &generator), below: 2, using: &generator) }
        return [
            ("none", []), ("one empty", [[]]), ("all empty", empty), ("one byte", [[0]]),
            ("URLs", urls), ("random bytes", mixed), ("zeros and few bytes", few),
            ("all equal", [[UInt8]](repeating: bytes("the same"), count: 300)),
            ("one of 1 MB", [bytes("a"), random(1 << 20, using: &generator), [], bytes("b")]),
            ("one of 1 MB of text", [bytes(String(repeating: "lorem ipsum ", count: 90_000))]),
            ("not UTF-8", [[0xFF, 0xFE], [0xC0], [0x80, 0x80], [0xFF], [UInt8](repeating: 0xFF, count: 9)]),
            ("of every length", (0..<200).map { random($0, below: 9, using: &generator) }),
            ("sorted", (0..<1000).map { bytes("key-\($0 * 7)") }),
        ]
    }

    static func url(using generator: inout SplitMix64) -> String {
        let pages = ["gallery", "reviews", "checkout/step", "checkout/pay-now", "index", "search", "a-b", "questions"]
        let category = Int.random(in: 1...40, using: &generator)
        let product = Int.random(in: 0...50_000, using: &generator)
        let page = pages.randomElement(using: &generator)!
        let reference = Int.random(in: 1000...999_999, using: &generator)
        return "https://shop.example/category-\(padded(category, 2))/p\(padded(product, 5))/\(page)?ref=\(reference)"
    }

    static func padded64(_ number: UInt64, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

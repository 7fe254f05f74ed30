// Unsafe: compares keys with string literals in place and makes strings from a range of bytes.

/// A JSON text laid out as one flat array of nodes, without an allocation per node.
///
/// A node's children follow it; `end` leads past its whole subtree, so that a field is skipped in one step:
/// ```
/// {"a":[1,"x"]}
/// 0 object end 5 · 1 string a · 2 array end 5 · 3 number 1 · 4 string x
/// ```
/// An object's children alternate key and value. Made for the output of the SQL parser, which is trusted to be
/// UTF-8 but not to be well formed: anything else than JSON gives nil.
struct JSONTape {
    enum Kind: UInt8 { case object, array, string, escapedString, number, `true`, `false`, null }

    struct Node {
        var kind: Kind
        /// First byte of a scalar's text, without the quotes.
        var start: UInt32
        var count: UInt32
        /// Index of the node after this one's subtree.
        var end: UInt32
    }

    let bytes: [UInt8]
    private(set) var nodes: [Node] = []

    /// nil when `bytes` is not one JSON value or longer than 4 GiB. O(length); recursion-free.
    init?(_ bytes: [UInt8]) {
        guard bytes.count < UInt32.max else { return nil }
        self.bytes = bytes
        nodes.reserveCapacity(bytes.count / 8)
        var open: [Int] = []
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open.append(nodes.count)
                append(byte == UInt8(ascii: "{") ? .object : .array, at, 0)
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard let container = open.popLast(),
                    (nodes[container].kind == .object) == (byte == UInt8(ascii: "}"))
                else { return nil }
                nodes[container].end = UInt32(nodes.count)
                at += 1
            case UInt8(ascii: "\""):
                guard let close = appendString(from: at + 1) else { return nil }
                at = close + 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: "\n"):
                at += 1
            default:
                guard let next = appendWord(from: at) else { return nil }
                at = next
            }
        }
        guard open.isEmpty, !nodes.isEmpty, Int(nodes[0].end) == nodes.count else { return nil }
    }

    private mutating func append(_ kind: Kind, _ start: Int, _ count: Int) {
        nodes.append(Node(kind: kind, start: UInt32(start), count: UInt32(count), end: UInt32(nodes.count + 1)))
    }

    /// Index of the closing quote.
    private mutating func appendString(from start: Int) -> Int? {
        let bytes = bytes
        let text = bytes.span
        var at = start
        var kind = Kind.string
        while at < text.count {
            let byte = text[at]
            if byte == UInt8(ascii: "\"") {
                append(kind, start, at - start)
                return at
            }
            if byte == UInt8(ascii: "\\") {
                kind = .escapedString
                at += 1
            }
            at += 1
        }
        return nil
    }

    /// Appends a number, true, false or null; gives the index after it.
    private mutating func appendWord(from start: Int) -> Int? {
        let bytes = bytes
        let text = bytes.span
        var at = start
        while at < text.count, isWordByte(text[at]) { at += 1 }
        guard at > start else { return nil }
        switch text[start] {
        case UInt8(ascii: "t"): append(.true, start, at - start)
        case UInt8(ascii: "f"): append(.false, start, at - start)
        case UInt8(ascii: "n"): append(.null, start, at - start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): append(.number, start, at - start)
        default: return nil
        }
        return at
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "E"): true
        default: false
        }
    }

    // MARK: Reading

    /// Whether the string node has exactly these bytes.
    func matches(_ key: StaticString, at node: Int) -> Bool {
        let start = Int(nodes[node].start)
        let count = Int(nodes[node].count)
        guard count == key.utf8CodeUnitCount else { return false }
        var index = 0
        while index < count {
            let expected = unsafe key.utf8Start[index]
            guard bytes[start + index] == expected else { return false }
            index += 1
        }
        return true
    }

    /// The text of a string node with its escapes resolved, or of a number as written.
    func string(at node: Int) -> String {
        let entry = nodes[node]
        let range = Int(entry.start)..<Int(entry.start) + Int(entry.count)
        guard entry.kind == .escapedString else { return String(decoding: bytes[range], as: UTF8.self) }
        return String(decoding: unescaped(range), as: UTF8.self)
    }

    /// A number node's value; nil when it is no whole number that fits.
    func integer(at node: Int) -> Int? {
        nodes[node].kind == .number ? Int(string(at: node)) : nil
    }

    private func unescaped(_ range: Range<Int>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = bytes[at]
            guard byte == UInt8(ascii: "\\"), at + 1 < range.upperBound else {
                output.append(byte)
                at += 1
                continue
            }
            at += 2
            switch bytes[at - 1] {
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "u"):
                let digits = bytes[at..<min(at + 4, range.upperBound)]
                let scalar = UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
                output.append(contentsOf: String(Character(scalar ?? "\u{FFFD}")).utf8)
                at = digits.endIndex
            case let other: output.append(other)
            }
        }
        return output
    }
}

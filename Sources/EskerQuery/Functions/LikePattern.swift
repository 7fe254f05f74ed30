internal import EskerFormat

/// A LIKE pattern: `%` is any run of characters, `_` one character, `\` makes the next one itself.
struct LikePattern {
    /// Shapes that need no general matching.
    enum Shape {
        case exact([UInt8])
        case prefix([UInt8])
        case suffix([UInt8])
        case contains([UInt8])
        /// Prefix and suffix that do not overlap.
        case ends([UInt8], [UInt8])
        /// Prefix, parts that follow each other anywhere between, suffix.
        case runs([UInt8], [[UInt8]], [UInt8])
        case general
    }

    let shape: Shape

    init(_ pattern: Span<UInt8>) {
        shape = Self.shape(of: pattern)
    }

    private static func shape(of pattern: Span<UInt8>) -> Shape {
        // Literal runs between the runs of %.
        var runs: [[UInt8]] = [[]]
        var index = 0
        while index < pattern.count {
            switch pattern[index] {
            case 0x25:
                if index == 0 || pattern[index - 1] != 0x25 || runs.last?.isEmpty == false { runs.append([]) }
            case 0x5F: return .general
            case 0x5C:
                index += 1
                if index == pattern.count { return .general }
                runs[runs.count - 1].append(pattern[index])
            default: runs[runs.count - 1].append(pattern[index])
            }
            index += 1
        }
        switch runs.count {
        case 1: return .exact(runs[0])
        case 2 where runs[1].isEmpty: return .prefix(runs[0])
        case 2 where runs[0].isEmpty: return .suffix(runs[1])
        case 2: return .ends(runs[0], runs[1])
        case 3 where runs[0].isEmpty && runs[2].isEmpty: return .contains(runs[1])
        default: return .runs(runs[0], Array(runs[1..<(runs.count - 1)]), runs[runs.count - 1])
        }
    }

    /// Whether the text begins with `first`, ends with `last`, and has the parts in their order between: each is taken
    /// where it comes first, which leaves the most room for the others.
    static func matches(_ text: Span<UInt8>, _ first: [UInt8], _ parts: [[UInt8]], _ last: [UInt8]) -> Bool {
        guard text.count >= first.count &+ last.count, text.starts(with: first.span), text.ends(with: last.span)
        else { return false }
        let middle = text.extracting(first.count..<(text.count &- last.count))
        var place = 0
        var index = 0
        while index < parts.count {
            let part = parts[index]
            guard let found = middle.find(part.span, from: place) else { return false }
            place = found &+ part.count
            index &+= 1
        }
        return true
    }

    /// Whether the whole text matches, by trying from the last `%` again after each mismatch. O(text × pattern).
    ///
    /// - Throws: 22025 when the pattern ends with the escape character and matching comes there.
    static func matches(_ text: Span<UInt8>, _ pattern: Span<UInt8>) throws(QueryError) -> Bool {
        var (place, part) = (0, 0)
        var retry: (place: Int, part: Int)?
        while true {
            if part < pattern.count && pattern[part] == 0x25 {
                part += 1
                retry = (place, part)
                continue
            }
            if place == text.count { break }
            if let next = try step(text, place, pattern, part) {
                (place, part) = next
                continue
            }
            guard let again = retry else { return false }
            let next = UTF8Text.advance(text, from: again.place, by: 1)
            retry = (next, again.part)
            (place, part) = (next, again.part)
        }
        return part == pattern.count
    }

    /// The places after one matching character, or nil.
    @inline(__always)
    private static func step(
        _ text: Span<UInt8>, _ place: Int, _ pattern: Span<UInt8>, _ part: Int
    ) throws(QueryError) -> (Int, Int)? {
        guard part < pattern.count else { return nil }
        switch pattern[part] {
        case 0x5F: return (UTF8Text.advance(text, from: place, by: 1), part &+ 1)
        case 0x5C:
            guard part &+ 1 < pattern.count else {
                throw QueryError(.invalidEscapeSequence, "LIKE pattern must not end with escape character")
            }
            return text[place] == pattern[part &+ 1] ? (place &+ 1, part &+ 2) : nil
        case let byte: return text[place] == byte ? (place &+ 1, part &+ 1) : nil
        }
    }
}

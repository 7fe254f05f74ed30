/// Strings as tokens, for the search of what they share: runs of letters, runs of digits, and single other bytes.
///
/// A token is a 64-bit hash of its bytes: two that collide make a worse template, never a wrong one, since a template
/// found is tried on the strings themselves.
struct TokenString {
    /// Hashes in order.
    private(set) var tokens: [UInt64] = []
    /// Where each token starts, and the length of the string at the end.
    private(set) var starts: [Int] = []

    private enum Kind { case letter, digit, other }

    init(_ bytes: Span<UInt8>) {
        var at = 0
        while at < bytes.count {
            starts.append(at)
            let kind = Self.kind(bytes[at])
            var hash = UInt64(bytes[at]) &+ 1
            at += 1
            while at < bytes.count, kind != .other, Self.kind(bytes[at]) == kind {
                hash = (hash &* 0x0000_0100_0000_01B3) ^ UInt64(bytes[at])
                at += 1
            }
            tokens.append(hash &* 0x9E37_79B9_7F4A_7C15)
        }
        starts.append(bytes.count)
    }

    /// Bytes of UTF-8 beyond ASCII count as letters.
    private static func kind(_ byte: UInt8) -> Kind {
        switch byte {
        case 0x30...0x39: .digit
        case 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: .letter
        default: .other
        }
    }

    /// The tokens that are in a sorted list.
    func kept(_ common: [UInt64]) -> [UInt64] { tokens.filter { Self.contains(common, $0) } }

    private static func contains(_ sorted: [UInt64], _ token: UInt64) -> Bool {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < token { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == token
    }

    /// Each token mixed with how often it has been there before: equal for the k-th of its kind in all strings. Sorted.
    var countedTokens: [UInt64] {
        var counted = tokens.sorted()
        var run: UInt64 = 0
        var before: UInt64?
        for index in counted.indices {
            run = counted[index] == before ? run &+ 1 : 0
            before = counted[index]
            counted[index] = counted[index] ^ (run &* 0xD6E8_FEB8_6659_FD93)
        }
        return counted.sorted()
    }
}

/// Longest common subsequences.
enum CommonSubsequence {
    /// The longest list that both hold in order, other elements between them allowed. O(left × right).
    static func of(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        let width = right.count + 1
        var lengths = [UInt16](repeating: 0, count: (left.count + 1) * width)
        for row in stride(from: left.count - 1, through: 0, by: -1) {
            for column in stride(from: right.count - 1, through: 0, by: -1) {
                lengths[row * width + column] =
                    left[row] == right[column]
                    ? lengths[(row + 1) * width + column + 1] + 1
                    : max(lengths[(row + 1) * width + column], lengths[row * width + column + 1])
            }
        }
        var common: [UInt64] = []
        var (row, column) = (0, 0)
        while row < left.count, column < right.count {
            if left[row] == right[column] {
                common.append(left[row])
                row += 1
                column += 1
            } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
                row += 1
            } else {
                column += 1
            }
        }
        return common
    }
}

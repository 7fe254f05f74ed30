/// Literals that strings share, in order, and the parts between them: `https://shop.example/category-` part `/p` part `/`
/// part `?ref=` part.
///
/// The first literal stands at a string's start (it may be empty), the last at its end, each other one at the leftmost
/// place after the one before. So splitting is exact whatever the strings are, and joining is the inverse by
/// construction. Strings that do not match are exceptions, kept whole by whoever splits.
///
/// All numbers are little-endian; the layout is frozen.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 1 | parts n, 1 to 16 |
/// | 1 | 1 | zero |
/// | 2 | 2 × (n + 1) | lengths of the literals; only the first and the last may be 0 |
/// | … | | their bytes, one after another |
/// | … | 0 – 7 | zeros, up to a multiple of 8 |
///
/// Example, `user-` part `@host.` part:
///
/// ```hex
///    0  02                                               parts 2
///    1  00                                               zeros
///    2  05 00                                            length 5
///    4  06 00                                            length 6
///    6  00 00                                            length 0
///    8  75 73 65 72 2d                                   "user-"
///   13  40 68 6f 73 74 2e                                "@host."
///   19  00 00 00 00 00                                   zeros
/// ```
package struct StringTemplate: Hashable, Sendable {
    /// One more than there are parts.
    package let literals: [[UInt8]]

    /// Most parts: each costs a column, and a row of a log has hardly more that mean something.
    package static let maximumParts = 16
    /// Longest literal.
    package static let maximumLiteralLength = 4096

    /// Traps when the literals are none that ``init(parsing:)`` would take.
    package init(literals: [[UInt8]]) {
        precondition(literals.count >= 2 && literals.count <= Self.maximumParts + 1)
        precondition(literals.allSatisfy { $0.count <= Self.maximumLiteralLength })
        precondition(literals.dropFirst().dropLast().allSatisfy { !$0.isEmpty })
        self.literals = literals
    }

    /// Parts of a string.
    package var partCount: Int { literals.count - 1 }

    /// Bytes that ``encode(into:)`` takes, a multiple of 8.
    package var byteCount: Int { (2 + 2 * literals.count + literals.reduce(0) { $0 + $1.count } + 7) & ~7 }

    /// Understands a template at the start of `leaf`.
    package init(parsing leaf: Buffer) throws(FormatError) {
        guard leaf.byteCount >= 2 else { throw FormatError(.truncated, "template of \(leaf.byteCount) bytes", at: 0) }
        let parts = Int(leaf.load(at: 0, as: UInt8.self))
        guard parts >= 1, parts <= Self.maximumParts, leaf.load(at: 1, as: UInt8.self) == 0 else {
            throw FormatError(.malformed, "template of \(parts) parts, not 1 to \(Self.maximumParts)", at: 0)
        }
        var cursor = 2 + 2 * (parts + 1)
        guard cursor <= leaf.byteCount else { throw FormatError(.truncated, "template ends in its lengths", at: 2) }
        var literals: [[UInt8]] = []
        for index in 0...parts {
            let length = Int(leaf.load(at: 2 + 2 * index, as: UInt16.self))
            guard length <= Self.maximumLiteralLength, length > 0 || index == 0 || index == parts else {
                throw FormatError(.malformed, "template literal \(index) of \(length) bytes", at: 2 + 2 * index)
            }
            guard length <= leaf.byteCount - cursor else {
                throw FormatError(.truncated, "template ends in its literal \(index)", at: cursor)
            }
            literals.append((cursor..<(cursor + length)).map { leaf.load(at: $0, as: UInt8.self) })
            cursor += length
        }
        guard (cursor + 7) & ~7 <= leaf.byteCount else {
            throw FormatError(.truncated, "template lacks its last zeros", at: leaf.byteCount)
        }
        self.literals = literals
    }

    /// Appends the template.
    package func encode(into output: inout GrowableBuffer) {
        precondition(output.byteCount % 8 == 0)
        output.append(UInt8(partCount))
        output.append(UInt8(0))
        for literal in literals { output.append(UInt16(literal.count)) }
        for literal in literals { for byte in literal { output.append(byte) } }
        output.pad(to: 8)
    }
}

extension StringTemplate {
    /// Rows that a template does not match, and what they are.
    package struct Exceptions: Sendable {
        /// Row numbers, ascending.
        package let rows: [UInt32]
        /// The whole strings, one a row.
        package let strings: ByteStrings

        /// Takes them from a file. Throws when rows do not ascend below `count` or the strings are not as many.
        package init(rows: [UInt32], strings: ByteStrings, of count: Int) throws(FormatError) {
            guard rows.count == strings.count else {
                throw FormatError(.malformed, "\(rows.count) exceptions with \(strings.count) strings")
            }
            for (index, row) in rows.enumerated() where Int(row) >= count || index > 0 && rows[index - 1] >= row {
                throw FormatError(.malformed, "exception \(index) in row \(row) of \(count) is out of order")
            }
            self.rows = rows
            self.strings = strings
        }

        init(unchecked rows: [UInt32], strings: ByteStrings) {
            self.rows = rows
            self.strings = strings
        }

        package static let none = Exceptions(unchecked: [], strings: ByteStrings([]))
    }
}

// Unsafe: copies prefixes and suffixes between buffers whose bounds were checked when the leaf was parsed.

/// Strings that share beginnings with the string before them, such as sorted dictionaries: only what is new is kept.
///
/// Every 16th string is whole, so that one string costs at most 16 steps. Nothing requires the strings to be sorted; they
/// are only longer when they are not. All numbers are little-endian; the layout is frozen.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | decoded bytes, sum over all strings |
/// | 4 | 4 | bytes of the entries |
/// | 8 | 4 × groups | where each group of 16 strings starts, in bytes from the first entry |
/// | … | 0 or 4 | zeros, up to a multiple of 8 |
/// | … | | entries, one a string |
/// | … | 0 – 7 | zeros, up to a multiple of 8 |
///
/// An entry is a byte whose upper four bits say how many bytes are shared with the string before (0 in the first of a
/// group) and whose lower four how many new ones follow; 15 in either is followed by what is to be added, seven bits a
/// byte, low ones first, bit 7 set in all but the last byte; the shared ones first. Then the new bytes.
///
/// Example, `car`, `carpet`, none and `a very long string`:
///
/// ```hex
///    0  1b 00 00 00                                      decoded bytes 27
///    4  1d 00 00 00                                      bytes of the entries 29
///    8  00 00 00 00                                      the first group starts at 0
///   12  00 00 00 00                                      zeros
///   16  03                                               shared 0, new 3
///   17  63 61 72                                         "car"
///   20  33                                               shared 3, new 3
///   21  70 65 74                                         "pet"
///   24  00                                               shared 0, new 0
///   25  0f                                               shared 0, new 15
///   26  03                                               new, to be added: 3
///   27  61 20 76 65 72 79 20 6c 6f 6e 67 20 73 74 72 69  "a very long string"
///   43  6e 67
///   45  00 00 00                                         zeros
/// ```
///
/// I. Witten, A. Moffat, T. Bell, "Managing Gigabytes", 1999, section 4.1.
package struct FrontCoding: Sendable {
    /// Bytes of the leaf, a multiple of 8.
    package let byteCount: Int
    /// Number of strings.
    package let count: Int
    /// Sum of the lengths of all strings.
    package let decodedByteCount: Int
    private let leaf: Buffer
    /// Where the entries stand in the leaf.
    private let entries: Range<Int>

    /// Strings from one whole one to the next.
    package static let groupLength = 16
    static let headerLength = 8

    /// Understands and checks a leaf of `count` strings at the start of `leaf`, in O(count).
    package init(parsing leaf: Buffer, count: Int) throws(FormatError) {
        guard leaf.byteCount >= Self.headerLength else {
            throw FormatError(.truncated, "front-coded leaf of \(leaf.byteCount) bytes", at: 0)
        }
        // An entry takes a byte at least: more strings than bytes cannot be.
        guard count >= 0, count <= leaf.byteCount else {
            throw FormatError(.truncated, "\(leaf.byteCount) bytes cannot hold \(count) strings", at: 0)
        }
        let start = Self.entriesStart(count)
        let length = Int(leaf.load(at: 4, as: UInt32.self))
        guard leaf.byteCount >= start, length <= leaf.byteCount - start, (start + length + 7) & ~7 <= leaf.byteCount
        else {
            throw FormatError(.truncated, "front-coded entries of \(length) bytes leave their leaf", at: 4)
        }
        self.count = count
        self.leaf = leaf
        decodedByteCount = Int(leaf.load(at: 0, as: UInt32.self))
        entries = start..<(start + length)
        byteCount = (start + length + 7) & ~7
        try check()
    }

    private func check() throws(FormatError) {
        var cursor = entries.lowerBound
        var before = 0
        var total = 0
        for index in 0..<count {
            if index % Self.groupLength == 0 {
                guard groupStart(index / Self.groupLength) == cursor else {
                    throw FormatError(.malformed, "front-coded group does not start where it should", at: cursor)
                }
                before = 0
            }
            guard let entry = entry(at: cursor), entry.shared <= before,
                entry.added <= entries.upperBound - entry.start
            else { throw FormatError(.malformed, "front-coded string \(index) leaves its bytes", at: cursor) }
            before = entry.shared + entry.added
            total += before
            cursor = entry.start + entry.added
        }
        guard total == decodedByteCount, total <= Int(Int32.max), cursor == entries.upperBound else {
            throw FormatError(
                .malformed, "front-coded strings of \(total) bytes, not \(decodedByteCount), end at \(cursor)", at: 0)
        }
    }

    /// All strings.
    package func decode() -> ByteStrings {
        let strings = unsafe ByteStringsWriter.make(count: count, limit: decodedByteCount) { ends, bytes in
            var cursor = entries.lowerBound
            var written = 0
            var before = 0
            for index in 0..<count {
                guard let entry = entry(at: cursor) else { return nil }
                unsafe (bytes + written).update(from: bytes + before, count: entry.shared)
                unsafe UnsafeMutableRawPointer(bytes + written + entry.shared)
                    .copyMemory(from: leaf.base + entry.start, byteCount: entry.added)
                before = written
                written += entry.shared + entry.added
                cursor = entry.start + entry.added
                unsafe ends[index] = Int32(written)
            }
            return written
        }
        guard let strings else { preconditionFailure("a checked leaf can be decoded") }
        return strings
    }

    /// One string. Traps outside `0..<count`.
    package func value(at index: Int) -> [UInt8] {
        precondition(index >= 0 && index < count)
        var cursor = groupStart(index / Self.groupLength)
        var value: [UInt8] = []
        for _ in 0...(index % Self.groupLength) {
            guard let entry = entry(at: cursor) else { preconditionFailure("a checked leaf can be decoded") }
            value.removeSubrange(entry.shared...)
            unsafe value.append(contentsOf: leaf.slice(entry.start..<(entry.start + entry.added)).unsafeBytes)
            cursor = entry.start + entry.added
        }
        return value
    }

    private static func entriesStart(_ count: Int) -> Int {
        (headerLength + (count + groupLength - 1) / groupLength * 4 + 7) & ~7
    }

    /// Where a group's first entry stands in the leaf, as its directory says.
    private func groupStart(_ group: Int) -> Int {
        entries.lowerBound + Int(leaf.load(at: Self.headerLength + group * 4, as: UInt32.self))
    }

    /// The lengths that an entry begins with, and where its new bytes stand; nil when it leaves the entries.
    @inline(__always)
    private func entry(at position: Int) -> (shared: Int, added: Int, start: Int)? {
        guard position < entries.upperBound else { return nil }
        let byte = leaf.load(at: position, as: UInt8.self)
        var cursor = position + 1
        var shared = Int(byte >> 4)
        var added = Int(byte & 15)
        if shared == 15 {
            guard let more = number(at: &cursor) else { return nil }
            shared += more
        }
        if added == 15 {
            guard let more = number(at: &cursor) else { return nil }
            added += more
        }
        return (shared, added, cursor)
    }

    /// A number of at most 35 bits, seven a byte.
    private func number(at cursor: inout Int) -> Int? {
        var number = 0
        for shift in stride(from: 0, to: 35, by: 7) {
            guard cursor < entries.upperBound else { return nil }
            let byte = Int(leaf.load(at: cursor, as: UInt8.self))
            cursor += 1
            number |= (byte & 127) << shift
            if byte < 128 { return number }
        }
        return nil
    }
}

extension FrontCoding {
    /// Appends a leaf that holds the strings.
    package static func encode(_ strings: ByteStrings, into output: inout GrowableBuffer) {
        let start = output.byteCount
        precondition(start % 8 == 0 && strings.byteCount <= Int(Int32.max))
        let first = start + entriesStart(strings.count)
        output.append(UInt32(strings.byteCount))
        output.appendZeros(first - start - 4)
        for index in 0..<strings.count {
            let value = unsafe strings.raw(index)
            var shared = 0
            if index % groupLength == 0 {
                let place = start + headerLength + index / groupLength * 4
                output.store(UInt32(output.byteCount - first), at: place)
            } else {
                shared = unsafe sharedLength(strings.raw(index - 1), value)
            }
            let added = value.count - shared
            output.append(UInt8(min(shared, 15) << 4 | min(added, 15)))
            if shared >= 15 { append(shared - 15, to: &output) }
            if added >= 15 { append(added - 15, to: &output) }
            unsafe output.append(bytes: UnsafeRawBufferPointer(rebasing: value[shared...]))
        }
        output.store(UInt32(output.byteCount - first), at: start + 4)
        output.pad(to: 8)
    }

    private static func append(_ number: Int, to output: inout GrowableBuffer) {
        var rest = number
        while rest >= 128 {
            output.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        output.append(UInt8(rest))
    }

    private static func sharedLength(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        let most = min(left.count, right.count)
        var length = 0
        while length < most, unsafe left[length] == right[length] { length += 1 }
        return length
    }
}

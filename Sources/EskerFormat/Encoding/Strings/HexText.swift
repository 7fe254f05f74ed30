// Unsafe: hands pointers into checked buffers to the C kernels.
import CEskerKernels

/// Strings of one length that are bytes in hexadecimal digits, or UUIDs in their form of 36 characters: half as long as
/// bytes.
///
/// All numbers are little-endian; the layout is frozen.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 1 | form: 0 digits, 1 UUID |
/// | 1 | 1 | letters: 0 lower case, 1 upper case |
/// | 2 | 2 | zeros |
/// | 4 | 4 | digits a string, an even number; 32 in a UUID |
/// | 8 | count × digits ÷ 2 | bytes, the first two digits of a string in its first byte |
/// | … | 0 – 7 | zeros, up to a multiple of 8 |
///
/// Example, the strings `39901a` and `c5ff00`:
///
/// ```hex
///    0  00                                               digits
///    1  00                                               lower case
///    2  00 00                                            zeros
///    4  06 00 00 00                                      digits a string 6
///    8  39 90 1a                                         "39901a"
///   11  c5 ff 00                                         "c5ff00"
///   14  00 00                                            zeros
/// ```
package struct HexText: Sendable {
    /// What strings look like.
    package struct Form: Hashable, Sendable {
        /// `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` rather than digits alone.
        package let isUUID: Bool
        package let isUppercase: Bool
        /// Digits a string, even.
        package let digits: Int

        /// Characters a string.
        var length: Int { isUUID ? 36 : digits }
        /// The letter for ten.
        var letter: UInt8 { isUppercase ? 0x41 : 0x61 }
    }

    package let form: Form
    /// Number of strings.
    package let count: Int
    /// Bytes of the leaf, a multiple of 8.
    package let byteCount: Int
    /// `count` values of `form.digits / 2` bytes.
    package let values: Buffer

    static let headerLength = 8

    /// Understands a leaf of `count` strings at the start of `leaf`.
    package init(parsing leaf: Buffer, count: Int) throws(FormatError) {
        guard leaf.byteCount >= Self.headerLength else {
            throw FormatError(.truncated, "hexadecimal leaf of \(leaf.byteCount) bytes", at: 0)
        }
        let (kind, letters) = (leaf.load(at: 0, as: UInt8.self), leaf.load(at: 1, as: UInt8.self))
        let digits = Int(leaf.load(at: 4, as: UInt32.self))
        guard kind <= 1, letters <= 1, leaf.load(at: 2, as: UInt16.self) == 0, digits >= 2, digits % 2 == 0,
            kind == 0 || digits == 32
        else { throw FormatError(.malformed, "hexadecimal leaf of form \(kind), \(letters), \(digits) digits", at: 0) }
        let form = Form(isUUID: kind == 1, isUppercase: letters == 1, digits: digits)
        guard count >= 0, count <= (leaf.byteCount - Self.headerLength) / (digits / 2) else {
            throw FormatError(.truncated, "\(leaf.byteCount) bytes are too few for \(count) × \(digits) digits", at: 8)
        }
        guard count <= Int(Int32.max) / form.length else {
            throw FormatError(.malformed, "\(count) strings of \(form.length) characters are more than 2 GiB", at: 4)
        }
        let length = count * (digits / 2)
        byteCount = (Self.headerLength + length + 7) & ~7
        guard byteCount <= leaf.byteCount else {
            throw FormatError(.truncated, "hexadecimal leaf lacks its last zeros", at: leaf.byteCount)
        }
        self.form = form
        self.count = count
        values = leaf.slice(Self.headerLength..<(Self.headerLength + length))
    }

    /// All strings.
    package func decode() -> ByteStrings { decode(0..<count) }

    /// Some of the strings. Traps outside.
    package func decode(_ rows: Range<Int>) -> ByteStrings {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count)
        let width = form.digits / 2
        let strings = unsafe ByteStringsWriter.make(count: rows.count, limit: rows.count * form.length) { ends, bytes in
            let from = unsafe (values.base + rows.lowerBound * width).assumingMemoryBound(to: UInt8.self)
            if form.isUUID {
                unsafe esker_uuids_write(from, rows.count, form.letter, bytes)
            } else {
                unsafe esker_hex_write(from, rows.count * width, form.letter, bytes)
            }
            var index = 0
            while index < rows.count {
                unsafe ends[index] = Int32(truncatingIfNeeded: (index &+ 1) &* form.length)
                index &+= 1
            }
            return rows.count * form.length
        }
        guard let strings else { preconditionFailure("digits can always be written") }
        return strings
    }

    /// One string. Traps outside.
    package func value(at row: Int) -> [UInt8] { decode(row..<(row + 1)).array(0) }
}

extension HexText {
    /// Appends a leaf that holds the strings. Returns false, and appends nothing, when they have no such form.
    package static func encode(_ strings: ByteStrings, into output: inout GrowableBuffer) -> Bool {
        guard let form = form(of: strings) else { return false }
        let start = output.byteCount
        precondition(start % 8 == 0)
        output.append(UInt8(form.isUUID ? 1 : 0))
        output.append(UInt8(form.isUppercase ? 1 : 0))
        output.append(UInt16(0))
        output.append(UInt32(form.digits))
        var good = true
        unsafe output.append(upTo: strings.count * (form.digits / 2)) { room in
            let from = unsafe strings.bytePointer + strings.offset(0)
            let to = unsafe room.baseAddress!.assumingMemoryBound(to: UInt8.self)
            good =
                unsafe form.isUUID
                ? esker_uuids_read(from, strings.count, form.letter, to) != 0
                : esker_hex_read(from, room.count, form.letter, to) != 0
            return room.count
        }
        if good { output.pad(to: 8) } else { output.truncate(to: start) }
        return good
    }

    /// The form that the strings have if they have any: all of one length, letters of the case that is met first.
    package static func form(of strings: ByteStrings) -> Form? {
        guard strings.count > 0 else { return nil }
        let length = strings.length(0)
        guard length >= 2, length % 2 == 0, strings.byteCount == length * strings.count else { return nil }
        var index = 0
        while index < strings.count {
            guard strings.length(index) == length else { return nil }
            index += 1
        }
        let isUUID = length == 36 && strings.array(0)[8] == 0x2D
        let bytes = strings.bytes.slice(strings.offset(0)..<strings.offset(strings.count))
        let span = bytes.span(as: UInt8.self)
        index = 0
        while index < span.count {
            let byte = span[index]
            if byte >= 0x41 {
                return Form(isUUID: isUUID, isUppercase: byte < 0x61, digits: isUUID ? 32 : length)
            }
            index &+= 1
        }
        return Form(isUUID: isUUID, isUppercase: false, digits: isUUID ? 32 : length)
    }
}

// Unsafe: hands pointers into checked buffers to the C kernels.
import CEskerKernels

/// Strings as codes of one byte for symbols of one to eight bytes that are frequent in them.
///
/// Any string can be decoded by itself; a code costs about a nanosecond. Useful for text, URLs, names and paths that do
/// not repeat as a whole; not for random bytes (which grow) or repeated values (a dictionary is smaller and faster).
///
/// The lengths of the encoded strings stand elsewhere: ``encode(_:into:)`` gives them, decoding takes them. All numbers
/// are little-endian; the layout is frozen.
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | decoded bytes, sum over all strings |
/// | 4 | 4 | encoded bytes |
/// | 8 | 8 × 1 | number of symbols of 1, 2 … 8 bytes; together at most 255 |
/// | 16 | | the symbols' bytes, short symbols first; symbol i has code i |
/// | … | | codes of all strings one after another; 255 is followed by a byte that stands for itself |
/// | … | 8 – 15 | zeros, up to a multiple of 8: what a decoder may read too much |
///
/// Example, the strings `northwest`, none, `northeast` and `west by north`:
///
/// ```hex
///    0  1f 00 00 00                                      decoded bytes 31
///    4  13 00 00 00                                      encoded bytes 19
///    8  03 00 00 01 01 00 00 00                          symbols of 1, 2 … 8 bytes: 3 0 0 1 1 0 0 0
///   16  6e                                               symbol 0 "n"
///   17  20                                               symbol 1 " "
///   18  77                                               symbol 2 "w"
///   19  77 65 73 74                                      symbol 3 "west"
///   23  6e 6f 72 74 68                                   symbol 4 "north"
///   28  04 03                                            "northwest"
///   30  04 ff 65 ff 61 ff 73 ff 74                       "northeast"
///   39  03 01 ff 62 ff 79 01 04                          "west by north"
///   47  00 00 00 00 00 00 00 00 00                       zeros
/// ```
///
/// P. Boncz, T. Neumann, V. Leis, "FSST: Fast Random Access String Compression", VLDB 2020.
package struct FSST: Sendable {
    /// Bytes of the leaf, a multiple of 8.
    package let byteCount: Int
    /// Sum of the lengths of all strings.
    package let decodedByteCount: Int
    /// Sum of the lengths of all encoded strings.
    package let encodedByteCount: Int
    let symbols: FSSTSymbols
    private let codes: Buffer

    static let headerLength = 8
    /// Zeros after the codes.
    static let padding = 8

    /// Understands a leaf at the start of `leaf`, in O(symbols). The codes themselves are checked when decoded.
    package init(parsing leaf: Buffer) throws(FormatError) {
        guard leaf.byteCount >= Self.headerLength + 8 else {
            throw FormatError(.truncated, "FSST leaf of \(leaf.byteCount) bytes", at: 0)
        }
        decodedByteCount = Int(leaf.load(at: 0, as: UInt32.self))
        encodedByteCount = Int(leaf.load(at: 4, as: UInt32.self))
        guard decodedByteCount <= Int(Int32.max), decodedByteCount <= encodedByteCount * 8 else {
            throw FormatError(
                .malformed, "\(encodedByteCount) bytes of FSST codes cannot stand for \(decodedByteCount) bytes", at: 0)
        }
        let table = leaf.slice(Self.headerLength..<leaf.byteCount)
        guard let (symbols, tableLength) = FSSTSymbols.read(table) else {
            throw FormatError(.malformed, "FSST symbol table is longer than its leaf or has too many symbols", at: 8)
        }
        let start = Self.headerLength + tableLength
        guard leaf.byteCount - start >= encodedByteCount + Self.padding else {
            throw FormatError(.truncated, "FSST leaf ends within its \(encodedByteCount) bytes of codes", at: start)
        }
        self.symbols = symbols
        codes = leaf.slice(start..<leaf.byteCount)
        byteCount = (start + encodedByteCount + Self.padding + 7) & ~7
        guard byteCount <= leaf.byteCount else {
            throw FormatError(.truncated, "FSST leaf lacks its last zeros", at: leaf.byteCount)
        }
    }

    /// Decodes all strings. Throws when the lengths do not add up to the codes or the codes not to the decoded bytes.
    package func decode(lengths: Span<UInt32>) throws(FormatError) -> ByteStrings {
        let strings = try decode(from: 0, lengths: lengths, limit: decodedByteCount)
        guard Self.sum(lengths) == encodedByteCount, strings.byteCount == decodedByteCount else {
            throw FormatError(
                .malformed, "\(lengths.count) FSST strings have \(strings.byteCount) bytes, not \(decodedByteCount)")
        }
        return strings
    }

    /// Decodes neighbouring strings of which the first one's codes start at `start`, the sum of the lengths before it.
    package func decode(from start: Int, lengths: Span<UInt32>) throws(FormatError) -> ByteStrings {
        try decode(from: start, lengths: lengths, limit: min(decodedByteCount, Self.sum(lengths) * 8))
    }

    private func decode(from start: Int, lengths: Span<UInt32>, limit: Int) throws(FormatError) -> ByteStrings {
        let sum = Self.sum(lengths)
        guard start >= 0, start <= encodedByteCount, sum <= encodedByteCount - start else {
            throw FormatError(.malformed, "FSST strings of \(sum) bytes from \(start) leave \(encodedByteCount) bytes")
        }
        let strings = unsafe lengths.withUnsafeBufferPointer { lengths in
            unsafe ByteStringsWriter.make(count: lengths.count, limit: limit) { ends, bytes in
                let from = unsafe (codes.base + start).assumingMemoryBound(to: UInt8.self)
                let written = unsafe esker_fsst_decode(
                    symbols.pointer, from, lengths.baseAddress, lengths.count, bytes, limit, ends)
                return written == Int(bitPattern: UInt.max) ? nil : written
            }
        }
        guard let strings else {
            throw FormatError(.malformed, "FSST codes stand for more than \(limit) bytes or end after an escape")
        }
        return strings
    }

    private static func sum(_ lengths: Span<UInt32>) -> Int {
        var sum = 0
        var index = 0
        while index < lengths.count {
            sum &+= Int(lengths[index])
            index &+= 1
        }
        return sum
    }
}

extension FSST {
    /// Appends a leaf that holds the strings. Returns how many bytes the codes of each string take.
    package static func encode(_ strings: ByteStrings, into output: inout GrowableBuffer) -> [UInt32] {
        encode(strings, with: FSSTSymbols.train(strings), into: &output)
    }

    /// The same with symbols found before. Strings they do not suit grow to twice their bytes at most.
    package static func encode(
        _ strings: ByteStrings, with symbols: FSSTSymbols, into output: inout GrowableBuffer
    ) -> [UInt32] {
        let start = output.byteCount
        precondition(start % 8 == 0 && strings.byteCount <= Int(Int32.max))
        output.append(UInt32(strings.byteCount))
        output.append(UInt32(0))
        symbols.write(to: &output)
        let codes = output.byteCount
        let lengths = symbols.encode(strings, into: &output)
        output.store(UInt32(output.byteCount - codes), at: start + 4)
        output.appendZeros(padding)
        output.pad(to: 8)
        return lengths
    }

    /// About how many bytes a leaf of strings like these takes, by training on the sample and encoding it.
    package static func estimatedByteCount(sample: ByteStrings, totalByteCount: Int) -> Int {
        guard sample.byteCount > 0 else { return headerLength + padding * 2 }
        var output = GrowableBuffer(capacity: sample.byteCount * 2)
        let symbols = FSSTSymbols.train(sample)
        _ = symbols.encode(sample, into: &output)
        let codes = Double(output.byteCount) / Double(sample.byteCount) * Double(totalByteCount)
        return headerLength + symbols.tableLength + Int(codes) + padding
    }
}
